//! Mappings: which part a key selects, and what takes over entries with their keys.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::Elem;
use crate::oracle::constant;
use assay_index::Symbol;
use assay_ir::{ArgKind, Const, Function, Op, Value};
use assay_models::{Port, PortRoot};
use assay_resolve::{ApiId, ApiStep, ContainerKind, Object};
use assay_values::ConstValue;
use smallvec::SmallVec;

/// Keys that a loop goes through which are told apart.
const MAX_LOOP_KEYS: usize = 16;

/// The step that a key selects.
pub(crate) fn key_elem(function: &Function, key: Value) -> Elem {
    match function.op(key) {
        Op::Const(Const::Str(s)) => Elem::Key(*s),
        Op::Const(Const::Int(i)) => i32::try_from(*i).map_or(Elem::Element, Elem::Index),
        _ => Elem::Element,
    }
}

/// The name under which a value is passed.
pub(crate) fn name_of(fun: &Fun<'_>, call: Value, value: Value) -> Option<Symbol> {
    let Op::Call { args, .. } = fun.function.op(call) else { return None };
    args.iter().find_map(|arg| match arg.kind {
        ArgKind::Keyword(name) if arg.value == value => Some(name),
        _ => None,
    })
}

impl<'a> Engine<'a> {
    /// What comes in under a key of a library's mapping when a method asks for it: `environ.get("HTTP_ACCEPT")`.
    pub(crate) fn looked_up(&mut self, fun: &mut Fun<'a>, call: Value) {
        let Op::Call { func, args } = fun.function.op(call) else { return };
        let (Op::Attr(base, method), Some(arg)) = (fun.function.op(*func), args.first()) else { return };
        if !matches!(self.program().strings.resolve(*method), "get" | "pop" | "setdefault") {
            return;
        }
        let Op::Const(Const::Str(key)) = fun.function.op(arg.value) else { return };
        let key = self.program().strings.resolve(*key);
        for node in self.object_nodes(fun, *base) {
            let item = self.models.key(node, key).filter(|item| self.models.element(node) != Some(*item));
            if let Some(item) = item {
                self.comes_in(fun, call, item);
            }
        }
    }

    /// The steps that a key selects: each of the texts that a loop goes through, or the one.
    pub(crate) fn keys(&self, fun: &Fun<'a>, key: Value) -> SmallVec<[Elem; 4]> {
        if let Op::Next(base) = fun.function.op(key)
            && let Some(ConstValue::Sequence(items)) = constant(self.res, fun.id, *base)
            && items.len() <= MAX_LOOP_KEYS
            && items.iter().all(|item| item.as_str().is_some())
        {
            // A text that the program has as a constant has a symbol.
            let strings = &self.program().strings;
            return items.iter().filter_map(|i| strings.lookup(i.as_str()?).map(Elem::Key)).collect();
        }
        SmallVec::from_iter([key_elem(fun.function, key)])
    }

    /// Whether all that a value may be are dictionaries.
    pub(crate) fn is_mapping(&self, fun: &Fun<'a>, value: Value) -> bool {
        let dict = self.models.type_root(ContainerKind::Dict.type_name());
        let mut objects = self.res.objects(fun.id, value).peekable();
        objects.peek().is_some()
            && objects.all(|object| match object {
                Object::Container(kind, _) => kind == ContainerKind::Dict,
                Object::Api(api) => dict.is_some_and(|root| self.res.apis.nodes(api).contains(&root)),
                _ => false,
            })
    }

    /// Whether a library's function takes over the entries of a mapping.
    pub(crate) fn takes_mapping(&self, api: ApiId) -> bool {
        matches!(self.res.apis.step(api), ApiStep::Member(name)
            if matches!(self.program().strings.resolve(name), "dict" | "update" | "OrderedDict"))
    }

    /// Where a method gives an element of its receiver and is told by a constant text which one, that one:
    /// `options.get("name")`.
    pub(crate) fn keyed(fun: &Fun<'a>, call: Value, input: &Port, from: SmallVec<[Elem; 4]>) -> SmallVec<[Elem; 4]> {
        let Op::Call { args, .. } = fun.function.op(call) else { return from };
        let first = args.first().filter(|a| a.kind == ArgKind::Positional);
        match (&from[..], &input.root, first.map(|a| fun.function.op(a.value))) {
            ([Elem::Element, rest @ ..], PortRoot::Receiver, Some(Op::Const(Const::Str(key)))) => {
                std::iter::once(Elem::Key(*key)).chain(rest.iter().copied()).collect()
            }
            _ => from,
        }
    }
}
