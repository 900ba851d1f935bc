//! What a call gives: what a function of the program returns, what is registered under a name, and the methods and
//! functions of the language that make constants from constants.

use super::operators::{dict_method, shown, text, text_method};
use super::{Alternative, Choices, Evaluator, Held, Known, Point, chosen};
use crate::code::{Caller, Code};
use assay_ir::{ArgKind, Const, Op, Terminator, Value};
use assay_models::{NodeId, SurfaceFacts};
use assay_resolve::{FuncId, Object};

impl Evaluator<'_, '_> {
    pub(super) fn call(&self, f: FuncId, call: Value, cx: &Choices, depth: u32) -> Known {
        let code = self.code;
        let Op::Call { func, args } = code.op(f, call) else { return Known::Unknown };
        let own = Known::Object(f, call);
        if args.iter().any(|a| matches!(a.kind, ArgKind::Spread | ArgKind::KeywordSpread)) {
            return own;
        }
        let targets = code.res.call(f, call);
        for facts in registration_facts(code, f, call) {
            if let Some(table) = &facts.class_table {
                return self.class_table(table, cx, depth);
            }
            if let Some(registry) = &facts.registry {
                return self.registered(f, call, registry, cx, depth).unwrap_or(own);
            }
            // What registers something is asked itself.
            if !facts.resources.is_empty() || !facts.routes.is_empty() || !facts.mounts.is_empty() {
                return own;
            }
        }
        if let Some(targets) = targets
            && let [target] = targets.functions[..]
            && !target.constructs
        {
            return self.returned(f, call, target.function, target.taken, cx, depth).unwrap_or(own);
        }
        let arguments = || -> Vec<Known> { args.iter().map(|a| self.eval(f, a.value, cx, depth)).collect() };
        if let Op::Attr(base, method) = code.op(f, *func) {
            let receiver = self.eval(f, *base, cx, depth);
            if self.waits() {
                return Known::Unknown;
            }
            let method = code.text(*method);
            let found = match &receiver {
                Known::Text(text) => text_method(text, method, args, &arguments()),
                Known::Dict(entries) => dict_method(entries, method, &arguments()),
                Known::List(items) if method == "copy" => Some(Known::List(items.clone())),
                _ => None,
            };
            if let Some(found) = found {
                return found;
            }
        }
        let name = targets.and_then(|t| t.apis.first()).map(|api| code.api(*api));
        let found = match (name, args.first()) {
            (Some("list" | "tuple" | "set" | "frozenset" | "sorted" | "iter" | "reversed"), Some(arg)) => {
                self.eval(f, arg.value, cx, depth).elements().map(Known::List)
            }
            (Some("dict" | "collections.OrderedDict"), Some(arg)) if arg.kind == ArgKind::Positional => {
                match self.eval(f, arg.value, cx, depth) {
                    Known::Dict(entries) => Some(Known::Dict(entries)),
                    _ => None,
                }
            }
            (Some("dict"), Some(_)) => {
                let entries = args.iter().map(|a| match a.kind {
                    ArgKind::Keyword(name) => {
                        Some((Known::Text(code.text(name).to_owned()), self.eval(f, a.value, cx, depth)))
                    }
                    _ => None,
                });
                entries.collect::<Option<Vec<_>>>().map(Known::Dict)
            }
            (Some("getattr"), Some(arg)) if args.len() > 1 => {
                let named = match self.eval(f, args[1].value, cx, depth) {
                    Known::Text(name) => code.res.program.strings.lookup(&name),
                    _ => None,
                };
                let default = args.get(2).map(|a| a.value);
                match (self.eval(f, arg.value, cx, depth), named) {
                    (Known::Instance(class), name) => {
                        match name.and_then(|name| self.of_instance(class, name, cx, depth)) {
                            Some(Held::One(known)) => Some(known),
                            Some(Held::Several) => None,
                            None => default.map(|d| self.eval(f, d, cx, depth)),
                        }
                    }
                    (_, Some(name)) if default.is_none() => Some(self.attribute(f, call, arg.value, name, cx, depth)),
                    _ => None,
                }
            }
            (Some("str"), Some(arg)) => shown(&self.eval(f, arg.value, cx, depth)).map(text),
            (Some("itertools.chain"), Some(_)) => {
                let parts = arguments().into_iter().map(Known::elements).collect::<Option<Vec<_>>>();
                parts.map(|parts| Known::List(parts.into_iter().flatten().collect()))
            }
            (Some("enumerate"), Some(arg)) => self.eval(f, arg.value, cx, depth).elements().map(|items| {
                let pairs = items.into_iter().zip(0..);
                Known::List(pairs.map(|(item, at)| Known::List(vec![Known::Int(at), item])).collect())
            }),
            (Some("copy.copy" | "copy.deepcopy"), Some(arg)) => Some(self.eval(f, arg.value, cx, depth)),
            _ => None,
        };
        found.unwrap_or(own)
    }

    /// What a function of the program returns to this call; `None` where that is nothing that could be followed.
    pub(super) fn returned(
        &self,
        f: FuncId,
        call: Value,
        g: FuncId,
        taken: u32,
        cx: &Choices,
        depth: u32,
    ) -> Option<Known> {
        let function = self.code.function(g);
        if function.is_generator || matches!(chosen(cx, Point::Caller(g)), Some(Alternative::Caller(_))) {
            return None;
        }
        let mut returns = function.blocks.iter().filter_map(|b| match b.terminator {
            Terminator::Return(value) => Some(value),
            _ => None,
        });
        let (Some(value), None) = (returns.next(), returns.next()) else { return None };
        if matches!(function.op(value), Op::Const(Const::None)) {
            return None;
        }
        let mut within = cx.clone();
        within.0.push((Point::Caller(g), Alternative::Caller(Some(Caller { function: f, call, taken }))));
        match self.eval(g, value, &within, depth) {
            Known::Unknown if !self.waits() => None,
            Known::Object(h, v) if h == g && matches!(self.code.op(h, v), Op::Param(_)) => None,
            known => Some(known),
        }
    }
}

/// What the models say of the registrations that a call may be.
pub(crate) fn registration_facts<'a>(code: &Code<'a>, f: FuncId, call: Value) -> Vec<&'a SurfaceFacts> {
    let res = code.res;
    let models = res.models();
    let Some(targets) = res.call(f, call) else { return Vec::new() };
    let (mut out, mut last) = (Vec::new(), None);
    let mut add = |node: NodeId| {
        if last.replace(node) != Some(node) {
            out.extend(models.facts(node).surface.as_deref());
        }
    };
    for api in &targets.apis {
        res.apis.nodes(*api).iter().copied().for_each(&mut add);
    }
    for target in &targets.functions {
        res.identity(target.function).iter().copied().for_each(&mut add);
        overridden(code, target.function).for_each(&mut add);
    }
    if let Op::Call { func, .. } = code.op(f, call) {
        for object in res.objects(f, *func) {
            if let Object::Class(class) = object {
                res.class_identity(class).into_iter().for_each(&mut add);
            }
        }
    }
    out
}

/// The methods of library classes that a method of the program stands for: it overrides them.
fn overridden<'a>(code: &Code<'a>, f: FuncId) -> impl Iterator<Item = NodeId> + use<'a> {
    let (res, name) = (code.res, code.function_name(f));
    let models = res.models();
    let bases = res.program.functions[f].class.map_or(&[][..], |class| res.hierarchy.external_bases(class));
    bases.iter().filter_map(move |base| models.member(models.type_root(res.api_name(*base))?, name))
}
