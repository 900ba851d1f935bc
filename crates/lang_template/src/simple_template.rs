//! Templates of Bottle's `SimpleTemplate`: from text to a tree of nodes.
//!
//! - A line of code begins with `%`: `% for x in y:`, `% x = y`, `% end`. Several stand in `<% … %>`.
//! - An *output* is `{{expression}}`, and `{{!expression}}` where nothing is escaped.
//! - `% rebase('base.tpl')` puts what is made into another template, which shows it as `{{!base}}`.

use crate::expression::{Expr, Kind, Parser};
use crate::python::{self, Cursor, outside_strings, span, trimmed, word};
use crate::tree::{Builder, Header, NodeKind, Tree};
use assay_ir::GapReason;
use assay_text::Span;

/// Whether a template is Bottle's: by an output or a line that no other engine has.
pub(crate) fn is_simple_template(text: &str) -> bool {
    text.match_indices("{{!").any(|(at, mark)| !text[at + mark.len()..].starts_with(['-', '!', '>']))
        || text.lines().filter_map(line_of_code).any(|code| {
            let code = code.trim();
            code == "end" || ["end ", "include(", "rebase(", "setdefault("].iter().any(|begin| code.starts_with(begin))
        })
}

/// The code of a line that begins with `%`.
fn line_of_code(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix('%').filter(|code| !code.starts_with(['%', '>', '}']))
}

/// Builds the tree.
pub(crate) fn parse(text: &str) -> Tree {
    let mut reader = Reader { cursor: Cursor::new(text), builder: Builder::new(text), around: None };
    reader.read();
    reader.builder.finish()
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    builder: Builder<'a>,
    /// The template that shows what this one makes.
    around: Option<(NodeKind, Span)>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut line_start = true;
        while let Some(c) = self.cursor.rest().chars().next() {
            let rest = self.cursor.rest();
            let line = rest.split('\n').next().unwrap_or_default();
            if line_start && let Some(code) = line_of_code(line) {
                let (from, end) = (self.cursor.at + line.len() - code.len(), self.cursor.at + line.len());
                self.cursor.cut(&mut self.builder, end + 1);
                self.statement(from, end);
                continue;
            }
            line_start = c == '\n';
            if rest.starts_with("<%") {
                let end = rest.find("%>").map_or(self.cursor.text.len(), |n| self.cursor.at + n);
                let from = self.cursor.at + 2;
                self.cursor.cut(&mut self.builder, end + 2);
                let mut at = from;
                for line in self.cursor.text[from..end.max(from)].split('\n') {
                    self.statement(at, at + line.len());
                    at += line.len() + 1;
                }
            } else if rest.starts_with("{{") && !self.cursor.text[..self.cursor.at].ends_with('\\') {
                let from = self.cursor.at + 2;
                let end = outside_strings(self.cursor.text, from, self.cursor.text.len(), |text, at| {
                    text[at..].starts_with("}}")
                });
                let Some(end) = end else {
                    self.builder.gap(span(self.cursor.at, from), GapReason::Syntax("`{{` is not closed".to_owned()));
                    self.cursor.at = from;
                    continue;
                };
                let whole = span(self.cursor.at, end + 2);
                self.cursor.cut(&mut self.builder, end + 2);
                let raw = self.cursor.text[from..end].starts_with('!');
                let value =
                    python::expression(self.cursor.text, trimmed(self.cursor.text, from + usize::from(raw), end));
                let value = if raw { python::unescaped(value) } else { value };
                self.builder.push(NodeKind::Output(value), whole);
            } else {
                self.cursor.at += c.len_utf8();
            }
        }
        self.cursor.cut(&mut self.builder, self.cursor.text.len());
        if let Some((kind, span)) = self.around.take() {
            self.builder.push(kind, span);
        }
    }

    /// A line of Python.
    fn statement(&mut self, from: usize, to: usize) {
        let end = outside_strings(self.cursor.text, from, to, |text, at| text[at..].starts_with('#')).unwrap_or(to);
        let line = trimmed(self.cursor.text, from, end);
        let code = line.slice(self.cursor.text);
        match word(code) {
            "" if code.is_empty() => {}
            "import" | "from" | "pass" | "break" | "continue" => {}
            "end" => self.builder.end_innermost(line),
            "def" => {
                let at = trimmed(self.cursor.text, line.start as usize + 3, line.end as usize);
                let header = python::definition(self.cursor.text, at).map(|(name, params)| Header::Macro(name, params));
                self.builder.begin("def", line, header.unwrap_or(Header::Group));
            }
            _ if python::control(&mut self.builder, line, line) => {}
            _ => {
                if let Some((target, value)) = python::assignment(self.cursor.text, line) {
                    self.builder.push(NodeKind::Assign(target, value), line);
                } else {
                    self.expression(line);
                }
            }
        }
    }

    /// A call or other expression in a line of its own.
    fn expression(&mut self, line: Span) {
        let parsed = Parser::new(self.cursor.text, line).and_then(|mut parser| parser.expression());
        let Ok(value) = parsed else {
            let reason = GapReason::Construct("Python in a template that is no assignment".into());
            return self.builder.gap(line, reason);
        };
        match other_template(&value) {
            Some((false, kind)) => self.builder.push(kind, line),
            Some((true, kind)) => self.around = Some((kind, line)),
            None => self.builder.push(NodeKind::Evaluate(value), line),
        }
    }
}

/// What `include(name, key=value)` and `rebase(name, key=value)` do, and whether the other template is around this one.
fn other_template(value: &Expr) -> Option<(bool, NodeKind)> {
    let Kind::Call(callee, args) = &value.kind else { return None };
    let Kind::Name(function) = &callee.kind else { return None };
    let around = function == "rebase";
    if !around && function != "include" {
        return None;
    }
    let (name, with) = args.split_first()?;
    let mut with: Vec<(String, Expr)> =
        with.iter().filter_map(|arg| Some((arg.name.clone()?, arg.value.clone()))).collect();
    if around {
        // What is shown there was examined here.
        with.push(("base".to_owned(), Expr { kind: Kind::Str(String::new()), span: value.span }));
    }
    Some((around, NodeKind::Include { name: name.value.clone(), with, only: false }))
}
