//! Python in templates: expressions, and the statements that loops, conditions and assignments begin with.
//!
//! What the grammar of expressions shares with that of Jinja2 is read by its parser.

use crate::expression::{Expr, Kind, Parser};
use crate::tree::{Builder, Header, NodeKind};
use assay_text::Span;

/// Functions that give a number or a truth value.
const NUMBERS: [&str; 8] = ["len", "int", "float", "round", "abs", "bool", "isinstance", "hasattr"];
/// Functions that give what they get, or its elements.
const SAME: [&str; 9] = ["str", "unicode", "sorted", "list", "tuple", "set", "reversed", "iter", "text_type"];
/// Words of Python that are no names.
const KEYWORDS: [&str; 14] =
    ["if", "else", "for", "in", "and", "or", "not", "is", "lambda", "None", "True", "False", "await", "yield"];

/// The parameters of a function with their defaults.
pub(crate) type Parameters = Vec<(String, Option<Expr>)>;

pub(crate) fn span(from: usize, to: usize) -> Span {
    Span::new(from as u32, to as u32)
}

/// Where the reader of a template is that looks for code in text.
pub(crate) struct Cursor<'a> {
    /// The template.
    pub(crate) text: &'a str,
    /// The byte that is looked at.
    pub(crate) at: usize,
    /// Where the text that stands for itself began.
    plain: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, plain: 0 }
    }

    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The text up to here stands for itself; what comes up to `end` does not.
    pub(crate) fn cut(&mut self, builder: &mut Builder<'_>, end: usize) {
        if self.plain < self.at {
            builder.push(NodeKind::Text, span(self.plain, self.at));
        }
        self.at = end.min(self.text.len());
        self.plain = self.at;
    }
}

/// The word that code begins with.
pub(crate) fn word(code: &str) -> &str {
    &code[..code.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(code.len())]
}

/// A statement that begins or goes on with a block; whether it is one.
pub(crate) fn control(builder: &mut Builder<'_>, inside: Span, whole: Span) -> bool {
    let text = builder.text;
    let word = word(inside.slice(text));
    let rest = trimmed(text, inside.start as usize + word.len(), inside.end as usize);
    let rest = match rest.slice(text).strip_suffix(':') {
        Some(head) => trimmed(text, rest.start as usize, rest.start as usize + head.len()),
        None => rest,
    };
    match word {
        "if" | "while" => builder.begin(word, whole, Header::If(Some(expression(text, rest)))),
        "elif" => builder.section(Header::If(Some(expression(text, rest)))),
        "else" | "except" | "finally" => builder.section(Header::If(None)),
        "for" => builder.begin(word, whole, loop_over(text, rest)),
        "try" | "with" => builder.begin(word, whole, Header::Group),
        _ => return false,
    }
    true
}

/// `target in iterable`; the number that `enumerate` gives is none of anybody's choice.
fn loop_over(text: &str, head: Span) -> Header {
    let parsed = Parser::new(text, head).and_then(|mut parser| {
        let target = parser.until(&["in"])?;
        if !parser.keyword("in") {
            return Err(parser.unexpected("`in`"));
        }
        Ok((target, parser.expression()?))
    });
    let Ok((target, iterable)) = parsed else {
        let target = Expr { kind: Kind::Tuple(Vec::new()), span: head };
        return Header::For { target, iterable: expression(text, head), filter: None };
    };
    let (target, iterable) = match (target.kind, iterable.kind) {
        (Kind::Tuple(mut targets), Kind::Call(callee, mut args))
            if targets.len() == 2
                && args.len() == 1
                && matches!(&callee.kind, Kind::Name(name) if name == "enumerate") =>
        {
            (targets.remove(1), args.remove(0).value)
        }
        (target_kind, kind) => (Expr { kind: target_kind, span: target.span }, Expr { kind, span: iterable.span }),
    };
    Header::For { target, iterable: python(iterable), filter: None }
}

/// `target = value`
pub(crate) fn assignment(text: &str, line: Span) -> Option<(Expr, Expr)> {
    let mut parser = Parser::new(text, line).ok()?;
    let target = parser.expression().ok()?;
    if !parser.equals() {
        return None;
    }
    let value = parser.expression().ok()?;
    parser.is_done().then(|| (target, python(value)))
}

/// `name(a, b=1)`
pub(crate) fn definition(text: &str, at: Span) -> Option<(String, Parameters)> {
    let mut parser = Parser::new(text, at).ok()?;
    let name = parser.name().ok()?;
    let mut params = Vec::new();
    if parser.opens() {
        while !parser.closes() {
            let Ok(param) = parser.name() else { break };
            let default = if parser.equals() { parser.single().ok() } else { None };
            params.push((param, default));
            if !parser.comma() && !parser.is_closing() {
                break;
            }
        }
    }
    Some((name, params))
}

/// An expression of Python. Of one that cannot be read, the names in it matter.
pub(crate) fn expression(text: &str, at: Span) -> Expr {
    let parsed = Parser::new(text, at).and_then(|mut parser| {
        let value = parser.expression()?;
        if parser.is_done() { Ok(value) } else { Err(parser.unexpected("the end")) }
    });
    match parsed {
        Ok(value) => python(value),
        Err(_) => Expr { kind: Kind::Parts(names(text, at)), span: at },
    }
}

/// The value of an expression as markup, whatever the template does by itself.
pub(crate) fn unescaped(value: Expr) -> Expr {
    Expr { span: value.span, kind: Kind::Filter(Box::new(value), "safe".to_owned(), Vec::new()) }
}

/// The filter of other templates that a function of Python's stands for.
fn filter(function: &str) -> Option<&'static str> {
    Some(match function {
        "escape" | "xhtml_escape" | "html_escape" | "html_quote" | "linkify" => "escape",
        "url_escape" => "urlencode",
        "json_encode" => "json_encode",
        _ => return None,
    })
}

/// What Python's own functions make of what they get.
fn python(expr: Expr) -> Expr {
    let Expr { kind, span } = expr;
    let kind = match kind {
        Kind::Call(callee, mut args) => match &callee.kind {
            Kind::Name(name) if NUMBERS.contains(&name.as_str()) => Kind::Int(0),
            Kind::Name(name) if args.len() == 1 && args[0].name.is_none() && SAME.contains(&name.as_str()) => {
                return python(args.remove(0).value);
            }
            Kind::Name(name) if args.len() == 1 && args[0].name.is_none() => match filter(name) {
                Some(filter) => Kind::Filter(Box::new(python(args.remove(0).value)), filter.to_owned(), Vec::new()),
                None => Kind::Call(callee, args),
            },
            _ => Kind::Call(callee, args),
        },
        Kind::Binary(operator, left, right) => {
            Kind::Binary(operator, Box::new(python(*left)), Box::new(python(*right)))
        }
        Kind::Choice(test, value, other) => {
            Kind::Choice(test, Box::new(python(*value)), other.map(|other| Box::new(python(*other))))
        }
        kind => kind,
    };
    Expr { kind, span }
}

/// The names in code, outside of strings, that are neither attributes nor words of the language.
fn names(text: &str, at: Span) -> Vec<Expr> {
    let code = at.slice(text);
    let mut out = Vec::new();
    let mut quote = None;
    let mut before = ' ';
    let mut chars = code.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        match quote {
            Some(q) if c == q => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c.is_alphabetic() || c == '_' => {
                let mut end = start + c.len_utf8();
                while let Some((next, c)) = chars.next_if(|(_, c)| c.is_alphanumeric() || *c == '_') {
                    end = next + c.len_utf8();
                }
                let name = &code[start..end];
                let called = code[end..].trim_start().starts_with('(');
                if before != '.' && !called && !KEYWORDS.contains(&name) {
                    out.push(Expr {
                        kind: Kind::Name(name.to_owned()),
                        span: Span::new(at.start + start as u32, at.start + end as u32),
                    });
                }
            }
            Some(_) | None => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    out
}

pub(crate) fn trimmed(text: &str, from: usize, to: usize) -> Span {
    let inside = &text[from..to.max(from)];
    let lead = inside.len() - inside.trim_start().len();
    let start = (from + lead).min(to.max(from));
    span(start, start + inside.trim().len())
}

/// Goes through code outside of strings: the first place at depth 0 where `found` holds.
pub(crate) fn outside_strings(
    text: &str,
    from: usize,
    to: usize,
    found: impl Fn(&str, usize) -> bool,
) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0u32;
    let mut escaped = false;
    for (n, c) in text[from..to].char_indices() {
        let at = from + n;
        if let Some(q) = quote {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == q => quote = None,
                _ => {}
            }
            continue;
        }
        if depth == 0 && found(&text[..to], at) {
            return Some(at);
        }
        match c {
            '"' | '\'' => quote = Some(c),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}
