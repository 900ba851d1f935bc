//! Where a value comes from, as far as one function and its callers show.
//!
//! This is a look back along definitions for checks that are no flows of data: it says what a value *may* be
//! made from, without following what happens to it on the way.

use crate::code::{Code, Passed};
use assay_ir::{Op, Value};
use assay_models::{NodeId, SourceKind};
use assay_resolve::FuncId;

/// Steps back.
pub(crate) const MAX_STEPS: u32 = 8;

/// Where a value comes from; the later, the more an outsider has to say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum From {
    /// The program's own: a constant, a module's variable, an attribute of the object.
    Own,
    /// Not known.
    Unknown,
    /// A parameter of the function, or made from one.
    Passed,
    /// From outside.
    Foreign,
}

/// Where a value comes from.
pub(crate) fn origin(code: &Code<'_>, f: FuncId, value: Value, depth: u32) -> From {
    if depth == 0 {
        return From::Unknown;
    }
    let models = code.res.models();
    let sources = |node: &NodeId| models.facts(*node).sources.contains(&SourceKind::Remote);
    if code.res.step_nodes(f, value).iter().any(sources) {
        return From::Foreign;
    }
    if code.res.apis_of(f, value).any(|api| code.res.apis.nodes(api).iter().any(sources)) {
        return From::Foreign;
    }
    let next = |v: Value| origin(code, f, v, depth - 1);
    match code.op(f, value) {
        Op::Const(_) | Op::Global(_) | Op::Import { .. } | Op::ImportFrom { .. } => From::Own,
        Op::Param(parameter) => {
            if code.res.parameter_facts(f, *parameter).iter().any(sources) {
                return From::Foreign;
            }
            let taken = code.function(f).class.is_some() && *parameter == 0;
            if taken {
                return From::Own;
            }
            let mut from = From::Passed;
            if depth > 2 {
                for caller in code.callers(f).iter().take(8) {
                    if let Passed::Value(passed) = code.argument_for(*caller, f, *parameter)
                        && origin(code, caller.function, passed, depth.min(4) - 1) == From::Foreign
                    {
                        from = From::Foreign;
                    }
                }
            }
            from
        }
        Op::Phi(inputs) => {
            inputs.iter().filter(|(_, v)| *v < value).map(|(_, v)| next(*v)).max().unwrap_or(From::Unknown)
        }
        Op::Attr(base, name) => match next(*base) {
            From::Own if is_form_data(code.text(*name)) => From::Foreign,
            from => from,
        },
        Op::Annotated { value: Some(base), .. }
        | Op::Item(base, _)
        | Op::Unpack { base, .. }
        | Op::Next(base)
        | Op::Await(base)
        | Op::Enter(base) => next(*base),
        Op::Binary(_, a, b) | Op::InPlace(_, a, b) => next(*a).max(next(*b)),
        Op::Call { func, args } => {
            let receiver = match code.op(f, *func) {
                Op::Attr(base, _) => next(*base),
                _ => From::Own,
            };
            let known = code.res.call(f, value).is_some_and(|t| t.unresolved.is_none());
            let passed = args.iter().map(|a| next(a.value)).max().unwrap_or(From::Own);
            match receiver.max(passed) {
                From::Own if !known => From::Unknown,
                from => from,
            }
        }
        Op::LoadCell(_) => From::Unknown,
        _ => From::Unknown,
    }
}

/// Attributes by which forms of web frameworks give what was sent.
fn is_form_data(name: &str) -> bool {
    ["cleaned_data", "validated_data", "form_data", "POST", "GET"].contains(&name)
}
