//! Connections whose certificate is verified, but not whether it is that of the host.
//!
//! `ssl.wrap_socket` never compares the name of the host with the certificate: whoever calls it as a client has to do that,
//! with `ssl.match_hostname` or a function of its own.

use crate::code::{Code, Defect};
use crate::{Examined, check};
use assay_finding::{Confidence, Outcome};
use assay_ir::{ArgKind, Op, Value};
use assay_resolve::FuncId;

/// Parts of the names of functions that compare a certificate with a host.
const COMPARES: [&str; 4] = ["match_hostname", "matchhostname", "verify_hostname", "host_matches"];

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("tls-verification-disabled") else { return };
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            if !targets.apis.iter().any(|api| code.api(*api) == "ssl.wrap_socket") || !is_verified(code, f, *call) {
                continue;
            }
            let span = code.span(f, *call);
            if compares(code, f) {
                let detail = "the certificate is compared with the name of the host".to_owned();
                out.push(code.closed(check, f, span, "ssl.wrap_socket", Outcome::Safe, "host-compared", detail));
                continue;
            }
            let title = "The certificate of any host is accepted for this one".to_owned();
            let message = format!(
                "`{}` verifies who signed the certificate, but nothing here compares it with the name of the host.",
                code.shown(f, span)
            );
            let mut defect = Defect::potential("host-not-compared", title, message);
            defect.confidence = Confidence::Medium;
            defect.assumptions.push("the name of the host is not compared elsewhere".to_owned());
            "match_hostname".clone_into(&mut defect.value);
            out.push(code.defect(check, f, span, "ssl.wrap_socket", defect));
        }
    }
}

/// Whether a call asks for a certificate, as a client.
fn is_verified(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let Op::Call { args, .. } = code.op(f, call) else { return false };
    let named = |wanted: &str| {
        args.iter().find(|a| matches!(a.kind, ArgKind::Keyword(name) if code.text(name) == wanted)).map(|a| a.value)
    };
    let reqs = named("cert_reqs").map(|v| code.shown_value(f, v));
    named("server_side").is_none() && reqs.is_some_and(|reqs| !reqs.contains("CERT_NONE"))
}

/// Whether the module of a function compares certificates with hosts.
fn compares(code: &Code<'_>, f: FuncId) -> bool {
    let module = code.res.program.module_of(f);
    let named = |name| COMPARES.iter().any(|part| code.text(name).to_ascii_lowercase().contains(part));
    module.ir.functions.iter().any(|function| {
        function.insts.iter().any(|inst| match inst.op {
            Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => named(name),
            _ => false,
        })
    })
}
