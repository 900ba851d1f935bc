//! Logins by PAM: whether the account is asked about, too.
//!
//! PAM tells two questions apart: who somebody is (`pam_authenticate`), and whether the account may be used now (`pam_acct_mgmt`): it may
//! have expired, be locked, or be allowed at other hours only.

use crate::code::{Code, Defect};
use crate::{Check, Examined};
use assay_finding::{Outcome, StepKind};
use assay_ir::{Op, Value};
use assay_resolve::{FuncId, Object};
use assay_taint::FunctionOracle;

/// The function of the C library that answers who somebody is, and the one that answers whether the account may be used.
const IDENTITY: &str = "pam_authenticate";
const ACCOUNT: &str = "pam_acct_mgmt";

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let strings = &code.res.program.strings;
    let Some(check) = crate::check("account-not-checked") else { return };
    let Some(identity) = strings.lookup(IDENTITY) else { return };
    let asked = strings.lookup(ACCOUNT).is_some();
    for f in code.res.program.functions.ids() {
        for (value, inst) in code.function(f).insts.iter_enumerated() {
            if let Op::Call { func, .. } = inst.op
                && let Some(from) = symbol(code, f, func, identity)
            {
                examine_login(code, check, f, (value, from), asked, out);
            }
        }
    }
}

/// Where a function's value is taken from a library under the name.
fn symbol(code: &Code<'_>, f: FuncId, func: Value, name: assay_index::Symbol) -> Option<(FuncId, Value)> {
    let named = |g: FuncId, v: Value| matches!(code.op(g, v), Op::Attr(_, n) if *n == name);
    let func = code.plain(f, func);
    if named(f, func) {
        // A method of the program has the name by itself.
        let own = matches!(code.op(f, func), Op::Attr(base, _) if code.res.objects(f, *base).any(|o| !matches!(o, Object::Api(_))));
        return (!own).then_some((f, func));
    }
    let (g, defined) = FunctionOracle::new(code.res, f).definition(func)?;
    named(g, defined).then_some((g, defined))
}

fn examine_login(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    (call, from): (Value, (FuncId, Value)),
    asked: bool,
    out: &mut Vec<Examined>,
) {
    let span = code.span(f, call);
    if asked {
        let detail = format!("the program asks `{ACCOUNT}`, too");
        out.push(code.closed(check, f, span, IDENTITY, Outcome::Safe, "account-asked", detail));
        return;
    }
    let title = "A login by PAM does not ask whether the account may be used".to_owned();
    let message = format!("`{IDENTITY}` is called, and the program takes `{ACCOUNT}` from no library.");
    let mut defect = Defect::potential("account-not-asked", title, message);
    if from.0 != f {
        let place = code.place(from.0, code.span(from.0, from.1));
        defect.lead(StepKind::Assignment, place, "the function is taken from the library here");
    }
    "who has the password is let in".clone_into(&mut defect.step);
    defect.assumptions.push("the service's PAM stack has rules for accounts, as the usual ones do".to_owned());
    defect.false_if.push("another program asks about the account before it lets somebody in".to_owned());
    out.push(code.defect(check, f, span, IDENTITY, defect));
}
