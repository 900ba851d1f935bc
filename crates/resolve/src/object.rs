//! What a value may be.

use crate::{ApiId, ClsId, FuncId, ModuleId};
use assay_index::{FxHashMap, Idx, IndexVec, Symbol};

assay_index::define_id!(
    /// An interned [`Object`].
    pub struct ObjectId, "o"
);

/// What a value may be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Object {
    /// A function, not bound to an instance.
    Function(FuncId),
    /// A method bound to an instance or class: its first parameter is taken.
    Bound(FuncId),
    /// What `staticmethod` makes of a function.
    Static(FuncId),
    /// What `classmethod` makes of a function.
    ClassMethod(FuncId),
    /// What `property` makes of its getter.
    Property(FuncId),
    /// A class.
    Class(ClsId),
    /// This class or one derived from it: `cls`, `type(self)`.
    SelfClass(ClsId),
    /// An instance of exactly this class.
    Instance(ClsId),
    /// An instance of this class or of one derived from it.
    SelfOf(ClsId),
    /// What `super()` gives in a method of this class.
    Super(ClsId),
    /// A module.
    Module(ModuleId),
    /// A package without an `__init__`, by its dotted name.
    Package(Symbol),
    /// A list, tuple, dict, set or generator made at this node.
    Container(ContainerKind, u32),
    /// A method of the container made at this node.
    ContainerMethod(u32, ApiId),
    /// A method of a property that makes another one of it: `setter`. The function is the property's getter.
    Redefiner(FuncId),
    /// What `functools.partial` makes of a function at this node.
    Partial(u32),
    /// A loaded template, by the function that renders it.
    Template(FuncId),
    /// The method of a template that renders it.
    Renders(FuncId),
    /// The table of the functions of a package's modules that a plug-in loader makes.
    Plugins(Symbol),
    /// A module that was imported by a computed name: its pattern.
    Loaded(Symbol),
    /// A value of a library.
    Api(ApiId),
}

/// The type of a container.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ContainerKind {
    /// `list`
    List,
    /// `tuple`
    Tuple,
    /// `dict`
    Dict,
    /// `set`
    Set,
    /// A generator, or the result of a generator function.
    Generator,
}

impl ContainerKind {
    /// The name of the built-in type.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::List => "builtins.list",
            Self::Tuple => "builtins.tuple",
            Self::Dict => "builtins.dict",
            Self::Set => "builtins.set",
            Self::Generator => "builtins.generator",
        }
    }
}

/// The table of objects.
#[derive(Default)]
pub struct ObjectTable {
    objects: IndexVec<ObjectId, Object>,
    ids: FxHashMap<Object, ObjectId>,
}

impl ObjectTable {
    /// The id of an object, added when it is new.
    pub fn intern(&mut self, object: Object) -> ObjectId {
        *self.ids.entry(object).or_insert_with(|| self.objects.push(object))
    }

    /// The object behind an id.
    pub fn get(&self, id: ObjectId) -> Object {
        self.objects[id]
    }

    /// The number of objects.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there is no object.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// The id after the last one.
    pub fn next_id(&self) -> ObjectId {
        ObjectId::new(self.objects.len())
    }
}
