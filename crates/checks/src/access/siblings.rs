//! Handlers and classes without the guard that their siblings have.
//!
//! - A *unit* is a function, or a class of views, that others are compared with.
//! - *Siblings* are units of one class, module or enclosing function that are registered in the same way, or take the same
//!   first parameter; and the methods that answer requests in classes of one module that derive from the same class.
//! - A *deviation* is a unit that nothing guards among siblings of which most have one guard: belief inferred from the code
//!   itself (Engler et al., SOSP 2001).

use super::before::Before;
use super::entries::Handler;
use super::guards::{Guard, Guards, is_check};
use super::vocabulary::{changes, is_public, is_request};
use crate::code::{Code, words};
use crate::effects::writes_by_name;
use assay_index::{FxHashMap, FxHashSet, Idx};
use assay_ir::{FunctionKind, Op, Terminator, Value};
use assay_models::EntryKind;
use assay_resolve::{ClsId, FuncId};
use std::collections::BTreeMap;

/// Siblings that must have the guard before its absence says something.
pub(super) const ENOUGH: usize = 3;
/// Siblings that must have it for each that has none.
pub(super) const FOR_EACH: usize = 3;
/// The same where all that have none change something.
const FOR_EACH_CHANGING: usize = 2;
/// Siblings that are enough where they and the one without it all change something and are registered.
const FEW: usize = 2;

/// A unit that lacks the guard of its siblings.
#[derive(Clone, Debug)]
pub(crate) struct Deviation {
    /// The function, or the body of the class.
    pub(crate) function: FuncId,
    /// The name of the guard that the siblings have.
    pub(crate) guard: String,
    /// Siblings that have it, with it.
    pub(crate) with: Vec<(FuncId, Guard)>,
    /// How many siblings have none.
    pub(crate) without: usize,
    /// What the siblings have in common.
    pub(crate) of: String,
    /// Whether it changes something.
    pub(crate) changes: bool,
    /// The way to what it changes without a check, where some way of it does check.
    pub(crate) way: Vec<(FuncId, assay_ir::Value)>,
}

/// A function with what it is compared by.
struct Unit {
    function: FuncId,
    /// Guards that are there to check.
    guards: Vec<Guard>,
    /// Whether nothing is seen that checks.
    open: bool,
    /// The decorators that are no guards.
    decorators: Vec<String>,
    first: Option<String>,
    entry: bool,
}

/// What holds units that are compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Home {
    /// A module, by its number.
    Module(usize),
    /// A function that defines them.
    Function(FuncId),
    Class(ClsId),
}

pub(crate) fn find(code: &Code<'_>, guards: &Guards, before: &Before, handlers: &[Handler]) -> Vec<Deviation> {
    let mut groups: BTreeMap<(usize, Home), Vec<Unit>> = BTreeMap::new();
    let entries: FxHashSet<FuncId> = handlers.iter().map(|h| h.function).collect();
    let reached = handlers.iter().any(|h| h.kind != EntryKind::Command && !code.in_test(h.function));
    for f in code.res.program.functions.ids() {
        if let Some((home, unit)) = unit(code, guards, before, f, &entries) {
            groups.entry((code.res.program.functions[f].module.index(), home)).or_default().push(unit);
        }
    }
    let mut out = Vec::new();
    // What is registered in one way belongs together across the classes of a module.
    let mut modules: BTreeMap<usize, Vec<&Unit>> = BTreeMap::new();
    // So do the methods that answer requests where their classes derive from one.
    let mut bases: BTreeMap<(usize, &str), Vec<&Unit>> = BTreeMap::new();
    for ((module, home), units) in &groups {
        modules.entry(*module).or_default().extend(units.iter().filter(|u| !u.decorators.is_empty()));
        if let Home::Class(class) = home {
            for api in code.res.hierarchy.external_bases(*class) {
                bases.entry((*module, code.api(*api))).or_default().extend(units.iter().filter(|u| u.entry));
            }
        }
    }
    for ((_, home), units) in &groups {
        let of = match home {
            Home::Module(_) => "of this module".to_owned(),
            Home::Function(f) => format!("in `{}`", code.function_name(*f)),
            Home::Class(class) => format!("of `{}`", code.text(code.res.program.class(*class).name)),
        };
        out.extend(deviations(code, guards, &units.iter().collect::<Vec<_>>(), &of, false, reached));
    }
    for units in modules.values() {
        out.extend(deviations(code, guards, units, "of this module", true, reached));
    }
    for units in bases.values() {
        out.extend(deviations(code, guards, units, "of this module", false, reached));
    }
    out.extend(classes(code, guards, &entries));
    out.sort_by_key(|d| d.function);
    out.dedup_by_key(|d| d.function);
    for deviation in out.iter_mut().filter(|d| guards.checks(d.function)) {
        deviation.way = before.way(deviation.function);
    }
    out
}

fn unit(
    code: &Code<'_>,
    guards: &Guards,
    before: &Before,
    f: FuncId,
    entries: &FxHashSet<FuncId>,
) -> Option<(Home, Unit)> {
    let program = &code.res.program;
    let function = code.function(f);
    if function.kind != FunctionKind::Named || code.in_test(f) || program.module_of(f).template {
        return None;
    }
    let module = &program.module_of(f).ir;
    let around = function.parent.filter(|p| module.functions[*p].is_callable());
    let mut decorators = guards.decorators.get(&f).cloned().unwrap_or_default();
    // `@app.post(…)` and `@app.delete(…)` register in the same way.
    if entries.contains(&f) {
        for name in decorators.iter_mut().filter(|n| registers_a_method(n)) {
            "route".clone_into(name);
        }
    }
    let class = program.functions[f].class;
    let home = match (around, class) {
        // Of nested functions, only those that something registers are there for others than the one around them.
        (Some(around), None) if entries.contains(&f) && !decorators.is_empty() => {
            Home::Function(program.func_id(program.functions[f].module, around))
        }
        (Some(_), _) => return None,
        (None, Some(class)) => Home::Class(class),
        (None, None) => Home::Module(program.functions[f].module.index()),
    };
    let name = code.function_name(f);
    if name.starts_with('_') || guards.is_dependency(f) || does_nothing(code, f) {
        return None;
    }
    let inherits = class.is_some_and(|c| guards.class_guards_methods(code, c));
    let own: Vec<Guard> = guards
        .on(f)
        .iter()
        .chain(guards.own(f).iter().map(|e| &e.guard))
        .filter(|g| g.explicit && is_check(g.kind))
        .cloned()
        .collect();
    // An attribute of the class says what those methods need that the framework has; a route of its own is none of them, but for
    // the extra actions of Django REST Framework.
    let declared = class.is_some_and(|c| !guards.of_class(code, c).is_empty());
    let extra = |d: &String| !matches!(d.as_str(), "action" | "list_route" | "detail_route");
    let decorated = decorators.iter().any(extra);
    let checked = guards.checks(f) && !before.is_open(f);
    let vouched = || code.res.calls(f).iter().any(|(call, _)| is_vouched_for(code, f, *call));
    let open =
        own.is_empty() && !inherits && (!declared || decorated) && !checked && guards.on(f).is_empty() && !vouched();
    let first = function.params.get(usize::from(class.is_some())).map(|p| code.text(p.name).to_owned());
    Some((home, Unit { function: f, guards: own, open, decorators, first, entry: entries.contains(&f) }))
}

/// Whether a decorator of this name registers what answers one kind of request.
fn registers_a_method(name: &str) -> bool {
    matches!(name, "get" | "post" | "put" | "patch" | "delete")
}

/// Whether a call checks that the program itself made what a request brings: a link with a signature lets in whoever has it.
fn is_vouched_for(code: &Code<'_>, f: FuncId, call: assay_ir::Value) -> bool {
    code.res.call(f, call).is_some_and(|targets| {
        targets.apis.iter().any(|a| {
            let name = code.api(*a);
            name.starts_with("django.core.signing.") && name.contains("unsign")
                || name.starts_with("itsdangerous.") && (name.contains("loads") || name.contains("unsign"))
        })
    })
}

/// Whether a function has no effect that anybody could misuse: it calls nothing but what sends elsewhere, or only raises.
fn does_nothing(code: &Code<'_>, f: FuncId) -> bool {
    let function = code.function(f);
    let of_request = |func: assay_ir::Value| match code.op(f, func) {
        Op::Attr(base, _) => crate::secrets::name_of(code, f, *base).is_some_and(|n| {
            matches!(n, "args" | "GET" | "form" | "values" | "config" | "headers" | "query_params" | "kwargs")
        }),
        _ => false,
    };
    let harmless = |inst: &assay_ir::Inst| match &inst.op {
        Op::Call { func, .. } => super::guards::name_of_callee(code, f, *func).is_some_and(|n| {
            n == "get" && of_request(*func)
                || matches!(
                    n,
                    "redirect"
                        | "url_for"
                        | "reverse"
                        | "flash"
                        | "warn"
                        | "urlencode"
                        | "url_concat"
                        | "join"
                        | "format"
                        | "strip"
                        | "rstrip"
                        | "lstrip"
                        | "get_argument"
                        | "super"
                        | "_"
                        | "gettext"
                        | "render"
                        | "render_template"
                        | "AssertionError"
                        | "partition"
                        | "rpartition"
                        | "split"
                        | "startswith"
                        | "endswith"
                        | "replace"
                )
        }),
        _ => true,
    };
    let returns = function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Return(_)));
    !returns || function.insts.iter().all(harmless)
}

/// `reached`: whether anything in the program can be called from outside. Where nothing can, decorators register nothing.
fn deviations(
    code: &Code<'_>,
    guards: &Guards,
    units: &[&Unit],
    of: &str,
    registered: bool,
    reached: bool,
) -> Vec<Deviation> {
    let mut by_name: FxHashMap<&str, Vec<&Unit>> = FxHashMap::default();
    for &unit in units {
        let mut names: Vec<&str> = unit.guards.iter().map(|g| g.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            by_name.entry(name).or_default().push(unit);
        }
    }
    let mut names: Vec<(&str, Vec<&Unit>)> = by_name.into_iter().filter(|(_, with)| with.len() >= FEW).collect();
    names.sort_by_key(|(name, with)| (std::cmp::Reverse(with.len()), *name));
    let mut out: Vec<Deviation> = Vec::new();
    for (name, with) in names {
        // What all of them share makes others comparable.
        let shared: Vec<&String> = with[0]
            .decorators
            .iter()
            .filter(|d| reached && with.iter().all(|u| u.decorators.contains(d)))
            // A plug-in point takes functions for many ends.
            .filter(|d| {
                !matches!(
                    d.as_str(),
                    "register" | "receiver" | "hook" | "hookimpl" | "staticmethod" | "classmethod" | "property"
                )
            })
            .collect();
        let first = with[0]
            .first
            .as_ref()
            .filter(|first| is_request(first) && with.iter().all(|u| u.first.as_ref() == Some(*first)));
        let entries = with.iter().all(|u| u.entry);
        if shared.is_empty() && (registered || first.is_none() && !entries) {
            continue;
        }
        // Beside functions that are registered, one that is not only helps them.
        let of_module = with.iter().all(|u| code.res.program.functions[u.function].class.is_none());
        let comparable = |u: &&Unit| {
            (shared.is_empty() || shared.iter().all(|d| u.decorators.contains(*d)))
                && (first.is_none() || u.first.as_ref() == first)
                && (u.entry || !entries || first.is_some())
                && (u.entry || !of_module || !with.iter().any(|w| w.entry))
                && !answers_errors(code, u.function)
        };
        let meant = |u: &&Unit| {
            let name = code.function_name(u.function);
            let class = code.res.program.functions[u.function].class;
            let of_public = class.is_some_and(|c| is_public(code.text(code.res.program.class(c).name)).is_some());
            // A decorator may say that nothing is asked on purpose: `@unenforced_api`.
            let on_purpose = u.decorators.iter().any(|d| words(d).iter().any(|w| says_unasked(w)));
            is_public(name).is_none() && !is_hook(name) && !of_public && !on_purpose
        };
        let without: Vec<&Unit> = units.iter().copied().filter(|u| u.open).filter(comparable).filter(meant).collect();
        let changing = without.iter().all(|u| changes(code.function_name(u.function)));
        let for_each = if changing { FOR_EACH_CHANGING } else { FOR_EACH };
        if without.is_empty() || with.len() < without.len() * for_each {
            continue;
        }
        // Few are enough when all that change something have it but one, and everything is registered.
        let alters = |u: &Unit| changes(code.function_name(u.function)) || writes(code, u.function);
        let registers = |u: &Unit| u.entry && alters(u);
        if with.len() < ENOUGH && !(without.iter().all(|u| registers(u)) && with.iter().all(|u| registers(u))) {
            continue;
        }
        for unit in &without {
            let name_of = code.function_name(unit.function);
            if out.iter().any(|d| d.function == unit.function) {
                continue;
            }
            let changing = changes(name_of) || writes(code, unit.function);
            // Where something checks every request, what only reads may well need no more; neither does what tells everybody the same.
            if !changing && (!guards.everywhere.is_empty() || unit.entry && tells_all_the_same(code, unit.function)) {
                continue;
            }
            if !unit.entry && unit.decorators.is_empty() && guards.callers_check(code, unit.function, 2) {
                continue;
            }
            let evidence = with
                .iter()
                .filter_map(|u| Some((u.function, u.guards.iter().find(|g| g.name == name)?.clone())))
                .collect();
            out.push(Deviation {
                function: unit.function,
                guard: name.to_owned(),
                with: evidence,
                without: without.len(),
                of: of.to_owned(),
                changes: changing,
                way: Vec::new(),
            });
        }
    }
    out
}

/// Whether a function answers for a request that failed elsewhere: it takes the error.
fn answers_errors(code: &Code<'_>, f: FuncId) -> bool {
    let params = &code.function(f).params;
    params.last().is_some_and(|p| matches!(code.text(p.name), "exc" | "exception" | "error" | "err" | "e"))
}

/// Whether an answer depends on nothing that the request asks for: the function takes no more than the request itself, and looks
/// at nothing in it.
fn tells_all_the_same(code: &Code<'_>, f: FuncId) -> bool {
    let function = code.function(f);
    let plain = |name: &str| is_request(name) || matches!(name, "self" | "cls" | "args" | "kwargs" | "response");
    let is_asked = |v: Value| {
        matches!(code.op(f, code.plain(f, v)), Op::Param(i)
            if function.params.get(*i as usize).is_some_and(|p| is_request(code.text(p.name))))
    };
    let looks = |(at, inst): (Value, &assay_ir::Inst)| match &inst.op {
        Op::Attr(base, _) | Op::Item(base, _) => {
            is_asked(*base) || crate::secrets::name_of(code, f, *base).is_some_and(is_request)
        }
        Op::Call { func, args } => {
            // What the program does with the request that it is handed is not looked at.
            args.iter().any(|a| is_asked(a.value)) && code.res.call(f, at).is_some_and(|t| !t.functions.is_empty())
                || super::guards::name_of_callee(code, f, *func).is_some_and(|n| {
                    n.starts_with("get_") && (n.contains("argument") || n.contains("param") || n.contains("body"))
                })
        }
        _ => false,
    };
    function.params.iter().all(|p| plain(code.text(p.name))) && !function.insts.iter_enumerated().any(looks)
}

/// Whether a word of a decorator says that it lets everybody in.
fn says_unasked(word: &str) -> bool {
    matches!(
        word,
        "unenforced" | "unprotected" | "unauthenticated" | "anonymous" | "exempt" | "public" | "noauth" | "nologin"
    )
}

/// Methods that frameworks call for other things than answers.
fn is_hook(name: &str) -> bool {
    matches!(
        name,
        "options"
            | "head"
            | "on_finish"
            | "on_close"
            | "write_error"
            | "get_serializer"
            | "get_serializer_class"
            | "as_view"
            | "initialize"
            | "prepare"
    ) || name.starts_with("check_")
        || words(name).iter().any(|w| matches!(w.as_str(), "init" | "setup" | "serializer" | "handler404" | "helper"))
}

/// Whether a function calls what changes stored state.
pub(crate) fn writes(code: &Code<'_>, f: FuncId) -> bool {
    code.function(f).insts.iter_enumerated().any(|(call, _)| writes_by_name(code, f, call))
}

/// Classes of views in one module of which most have a guard and one has none.
fn classes(code: &Code<'_>, guards: &Guards, entries: &FxHashSet<FuncId>) -> Vec<Deviation> {
    let program = &code.res.program;
    let mut groups: BTreeMap<usize, Vec<(ClsId, Vec<Guard>, bool)>> = BTreeMap::new();
    for class in program.classes.ids() {
        let body = program.class_body(class);
        if code.in_test(body) {
            continue;
        }
        let handlers: Vec<FuncId> = program
            .functions
            .ids()
            .skip(body.index())
            .take(program.module_of(body).ir.functions.len())
            .filter(|f| program.functions[*f].class == Some(class))
            .collect();
        let answers = handlers.iter().any(|f| entries.contains(f)) || is_view(code, class);
        if !answers {
            continue;
        }
        let mut own: Vec<Guard> =
            guards.of_class(code, class).into_iter().filter(|g| g.explicit && is_check(g.kind)).collect();
        own.dedup_by(|a, b| a.name == b.name);
        let open = own.is_empty()
            && guards.of_class(code, class).is_empty()
            && handlers.iter().all(|f| !guards.checks(*f) && guards.on(*f).is_empty())
            && !program_checks_inherited(code, guards, class);
        let open = open
            && is_public(code.text(program.class(class).name)).is_none()
            && code.res.hierarchy.derived(class).is_empty()
            && !(handlers.iter().any(|f| entries.contains(f)) && handlers.iter().all(|f| does_nothing(code, *f)));
        groups.entry(program.classes[class].module.index()).or_default().push((class, own, open));
    }
    let by_default = super::defaults::asks_by_default(code);
    let mut out = Vec::new();
    for units in groups.values() {
        let mut by_name: BTreeMap<&str, Vec<(FuncId, Guard)>> = BTreeMap::new();
        for (class, own, _) in units {
            for guard in own {
                // An attribute is the same guard whatever it says.
                let name = guard.name.split(" = ").next().unwrap_or_default();
                let with = by_name.entry(name).or_default();
                let body = program.class_body(*class);
                if !with.iter().any(|(f, _)| *f == body) {
                    with.push((body, guard.clone()));
                }
            }
        }
        let Some((name, with)) = by_name.into_iter().max_by_key(|(name, with)| (with.len(), std::cmp::Reverse(*name)))
        else {
            continue;
        };
        let without: Vec<ClsId> = units.iter().filter(|u| u.2).map(|u| u.0).collect();
        let names = |class: &ClsId| changes_by_any_word(code.text(program.class(*class).name));
        let of_body = |body: &(FuncId, Guard)| code.class_of_body(body.0).is_some_and(|c| names(&c));
        let few = with.len() >= FEW && without.len() == 1 && without.iter().all(names) && with.iter().all(of_body);
        if without.is_empty() || !few && (with.len() < ENOUGH || with.len() < without.len() * FOR_EACH) {
            continue;
        }
        for class in &without {
            let changing = changes(code.text(program.class(*class).name));
            if !changing && !guards.everywhere.is_empty() {
                continue;
            }
            // What a view does not say itself, a setting says for it.
            if name == "permission_classes" && by_default {
                continue;
            }
            out.push(Deviation {
                function: program.class_body(*class),
                guard: name.to_owned(),
                with: with.clone(),
                without: without.len(),
                of: "of this module".to_owned(),
                changes: changing,
                way: Vec::new(),
            });
        }
    }
    out
}

/// Whether the name of a class of views says that it changes something, in whatever place: `EntryDelete`, `DeleteEntryView`.
fn changes_by_any_word(name: &str) -> bool {
    words(name)
        .iter()
        .any(|w| matches!(w.as_str(), "create" | "update" | "delete" | "destroy" | "remove" | "add" | "edit" | "save"))
}

/// Whether a method that a class inherits from the program checks.
fn program_checks_inherited(code: &Code<'_>, guards: &Guards, class: ClsId) -> bool {
    let order = code.res.hierarchy.order(class);
    code.res
        .program
        .functions
        .iter_enumerated()
        .any(|(f, info)| info.class.is_some_and(|c| c != class && order[1..].contains(&c)) && guards.checks(f))
}

/// Whether a class is one of views by its bases.
fn is_view(code: &Code<'_>, class: ClsId) -> bool {
    code.res.hierarchy.external_bases(class).iter().any(|api| {
        let name = code.api(*api);
        let words = words(name.rsplit('.').next().unwrap_or_default());
        words.last().is_some_and(|w| {
            matches!(w.as_str(), "view" | "resource" | "handler" | "controller" | "viewset" | "action")
        }) || words.len() >= 2 && words[words.len() - 2..] == ["view", "set"]
    })
}
