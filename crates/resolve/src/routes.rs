//! Routes: the text under which a function is registered says which of its parameters only ever hold harmless
//! values.

use crate::FuncId;
use crate::solver::Solver;
use assay_index::Symbol;
use assay_ir::{Const, Op, Value};

/// Converters whose values have no room for anything but digits, hexadecimal digits, a sign, a point and dashes.
const NARROW: [&str; 4] = ["int", "float", "uuid", "decimal"];

/// The names of the parameters that a route's converters restrict to numbers and UUIDs: `<int:id>` (Werkzeug,
/// Django, Sanic), `{id:int}` (Starlette, Falcon).
pub(crate) fn narrow_parameters(route: &str) -> impl Iterator<Item = &str> {
    let parts = route.split(['<', '{']).skip(1).filter_map(|rest| rest.split(['>', '}']).next());
    parts.filter_map(|part| {
        let (left, right) = part.split_once(':')?;
        let converter = |text: &str| NARROW.contains(&text.split('(').next().unwrap_or(text).trim());
        if converter(left) {
            Some(right.trim())
        } else if converter(right) {
            Some(left.trim())
        } else {
            None
        }
    })
}

impl Solver<'_> {
    /// The route of a registration: the constant first argument of the call, or of the call that made the
    /// decorator that is called.
    pub(crate) fn route_of(&self, f: FuncId, call: Value) -> Option<Symbol> {
        let function = self.program.function(f);
        let first = |value: Value| {
            let Op::Call { args, .. } = function.op(value) else { return None };
            match function.op(args.first()?.value) {
                Op::Const(Const::Str(text)) => Some(*text),
                _ => None,
            }
        };
        let Op::Call { func, .. } = function.op(call) else { return None };
        first(call).or_else(|| first(*func))
    }
}

#[cfg(test)]
mod tests {
    use super::narrow_parameters;

    #[test]
    fn converters_of_numbers_and_uuids_are_narrow() {
        let narrow = |route| narrow_parameters(route).collect::<Vec<_>>();
        assert_eq!(narrow("/a/<int:page>/<name>/<path:rest>"), ["page"]);
        assert_eq!(narrow("/a/<int(min=1):page>/<uuid:id>"), ["page", "id"]);
        assert_eq!(narrow("/files/{number:int}/{rest:path}"), ["number"]);
        assert_eq!(narrow("/plain"), [""; 0]);
        assert_eq!(narrow("/<broken:/{"), [""; 0]);
    }
}
