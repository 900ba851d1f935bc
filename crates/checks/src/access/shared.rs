//! What an object that answers all requests keeps of one of them in itself.
//!
//! - A *shared* object answers many requests, several at a time: an application or middleware (called with what the server gives),
//!   or an object whose methods a framework calls around every request.
//! - It keeps *request data* when it sets an attribute of itself to something that it was given for one request. Another request
//!   that comes in between sets it again, and what reads the attribute then has the data of somebody else.
//!
//! An object that is made for each request is not shared: one that the program makes where it is given a request.

use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::{Check, Examined, check};
use assay_finding::{Confidence, StepKind};
use assay_index::{Idx, Symbol};
use assay_ir::{Function, Op, Value};
use assay_models::EntryKind;
use assay_resolve::{ClsId, FuncId, Object};

/// Definitions from what is kept back to a parameter.
const MAX_STEPS: u32 = 6;

/// Names of the parameters that servers give to an application.
const SERVED: [&[&str]; 2] = [&["scope", "receive", "send"], &["environ", "start_response"]];

pub(super) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("shared-request-state") else { return };
    for (f, info) in code.res.program.functions.iter_enumerated() {
        let Some(class) = info.class.filter(|_| !code.in_test(f) && code.function(f).is_callable()) else { continue };
        if !answers_all(code, f) {
            continue;
        }
        let kept: Vec<(Value, Symbol, Value)> = code
            .function(f)
            .insts
            .iter_enumerated()
            .filter_map(|(at, inst)| match inst.op {
                Op::StoreAttr { base, name, value } if matches!(code.op(f, base), Op::Param(0)) => {
                    of_request(code, f, value, MAX_STEPS).then_some((at, name, value))
                }
                _ => None,
            })
            .collect();
        for (at, name, value) in kept {
            let Some(reader) = read_elsewhere(code, class, f, name) else { continue };
            if made_for_each(code, class) {
                break;
            }
            out.push(judged(code, check, f, (at, name, value), reader));
        }
    }
}

/// Whether a method is called for every request on one and the same object.
fn answers_all(code: &Code<'_>, f: FuncId) -> bool {
    let function = code.function(f);
    let given: Vec<&str> = function.params.iter().skip(1).map(|p| code.text(p.name)).collect();
    let kind = code
        .res
        .entries
        .binary_search_by_key(&f.index(), |e| e.function.index())
        .ok()
        .map(|i| code.res.entries[i].kind);
    match code.function_name(f) {
        "__call__" => SERVED.contains(&given.as_slice()) || kind == Some(EntryKind::Http),
        _ => kind == Some(EntryKind::BeforeRequest),
    }
}

/// Whether a value is what a function was given for a request, or a part of it.
fn of_request(code: &Code<'_>, f: FuncId, value: Value, steps: u32) -> bool {
    if steps == 0 {
        return false;
    }
    match code.op(f, code.plain(f, value)) {
        // Functions that the server gives are made for each request, too.
        Op::Param(index) => *index > 0,
        Op::Attr(base, _) | Op::Item(base, _) | Op::Await(base) => of_request(code, f, *base, steps - 1),
        Op::Call { func, args } => {
            let base = match code.op(f, *func) {
                Op::Attr(base, _) => Some(*base),
                _ => None,
            };
            base.is_some_and(|b| of_request(code, f, b, steps - 1))
                || args.first().is_some_and(|a| of_request(code, f, a.value, steps - 1))
        }
        _ => false,
    }
}

/// Another method of the class, or of one that it derives from, that reads the attribute: the method and where.
fn read_elsewhere(code: &Code<'_>, class: ClsId, f: FuncId, name: Symbol) -> Option<(FuncId, Value)> {
    let order = code.res.hierarchy.order(class);
    code.res.program.functions.iter_enumerated().find_map(|(g, info)| {
        if g == f || !info.class.is_some_and(|c| order.contains(&c)) {
            return None;
        }
        let reads = |function: &Function| {
            function.insts.iter_enumerated().find_map(|(at, inst)| match inst.op {
                Op::Attr(base, read) if read == name && matches!(function.op(base), Op::Param(0)) => Some(at),
                _ => None,
            })
        };
        reads(code.function(g)).map(|at| (g, at))
    })
}

/// Whether a function is given what belongs to one request.
fn given_to(code: &Code<'_>, f: FuncId) -> bool {
    let names = ["scope", "environ", "request", "req", "receive", "http_scope"];
    code.function(f).params.iter().any(|p| names.contains(&code.text(p.name)))
}

/// Whether the program makes its instances where it is given a request, each for that one. One that is made anywhere else, too, answers
/// all requests there.
fn made_for_each(code: &Code<'_>, class: ClsId) -> bool {
    let mut for_each = false;
    for f in code.res.program.functions.ids().filter(|f| !code.in_test(*f)) {
        let given = given_to(code, f);
        for inst in &code.function(f).insts {
            let Op::Call { func, .. } = inst.op else { continue };
            for object in code.res.objects(f, func) {
                let (made, exact) = match object {
                    Object::Class(made) => (made, true),
                    Object::SelfClass(made) => (made, false),
                    _ => continue,
                };
                let derived = code.res.hierarchy.order(made).contains(&class);
                if given {
                    for_each |= derived || code.res.hierarchy.order(class).contains(&made);
                } else if exact && derived && !code.callers(f).iter().any(|c| given_to(code, c.function)) {
                    return false;
                }
            }
        }
    }
    for_each
}

fn judged(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    (at, name, value): (Value, Symbol, Value),
    (reader, read): (FuncId, Value),
) -> Examined {
    let span = code.span(f, at);
    let (name, method) = (code.text(name), code.function_name(f));
    let title = format!("`{method}` keeps data of one request in `self.{name}`, which all requests share");
    let message = format!(
        "`{}` is set for each request in an object that answers all of them, and read in `{}`. Where two requests are answered at a time, one of them gets what belongs to the other.",
        code.shown(f, span),
        code.res.program.qualified_name(reader),
    );
    let mut defect = Defect::potential("request-data-shared", title, message);
    defect.confidence = Confidence::Medium;
    defect.lead(StepKind::Source, code.place(f, code.span(f, value)), "what was given for one request");
    defect.lead(
        StepKind::Call,
        code.place(reader, code.span(reader, read)),
        format!("`{name}` is read here, perhaps during another request"),
    );
    "kept in the object that all requests share".clone_into(&mut defect.step);
    defect.assumptions.push("one object answers several requests at a time".to_owned());
    defect.false_if = false_if(check);
    defect.value = format!("self.{name}");
    code.defect(check, f, span, method, defect)
}
