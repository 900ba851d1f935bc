//! Routes: the text under which a function is registered says which of its parameters only ever hold harmless
//! values.
//!
//! A route is either a text with *converters* (`/ports/<int:id>`), or an expression whose groups are the parameters: by their names, or
//! one after the other where none has a name (`^ports/([0-9]+)/$`). A class of handlers stands in a *table*, beside such an expression
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

/// Converters whose values have no room for anything but letters, digits, a sign, a point, underscores and dashes.
const NARROW: [&str; 5] = ["int", "float", "uuid", "decimal", "slug"];

/// Whether a route leaves a parameter no room for more than letters, digits, a sign, a point, underscores and dashes; `position` is its
/// place among those that the route fills.
pub(crate) fn is_narrow(route: &str, name: &str, position: u32) -> bool {
    narrow_parameters(route).any(|narrow| narrow == name) || has_narrow_group(route, name, position)
}

/// The names of the parameters that a route's converters restrict to numbers, words and UUIDs: `<int:id>` (Werkzeug,
/// Django, Sanic), `{id:int}` (Starlette, Falcon), or that it holds against a narrow expression: `<id:re:[0-9]+>` (Bottle),
/// `{id:\d+}` (aiohttp).
fn narrow_parameters(route: &str) -> impl Iterator<Item = &str> {
    let parts = route.split(['<', '{']).skip(1).filter_map(|rest| rest.split(['>', '}']).next());
    parts.filter_map(|part| {
        let (left, right) = part.split_once(':')?;
        let converter = |text: &str| NARROW.contains(&text.split('(').next().unwrap_or(text).trim());
        let expression = right.strip_prefix("re:").unwrap_or(right);
        if converter(left) {
            Some(right.trim())
        } else if converter(right) || (expression.contains(['\\', '[']) && is_narrow_body(expression)) {
            Some(left.trim())
        } else {
            None
        }
    })
}

/// Whether an expression has a group for a parameter that matches letters, digits, dashes and underscores only.
fn has_narrow_group(pattern: &str, name: &str, position: u32) -> bool {
    let groups = groups(pattern);
    let body = if groups.iter().any(|(name, _)| name.is_some()) {
        groups.iter().find(|(group, _)| *group == Some(name))
    } else {
        groups.get(position as usize)
    };
    body.is_some_and(|(_, body)| is_narrow_body(body))
}

/// The groups of an expression that capture, with their names.
fn groups(pattern: &str) -> Vec<(Option<&str>, &str)> {
    let mut out: Vec<(Option<&str>, &str)> = Vec::new();
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut class = false;
    let mut chars = pattern.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '[' => class = true,
            ']' => class = false,
            '(' if !class => {
                let rest = &pattern[at + 1..];
                let named = rest.strip_prefix("?P<").and_then(|rest| rest.split_once('>'));
                open.push(match named {
                    Some((name, body)) => {
                        out.push((Some(name), body));
                        Some(out.len() - 1)
                    }
                    None if rest.starts_with('?') => None,
                    None => {
                        out.push((None, rest));
                        Some(out.len() - 1)
                    }
                });
            }
            ')' if !class => {
                if let Some(Some(group)) = open.pop() {
                    let rest = pattern.len() - at;
                    let body = out[group].1;
                    out[group].1 = &body[..body.len() - rest];
                }
            }
            _ => {}
        }
    }
    // What is never closed is no group.
    let unclosed: Vec<usize> = open.into_iter().flatten().collect();
    let mut index = 0;
    out.retain(|_| {
        index += 1;
        !unclosed.contains(&(index - 1))
    });
    out
}

/// Whether an expression matches letters, digits, dashes and underscores only.
fn is_narrow_body(body: &str) -> bool {
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
    pub(crate) fn is_narrow_in_tables(&mut self, f: FuncId, parameter: Symbol, position: u32) -> bool {
        let Some(class) = self.program.functions[f].class else { return false };
        let tables = match self.route_tables.take() {
            Some(tables) => tables,
            None => self.read_route_tables(),
        };
        let name = self.program.strings.resolve(parameter);
        let classes = std::iter::once(class).chain(self.hierarchy.derived(class).iter().copied());
        let mut patterns = classes.filter_map(|class| tables.get(&class)).flatten().peekable();
        let narrow = patterns.peek().is_some()
            && patterns.all(|p| p.as_deref().is_some_and(|p| has_narrow_group(p, name, position)));
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
    use super::{has_narrow_group, is_narrow, narrow_parameters};

    #[test]
    fn groups_without_separators_are_narrow() {
        let pattern = r"/api/(?P<id>\w+-\w+)/(?P<kind>[a-z0-9_-]{1,8}|all)/(?P<path>.+)/(?P<file>[^/]+)";
        for (name, narrow) in [("id", true), ("kind", true), ("path", false), ("file", false), ("other", false)] {
            assert_eq!(has_narrow_group(pattern, name, 0), narrow, "{name}");
        }
        assert!(!has_narrow_group("/(?P<id>", "id", 0));
    }

    #[test]
    fn groups_without_names_are_parameters_one_after_the_other() {
        let pattern = r"^/(?:a|b)/([0-9]{4})/([^/]+)/([[(\w-]+)/(.*)$";
        for (position, narrow) in [(0, true), (1, false), (2, false), (3, false), (4, false)] {
            assert_eq!(has_narrow_group(pattern, "any", position), narrow, "{position}");
        }
        // Where one has a name, only those with a name are parameters.
        assert!(!has_narrow_group(r"/([0-9]+)/(?P<rest>.*)", "number", 0));
        assert!(has_narrow_group(r"/((?P<id>[0-9]+)/)?", "id", 0));
    }

    #[test]
    fn expressions_in_routes_are_read() {
        assert!(is_narrow("/a/<id:re:[a-z]+>", "id", 0));
        assert!(is_narrow(r"/a/{id:\d+}", "id", 0));
        assert!(!is_narrow("/a/<id:re:[^/]+>", "id", 0));
        assert!(!is_narrow("/a/{rest:path}", "rest", 0));
    }

    #[test]
    fn converters_of_numbers_and_uuids_are_narrow() {
        let narrow = |route| narrow_parameters(route).collect::<Vec<_>>();
        assert_eq!(narrow("/a/<int:page>/<name>/<path:rest>"), ["page"]);
        assert_eq!(narrow("/a/<int(min=1):page>/<uuid:id>"), ["page", "id"]);
        assert_eq!(narrow("/files/{number:int}/{rest:path}"), ["number"]);
        assert_eq!(narrow("/posts/<slug:title>"), ["title"]);
        assert_eq!(narrow("/plain"), [""; 0]);
        assert_eq!(narrow("/<broken:/{"), [""; 0]);
    }
}
