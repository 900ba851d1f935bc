//! Templates of Mako: from text to a tree of nodes.
//!
//! - A *control line* begins with `%`: `% for x in y:`, `% if x:`, `% endif`.
//! - A *tag* begins with `<%` and a name: `<%inherit file="base.html"/>`, `<%def name="row(x)">…</%def>`.
//! - An *output* is `${expression | filters}`.
//! - Blocks of Python, `<% … %>`, are read as far as they are assignments.
//!
//! Expressions are Python. A `def` without parameters is a block: templates
//! that inherit this one override it, and those that it inherits call it by name.

use crate::expression::{Expr, Kind};
use crate::python::{self, Cursor, outside_strings, span, trimmed, word};
use crate::tree::{Builder, Header, NodeKind, Tree};
use assay_ir::GapReason;
use assay_text::Span;

/// What stands in templates of Mako only.
const MARKS: [&str; 8] =
    ["<%inherit ", "<%def ", "<%block ", "<%block>", "<%namespace ", "<%page ", "<%include file", "<%doc>"];
/// Whether a template is Mako's: by its name, or by a tag or line that no other engine has.
pub(crate) fn is_mako(path: &str, text: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, e)| e);
    extension.eq_ignore_ascii_case("mako")
        || extension.eq_ignore_ascii_case("mak")
        || text.contains("<%") && MARKS.iter().any(|mark| text.contains(mark))
        || text.contains("${") && text.lines().any(is_control_line)
}

/// Whether a line is one that begins or ends a loop or a condition.
fn is_control_line(line: &str) -> bool {
    let Some(word) = line.trim_start().strip_prefix('%') else { return false };
    let word = word.trim_start();
    ["for ", "if ", "endfor", "endif"].iter().any(|begin| word.starts_with(begin))
}

/// Builds the tree.
pub(crate) fn parse(text: &str) -> Tree {
    let mut reader = Reader { cursor: Cursor::new(text), builder: Builder::new(text), blocks: Vec::new() };
    reader.read();
    reader.builder.finish()
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    builder: Builder<'a>,
    /// The `def`s without parameters.
    blocks: Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let text = self.cursor.text;
        let mut line_start = true;
        while let Some(c) = self.cursor.rest().chars().next() {
            if line_start && self.line() {
                continue;
            }
            line_start = c == '\n';
            if self.cursor.rest().starts_with("${") {
                let Some(end) = closing(text, self.cursor.at + 2) else {
                    self.builder.gap(
                        span(self.cursor.at, self.cursor.at + 2),
                        GapReason::Syntax("`${` is not closed".to_owned()),
                    );
                    self.cursor.at += 2;
                    continue;
                };
                let whole = span(self.cursor.at, end + 1);
                let value = self.output(self.cursor.at + 2, end);
                self.cursor.cut(&mut self.builder, end + 1);
                if let Some(value) = value {
                    self.builder.push(NodeKind::Output(value), whole);
                }
            } else if self.cursor.rest().starts_with("</%") {
                let end = text[self.cursor.at..].find('>').map_or(text.len(), |n| self.cursor.at + n + 1);
                let name = text[self.cursor.at + 3..end].trim_end_matches('>').trim();
                let whole = span(self.cursor.at, end);
                let word = if name.contains(':') { "call" } else { name };
                self.cursor.cut(&mut self.builder, end);
                self.builder.end(word, whole);
            } else if self.cursor.rest().starts_with("<%") {
                self.tag();
            } else {
                self.cursor.at += c.len_utf8();
            }
        }
        self.cursor.cut(&mut self.builder, text.len());
    }

    /// A comment or control line; whether there was one.
    fn line(&mut self) -> bool {
        let rest = self.cursor.rest();
        let line = rest.split('\n').next().unwrap_or_default();
        let lead = line.len() - line.trim_start_matches([' ', '\t']).len();
        let inside = &line[lead..];
        let from = self.cursor.at + lead;
        if !(inside.starts_with("##") || inside.starts_with('%') && !inside.starts_with("%%")) {
            return false;
        }
        let mut end = self.cursor.at + line.len();
        while self.cursor.text[from..end].trim_end().ends_with('\\') && end < self.cursor.text.len() {
            end = self.cursor.text[end + 1..].find('\n').map_or(self.cursor.text.len(), |n| end + 1 + n);
        }
        let control = inside.starts_with('%');
        let whole = span(from, end);
        self.cursor.cut(&mut self.builder, (end + 1).min(self.cursor.text.len()));
        if control {
            self.control(from + 1, end, whole);
        }
        true
    }

    /// A control line, without its `%`.
    fn control(&mut self, from: usize, to: usize, whole: Span) {
        let inside = trimmed(self.cursor.text, from, to);
        if python::control(&mut self.builder, inside, whole) {
            return;
        }
        match word(inside.slice(self.cursor.text)).strip_prefix("end") {
            Some(ended) => self.builder.end(ended, whole),
            None => self.builder.gap(whole, GapReason::Construct("a control line of a template".into())),
        }
    }

    fn tag(&mut self) {
        let text = self.cursor.text;
        let rest = self.cursor.rest();
        for (open, close) in [("<%doc>", "</%doc>"), ("<%text", "</%text>")] {
            if rest.starts_with(open) {
                let end = rest.find(close).map_or(text.len(), |n| self.cursor.at + n + close.len());
                if open == "<%text" {
                    self.cursor.at = end;
                } else {
                    self.cursor.cut(&mut self.builder, end);
                }
                return;
            }
        }
        let named = rest[2..].starts_with(|c: char| c.is_alphabetic());
        if !named {
            let end = rest.find("%>").map_or(text.len(), |n| self.cursor.at + n + 2);
            let (from, to) = (self.cursor.at + 2, end.saturating_sub(2).max(self.cursor.at + 2));
            let whole = span(self.cursor.at, end);
            self.cursor.cut(&mut self.builder, end);
            // What stands behind `<%!` runs once, when the template is loaded.
            if !text[from..to].starts_with('!') {
                self.code(from, to, whole);
            }
            return;
        }
        let Some(end) = tag_end(text, self.cursor.at) else {
            self.builder
                .gap(span(self.cursor.at, self.cursor.at + 2), GapReason::Syntax("`<%` is not closed".to_owned()));
            self.cursor.at += 2;
            return;
        };
        let whole = span(self.cursor.at, end);
        let inside = &text[self.cursor.at + 2..end - 1];
        let empty = inside.ends_with('/');
        let name_end =
            inside.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '.'))).unwrap_or(inside.len());
        let name = &inside[..name_end];
        let attributes = attributes(text, self.cursor.at + 2 + name_end, end - 1);
        self.cursor.cut(&mut self.builder, end);
        self.start(name, &attributes, whole, empty);
    }

    fn start(&mut self, name: &str, attributes: &[(&str, Span)], whole: Span, empty: bool) {
        let text = self.cursor.text;
        let get = |key: &str| attributes.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
        let file = get("file").map(|at| Expr { kind: Kind::Str(file_name(at.slice(text))), span: at });
        let escapes = |key: &str| {
            get(key).is_some_and(|at| at.slice(text).split(',').any(|f| matches!(f.trim(), "h" | "x" | "escape")))
        };
        match (name, file) {
            ("inherit", Some(file)) => self.builder.push(NodeKind::Extends(file), whole),
            ("include", Some(name)) => {
                self.builder.push(NodeKind::Include { name, with: Vec::new(), only: false }, whole);
            }
            ("namespace", Some(file)) => {
                if let Some(alias) = get("name") {
                    self.builder.push(NodeKind::Import(file, alias.slice(text).to_owned()), whole);
                } else if let Some(names) = get("import") {
                    let names = names.slice(text).split(',').map(|n| n.trim().to_owned()).filter(|n| n != "*");
                    self.builder.push(NodeKind::ImportFrom(file, names.map(|n| (n.clone(), n)).collect()), whole);
                }
            }
            ("page", _) if escapes("expression_filter") => self.builder.tree.autoescape = Some(true),
            ("def", _) if !empty => {
                let header = get("name").and_then(|at| self.definition(at)).unwrap_or(Header::Group);
                self.builder.begin(name, whole, header);
            }
            ("block", _) if !empty => {
                let header = match get("name") {
                    Some(at) => Header::Block(at.slice(text).to_owned()),
                    None => Header::Group,
                };
                self.builder.begin(name, whole, header);
            }
            _ if !empty && !matches!(name, "inherit" | "include" | "namespace" | "page") => {
                self.builder.begin("call", whole, Header::Group);
            }
            _ => {}
        }
    }

    /// `name(a, b=1)`
    fn definition(&mut self, at: Span) -> Option<Header> {
        let (name, params) = python::definition(self.cursor.text, at)?;
        if params.is_empty() {
            self.blocks.push(name.clone());
            return Some(Header::Block(name));
        }
        Some(Header::Macro(name, params))
    }

    /// Lines of Python: assignments are read.
    fn code(&mut self, from: usize, to: usize, whole: Span) {
        let mut at = from;
        let mut left = false;
        for line in self.cursor.text[from..to].split('\n') {
            let inside = trimmed(self.cursor.text, at, at + line.len());
            at += line.len() + 1;
            let code = inside.slice(self.cursor.text);
            if code.is_empty() || ["#", "import ", "from ", "pass"].iter().any(|s| code.starts_with(s)) {
                continue;
            }
            match python::assignment(self.cursor.text, inside) {
                Some((target, value)) => self.builder.push(NodeKind::Assign(target, value), inside),
                None => left = true,
            }
        }
        if left {
            self.builder.gap(whole, GapReason::Construct("Python in a template that is no assignment".into()));
        }
    }

    /// The expression of an output with its filters.
    fn output(&mut self, from: usize, to: usize) -> Option<Expr> {
        let bar = filters_at(self.cursor.text, from, to);
        let value = python::expression(self.cursor.text, trimmed(self.cursor.text, from, bar.unwrap_or(to)));
        // What calls a block of this template puts out nothing of its own.
        if let Kind::Call(callee, _) = &value.kind
            && let Kind::Name(name) = &callee.kind
            && self.blocks.contains(name)
        {
            return None;
        }
        let whole = value.span;
        let filters = bar.map_or("", |bar| &self.cursor.text[bar + 1..to]);
        let mut value = value;
        for name in filters.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let name = match name {
                "n" => "safe",
                "h" | "x" | "escape" | "html_escape" => "escape",
                "u" | "url_escape" => "urlencode",
                "unicode" | "str" | "entity" | "trim" => continue,
                name if name.starts_with("decode") => continue,
                name => name.split('(').next().unwrap_or(name).rsplit('.').next().unwrap_or(name),
            };
            value = Expr { kind: Kind::Filter(Box::new(value), name.to_owned(), Vec::new()), span: whole };
        }
        Some(value)
    }
}

/// A name of a file, as other templates are known by it.
fn file_name(name: &str) -> String {
    name.trim_start_matches('/').to_owned()
}

/// Where the brace stands that closes an output.
fn closing(text: &str, from: usize) -> Option<usize> {
    outside_strings(text, from, text.len(), |text, at| text[at..].starts_with('}'))
}

/// Where the bar stands before the filters.
fn filters_at(text: &str, from: usize, to: usize) -> Option<usize> {
    outside_strings(text, from, to, |text, at| {
        text[at..].starts_with('|') && !text[at..].starts_with("||") && !text[..at].ends_with('|')
    })
}

/// Where a tag ends, behind its `>`.
fn tag_end(text: &str, from: usize) -> Option<usize> {
    let mut quote = None;
    for (n, c) in text[from..].char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if c == q => quote = None,
            (None, '>') => return Some(from + n + 1),
            _ => {}
        }
    }
    None
}

/// The attributes of a tag with the places of their values.
fn attributes(text: &str, from: usize, to: usize) -> Vec<(&str, Span)> {
    let mut out = Vec::new();
    let mut at = from;
    while let Some(equals) = text[at..to].find('=').map(|n| n + at) {
        let name = text[at..equals].trim();
        let after = &text[equals + 1..to];
        let lead = after.len() - after.trim_start().len();
        let start = equals + 1 + lead;
        let Some(quote) = text[start..to].chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some(end) = text[start + 1..to].find(quote).map(|n| n + start + 1) else { break };
        out.push((name, span(start + 1, end)));
        at = end + 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> String {
        let tree = parse(text);
        let mut out = String::new();
        for node in &tree.nodes {
            out.push(match node.kind {
                NodeKind::Text => 't',
                NodeKind::Output(_) => 'o',
                NodeKind::If(_) => 'i',
                NodeKind::For { .. } => 'f',
                NodeKind::Block(..) => 'b',
                NodeKind::Macro { .. } => 'm',
                NodeKind::Extends(_) => 'e',
                NodeKind::Assign(..) => 'a',
                _ => '?',
            });
        }
        assert!(tree.gaps.is_empty(), "{:?}", tree.gaps);
        out
    }

    #[test]
    fn parts_of_a_template() {
        assert_eq!(kinds("<%inherit file=\"/base.html\"/>\n## note\na ${x} b ${ {'k': y}['k'] | h,n }"), "ettoto");
        assert_eq!(kinds("% if x and y[1:]:\na\n% elif z:\nb\n% else:\nc\n% endif\n"), "i");
        assert_eq!(kinds("% for n, x in enumerate(xs):\n  <li>${x}</li>\n% endfor\n%% no\n"), "ft");
        assert_eq!(kinds("<%def name=\"row(x, y=1)\">${x}</%def><%def name=\"head()\">a</%def>${head()}"), "mb");
        assert_eq!(kinds("<%doc>${x}</%doc><%text>${x}</%text><%\n  y = x\n%>${', '.join([a for a in y])}"), "tao");
    }
}
