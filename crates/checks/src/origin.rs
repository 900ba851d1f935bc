//! Where a value comes from, as far as one function and its callers show.
//!
//! This is a look back along definitions for checks that are no flows of data: it says what a value *may* be
//! made from, without following what happens to it on the way.

use crate::code::{Code, Passed};
use assay_ir::{Op, Piece, Value};
use assay_models::{NodeId, SourceKind};
use assay_resolve::FuncId;

/// Steps back.
const MAX_STEPS: u32 = 16;
/// Steps from a function to its callers.
const MAX_CALLERS_UP: u32 = 2;
/// Callers that are looked at for one parameter.
const MAX_CALLERS: usize = 8;
/// Values that are looked at in all.
const MAX_VISITS: u32 = 400;

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
pub(crate) fn origin(code: &Code<'_>, f: FuncId, value: Value) -> From {
    Walk { code, left: MAX_VISITS }.of(f, value, MAX_STEPS, MAX_CALLERS_UP)
}

struct Walk<'c, 'a> {
    code: &'c Code<'a>,
    left: u32,
}

impl Walk<'_, '_> {
    /// `up` bounds the steps to callers.
    fn of(&mut self, f: FuncId, value: Value, depth: u32, up: u32) -> From {
        if depth == 0 || self.left == 0 {
            return From::Unknown;
        }
        self.left -= 1;
        let code = self.code;
        let models = code.res.models();
        let remote = |node: &NodeId| {
            let sources = &models.facts(*node).sources;
            sources.contains(&SourceKind::Remote) || sources.contains(&SourceKind::Response)
        };
        if code.res.step_nodes(f, value).iter().any(remote) {
            return From::Foreign;
        }
        if code.res.apis_of(f, value).any(|api| code.res.apis.nodes(api).iter().any(remote)) {
            return From::Foreign;
        }
        match code.op(f, value) {
            Op::Const(_) | Op::Global(_) | Op::Import { .. } | Op::ImportFrom { .. } => From::Own,
            Op::Param(parameter) => {
                if code.res.parameter_facts(f, *parameter).iter().any(remote) {
                    return From::Foreign;
                }
                if code.function(f).class.is_some() && *parameter == 0 {
                    return From::Own;
                }
                self.parameter(f, *parameter, depth, up)
            }
            Op::Phi(inputs) => {
                let earlier = inputs.iter().filter(|(_, v)| *v < value);
                earlier.map(|(_, v)| self.of(f, *v, depth - 1, up)).max().unwrap_or(From::Unknown)
            }
            Op::Attr(base, name) => match self.of(f, *base, depth - 1, up) {
                From::Own if is_form_data(code.text(*name)) => From::Foreign,
                from => from,
            },
            Op::Annotated { value: Some(base), .. }
            | Op::Item(base, _)
            | Op::Unpack { base, .. }
            | Op::Next(base)
            | Op::Await(base)
            | Op::Enter(base) => self.of(f, *base, depth - 1, up),
            Op::Binary(_, a, b) | Op::InPlace(_, a, b) => {
                self.of(f, *a, depth - 1, up).max(self.of(f, *b, depth - 1, up))
            }
            Op::Format(pieces) => {
                let holes =
                    pieces.iter().filter_map(|p| if let Piece::Hole { value, .. } = p { Some(*value) } else { None });
                holes.map(|v| self.of(f, v, depth - 1, up)).max().unwrap_or(From::Own)
            }
            Op::Call { func, args } => {
                let receiver = match code.op(f, *func) {
                    Op::Attr(base, _) => self.of(f, *base, depth - 1, up),
                    _ => From::Own,
                };
                let known = code.res.call(f, value).is_some_and(|t| t.unresolved.is_none());
                let passed = args.iter().map(|a| self.of(f, a.value, depth - 1, up)).max().unwrap_or(From::Own);
                match receiver.max(passed) {
                    From::Own if !known => From::Unknown,
                    from => from,
                }
            }
            Op::LoadCell(cell) => {
                let owner = code.res.program.func_id(code.res.program.functions[f].module, cell.owner);
                let stores = code.function(owner).insts.iter().filter_map(|inst| match inst.op {
                    Op::StoreCell(stored, v) if stored == *cell => Some(v),
                    _ => None,
                });
                stores.take(4).map(|v| self.of(owner, v, depth - 1, up)).max().unwrap_or(From::Unknown)
            }
            _ => From::Unknown,
        }
    }

    /// What the callers outside of tests pass. A parameter that no known call fills, or one that a caller
    /// fills with something unknown, is simply passed.
    fn parameter(&mut self, f: FuncId, parameter: u32, depth: u32, up: u32) -> From {
        let code = self.code;
        let mut from = None;
        for caller in code.callers(f).iter().filter(|c| c.function != f && !code.in_test(c.function)).take(MAX_CALLERS)
        {
            let here = match code.argument_for(*caller, f, parameter) {
                Passed::Value(passed) if up > 0 => self.of(caller.function, passed, depth - 1, up - 1),
                Passed::Missing => From::Own,
                _ => From::Unknown,
            };
            let here = if here == From::Unknown { From::Passed } else { here };
            from = from.max(Some(here));
        }
        from.unwrap_or(From::Passed)
    }
}

/// Attributes by which forms of web frameworks give what was sent.
fn is_form_data(name: &str) -> bool {
    ["cleaned_data", "validated_data", "form_data", "POST", "GET"].contains(&name)
}
