//! Generic views that find their object by the id in the path alone, where others of the program keep to the caller's.
//!
//! - A *generic view* for one object, of Django (`DetailView`, `UpdateView`, `DeleteView`) or of Django REST Framework (`RetrieveAPIView`,
//!   `ModelViewSet` …), asks its `get_queryset` for the object with the id in the path. Without one, it asks all objects of its `model`, or those
//!   of its `queryset`.
//! - That other views restrict theirs to the caller (`Invoice.objects.filter(owner=self.request.user)`) says that the objects have owners.

use super::assignment::is_model;
use super::guards::{Guards, is_check};
use super::lookups::lookups;
use super::vocabulary::is_public;
use crate::code::{Code, Defect, words};
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_ir::{Op, Value};
use assay_models::AccessKind;
use assay_resolve::{ClsId, FuncId, Object};
use std::collections::BTreeMap;

/// Queries for the caller's objects from which on a view without says something.
const ENOUGH: usize = 2;
/// Siblings that a finding shows.
const SHOWN: usize = 3;
/// Generic views for one object, of Django and of Django REST Framework.
const VIEWS: &[&str] = &[
    "DetailView",
    "UpdateView",
    "DeleteView",
    "RetrieveAPIView",
    "UpdateAPIView",
    "DestroyAPIView",
    "RetrieveUpdateAPIView",
    "RetrieveDestroyAPIView",
    "RetrieveUpdateDestroyAPIView",
    "ModelViewSet",
    "ReadOnlyModelViewSet",
];
/// Methods by which a view chooses or checks its object.
const CHOOSES: &[&str] =
    &["get_queryset", "get_object", "dispatch", "test_func", "has_permission", "get_object_or_404"];

/// Each generic view of a class whose objects others find for the caller only.
pub(super) fn examine(code: &Code<'_>, check: &'static Check, guards: &Guards, out: &mut Vec<Examined>) {
    let program = &code.res.program;
    let views: Vec<(ClsId, ClsId)> = program
        .classes
        .ids()
        .filter(|class| !code.in_test(program.class_body(*class)) && is_generic(code, *class))
        .filter_map(|class| Some((class, model(code, class)?)))
        .collect();
    if views.is_empty() {
        return;
    }
    let mut owned: BTreeMap<String, Vec<(FuncId, Value)>> = BTreeMap::new();
    for f in program.functions.ids().filter(|f| !code.in_test(*f) && code.function(*f).is_callable()) {
        let chooses = code.function_name(f) == "get_queryset";
        for lookup in lookups(code, f).into_iter().filter(|l| chooses || l.is_by_id()) {
            if let Some(owner) = lookup.owner() {
                owned.entry(lookup.of().to_owned()).or_default().push((f, owner));
            }
        }
    }
    for (view, model) in views {
        let of = code.text(program.class(model).name);
        let Some(siblings) = owned.get(of).filter(|s| s.len() >= ENOUGH) else { continue };
        let body = program.class_body(view);
        let name = code.text(program.class(view).name);
        let span = program.class(view).name_span;
        let standing = guards.of_class(code, view);
        let named = CHOOSES.iter().filter_map(|n| program.strings.lookup(n));
        let chosen = named.into_iter().find(|n| code.res.hierarchy.method(view, *n).is_some());
        let check_of_access = standing.iter().find(|g| is_check(g.kind) && g.kind != AccessKind::Authentication);
        let by = chosen.map(|n| code.text(n).to_owned()).or_else(|| check_of_access.map(|g| g.name.clone()));
        if let Some(by) = by {
            let detail = format!("`{by}` says which objects");
            out.push(code.closed(check, body, span, of, Outcome::Safe, "guarded-by", detail));
            continue;
        }
        let module = code.text(program.module_of(body).name);
        let for_others = [name, module].iter().any(|n| {
            is_public(n).is_some()
                || words(n).iter().any(|w| matches!(w.as_str(), "admin" | "staff" | "public" | "shared" | "share"))
        });
        if !for_others {
            out.push(judged(code, check, view, of, siblings));
        }
    }
}

/// Whether a class is a generic view for one object.
fn is_generic(code: &Code<'_>, class: ClsId) -> bool {
    let generic = |name: &str| {
        (name.starts_with("django.views.generic") || name.starts_with("rest_framework."))
            && VIEWS.contains(&name.rsplit('.').next().unwrap_or_default())
    };
    code.res.hierarchy.external_bases(class).iter().any(|api| generic(code.api(*api)))
}

/// The class of stored objects that a view declares, by its `model` or as all of them; none when it declares another query.
fn model(code: &Code<'_>, view: ClsId) -> Option<ClsId> {
    for class in code.res.hierarchy.order(view) {
        let body = code.res.program.class_body(*class);
        for inst in &code.function(body).insts {
            let Op::StoreName(name, value) = inst.op else { continue };
            match code.text(name) {
                "queryset" => return all_of(code, body, value),
                "model" => {
                    return code.objects(body, value).into_iter().find_map(|object| match object {
                        Object::Class(class) if is_model(code, class) => Some(class),
                        _ => None,
                    });
                }
                _ => {}
            }
        }
    }
    None
}

/// The class of which a query asks for all objects: `Invoice.objects.all()`.
fn all_of(code: &Code<'_>, f: FuncId, value: Value) -> Option<ClsId> {
    let Op::Call { func, args } = code.op(f, code.plain(f, value)) else { return None };
    let Op::Attr(objects, name) = code.op(f, *func) else { return None };
    let Op::Attr(class, manager) = code.op(f, code.plain(f, *objects)) else { return None };
    if code.text(*name) != "all" || code.text(*manager) != "objects" || !args.is_empty() {
        return None;
    }
    code.objects(f, *class).into_iter().find_map(|object| match object {
        Object::Class(class) if is_model(code, class) => Some(class),
        _ => None,
    })
}

fn judged(code: &Code<'_>, check: &'static Check, view: ClsId, of: &str, siblings: &[(FuncId, Value)]) -> Examined {
    let program = &code.res.program;
    let (body, name) = (program.class_body(view), code.text(program.class(view).name));
    let title = format!("`{name}` finds a `{of}` by the id in the path alone, whoever it belongs to");
    let others: Vec<String> =
        siblings.iter().take(SHOWN).map(|(f, _)| format!("`{}`", program.qualified_name(*f))).collect();
    let message = format!(
        "`{name}` has no `get_queryset`, so it takes the object with that id among all of `{of}`. {} keep to those of the caller.",
        others.join(", ")
    );
    let mut defect = Defect::potential("not-owned", title, message);
    defect.confidence = if siblings.len() > ENOUGH { Confidence::High } else { Confidence::Medium };
    defect.severity = Some(Severity::High);
    for (f, owner) in siblings.iter().take(SHOWN) {
        defect.lead(StepKind::Source, code.place(*f, code.span(*f, *owner)), "a sibling keeps to the caller's objects");
    }
    "any object is found".clone_into(&mut defect.step);
    defect.assumptions.push(format!("a `{of}` is not for everybody who is logged in"));
    defect.false_if = false_if(check);
    of.clone_into(&mut defect.value);
    code.defect(check, body, program.class(view).name_span, of, defect)
}
