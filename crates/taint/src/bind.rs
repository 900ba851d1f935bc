//! Which data a callee's parameter, or a part of it, gets at a call.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::{Elem, Entry, Flags, Labels, Origin, OriginId};
use assay_dataflow::Location;
use assay_index::Idx;
use assay_ir::{ArgKind, Const, Function, Op, ParamKind, Value};
use assay_resolve::{ContextArguments, Target};
use smallvec::SmallVec;

/// A part of an argument.
pub(crate) type Part = (Value, SmallVec<[Elem; 4]>);

/// What an operation passes to the method that it runs: the object, and what the method is told.
fn passed_implicitly(op: &Op) -> [Option<Value>; 3] {
    match op {
        Op::Item(base, key) => [Some(*base), Some(*key), None],
        Op::StoreItem { base, key, value } => [Some(*base), Some(*key), Some(*value)],
        Op::StoreAttr { base, value, .. } => [Some(*base), Some(*value), None],
        Op::Attr(base, _) | Op::Next(base) | Op::Enter(base) => [Some(*base), None, None],
        _ => [None; 3],
    }
}

impl<'a> Engine<'a> {
    /// The arguments, and the parts of them, that bind to the part `path` of a parameter. `at` is the
    /// call, or another operation that runs the function on its first operand.
    pub(crate) fn parts(
        &self,
        fun: &Fun<'a>,
        at: Value,
        target: Target,
        parameter: u32,
        path: &[Elem],
    ) -> SmallVec<[Part; 2]> {
        let mut out: SmallVec<[Part; 2]> = SmallVec::new();
        let whole = || SmallVec::from_slice(path);
        if let Some(context) = target.context {
            return if parameter == 0 { Self::context_parts(fun, at, context, path) } else { out };
        }
        let Op::Call { func, args } = fun.function.op(at) else {
            let passed = passed_implicitly(fun.function.op(at));
            out.extend(passed.get(parameter as usize).copied().flatten().map(|v| (v, whole())));
            return out;
        };
        if parameter < target.taken {
            if target.constructs {
                out.push((at, whole()));
            } else if let Op::Attr(base, _) = fun.function.op(*func)
                && parameter == 0
            {
                out.push((*base, whole()));
            }
            return out;
        }
        let callee = self.program().function(target.function);
        let Some(param) = callee.params.get(parameter as usize) else { return out };
        let positional = callee.positional_count() as u32;
        let mut position = target.taken;
        let prefixed = |elem: Elem| {
            let mut all = SmallVec::new();
            all.push(elem);
            all.extend_from_slice(path);
            all
        };
        for arg in args {
            match arg.kind {
                ArgKind::Positional => {
                    if position == parameter && parameter < positional {
                        out.push((arg.value, whole()));
                    } else if param.kind == ParamKind::Rest && position >= positional {
                        let index = (position - positional).cast_signed();
                        match path {
                            [] => out.push((arg.value, SmallVec::new())),
                            [first, rest @ ..] if Labels::selects(Elem::Index(index), *first) => {
                                out.push((arg.value, SmallVec::from_slice(rest)));
                            }
                            _ => {}
                        }
                    }
                    position += 1;
                }
                ArgKind::Keyword(name) => {
                    let named = callee
                        .params
                        .iter()
                        .position(|p| p.name == name && matches!(p.kind, ParamKind::Normal | ParamKind::KeywordOnly));
                    match named {
                        Some(index) if index as u32 == parameter => out.push((arg.value, whole())),
                        None if param.kind == ParamKind::KeywordRest => match path {
                            [] => out.push((arg.value, SmallVec::new())),
                            [first, rest @ ..] if Labels::selects(Elem::Key(name), *first) => {
                                out.push((arg.value, SmallVec::from_slice(rest)));
                            }
                            _ => {}
                        },
                        _ => {}
                    }
                }
                ArgKind::Spread => {
                    if param.kind == ParamKind::Rest {
                        out.push((arg.value, whole()));
                    } else if parameter >= position && parameter < positional {
                        out.push((arg.value, prefixed(Elem::Index((parameter - position).cast_signed()))));
                    }
                }
                ArgKind::KeywordSpread => {
                    if param.kind == ParamKind::KeywordRest {
                        out.push((arg.value, whole()));
                    } else if param.kind != ParamKind::Rest {
                        out.push((arg.value, prefixed(Elem::Key(param.name))));
                    }
                }
            }
        }
        out
    }

    /// What a template's context holds at a call that renders it.
    fn context_parts(fun: &Fun<'a>, at: Value, context: ContextArguments, path: &[Elem]) -> SmallVec<[Part; 2]> {
        let mut out: SmallVec<[Part; 2]> = SmallVec::new();
        let ContextArguments::Passed { position, name, named, spreads } = context else {
            out.push((at, SmallVec::from_slice(path)));
            return out;
        };
        let Op::Call { args, .. } = fun.function.op(at) else { return out };
        let mut count = 0;
        for arg in args {
            match arg.kind {
                ArgKind::Positional => {
                    if position == Some(count) {
                        out.push((arg.value, SmallVec::from_slice(path)));
                    }
                    count += 1;
                }
                ArgKind::Keyword(key) if Some(key) == name => out.push((arg.value, SmallVec::from_slice(path))),
                ArgKind::Keyword(key) if named => match path {
                    [] => out.push((arg.value, SmallVec::new())),
                    [first, rest @ ..] if Labels::selects(Elem::Key(key), *first) => {
                        out.push((arg.value, SmallVec::from_slice(rest)));
                    }
                    _ => {}
                },
                ArgKind::KeywordSpread if named && spreads => out.push((arg.value, SmallVec::from_slice(path))),
                _ => {}
            }
        }
        out
    }

    /// The entries of a value that concern its part `path`, each with the path that is left below it. An
    /// entry above the part covers it.
    pub(crate) fn select(
        &mut self,
        fun: &Fun<'a>,
        value: Value,
        path: &[Elem],
        at: Location,
    ) -> SmallVec<[(Entry, SmallVec<[Elem; 4]>); 2]> {
        self.select_part(fun, value, path, at, false)
    }

    /// The same; with `by_name` only concrete data that is known to be in that part.
    pub(crate) fn select_part(
        &mut self,
        fun: &Fun<'a>,
        value: Value,
        path: &[Elem],
        at: Location,
        by_name: bool,
    ) -> SmallVec<[(Entry, SmallVec<[Elem; 4]>); 2]> {
        let mut out = SmallVec::new();
        if fun.tree(value).is_empty() {
            return out;
        }
        let listed = path.first().is_some_and(|key| is_listed(fun.function, value, *key));
        for mut entry in self.read(fun, value, at) {
            let elems = self.labels.elems(entry.path);
            if listed && elems.first() == Some(&Elem::Element) {
                continue;
            }
            let concrete = || matches!(self.labels.origin_of(entry.origin), Origin::Source(_));
            let guessed = entry.flags.has(Flags::LIBRARY) || entry.flags.has(Flags::UNRESOLVED);
            if by_name && elems.is_empty() && (guessed || concrete()) {
                continue;
            }
            let shared = Labels::shared(elems, path);
            let (whole, below) = (shared == elems.len(), shared == path.len());
            let rest: SmallVec<[Elem; 4]> =
                if whole { SmallVec::new() } else { SmallVec::from_slice(&elems[shared..]) };
            if whole || below {
                if whole {
                    entry.origin = self.deepen(entry.origin, &path[shared..]);
                }
                entry.path = crate::PathId::new(Labels::ROOT);
                out.push((entry, rest));
            }
        }
        out
    }

    pub(crate) fn deepen(&mut self, origin: OriginId, elems: &[Elem]) -> OriginId {
        self.labels.deepen(origin, elems)
    }
}

/// Whether a value is a mapping that is written out with this key, so that what stands under keys that are not known is not under this one.
fn is_listed(function: &Function, value: Value, key: Elem) -> bool {
    let (Op::Dict(entries), Elem::Key(name)) = (function.op(value), key) else { return false };
    entries
        .iter()
        .any(|(key, _)| key.is_some_and(|key| matches!(function.op(key), Op::Const(Const::Str(text)) if *text == name)))
}
