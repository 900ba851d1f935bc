//! Hosts that are told by the end of their name, where the end need not begin at a dot.
//!
//! - A *suffix test* asks whether the name of a host ends with something (`url.hostname.endswith(domain)`). `evil-example.org` ends with
//!   `example.org`: only an end that begins with a dot, or that is compared as a whole, is a domain.
//! - It *decides on trust* when the function refuses by it, or is there to check.

use crate::code::{Code, Defect};
use crate::flawed::{is_named_as_check, only_asks};
use crate::settings::false_if;
use crate::{Examined, check};
use assay_finding::{Confidence, Outcome, Severity};
use assay_ir::{BinaryOp, Const, Function, Op, Piece, Terminator, Value};
use assay_resolve::FuncId;

/// The weakness: an origin is taken for another one.
const ORIGIN: [u32; 2] = [346, 20];
/// Definitions that are followed to where a suffix begins.
const MAX_STEPS: u32 = 4;

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("flawed-validation") else { return };
    for f in code.res.program.functions.ids() {
        if code.in_test(f) || code.res.program.module_of(f).template {
            continue;
        }
        for (call, inst) in code.function(f).insts.iter_enumerated() {
            let Op::Call { func, args } = &inst.op else { continue };
            let [suffix] = args.as_slice() else { continue };
            let Op::Attr(host, method) = code.op(f, *func) else { continue };
            if code.text(*method) != "endswith" || !is_host(code, f, *host) || !decides(code, f) {
                continue;
            }
            let span = code.span(f, call);
            let name = code.res.program.qualified_name(f);
            if begins_at_dot(code, f, suffix.value, MAX_STEPS) || asks_for_dot(code, f, suffix.value) {
                let detail = "the end begins at a dot".to_owned();
                out.push(code.closed(check, f, span, &name, Outcome::Safe, "check-holds", detail));
                continue;
            }
            let (host, shown) = (code.shown_value(f, *host), code.shown_value(f, suffix.value));
            let title = format!("`{host}` is told by the end of its name: `evil-` and `{shown}` pass as well");
            let message = format!(
                "`{}` holds for every host whose name ends so, also for one that somebody else has registered: the end need not begin at a dot.",
                code.shown(f, span)
            );
            let mut defect = Defect::potential("check-insufficient", title, message);
            let fixed = matches!(code.op(f, code.plain(f, suffix.value)), Op::Const(_));
            defect.confidence = if fixed { Confidence::Medium } else { Confidence::Low };
            defect.severity = Some(Severity::Medium);
            if !fixed {
                defect.assumptions.push(format!("`{shown}` does not begin with a dot"));
            }
            defect.false_if = false_if(check);
            defect.value = host;
            let mut examined = code.defect(check, f, span, &name, defect);
            if let Some(explanation) = &mut examined.explanation {
                explanation.cwe = Some(ORIGIN.to_vec());
            }
            out.push(examined);
        }
    }
}

/// Whether a value is the name of a host that was taken out of an address.
fn is_host(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, code.plain(f, value)) {
        Op::Attr(_, name) => matches!(code.text(*name), "hostname" | "netloc" | "host"),
        // `url.hostname.lower()`
        Op::Call { func, args } if args.is_empty() => match code.op(f, *func) {
            Op::Attr(base, name) => matches!(code.text(*name), "lower" | "strip" | "rstrip") && is_host(code, f, *base),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a function, or the one that it stands in, refuses something or is there to check.
fn decides(code: &Code<'_>, f: FuncId) -> bool {
    let refuses =
        |function: &Function| function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Raise(Some(_))));
    let info = code.res.program.functions[f];
    let outer = code.function(f).parent.map(|p| code.res.program.func_id(info.module, p));
    [Some(f), outer].into_iter().flatten().any(|g| {
        let name = code.res.program.qualified_name(g);
        code.function(g).is_callable() && (refuses(code.function(g)) || is_named_as_check(&name) && !only_asks(code, g))
    })
}

/// Whether a function asks itself if a suffix begins with a dot: `entry.startswith(".")`.
fn asks_for_dot(code: &Code<'_>, f: FuncId, suffix: Value) -> bool {
    code.function(f).insts.iter().any(|inst| {
        let Op::Call { func, args } = &inst.op else { return false };
        let Op::Attr(asked, name) = code.op(f, *func) else { return false };
        code.text(*name) == "startswith"
            && code.is_same(f, *asked, suffix)
            && args.first().is_some_and(|a| code.literal(f, a.value).is_some_and(|text| text.starts_with('.')))
    })
}

/// Whether a suffix begins with a dot, as far as it is seen.
fn begins_at_dot(code: &Code<'_>, f: FuncId, value: Value, steps: u32) -> bool {
    let Some(steps) = steps.checked_sub(1) else { return false };
    let dot = |text: &str| text.starts_with('.') || text.starts_with('@') || text.starts_with(':');
    match code.op(f, code.plain(f, value)) {
        Op::Const(Const::Str(text)) => dot(code.text(*text)),
        Op::Binary(BinaryOp::Add | BinaryOp::Mod, a, _) => begins_at_dot(code, f, *a, steps),
        Op::Format(pieces) => match pieces.first() {
            Some(Piece::Text(text)) => dot(code.text(*text)),
            _ => false,
        },
        Op::Call { func, .. } => match code.op(f, *func) {
            Op::Attr(base, name) if code.text(*name) == "format" => begins_at_dot(code, f, *base, steps),
            _ => false,
        },
        Op::Collection(_, elements) => {
            !elements.is_empty() && elements.iter().all(|e| begins_at_dot(code, f, e.value, steps))
        }
        _ => assay_taint::constant(code.res, f, value).is_some_and(|known| match &known {
            assay_values::ConstValue::Str(text) => dot(text),
            assay_values::ConstValue::Sequence(elements) => {
                !elements.is_empty() && elements.iter().all(|e| e.as_str().is_some_and(dot))
            }
            _ => false,
        }),
    }
}
