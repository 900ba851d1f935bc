//! Objects that a handler loads by an id of the request, without asking whose they are, where other code does.
//!
//! - A *lookup* is a query for objects of one stored class: all calls of one chain, with what they compare.
//! - It is *by id* when a key (`pk`, `id`, `uuid`) is compared with what is passed in, and *owned* when a field is compared with the
//!   caller (`owner=request.user`). That other code owns its lookups by id says that the objects have owners, and that access is
//!   decided by them: belief inferred from the code itself.

use super::assignment::is_model;
use super::body::is_caller;
use super::entries::Handler;
use super::guards::{Guards, is_check};
use super::vocabulary::is_public;
use crate::code::{Code, Defect, words};
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_index::{FxHashMap, FxHashSet};
use assay_ir::{Arg, ArgKind, CompareOp, Op, Value};
use assay_models::{AccessKind, EntryKind};
use assay_resolve::{ClsId, FuncId, Object};
use std::collections::BTreeMap;

/// Owned lookups by id of one class from which on one that is not owned says something.
const ENOUGH: usize = 2;
/// Steps from a call to the class that it asks for.
const MAX_STEPS: u32 = 12;
/// Siblings that a finding shows.
const SHOWN: usize = 3;

/// Names of fields that tell one object from the others.
const ID_KEYS: &[&str] = &["id", "pk", "uuid", "guid"];
/// Functions that find one object, or answer that there is none.
const FINDERS: &[&str] = &["get_object_or_404", "aget_object_or_404", "get_list_or_404"];
/// Methods of queries that say which objects.
pub(super) const NARROWING: &[&str] = &["get", "filter", "filter_by", "where", "aget", "get_or_404"];

/// A query, as far as it is seen in one function.
pub(super) struct Lookup {
    function: FuncId,
    /// The call by which an id is given, or the first one.
    at: Value,
    /// The class that is asked for.
    class: ClsId,
    /// Its name.
    of: String,
    /// The id that is given.
    id: Option<Value>,
    /// Whether more than an id is compared.
    narrowed: bool,
    /// The comparison with the caller.
    owner: Option<Value>,
}

impl Lookup {
    /// Whether an id is given.
    pub(super) fn is_by_id(&self) -> bool {
        self.id.is_some()
    }

    /// The call by which the id is given.
    pub(super) fn at(&self) -> Value {
        self.at
    }

    /// The id that is given.
    pub(super) fn id(&self) -> Option<Value> {
        self.id
    }

    /// Whether more than an id is compared.
    pub(super) fn is_narrowed(&self) -> bool {
        self.narrowed
    }

    /// The class that is asked for.
    pub(super) fn class(&self) -> ClsId {
        self.class
    }

    /// The name of the class that is asked for.
    pub(super) fn of(&self) -> &str {
        &self.of
    }

    /// The comparison with the caller.
    pub(super) fn owner(&self) -> Option<Value> {
        self.owner
    }
}

/// Each handler that loads an object by an id.
pub(super) fn examine(
    code: &Code<'_>,
    check: &'static Check,
    guards: &Guards,
    handlers: &[Handler],
    out: &mut Vec<Examined>,
) {
    let answering: FxHashSet<FuncId> =
        handlers.iter().filter(|h| h.kind == EntryKind::Http).map(|h| h.function).collect();
    let mut by_class: BTreeMap<String, Vec<Lookup>> = BTreeMap::new();
    for f in code.res.program.functions.ids() {
        if code.in_test(f) || code.res.program.module_of(f).template || !code.function(f).is_callable() {
            continue;
        }
        for lookup in lookups(code, f) {
            by_class.entry(lookup.of.clone()).or_default().push(lookup);
        }
    }
    for (of, lookups) in by_class {
        let listed = lookups.iter().filter(|l| l.id.is_none() && l.owner.is_some()).count();
        let (owned, open): (Vec<Lookup>, Vec<Lookup>) =
            lookups.into_iter().filter(|l| l.id.is_some() || l.owner.is_some()).partition(|l| l.owner.is_some());
        for lookup in &owned {
            let by = lookup.owner.map_or_else(String::new, |v| code.shown_value(lookup.function, v));
            let span = code.span(lookup.function, lookup.at);
            let detail = format!("`{by}` is compared with the owner");
            out.push(code.closed(check, lookup.function, span, &of, Outcome::Safe, "guarded-by", detail));
        }
        let open: Vec<&Lookup> = open.iter().filter(|l| answering.contains(&l.function)).collect();
        let by_id = owned.len() - listed;
        let most = if by_id < ENOUGH { owned.len() } else { by_id };
        if owned.is_empty() || open.len() > most {
            continue;
        }
        for lookup in open {
            // A single one says enough where it stands beside this one, and this one asks who has logged in.
            if by_id < ENOUGH && !(beside(code, lookup, &owned) && asks_for_login(code, guards, lookup)) {
                continue;
            }
            out.extend(judged(code, check, guards, lookup, &owned));
        }
    }
}

/// Whether an owned lookup stands in the module of another one.
fn beside(code: &Code<'_>, lookup: &Lookup, owned: &[Lookup]) -> bool {
    let module = |l: &Lookup| code.res.program.functions[l.function].module;
    owned.iter().any(|o| module(o) == module(lookup))
}

/// Whether who gets to a lookup must have logged in, and nothing else is asked.
fn asks_for_login(code: &Code<'_>, guards: &Guards, lookup: &Lookup) -> bool {
    let f = lookup.function;
    let depends = || {
        let params = &code.function(f).params;
        (0..u32::try_from(params.len()).unwrap_or(0)).any(|p| super::body::is_caller_parameter(code, f, p))
    };
    guards.of_function(code, f).iter().any(|g| g.kind == AccessKind::Authentication) || depends()
}

/// A lookup by an id that nothing compares with the caller.
fn judged(
    code: &Code<'_>,
    check: &'static Check,
    guards: &Guards,
    lookup: &Lookup,
    siblings: &[Lookup],
) -> Option<Examined> {
    let f = lookup.function;
    let span = code.span(f, lookup.at);
    let name = code.function_name(f);
    let standing = guards.of_function(code, f);
    // That somebody has logged in says nothing of whose things they may touch.
    if let Some(guard) = standing.iter().find(|g| is_check(g.kind) && g.kind != AccessKind::Authentication) {
        let detail = format!("`{}`", guard.name);
        return Some(code.closed(check, f, span, &lookup.of, Outcome::Safe, "guarded-by", detail));
    }
    let class = code.res.program.functions[f].class;
    let class = class.map_or("", |c| code.text(code.res.program.class(c).name));
    let module = code.text(code.res.program.module_of(f).name);
    let for_others = [name, class, module].iter().any(|n| {
        is_public(n).is_some()
            || words(n).iter().any(|w| matches!(w.as_str(), "admin" | "staff" | "public" | "shared" | "share"))
    });
    if for_others {
        return None;
    }
    let id = code.shown_value(f, lookup.id?);
    let title = format!("`{name}` finds a `{}` by `{id}` alone, whoever it belongs to", lookup.of);
    let others: Vec<String> =
        siblings.iter().take(SHOWN).map(|l| format!("`{}`", code.res.program.qualified_name(l.function))).collect();
    let message = format!(
        "`{}` loads the object that the request names. {} compare the owner with the caller when they load one; `{name}` does not, and nothing that it calls asks for more than that somebody is logged in.",
        code.shown(f, span),
        others.join(", ")
    );
    let mut defect = Defect::potential("not-owned", title, message);
    defect.confidence = if siblings.len() > ENOUGH { Confidence::High } else { Confidence::Medium };
    defect.severity = Some(Severity::High);
    for sibling in siblings.iter().take(SHOWN) {
        let Some(owner) = sibling.owner else { continue };
        defect.lead(
            StepKind::Source,
            code.place(sibling.function, code.span(sibling.function, owner)),
            "a sibling compares the owner with the caller",
        );
    }
    defect.step = format!("found by `{id}` alone");
    defect.assumptions.push(format!("a `{}` is not for everybody who is logged in", lookup.of));
    defect.false_if = false_if(check);
    defect.value.clone_from(&lookup.of);
    Some(code.defect(check, f, span, &lookup.of, defect))
}

/// The queries of a function for objects of stored classes.
pub(super) fn lookups(code: &Code<'_>, f: FuncId) -> Vec<Lookup> {
    let mut found: Vec<Lookup> = Vec::new();
    let mut roots: FxHashMap<Value, usize> = FxHashMap::default();
    for (at, inst) in code.function(f).insts.iter_enumerated() {
        let Op::Call { func, args } = &inst.op else { continue };
        let finder = super::guards::name_of_callee(code, f, *func).is_some_and(|n| FINDERS.contains(&n));
        let narrows = matches!(code.op(f, *func), Op::Attr(_, n) if NARROWING.contains(&code.text(*n)));
        if !finder && !narrows {
            continue;
        }
        let base = match code.op(f, *func) {
            _ if finder => args.iter().find(|a| a.kind == ArgKind::Positional).map(|a| a.value),
            Op::Attr(base, _) => Some(*base),
            _ => None,
        };
        // `session.get(Model, pk)`
        let given = match (args.as_slice(), code.op(f, *func)) {
            ([model, _], Op::Attr(_, n)) if !finder && code.text(*n) == "get" => {
                class(code, f, code.plain(f, model.value)).map(|of| (at, of))
            }
            _ => None,
        };
        let Some((root, class)) = given.or_else(|| base.and_then(|b| root(code, f, b, MAX_STEPS))) else { continue };
        let index = *roots.entry(root).or_insert_with(|| {
            let of = code.text(code.res.program.class(class).name).to_owned();
            found.push(Lookup { function: f, at, class, of, id: None, narrowed: false, owner: None });
            found.len() - 1
        });
        let Some(lookup) = found.get_mut(index) else { continue };
        narrowed(code, f, at, args, lookup);
    }
    found
}

/// What the arguments of one call of a query compare.
fn narrowed(code: &Code<'_>, f: FuncId, call: Value, args: &[Arg], lookup: &mut Lookup) {
    // `Model.query.get(pk)`, `session.get(Model, pk)`
    if let Op::Call { func, .. } = code.op(f, call)
        && matches!(code.op(f, *func), Op::Attr(_, n) if matches!(code.text(*n), "get" | "get_or_404"))
        && let Some(last) = args.last().filter(|a| a.kind == ArgKind::Positional && args.len() <= 2)
        && is_given(code, f, code.plain(f, last.value))
        && lookup.id.is_none()
    {
        lookup.id = Some(last.value);
        lookup.at = call;
        return;
    }
    for arg in args {
        match arg.kind {
            ArgKind::Keyword(name) => {
                let name = code.text(name);
                compared(code, f, call, name, arg.value, lookup);
            }
            // `Model.owner_id == current_user.id`
            ArgKind::Positional => {
                // The first argument of a finder says of what.
                if !matches!(code.op(f, code.plain(f, arg.value)), Op::Compare(..)) {
                    lookup.narrowed |= class(code, f, code.plain(f, arg.value)).is_none();
                }
                if let Op::Compare(CompareOp::Eq, a, b) = code.op(f, arg.value) {
                    for (column, value) in [(*a, *b), (*b, *a)] {
                        if let Op::Attr(_, name) = code.op(f, column) {
                            compared(code, f, call, code.text(*name), value, lookup);
                        }
                    }
                }
            }
            ArgKind::Spread | ArgKind::KeywordSpread => lookup.narrowed = true,
        }
    }
}

fn compared(code: &Code<'_>, f: FuncId, call: Value, field: &str, value: Value, lookup: &mut Lookup) {
    let value = code.plain(f, value);
    if is_caller(code, f, value) {
        lookup.owner = lookup.owner.or(Some(value));
    } else if ID_KEYS.contains(&field) && is_given(code, f, value) && lookup.id.is_none() {
        lookup.id = Some(value);
        lookup.at = call;
    } else if !ID_KEYS.contains(&field) {
        lookup.narrowed = true;
    }
}

/// Whether a value is what a request names: a parameter, or one under a key of what the path says.
fn is_given(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, value) {
        Op::Param(index) => {
            let method = code.res.program.functions[f].class.is_some();
            *index >= u32::from(method)
        }
        // `self.kwargs["pk"]`, `request.GET["id"]`
        Op::Item(base, key) => code.literal(f, *key).is_some() && is_of_request(code, f, *base),
        Op::Call { func, args } => match code.op(f, *func) {
            Op::Attr(base, name) if matches!(code.text(*name), "get" | "pop") => {
                args.first().is_some_and(|a| code.literal(f, a.value).is_some()) && is_of_request(code, f, *base)
            }
            _ => false,
        },
        _ => false,
    }
}

fn is_of_request(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    crate::secrets::name_of(code, f, value)
        .is_some_and(|n| matches!(n, "kwargs" | "GET" | "POST" | "data" | "args" | "form" | "json" | "query_params"))
}

/// The class that a chain of calls asks for, and the value at which the chain begins.
pub(super) fn root(code: &Code<'_>, f: FuncId, value: Value, steps: u32) -> Option<(Value, ClsId)> {
    if steps == 0 {
        return None;
    }
    let value = code.plain(f, value);
    if let Some(of) = class(code, f, value) {
        return Some((value, of));
    }
    match code.op(f, value) {
        // `Model.objects`, `Model.query`
        Op::Attr(base, _) => class(code, f, code.plain(f, *base)).map(|of| (value, of)),
        Op::Call { func, args } => match code.op(f, *func) {
            // `session.query(Model)`
            Op::Attr(_, name) if matches!(code.text(*name), "query" | "select") => {
                class(code, f, code.plain(f, args.first()?.value)).map(|of| (value, of))
            }
            Op::Attr(base, _) => root(code, f, *base, steps - 1),
            Op::Global(name) | Op::ImportFrom { name, .. } if code.text(*name) == "select" => {
                class(code, f, code.plain(f, args.first()?.value)).map(|of| (value, of))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The stored class that a value is.
fn class(code: &Code<'_>, f: FuncId, value: Value) -> Option<ClsId> {
    code.objects(f, value).into_iter().find_map(|object| match object {
        Object::Class(class) if is_model(code, class) => Some(class),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use crate::harness::reported;

    const HEAD: &str = r"
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path


class Invoice(models.Model):
    owner = models.ForeignKey('auth.User', on_delete=models.CASCADE)


@login_required
def show(request, pk):
    return JsonResponse({'text': get_object_or_404(Invoice, pk=pk, owner=request.user).text})


@login_required
def listing(request):
    return JsonResponse({'all': list(Invoice.objects.filter(owner=request.user))})


@login_required
def rename(request, pk):
    found = Invoice.objects.filter(owner=request.user).get(pk=pk)
    return JsonResponse({'text': found.text})


";
    const TAIL: &str = r"

urlpatterns = [
    path('show/<int:pk>', show), path('all', listing), path('rename/<int:pk>', rename), path('export/<int:pk>', export),
]
";

    #[track_caller]
    fn reports(view: &str, expected: bool) {
        let text = format!("{HEAD}{view}{TAIL}");
        let found = reported(&text);
        let line = HEAD.lines().count() as u32 + 3;
        assert_eq!(found.contains(&(line, "unscoped-object".to_owned())), expected, "{found:?}");
    }

    #[test]
    fn an_object_that_others_load_for_its_owner_only() {
        let text = "@login_required\ndef export(request, pk):\n    found = get_object_or_404(Invoice, pk=pk)\n    return JsonResponse({'text': found.text})\n";
        reports(text, true);
    }

    #[test]
    fn one_whose_owner_is_compared_afterwards() {
        let text = "@login_required\ndef export(request, pk):\n    found = get_object_or_404(Invoice, pk=pk)\n    if found.owner != request.user:\n        raise PermissionDenied\n    return JsonResponse({'text': found.text})\n";
        reports(text, false);
    }

    #[test]
    fn one_of_those_of_the_caller() {
        let text = "@login_required\ndef export(request, pk):\n    found = get_object_or_404(Invoice.objects.filter(owner=request.user), pk=pk)\n    return JsonResponse({'text': found.text})\n";
        reports(text, false);
    }

    #[test]
    fn one_that_only_those_with_a_permission_load() {
        let text = "@permission_required('app.export')\ndef export(request, pk):\n    found = get_object_or_404(Invoice, pk=pk)\n    return JsonResponse({'text': found.text})\n";
        reports(text, false);
    }
}
