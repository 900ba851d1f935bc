//! Library calls whose meaning the language itself defines.

use crate::api::ApiStep;
use crate::object::Object;
use crate::solver::{EdgeKind, Node, Solver};
use crate::{ApiId, FuncId};
use assay_ir::{Arg, ArgKind, Const, Op, Value};

/// The meaning of a library function's calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Special {
    /// None of its own: its models say what it does.
    Plain,
    /// `super`
    Super,
    /// `staticmethod`
    Static,
    /// `classmethod`
    ClassMethod,
    /// `property` and what works like it.
    Property,
    /// `functools.partial`
    Partial,
    /// `getattr`
    GetAttr,
    /// `setattr`
    SetAttr,
    /// `type`
    Type,
    /// `typing.cast`
    Cast,
    /// `six.with_metaclass`
    WithMetaclass,
    /// `importlib.import_module`
    ImportModule,
    /// `__import__`
    Import,
    /// `django.utils.module_loading.import_string` and its like, which take the dotted name of a member.
    ImportMember,
}

impl Special {
    /// Whether it makes something of a function that its class binds in another way.
    pub(crate) fn redefines(self) -> bool {
        matches!(self, Self::Static | Self::ClassMethod | Self::Property)
    }

    fn of(module: &str, name: &str) -> Self {
        match (module, name) {
            ("builtins", "super") => Self::Super,
            ("builtins", "staticmethod") | ("abc", "abstractstaticmethod") => Self::Static,
            ("builtins", "classmethod") | ("abc", "abstractclassmethod") => Self::ClassMethod,
            ("builtins", "property") | ("abc", "abstractproperty") => Self::Property,
            ("functools", "partial" | "partialmethod") => Self::Partial,
            ("builtins", "getattr") => Self::GetAttr,
            ("builtins", "setattr") => Self::SetAttr,
            ("builtins", "type") => Self::Type,
            ("typing", "cast") => Self::Cast,
            ("six" | "future.utils", "with_metaclass") => Self::WithMetaclass,
            ("importlib" | "django.utils.importlib", "import_module")
            | ("oslo_utils.importutils", "import_module" | "try_import") => Self::ImportModule,
            ("builtins" | "importlib", "__import__") => Self::Import,
            ("django.utils.module_loading" | "werkzeug.utils", "import_string")
            | ("oslo_utils.importutils", "import_class")
            | ("pkgutil", "resolve_name")
            | ("pydoc", "locate") => Self::ImportMember,
            (_, name) if LIKE_PROPERTY.contains(&name) => Self::Property,
            _ => Self::Plain,
        }
    }
}

/// The names by which libraries offer what works like `property`, mostly with a memory.
const LIKE_PROPERTY: [&str; 14] = [
    "cached_property",
    "cachedproperty",
    "cached_class_property",
    "threaded_cached_property",
    "cached_property_with_ttl",
    "memoized_property",
    "memoizedproperty",
    "lazy_property",
    "lazyproperty",
    "hybrid_property",
    "classproperty",
    "class_property",
    "cache_readonly",
    "reify",
];

impl Solver<'_> {
    /// What a library function's calls mean.
    pub(crate) fn special(&mut self, api: ApiId) -> Special {
        if let Some(&known) = self.specials.get(&api) {
            return known;
        }
        let special = match (self.apis.step(api), self.apis.parent(api)) {
            (ApiStep::Member(name), Some(parent)) => {
                let parent = self.apis.name(parent, &self.program.strings);
                Special::of(&parent, self.program.strings.resolve(name))
            }
            _ => Special::Plain,
        };
        self.specials.insert(api, special);
        special
    }

    /// Does what a call means by the language's own rules. Whether it has such a meaning.
    pub(crate) fn special_call(&mut self, f: FuncId, call: Value, api: ApiId) -> bool {
        let special = self.special(api);
        if special == Special::Plain {
            return false;
        }
        let (_, args) = self.call_parts(f, call);
        let result = self.node(f, call);
        let Some(first) = args.first().map(|a| a.value) else {
            if let (Special::Super, Some(class)) = (special, self.enclosing_class(f)) {
                self.add(result, Object::Super(class));
            }
            return special != Special::GetAttr && special != Special::Type;
        };
        match special {
            Special::Plain => return false,
            Special::Super => {
                if let Some(class) = self.enclosing_class(f) {
                    self.add(result, Object::Super(class));
                }
            }
            Special::Static | Special::ClassMethod | Special::Property => {
                self.redefine(f, first, special, result);
                if let (Special::Property, Some(second)) = (special, args.get(1)) {
                    self.pair(f, first, second.value);
                }
            }
            Special::Partial => {
                self.add(result, Object::Partial(result.raw()));
                self.bind_partial(f, &args, call);
                for (caller, call) in self.partial_calls.get(&result.raw()).cloned().unwrap_or_default() {
                    self.call_partial(caller, call, result.raw());
                }
            }
            Special::GetAttr => {
                let Some(key) = args.get(1) else { return true };
                for object in self.objects_of(self.node(f, first)) {
                    match *self.program.function(f).op(key.value) {
                        Op::Const(Const::Str(name)) => self.attribute(object, name, result),
                        _ => {
                            self.shaped_attributes(f, object, key.value, result);
                        }
                    }
                }
                if let Some(default) = args.get(2) {
                    let from = self.node(f, default.value);
                    self.edge(from, result, EdgeKind::Copy);
                }
            }
            Special::SetAttr => {
                self.set_attribute(f, &args);
                return false;
            }
            Special::Type => {
                if args.len() != 1 {
                    return false;
                }
                for object in self.objects_of(self.node(f, first)) {
                    match object {
                        Object::Instance(c) => self.add(result, Object::Class(c)),
                        Object::SelfOf(c) => self.add(result, Object::SelfClass(c)),
                        _ => {}
                    }
                }
            }
            Special::WithMetaclass => self.pass_bases(f, call),
            Special::Import => return self.load_package(f, &args, result),
            Special::ImportModule => return self.load_module(f, first, result),
            Special::ImportMember => return self.load_member(f, first, result),
            Special::Cast => {
                if let Some(value) = args.get(1) {
                    self.annotate(f, first, result, 0);
                    let from = self.node(f, value.value);
                    self.edge(from, result, EdgeKind::Copy);
                }
            }
        }
        true
    }

    /// What `staticmethod`, `classmethod` and `property` make of a function.
    pub(crate) fn redefine(&mut self, f: FuncId, function: Value, special: Special, result: Node) {
        for object in self.objects_of(self.node(f, function)) {
            let (Object::Function(g) | Object::Static(g) | Object::ClassMethod(g)) = object else { continue };
            let made = match special {
                Special::Static => Object::Static(g),
                Special::ClassMethod => Object::ClassMethod(g),
                _ => {
                    self.getters.insert(g);
                    Object::Property(g)
                }
            };
            self.add(result, made);
        }
    }

    /// What gets and what sets a property.
    fn pair(&mut self, f: FuncId, reads: Value, writes: Value) {
        for read in self.objects_of(self.node(f, reads)) {
            for written in self.objects_of(self.node(f, writes)) {
                if let (Object::Function(read), Object::Function(written)) = (read, written) {
                    self.setters.insert(read, written);
                }
            }
        }
    }

    fn bind_partial(&mut self, f: FuncId, args: &[Arg], call: Value) {
        for object in self.objects_of(self.node(f, args[0].value)) {
            let (g, taken) = match object {
                Object::Function(g) => (g, 0),
                Object::Bound(g) => (g, 1),
                _ => continue,
            };
            if !self.bound_calls.insert((self.node(f, call), g, 128 + taken as u8)) {
                continue;
            }
            let mut position = taken;
            for arg in &args[1..] {
                let from = self.node(f, arg.value);
                match arg.kind {
                    ArgKind::Positional => {
                        self.bind_position(g, position, from);
                        position += 1;
                    }
                    ArgKind::Keyword(name) => self.bind_keyword(g, name, from),
                    ArgKind::Spread | ArgKind::KeywordSpread => {}
                }
            }
        }
    }

    /// A call of the partial function that was made at the node `at`.
    pub(crate) fn call_partial(&mut self, f: FuncId, call: Value, at: u32) {
        let Some((g, made)) = self.locate(Node::from_raw(at)) else { return };
        let (_, args) = self.call_parts(g, made);
        let Some(inner) = args.first() else { return };
        let taken = args.iter().skip(1).filter(|a| a.kind == ArgKind::Positional).count();
        // Nobody binds this many; the number of parameters taken is kept in seven bits.
        let taken = u8::try_from(taken).unwrap_or(u8::MAX).min(126);
        let result = self.node(f, call);
        for object in self.objects_of(self.node(g, inner.value)) {
            match object {
                Object::Function(h) => self.bind(f, call, h, taken, result),
                Object::Bound(h) => self.bind(f, call, h, taken + 1, result),
                _ => {}
            }
        }
    }

    /// The class whose method this is, or is nested in.
    pub(crate) fn enclosing_class(&self, f: FuncId) -> Option<crate::ClsId> {
        let mut at = f;
        loop {
            let info = self.program.functions[at];
            if info.class.is_some() {
                return info.class;
            }
            let parent = self.program.function(at).parent?;
            at = self.program.func_id(info.module, parent);
        }
    }
}
