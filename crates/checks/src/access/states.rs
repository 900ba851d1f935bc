//! Messages of a peer that are handled before it has logged in.
//!
//! - A *table of handlers* maps kinds of messages to functions; a *dispatch* calls what the table has under the kind that a message says.
//! - A class *knows a login* when it has a method or attribute that says whether the other side is authenticated.

use super::guards::Guards;
use super::vocabulary::is_flag;
use crate::code::{Code, Defect, words};
use crate::settings::false_if;
use crate::{Examined, check};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_ir::{Const, Op, Value};
use assay_resolve::{ClsId, FuncId};
use assay_text::Span;

pub(crate) fn examine(code: &Code<'_>, guards: &Guards, out: &mut Vec<Examined>) {
    let Some(check) = check("missing-authorization") else { return };
    for (f, info) in code.res.program.functions.iter_enumerated() {
        let Some(class) = info.class.filter(|_| !code.in_test(f)) else { continue };
        let Some((call, table)) = dispatch(code, f) else { continue };
        let Some((knows, place)) = login(code, class) else { continue };
        if asks(code, guards, f) {
            let detail = format!("`{knows}` is asked");
            out.push(code.closed(check, f, code.span(f, call), &table, Outcome::Safe, "guarded-by", detail));
            continue;
        }
        let name = code.function_name(f);
        let title = format!("`{name}` handles messages of a peer without asking whether it has logged in");
        let message = format!(
            "`{}` calls what `{table}` has for the kind of message that the other side names. The class knows whether that side is authenticated (`{knows}`); neither `{name}` nor what it calls before asks.",
            code.shown(f, code.span(f, call))
        );
        let mut defect = Defect::potential("no-login-asked", title, message);
        defect.confidence = Confidence::Medium;
        defect.severity = Some(Severity::High);
        defect.lead(
            StepKind::Source,
            code.place(place.0, place.1),
            format!("`{knows}` says whether the other side has logged in"),
        );
        "dispatched by the kind of message".clone_into(&mut defect.step);
        defect.assumptions.push(format!("functions in `{table}` do what only those may do who have logged in"));
        defect.false_if = false_if(check);
        defect.source.clone_from(&knows);
        name.clone_into(&mut defect.value);
        out.push(code.defect(check, f, code.span(f, call), &table, defect));
    }
}

/// The first call of an element of a table, by a key that is no constant, of an attribute of the object itself.
fn dispatch(code: &Code<'_>, f: FuncId) -> Option<(Value, String)> {
    let function = code.function(f);
    let own_table = |table: Value| match function.op(table) {
        Op::Attr(base, name) => {
            let parts = words(code.text(*name));
            let named = parts
                .iter()
                .any(|w| matches!(w.as_str(), "handler" | "handlers" | "dispatch" | "callbacks" | "commands"))
                && parts.iter().any(|w| {
                    matches!(w.as_str(), "table" | "map" | "handlers" | "dispatch" | "callbacks" | "commands")
                });
            matches!(function.op(*base), Op::Param(0)) && named
        }
        _ => false,
    };
    function.insts.iter_enumerated().find_map(|(call, inst)| {
        let Op::Call { func, args } = &inst.op else { return None };
        let Op::Item(table, key) = function.op(*func) else { return None };
        let constant = matches!(function.op(*key), Op::Const(Const::Str(_) | Const::Int(_)));
        (own_table(*table) && !constant && !args.is_empty()).then(|| (call, code.shown_value(f, *table)))
    })
}

/// What of a class says whether the other side has logged in.
fn login(code: &Code<'_>, class: ClsId) -> Option<(String, (FuncId, Span))> {
    let module = code.res.program.classes[class].module;
    let first = code.res.program.class_body(class);
    let says = |name: &str| {
        is_flag(name) && words(name).iter().any(|w| matches!(w.as_str(), "authenticated" | "authed" | "logged"))
    };
    code.res
        .program
        .functions
        .iter_enumerated()
        .skip(assay_index::Idx::index(first))
        .take_while(|(_, i)| i.module == module)
        .find_map(|(f, info)| {
            let name = code.function_name(f);
            (info.class == Some(class) && says(name)).then(|| (name.to_owned(), (f, code.function(f).name_span)))
        })
}

/// Whether a function, or one that it calls by name, asks who the other side is.
fn asks(code: &Code<'_>, guards: &Guards, f: FuncId) -> bool {
    let named = |call: Value| match code.op(f, call) {
        Op::Call { func, .. } => matches!(code.op(f, *func), Op::Attr(..) | Op::Global(_)),
        _ => false,
    };
    !guards.own(f).is_empty()
        || code
            .res
            .calls(f)
            .iter()
            .filter(|(call, _)| named(*call))
            .flat_map(|(_, t)| &t.functions)
            .any(|t| !guards.own(t.function).is_empty())
}
