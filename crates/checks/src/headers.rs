//! Headers of answers that are set to constants by hand: `Access-Control-Allow-Origin: *`.
//!
//! A header is set by an item of a mapping, by an entry of a literal mapping, or by a call with its name and its value as the
//! first arguments; which library that is does not matter.

use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::{Examined, check};
use assay_finding::{Confidence, Outcome, Severity};
use assay_ir::{ArgKind, Op, Value};
use assay_resolve::FuncId;

const ORIGIN: &str = "access-control-allow-origin";

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("cors-any-origin") else { return };
    for f in code.res.program.functions.ids() {
        for (at, inst) in code.function(f).insts.iter_enumerated() {
            let set = match &inst.op {
                Op::StoreItem { key, value, .. } => vec![(*key, *value)],
                Op::Dict(entries) => entries.iter().filter_map(|(key, value)| Some(((*key)?, *value))).collect(),
                Op::Call { args, .. } => match &args[..] {
                    [name, value, ..] if [name, value].iter().all(|a| a.kind == ArgKind::Positional) => {
                        vec![(name.value, value.value)]
                    }
                    _ => continue,
                },
                _ => continue,
            };
            for (name, value) in set {
                if code.literal(f, name).is_some_and(|name| name.eq_ignore_ascii_case(ORIGIN)) {
                    out.push(judged(code, check, f, at, name, value));
                }
            }
        }
    }
}

fn judged(code: &Code<'_>, check: &'static crate::Check, f: FuncId, at: Value, name: Value, value: Value) -> Examined {
    let span = if matches!(code.op(f, at), Op::Dict(_)) { code.span(f, name) } else { code.span(f, at) };
    let api = "Access-Control-Allow-Origin";
    match code.string(f, value) {
        Some(origin) if origin == "*" => {
            let title = "Pages of every site may read the answers".to_owned();
            let message = format!("`{}` lets pages of every site read the answer.", code.shown(f, span));
            let mut defect = Defect::new("setting", title, message);
            defect.outcome = Outcome::Potential;
            defect.confidence = Confidence::Medium;
            defect.severity = Some(Severity::Low);
            defect.assumptions.push("what is answered is not for everybody who can reach the service".to_owned());
            defect.false_if = false_if(check);
            "*".clone_into(&mut defect.value);
            code.defect(check, f, span, api, defect)
        }
        Some(origin) => {
            code.closed(check, f, span, api, Outcome::Safe, "validated-setting", format!("`{origin}` is named"))
        }
        None => {
            let detail = "the origin is not known here".to_owned();
            code.closed(check, f, span, api, Outcome::NotObserved, "value-unknown", detail)
        }
    }
}
