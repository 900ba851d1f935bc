//! Routes: the text under which a function is registered says which of its parameters only ever hold harmless
//! values.
//!
//! A class of handlers stands in a *table*, beside an expression whose named groups are the parameters of its methods
//! (`(r"/kernels/(?P<id>\w+)", KernelHandler)`, Tornado).

use crate::object::Object;
use crate::solver::Solver;
use crate::{ClsId, FuncId};
use assay_index::{FxHashMap, Symbol};
use assay_ir::{BinaryOp, Const, Op, Piece, Value};

/// Steps from a text to the parts that it is made of.
const MAX_TEXT_STEPS: u32 = 8;

/// The texts that stand beside classes in tuples and calls; `None`: one that is not known.
pub(crate) type RouteTables = FxHashMap<ClsId, Vec<Option<String>>>;

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

/// Whether an expression has a group of a name that matches letters, digits, dashes and underscores only.
fn has_narrow_group(pattern: &str, name: &str) -> bool {
    let Some((_, rest)) = pattern.split_once(&format!("(?P<{name}>")) else { return false };
    let Some((body, _)) = rest.split_once(')') else { return false };
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        let fine = match c {
            '\\' => matches!(chars.next(), Some('w' | 'd' | '-')),
            '[' | ']' | '+' | '*' | '?' | '{' | '}' | ',' | '|' | '-' | '_' => true,
            _ => c.is_ascii_alphanumeric(),
        };
        if !fine {
            return false;
        }
    }
    !body.is_empty()
}

impl Solver<'_> {
    /// Whether a parameter of a method holds nothing but letters, digits, dashes and underscores by all tables that its class, or one
    /// derived from it, stands in.
    pub(crate) fn is_narrow_in_tables(&mut self, f: FuncId, parameter: Symbol) -> bool {
        let Some(class) = self.program.functions[f].class else { return false };
        let tables = match self.route_tables.take() {
            Some(tables) => tables,
            None => self.read_route_tables(),
        };
        let name = self.program.strings.resolve(parameter);
        let classes = std::iter::once(class).chain(self.hierarchy.derived(class).iter().copied());
        let mut patterns = classes.filter_map(|class| tables.get(&class)).flatten().peekable();
        let narrow =
            patterns.peek().is_some() && patterns.all(|p| p.as_deref().is_some_and(|p| has_narrow_group(p, name)));
        self.route_tables = Some(tables);
        narrow
    }

    fn read_route_tables(&self) -> RouteTables {
        let mut tables = RouteTables::default();
        for f in self.program.functions.ids() {
            for inst in &self.program.function(f).insts {
                let (text, handler) = match &inst.op {
                    Op::Collection(assay_ir::Collection::Tuple, parts) => match &parts[..] {
                        [text, handler] | [text, handler, _] => (text.value, handler.value),
                        _ => continue,
                    },
                    Op::Call { args, .. } => match &args[..] {
                        [text, handler, ..] => (text.value, handler.value),
                        _ => continue,
                    },
                    _ => continue,
                };
                for object in self.objects_of(self.node(f, handler)) {
                    if let Object::Class(class) = object {
                        tables.entry(class).or_default().push(self.text_of(f, text, 0));
                    }
                }
            }
        }
        tables
    }

    /// The text that a value is, put together of constants.
    fn text_of(&self, f: FuncId, value: Value, depth: u32) -> Option<String> {
        if depth >= MAX_TEXT_STEPS {
            return None;
        }
        let text = |symbol: Symbol| self.program.strings.resolve(symbol).to_owned();
        match self.program.function(f).op(value) {
            Op::Const(Const::Str(whole)) => Some(text(*whole)),
            Op::Binary(BinaryOp::Add, left, right) => {
                Some(self.text_of(f, *left, depth + 1)? + &self.text_of(f, *right, depth + 1)?)
            }
            Op::Binary(BinaryOp::Mod, format, values) => {
                let format = self.text_of(f, *format, depth + 1)?;
                let values: Vec<Value> = match self.program.function(f).op(*values) {
                    Op::Collection(_, parts) => parts.iter().map(|p| p.value).collect(),
                    _ => vec![*values],
                };
                let mut parts = format.split("%s");
                let mut out = parts.next()?.to_owned();
                for value in values {
                    out += &self.text_of(f, value, depth + 1)?;
                    out += parts.next()?;
                }
                parts.next().is_none().then_some(out)
            }
            Op::Format(pieces) => pieces.iter().try_fold(String::new(), |out, piece| match piece {
                Piece::Text(part) => Some(out + &text(*part)),
                Piece::Hole { value, spec: None, .. } => Some(out + &self.text_of(f, *value, depth + 1)?),
                Piece::Hole { .. } => None,
            }),
            Op::Global(_) | Op::ImportFrom { .. } => {
                let (f, value) = self.program.named_value(f, value)?;
                self.text_of(f, value, depth + 1)
            }
            _ => None,
        }
    }

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
    use super::{has_narrow_group, narrow_parameters};

    #[test]
    fn groups_without_separators_are_narrow() {
        let pattern = r"/api/(?P<id>\w+-\w+)/(?P<kind>[a-z0-9_-]{1,8}|all)/(?P<path>.+)/(?P<file>[^/]+)";
        for (name, narrow) in [("id", true), ("kind", true), ("path", false), ("file", false), ("other", false)] {
            assert_eq!(has_narrow_group(pattern, name), narrow, "{name}");
        }
        assert!(!has_narrow_group("/(?P<id>", "id"));
    }

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
