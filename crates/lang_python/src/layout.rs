//! How Python is written, for edits of it.

use crate::nesting;
use assay_frontend::{Layout, ModuleName, Sheet, Written, WrittenArgument};
use assay_index::FxHashMap;
use assay_text::Span;
use ruff_python_ast::visitor::{Visitor, walk_except_handler, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{
    Alias, ArgOrKeyword, CmpOp, ExceptHandler, Expr, ExprContext, Mod, ModModule, Parameter, Pattern, Stmt,
};
use ruff_python_parser::{Mode, ParseOptions, Parsed, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};

/// The layout of Python.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PythonLayout;

impl Layout for PythonLayout {
    fn read<'t>(&self, text: &'t str) -> Option<Box<dyn Sheet + 't>> {
        let tree = well_formed(text)?;
        let mut finder = Finder { text, found: FxHashMap::default() };
        finder.visit_body(&tree.body);
        let found = finder.found;
        let mut bound = Bound::default();
        bound.visit_body(&tree.body);
        Some(Box::new(PythonSheet { text, tree, found, bound }))
    }
}

/// A file of Python that was read for edits.
struct PythonSheet<'t> {
    text: &'t str,
    tree: ModModule,
    found: FxHashMap<Span, Written>,
    bound: Bound,
}

impl Sheet for PythonSheet<'_> {
    fn text(&self) -> &str {
        self.text
    }

    fn written(&self, span: Span) -> Option<&Written> {
        self.found.get(&span)
    }

    fn module(&self, module: &str) -> Option<ModuleName> {
        let bound = &self.bound;
        if let Some(name) = self.tree.body.iter().find_map(|stmt| imported_as(stmt, module)) {
            let first = name.split('.').next().unwrap_or(&name);
            return (bound.names.get(first) == Some(&1)).then_some(ModuleName { name, import: None });
        }
        let (package, name) = module.rsplit_once('.').map_or((None, module), |(package, name)| (Some(package), name));
        if bound.names.contains_key(name) || bound.everything {
            return None;
        }
        let line = match package {
            Some(package) => format!("from {package} import {name}"),
            None => format!("import {name}"),
        };
        let (at, before) = place_of_import(self.text, &self.tree, package.is_some(), module);
        let end = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let line = if before { format!("{line}{end}") } else { format!("{end}{line}") };
        Some(ModuleName { name: name.to_owned(), import: Some((at, line)) })
    }

    fn imported(&self, name: &str) -> Option<(&str, &str)> {
        if self.bound.names.get(name) != Some(&1) {
            return None;
        }
        self.tree.body.iter().find_map(|stmt| {
            let Stmt::ImportFrom(import) = stmt else { return None };
            let alias = import.names.iter().find(|alias| *alias.asname.as_ref().unwrap_or(&alias.name) == *name)?;
            Some((import.module.as_ref().filter(|_| import.level == 0)?.as_str(), alias.name.as_str()))
        })
    }
}

/// The tree of a text that parses as a whole.
fn well_formed(text: &str) -> Option<ModModule> {
    if nesting::blank_deep_parts(text, &mut Vec::new()).is_some() {
        return None;
    }
    let parsed: Parsed<Mod> = parse_unchecked(text, ParseOptions::from(Mode::Module));
    if !parsed.errors().is_empty() {
        return None;
    }
    match parsed.into_syntax() {
        Mod::Module(module) => Some(module),
        Mod::Expression(_) => None,
    }
}

/// The name by which a statement of the module's top level makes a module known.
fn imported_as(stmt: &Stmt, module: &str) -> Option<String> {
    let named = |alias: &Alias| alias.asname.as_ref().map(ToString::to_string);
    match stmt {
        Stmt::Import(import) => {
            let alias = import.names.iter().find(|alias| alias.name.as_str() == module)?;
            Some(named(alias).unwrap_or_else(|| module.to_owned()))
        }
        Stmt::ImportFrom(import) if import.level == 0 => {
            let (package, name) = module.rsplit_once('.')?;
            if import.module.as_ref()?.as_str() != package {
                return None;
            }
            let alias = import.names.iter().find(|alias| alias.name.as_str() == name)?;
            Some(named(alias).unwrap_or_else(|| name.to_owned()))
        }
        _ => None,
    }
}

/// Where an import is inserted, and whether the new line stands before what is there. Imports of one form stand together in
/// the order of their names; the first block of imports is looked at.
fn place_of_import(text: &str, tree: &ModModule, from: bool, module: &str) -> (u32, bool) {
    let is_doc = |stmt: &Stmt| matches!(stmt, Stmt::Expr(e) if e.value.is_string_literal_expr());
    let is_future =
        |stmt: &Stmt| matches!(stmt, Stmt::ImportFrom(i) if i.module.as_ref().is_some_and(|m| m == "__future__"));
    let lead =
        tree.body.iter().enumerate().take_while(|(at, stmt)| *at == 0 && is_doc(stmt) || is_future(stmt)).count();
    let block: Vec<&Stmt> =
        tree.body[lead..].iter().take_while(|stmt| stmt.is_import_stmt() || stmt.is_import_from_stmt()).collect();
    let own = |stmt: &Stmt| match stmt {
        Stmt::Import(import) if !from => import.names.first().map(|alias| alias.name.to_string()),
        Stmt::ImportFrom(import) if from && import.level == 0 => import.module.as_ref().map(ToString::to_string),
        _ => None,
    };
    let sort = if from { module.rsplit_once('.').map_or(module, |(package, _)| package) } else { module };
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |n| n + 1) as u32;
    let line_end = |at: usize| text[at..].find('\n').map_or(text.len(), |n| at + n);
    // Statements that share a line with others give no place.
    let alone = |stmt: &Stmt| text[line_start(start(stmt)) as usize..start(stmt)].trim().is_empty();
    let next = block.iter().find(|stmt| alone(stmt) && own(stmt).is_some_and(|name| name.as_str() > sort));
    let last = block.iter().rev().find(|stmt| own(stmt).is_some());
    match (next, last.or(block.last()), tree.body.get(lead), lead.checked_sub(1)) {
        (Some(stmt), ..) => (line_start(start(stmt)), true),
        (None, Some(stmt), ..) => {
            let end = line_end(usize::from(stmt.range().end()));
            let end = if text[..end].ends_with('\r') { end - 1 } else { end };
            (end as u32, false)
        }
        (None, None, Some(stmt), _) if lead == 0 => (line_start(start(stmt)), true),
        (None, None, _, Some(before)) => {
            let end = line_end(usize::from(tree.body[before].range().end()));
            let end = if text[..end].ends_with('\r') { end - 1 } else { end };
            (end as u32, false)
        }
        (None, None, ..) => (0, true),
    }
}

fn start(stmt: &Stmt) -> usize {
    usize::from(stmt.range().start())
}

fn span(range: TextRange) -> Span {
    Span::new(range.start().into(), range.end().into())
}

/// Finds how expressions and statements are written.
struct Finder<'t> {
    text: &'t str,
    found: FxHashMap<Span, Written>,
}

impl Finder<'_> {
    /// Keeps what is found first at a range: the outermost.
    fn note(&mut self, range: TextRange, written: Option<Written>) {
        if let Some(written) = written {
            self.found.entry(span(range)).or_insert(written);
        }
    }
}

impl<'a> Visitor<'a> for Finder<'_> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        let written = match stmt {
            Stmt::Assign(assign) if assign.targets.len() == 1 => {
                Some(Written::Assignment { value: span(assign.value.range()) })
            }
            Stmt::AnnAssign(assign) => {
                assign.value.as_ref().map(|value| Written::Assignment { value: span(value.range()) })
            }
            Stmt::Assert(assert) => Some(Written::Assertion {
                test: span(assert.test.range()),
                simple: matches!(
                    &*assert.test,
                    Expr::Name(_) | Expr::Attribute(_) | Expr::Call(_) | Expr::Subscript(_) | Expr::Compare(_)
                ),
                message: assert.msg.as_ref().map(|message| span(message.range())),
            }),
            _ => None,
        };
        self.note(stmt.range(), written);
        // An assignment is also known by its target.
        if let Stmt::Assign(assign) = stmt
            && let [target] = &*assign.targets
        {
            self.note(target.range(), Some(Written::Assignment { value: span(assign.value.range()) }));
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        let written = match expr {
            Expr::Call(_) => call(self.text, expr),
            Expr::Compare(_) => comparison(self.text, expr),
            _ => None,
        };
        self.note(expr.range(), written);
        walk_expr(self, expr);
    }
}

fn call(text: &str, expr: &Expr) -> Option<Written> {
    let Expr::Call(call) = expr else { return None };
    let whole = span(call.arguments.range());
    let arguments: Vec<WrittenArgument> = call
        .arguments
        .iter_source_order()
        .map(|argument| match argument {
            ArgOrKeyword::Arg(Expr::Starred(starred)) => {
                WrittenArgument { name: None, value: span(starred.value.range()), spread: true }
            }
            ArgOrKeyword::Arg(value) => WrittenArgument { name: None, value: span(value.range()), spread: false },
            ArgOrKeyword::Keyword(keyword) => WrittenArgument {
                name: keyword.arg.as_ref().map(ToString::to_string),
                value: span(keyword.value.range()),
                spread: keyword.arg.is_none(),
            },
        })
        .collect();
    // A generator without parentheses of its own can have no neighbour.
    if let [Expr::Generator(generator)] = &*call.arguments.args
        && !generator.parenthesized
    {
        return None;
    }
    let callee = Span::new(call.range().start().into(), whole.start);
    let base = match &*call.func {
        Expr::Attribute(attribute) => {
            let before = text.get(callee.start as usize..usize::from(attribute.attr.range().start()))?;
            let before = before.trim_end().strip_suffix('.')?.trim_end();
            Some(Span::new(callee.start, callee.start + before.len() as u32))
        }
        _ => None,
    };
    let inside = Span::new(whole.start + 1, whole.end.checked_sub(1)?);
    (inside.start <= inside.end).then_some(Written::Call { callee, base, arguments, inside })
}

fn comparison(text: &str, expr: &Expr) -> Option<Written> {
    let Expr::Compare(compare) = expr else { return None };
    let ([op], [right]) = (&*compare.ops, &*compare.comparators) else { return None };
    let (sign, negative) = match op {
        CmpOp::Eq => ("==", false),
        CmpOp::NotEq => ("!=", true),
        _ => return None,
    };
    let (whole, from) = (span(compare.range()), u32::from(compare.left.range().end()));
    let gap = text.get(from as usize..usize::from(right.range().start()))?;
    if gap.contains('#') {
        return None;
    }
    let at = from + gap.find(sign)? as u32;
    let trimmed = |start: u32, end: u32| {
        let part = text.get(start as usize..end as usize)?;
        let lead = (part.len() - part.trim_start().len()) as u32;
        Some(Span::new(start + lead, start + lead + part.trim().len() as u32))
    };
    let (left, right) = (trimmed(whole.start, at)?, trimmed(at + sign.len() as u32, whole.end)?);
    Some(Written::Comparison { left, right, negative })
}

/// How often each name is bound in a file, in whatever scope.
#[derive(Default)]
struct Bound {
    names: FxHashMap<String, usize>,
    /// Whether a star import may bind any name.
    everything: bool,
}

impl Bound {
    fn add(&mut self, name: &str) {
        *self.names.entry(name.to_owned()).or_default() += 1;
    }
}

impl<'a> Visitor<'a> for Bound {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(def) => self.add(&def.name),
            Stmt::ClassDef(def) => self.add(&def.name),
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Name(name) = expr
            && name.ctx != ExprContext::Load
        {
            self.add(&name.id);
        }
        walk_expr(self, expr);
    }

    fn visit_parameter(&mut self, parameter: &'a Parameter) {
        self.add(&parameter.name);
    }

    fn visit_alias(&mut self, alias: &'a Alias) {
        let name = alias.asname.as_ref().unwrap_or(&alias.name);
        if name == "*" {
            self.everything = true;
        } else {
            self.add(name.split('.').next().unwrap_or(name));
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(one) = handler;
        if let Some(name) = &one.name {
            self.add(name);
        }
        walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(one) => one.name.as_ref(),
            Pattern::MatchStar(one) => one.name.as_ref(),
            Pattern::MatchMapping(one) => one.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.add(name);
        }
        walk_pattern(self, pattern);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, part: &str) -> Span {
        let start = text.find(part).expect("the part is there") as u32;
        Span::new(start, start + part.len() as u32)
    }

    fn slice(text: &str, span: Span) -> &str {
        &text[span.start as usize..span.end as usize]
    }

    fn one(text: &str, part: &str) -> Option<Written> {
        PythonLayout.read(text)?.written(at(text, part)).cloned()
    }

    #[test]
    fn a_call_has_its_parts() {
        let text = "x = (a\n  .load (  b, *c, Loader = (d), **e\n))\n";
        // The range of a call is that within the parentheses around it.
        let whole = "a\n  .load (  b, *c, Loader = (d), **e\n)";
        let Some(Written::Call { callee, base, arguments, inside }) = one(text, whole) else { panic!("a call") };
        assert_eq!(slice(text, callee).trim_end(), "a\n  .load");
        assert_eq!(base.map(|base| slice(text, base)), Some("a"));
        let shown: Vec<_> = arguments.iter().map(|a| (a.name.as_deref(), slice(text, a.value), a.spread)).collect();
        assert_eq!(shown, [(None, "b", false), (None, "c", true), (Some("Loader"), "d", false), (None, "e", true)]);
        assert_eq!(slice(text, inside), "  b, *c, Loader = (d), **e\n");
    }

    #[test]
    fn a_comparison_has_its_sides() {
        let text = "if (a or b)  !=(c): pass\n";
        let Some(Written::Comparison { left, right, negative }) = one(text, "(a or b)  !=(c)") else {
            panic!("a comparison")
        };
        assert_eq!((slice(text, left), slice(text, right), negative), ("(a or b)", "(c)", true));
        assert_eq!(one("a == b == c\n", "a == b == c"), None);
        assert_eq!(one("a < b\n", "a < b"), None);
        assert_eq!(one("(a  # ==\n == b)\n", "a  # ==\n == b"), None);
    }

    #[test]
    fn statements_are_found() {
        let text = "assert a, 'no'\nd.e = False\n";
        let Some(Written::Assertion { test, message, simple: true }) = one(text, "assert a, 'no'") else {
            panic!("an assertion")
        };
        assert_eq!((slice(text, test), message.map(|m| slice(text, m))), ("a", Some("'no'")));
        let Some(Written::Assignment { value }) = one(text, "d.e = False") else { panic!("an assignment") };
        assert_eq!(slice(text, value), "False");
        assert_eq!(one("a = b = False\n", "a = b = False"), None);
        assert_eq!(one("f(x for x in y)\n", "f(x for x in y)"), None);
    }

    fn module(text: &str, module: &str) -> Option<(String, String)> {
        let found = PythonLayout.read(text)?.module(module)?;
        let mut text = text.to_owned();
        if let Some((at, line)) = found.import {
            text.insert_str(at as usize, &line);
            assert!(PythonLayout.read(&text).is_some(), "{text}");
        }
        Some((found.name, text))
    }

    #[test]
    fn a_module_is_named_as_the_file_names_it() {
        for (text, wanted, name) in [
            ("import hmac\n", "hmac", "hmac"),
            ("import hmac as h\n", "hmac", "h"),
            ("from lxml import etree as et\n", "lxml.etree", "et"),
            ("import lxml.etree\n", "lxml.etree", "lxml.etree"),
        ] {
            assert_eq!(module(text, wanted), Some((name.to_owned(), text.to_owned())), "{text}");
        }
        // Another binding of the name may hide the module.
        for text in
            ["import hmac\ndef f(hmac): pass\n", "hmac = 1\n", "from x import *\n", "def hmac(): pass\n", "a = (\n"]
        {
            assert_eq!(module(text, "hmac"), None, "{text}");
        }
        for text in ["try: pass\nexcept E as hmac: pass\n", "match x:\n  case [*hmac]: pass\n", "for hmac in x: pass\n"]
        {
            assert_eq!(module(text, "hmac"), None, "{text}");
        }
    }

    #[test]
    fn a_bare_name_comes_from_its_module() {
        let imported = |text: &str| {
            let sheet = PythonLayout.read(text).expect("well-formed");
            sheet.imported("f").map(|(module, name)| format!("{module} {name}"))
        };
        assert_eq!(imported("from a.b import f\n").as_deref(), Some("a.b f"));
        assert_eq!(imported("from a import g as f\n").as_deref(), Some("a g"));
        for text in [
            "import f\n",
            "from . import f\n",
            "from .a import f\n",
            "from a import f as g\n",
            "from a import f\nf = 1\n",
        ] {
            assert_eq!(imported(text), None, "{text}");
        }
    }

    #[test]
    fn an_import_goes_to_its_place() {
        for (text, wanted, result) in [
            ("import abc\nimport os\n\nx = 1\n", "hmac", "import abc\nimport hmac\nimport os\n\nx = 1\n"),
            ("import abc\n\nfrom x import y\n", "hmac", "import abc\nimport hmac\n\nfrom x import y\n"),
            ("\"\"\"Doc.\"\"\"\nx = 1\n", "hmac", "\"\"\"Doc.\"\"\"\nimport hmac\nx = 1\n"),
            ("from __future__ import a\nx = 1\n", "hmac", "from __future__ import a\nimport hmac\nx = 1\n"),
            ("#!/usr/bin/python\nx = 1\n", "hmac", "#!/usr/bin/python\nimport hmac\nx = 1\n"),
            ("x = 1\r\n", "hmac", "import hmac\r\nx = 1\r\n"),
            ("import abc\r\nx = 1\r\n", "hmac", "import abc\r\nimport hmac\r\nx = 1\r\n"),
            ("", "hmac", "import hmac\n"),
            (
                "from a import b\nfrom z import y\n",
                "lxml.etree",
                "from a import b\nfrom lxml import etree\nfrom z import y\n",
            ),
            ("import a; import z\n", "hmac", "import a; import z\nimport hmac\n"),
        ] {
            let found = module(text, wanted).map(|(_, text)| text);
            assert_eq!(found.as_deref(), Some(result), "{text}");
        }
    }
}
