//! The texts of objects: what `str(object)` and a format string show of an instance of a class of the program.
//!
//! The text is taken to hold the attributes that the method which gives it reads. They are read from the cells of the class, as
//! everywhere else.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::{Elem, Flags, Labels, PathId};
use crate::trace::{Cell, HopKind};
use assay_index::{FxHashMap, Idx, Symbol};
use assay_ir::{Op, Value};
use assay_resolve::{ApiId, ClsId, Object, Resolution};
use smallvec::SmallVec;

/// Methods that give the text of an object.
const TEXT_METHODS: [&str; 3] = ["__str__", "__unicode__", "__html__"];
/// Attributes of one class that are read.
const MAX_ATTRIBUTES: usize = 8;

/// The attributes that the text of each class is made of, for the classes that have a method for it.
pub(crate) fn shown_attributes(res: &Resolution<'_>) -> FxHashMap<ClsId, Vec<Symbol>> {
    let program = &res.program;
    let names: SmallVec<[Symbol; 3]> = TEXT_METHODS.iter().filter_map(|m| program.strings.lookup(m)).collect();
    let mut out = FxHashMap::default();
    for class in program.classes.ids() {
        let Some(method) = names.iter().find_map(|name| res.hierarchy.method(class, *name)) else { continue };
        let function = program.function(method);
        let mut read: Vec<Symbol> = Vec::new();
        for inst in &function.insts {
            if let Op::Attr(base, name) = inst.op
                && matches!(function.op(base), Op::Param(0))
                && read.len() < MAX_ATTRIBUTES
                && !read.contains(&name)
            {
                read.push(name);
            }
        }
        if !read.is_empty() {
            out.insert(class, read);
        }
    }
    out
}

impl<'a> Engine<'a> {
    /// The texts of the objects that `part` may be become a part of `whole`.
    pub(crate) fn text_of_object(&mut self, fun: &mut Fun<'a>, whole: Value, part: Value) {
        let composed = !matches!(fun.function.op(whole), Op::Call { .. });
        let mut cells: SmallVec<[Cell; 2]> = SmallVec::new();
        for object in self.res.objects(fun.id, part) {
            let (Object::Instance(class) | Object::SelfOf(class)) = object else { continue };
            for name in self.shown.get(&class).into_iter().flatten() {
                let cell = Cell::Attribute(self.res.hierarchy.owner(class, *name), *name);
                if !cells.contains(&cell) {
                    cells.push(cell);
                }
            }
        }
        for cell in cells {
            let tree = self.load(fun, cell);
            fun.has_source |= !tree.is_empty();
            for mut entry in tree.entries {
                if !self.labels.elems(entry.path).iter().all(|e| matches!(e, Elem::ErrorText)) {
                    continue;
                }
                entry.path = PathId::new(Labels::ROOT);
                entry.kinds = entry.kinds.minus(self.harmless_part(fun, whole, part));
                if composed {
                    entry.flags = entry.flags.with(Flags::COMPOSED);
                }
                if fun.wants(whole, entry.path, entry.origin, entry.kinds) {
                    entry.hop = self.hop(entry.hop, fun, whole, HopKind::Loaded(cell));
                    fun.add(whole, entry);
                }
            }
        }
    }

    /// `str(object)`
    pub(crate) fn made_text(&mut self, fun: &mut Fun<'a>, call: Value, api: ApiId) {
        let Op::Call { args, .. } = fun.function.op(call) else { return };
        if let [arg] = &args[..]
            && matches!(self.res.api_name(api), "builtins.str" | "builtins.unicode" | "six.text_type")
        {
            self.text_of_object(fun, call, arg.value);
        }
    }
}
