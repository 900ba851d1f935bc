//! From parts to a tree of nodes.
//!
//! What is not understood becomes a [`Gap`]; the text around it is read all the same. A tag that nothing here
//! knows is a node of its own, and its end tag, if it has one, means nothing.

use crate::expression::{Argument, Expr, Failure, Kind, Parser, Trouble};
use crate::lexer::{Part, Token};
use assay_ir::{Gap, GapReason};
use assay_text::{Span, limits};

/// A node and its place: that of the whole tag or output.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) span: Span,
}

/// What a node does.
#[derive(Debug)]
pub(crate) enum NodeKind {
    Text,
    Output(Expr),
    /// Branches with their conditions; the last one may have none.
    If(Vec<(Option<Expr>, Vec<Node>)>),
    For {
        target: Expr,
        iterable: Expr,
        filter: Option<Expr>,
        body: Vec<Node>,
        otherwise: Vec<Node>,
    },
    With {
        assigned: Vec<(String, Expr)>,
        body: Vec<Node>,
    },
    Assign(Expr, Expr),
    Capture(String, Vec<Node>),
    Block(String, Vec<Node>),
    Extends(Expr),
    Include {
        name: Expr,
        with: Vec<(String, Expr)>,
        only: bool,
    },
    Import(Expr, String),
    ImportFrom(Expr, Vec<(String, String)>),
    Macro {
        name: String,
        params: Vec<(String, Option<Expr>)>,
        body: Vec<Node>,
    },
    Autoescape(bool, Vec<Node>),
    Group(Vec<Node>),
    /// The value alone matters: a call with a body, `do`.
    Evaluate(Expr),
    /// A tag that libraries of the project or others define.
    Tag {
        name: String,
        arguments: Vec<Argument>,
        target: Option<String>,
    },
}

/// A parsed template.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) gaps: Vec<Gap>,
    /// Whether tags were seen that only Django has.
    pub(crate) django: bool,
    /// Whether tags were seen that only Jinja2 has.
    pub(crate) jinja: bool,
    /// Whether all values are escaped, if the template itself says so.
    pub(crate) autoescape: Option<bool>,
}

/// A tag that waits for its end.
struct Open {
    word: String,
    span: Span,
    header: Header,
    /// The sections that are complete.
    sections: Vec<(Header, Vec<Node>)>,
    nodes: Vec<Node>,
}

pub(crate) enum Header {
    If(Option<Expr>),
    For { target: Expr, iterable: Expr, filter: Option<Expr> },
    Otherwise,
    With(Vec<(String, Expr)>),
    Capture(String),
    Block(String),
    Macro(String, Vec<(String, Option<Expr>)>),
    Call(Expr),
    Autoescape(bool),
    Group,
}

const DJANGO: [&str; 24] = [
    "load",
    "url",
    "csrf_token",
    "static",
    "blocktrans",
    "blocktranslate",
    "translate",
    "empty",
    "ifequal",
    "ifnotequal",
    "ifchanged",
    "now",
    "cycle",
    "firstof",
    "regroup",
    "spaceless",
    "templatetag",
    "widthratio",
    "verbatim",
    "comment",
    "cache",
    "get_current_language",
    "querystring",
    "endblocktrans",
];
const JINJA: [&str; 8] = ["set", "macro", "call", "import", "from", "do", "endtrans", "filter"];

/// Builds the tree.
pub(crate) fn parse(text: &str, tokens: &[Token], open_marks: &[Span]) -> Tree {
    let mut builder = Builder::new(text);
    for mark in open_marks {
        builder.gap(*mark, GapReason::Syntax(format!("`{}` is not closed", mark.slice(text))));
    }
    for token in tokens {
        match token.part {
            Part::Text => builder.push(NodeKind::Text, token.span),
            Part::Output => builder.output(token),
            Part::Tag => builder.tag(token),
        }
    }
    builder.finish()
}

/// A tree under construction.
pub(crate) struct Builder<'a> {
    pub(crate) text: &'a str,
    pub(crate) tree: Tree,
    open: Vec<Open>,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, tree: Tree::default(), open: Vec::new() }
    }

    /// Closes what is still open.
    pub(crate) fn finish(mut self) -> Tree {
        while let Some(open) = self.open.last() {
            let reason = GapReason::Syntax(format!("`{}` has no end", open.word));
            let span = open.span;
            self.gap(span, reason);
            self.close();
        }
        self.tree
    }

    pub(crate) fn gap(&mut self, span: Span, reason: GapReason) {
        if self.tree.gaps.len() < limits::MAX_SYNTAX_ERRORS {
            self.tree.gaps.push(Gap { span, reason });
        }
    }

    fn fail(&mut self, (span, trouble): Failure) {
        let reason = match trouble {
            Trouble::Syntax(message) => GapReason::Syntax(message),
            Trouble::Limit => GapReason::Limit("MAX_NESTING".into()),
        };
        self.gap(span, reason);
    }

    pub(crate) fn push(&mut self, kind: NodeKind, span: Span) {
        let nodes = match self.open.last_mut() {
            Some(open) => &mut open.nodes,
            None => &mut self.tree.nodes,
        };
        nodes.push(Node { kind, span });
    }

    fn output(&mut self, token: &Token) {
        let parsed = Parser::new(self.text, token.inside).and_then(|mut parser| {
            let value = parser.expression()?;
            if parser.is_done() { Ok(value) } else { Err(parser.unexpected("the end")) }
        });
        match parsed {
            Ok(value) => {
                self.tree.jinja |= matches!(value.kind, Kind::Call(..) | Kind::Concat(_) | Kind::Choice(..));
                self.push(NodeKind::Output(value), token.span);
            }
            Err(failure) => self.fail(failure),
        }
    }

    fn tag(&mut self, token: &Token) {
        let inside = token.inside.slice(self.text);
        let end = inside.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(inside.len());
        let (word, rest) = inside.split_at(end);
        if word.is_empty() {
            return self.gap(token.span, GapReason::Syntax("a tag has no name".to_owned()));
        }
        self.tree.django |= DJANGO.contains(&word);
        self.tree.jinja |= JINJA.contains(&word);
        let rest = Span::new(token.inside.start + (inside.len() - rest.len()) as u32, token.inside.end);
        if let Some(ended) = word.strip_prefix("end").filter(|e| !e.is_empty()) {
            return self.end(ended, token.span);
        }
        if let Err(failure) = self.start(word, token, rest) {
            self.fail(failure);
            // What a broken tag begins still has an end.
            if let Some(header) = broken(word) {
                self.begin(word, token.span, header);
            }
        }
    }

    pub(crate) fn begin(&mut self, word: &str, span: Span, header: Header) {
        if self.open.len() >= limits::MAX_NESTING {
            return self.gap(span, GapReason::Limit("MAX_NESTING".into()));
        }
        self.open.push(Open { word: word.to_owned(), span, header, sections: Vec::new(), nodes: Vec::new() });
    }

    pub(crate) fn end(&mut self, word: &str, span: Span) {
        let word = alias(word);
        if !self.open.iter().any(|open| alias(&open.word) == word) {
            if broken(word).is_some() {
                self.gap(span, GapReason::Syntax(format!("`end{word}` ends nothing")));
            }
            return;
        }
        while let Some(open) = self.open.last() {
            let found = alias(&open.word) == word;
            if !found {
                let reason = GapReason::Syntax(format!("`{}` has no end", open.word));
                let span = open.span;
                self.gap(span, reason);
            }
            self.close();
            if found {
                break;
            }
        }
    }

    /// Ends the innermost tag that is open.
    pub(crate) fn end_innermost(&mut self, span: Span) {
        if self.open.is_empty() {
            return self.gap(span, GapReason::Syntax("`end` ends nothing".to_owned()));
        }
        self.close();
    }

    /// A further section of the innermost `if` or `for`.
    pub(crate) fn section(&mut self, header: Header) {
        let Some(open) = self.open.last_mut() else { return };
        if !matches!(open.header, Header::If(_) | Header::For { .. } | Header::Otherwise) {
            return;
        }
        let done = std::mem::replace(&mut open.header, header);
        let nodes = std::mem::take(&mut open.nodes);
        open.sections.push((done, nodes));
    }

    /// The innermost open tag is complete.
    fn close(&mut self) {
        let Some(mut open) = self.open.pop() else { return };
        open.sections.push((open.header, open.nodes));
        let mut sections = open.sections.into_iter();
        let Some((header, body)) = sections.next() else { return };
        let kind = match header {
            Header::If(test) => {
                let mut branches = vec![(test, body)];
                branches.extend(sections.map(|(header, body)| match header {
                    Header::If(test) => (test, body),
                    _ => (None, body),
                }));
                NodeKind::If(branches)
            }
            Header::For { target, iterable, filter } => {
                let otherwise = sections.flat_map(|(_, body)| body).collect();
                NodeKind::For { target, iterable, filter, body, otherwise }
            }
            Header::With(assigned) => NodeKind::With { assigned, body },
            Header::Capture(name) => NodeKind::Capture(name, body),
            Header::Block(name) => NodeKind::Block(name, body),
            Header::Macro(name, params) => NodeKind::Macro { name, params, body },
            Header::Call(call) => {
                let span = call.span;
                let mut nodes = vec![Node { kind: NodeKind::Evaluate(call), span }];
                nodes.extend(body);
                NodeKind::Group(nodes)
            }
            Header::Autoescape(on) => NodeKind::Autoescape(on, body),
            Header::Group | Header::Otherwise => NodeKind::Group(body),
        };
        self.push(kind, open.span);
    }

    fn start(&mut self, word: &str, token: &Token, rest: Span) -> Result<(), Failure> {
        let span = token.span;
        let mut parser = Parser::new(self.text, rest)?;
        match word {
            "if" | "elif" | "elseif" => {
                let test = parser.expression()?;
                finished(&parser)?;
                if word == "if" {
                    self.begin(word, span, Header::If(Some(test)));
                } else {
                    self.section(Header::If(Some(test)));
                }
            }
            "ifequal" | "ifnotequal" => {
                let (left, right) = (parser.argument()?, parser.argument()?);
                let operator = if word == "ifequal" {
                    crate::expression::Operator::Eq
                } else {
                    crate::expression::Operator::NotEq
                };
                let test = Expr { kind: Kind::Binary(operator, Box::new(left), Box::new(right)), span: rest };
                self.begin(word, span, Header::If(Some(test)));
            }
            "ifchanged" => self.begin(word, span, Header::If(Some(nothing(rest)))),
            "else" => self.section(Header::If(None)),
            "empty" => self.section(Header::Otherwise),
            "for" => {
                let target = parser.until(&["in"])?;
                if !parser.keyword("in") {
                    return Err(parser.unexpected("`in`"));
                }
                let iterable = parser.until(&["if", "recursive", "reversed"])?;
                let filter = if parser.keyword("if") { Some(parser.until(&["recursive"])?) } else { None };
                if !parser.keyword("recursive") {
                    parser.keyword("reversed");
                }
                finished(&parser)?;
                self.begin(word, span, Header::For { target, iterable, filter });
            }
            "with" => {
                let assigned = assignments(&mut parser)?;
                self.begin(word, span, Header::With(assigned));
            }
            "blocktrans" | "blocktranslate" => {
                let assigned = translated(&mut parser)?;
                self.begin(word, span, Header::With(assigned));
            }
            "block" => {
                let name = parser.name()?;
                self.begin(word, span, Header::Block(name));
            }
            "autoescape" => {
                let off = parser.is_keyword("off") || parser.is_keyword("false") || parser.is_keyword("False");
                self.begin(word, span, Header::Autoescape(!off));
            }
            "filter" => {
                let name = parser.name()?;
                let header = match name.as_str() {
                    "escape" | "e" | "force_escape" | "forceescape" => Header::Autoescape(true),
                    _ => Header::Group,
                };
                self.begin(word, span, header);
            }
            "spaceless" | "cache" | "language" | "localize" | "localtime" | "timezone" => {
                self.begin(word, span, Header::Group);
            }
            "macro" => {
                let name = parser.name()?;
                let mut params = Vec::new();
                if parser.opens() {
                    while !parser.closes() {
                        let param = parser.name()?;
                        let default = if parser.equals() { Some(parser.single()?) } else { None };
                        params.push((param, default));
                        if !parser.comma() && !parser.is_closing() {
                            return Err(parser.unexpected("`)`"));
                        }
                    }
                }
                self.begin(word, span, Header::Macro(name, params));
            }
            "call" => {
                if parser.opens() {
                    parser.arguments()?;
                }
                let call = parser.expression()?;
                self.begin(word, span, Header::Call(call));
            }
            "set" => {
                let target = parser.expression()?;
                if parser.equals() {
                    let value = parser.expression()?;
                    finished(&parser)?;
                    self.push(NodeKind::Assign(target, value), span);
                } else {
                    let name = captured(&target);
                    self.begin(word, span, Header::Capture(name));
                }
            }
            "do" => {
                let value = parser.expression()?;
                self.push(NodeKind::Evaluate(value), span);
            }
            "extends" => {
                let name = parser.expression()?;
                self.push(NodeKind::Extends(name), span);
            }
            "include" => {
                let name = parser.single()?;
                let mut only = false;
                let mut with = Vec::new();
                loop {
                    if parser.keyword("only") {
                        only = true;
                    } else if parser.keyword("ignore") {
                        parser.keyword("missing");
                    } else if parser.keyword("without") {
                        only = true;
                        parser.keyword("context");
                    } else if parser.keyword("with") {
                        if !parser.keyword("context") {
                            with = assignments_until_only(&mut parser)?;
                        }
                    } else {
                        break;
                    }
                }
                self.push(NodeKind::Include { name, with, only }, span);
            }
            "import" => {
                let name = parser.single()?;
                if !parser.keyword("as") {
                    return Err(parser.unexpected("`as`"));
                }
                let alias = parser.name()?;
                self.push(NodeKind::Import(name, alias), span);
            }
            "from" => {
                let name = parser.single()?;
                if !parser.keyword("import") {
                    return Err(parser.unexpected("`import`"));
                }
                let mut names = Vec::new();
                loop {
                    let name = parser.name()?;
                    let alias = if parser.keyword("as") { parser.name()? } else { name.clone() };
                    names.push((name, alias));
                    if !parser.comma() || parser.is_done() {
                        break;
                    }
                }
                self.push(NodeKind::ImportFrom(name, names), span);
            }
            "regroup" => {
                let value = parser.argument()?;
                while !parser.is_done() && !parser.keyword("as") {
                    parser.argument()?;
                }
                let target = parser.name()?;
                let target = Expr { kind: Kind::Name(target), span: rest };
                let value = Expr { span: value.span, kind: Kind::List(vec![value]) };
                self.push(NodeKind::Assign(target, value), span);
            }
            "trans" if parser.assigns() => {
                for (name, value) in assignments(&mut parser)? {
                    let target = Expr { kind: Kind::Name(name), span: rest };
                    self.push(NodeKind::Assign(target, value), span);
                }
            }
            "raw" | "verbatim" | "comment" if crate::lexer::is_literal(token.inside.slice(self.text), word) => {
                self.gap(span, GapReason::Syntax(format!("`{word}` has no end")));
            }
            "load" | "csrf_token" | "now" | "templatetag" | "break" | "continue" | "pluralize" | "plural" | "debug"
            | "lorem" => {}
            _ => {
                let (arguments, target) = tag_arguments(&mut parser).unwrap_or_default();
                self.push(NodeKind::Tag { name: word.to_owned(), arguments, target }, span);
            }
        }
        Ok(())
    }
}

fn finished(parser: &Parser<'_>) -> Result<(), Failure> {
    if parser.is_done() { Ok(()) } else { Err(parser.unexpected("the end")) }
}

fn nothing(span: Span) -> Expr {
    Expr { kind: Kind::Parts(Vec::new()), span }
}

/// One name for tags that mean the same.
fn alias(word: &str) -> &str {
    match word {
        "blocktranslate" => "blocktrans",
        "translate" => "trans",
        word => word,
    }
}

/// What a tag that could not be read begins, if it begins something.
fn broken(word: &str) -> Option<Header> {
    Some(match word {
        "if" => Header::If(None),
        "for" | "with" | "blocktrans" | "blocktranslate" | "macro" | "call" | "filter" | "block" | "autoescape" => {
            Header::Group
        }
        _ => return None,
    })
}

/// The variable that takes the text of `{% set x | filter %}…{% endset %}`.
fn captured(target: &Expr) -> String {
    match &target.kind {
        Kind::Name(name) => name.clone(),
        Kind::Filter(base, ..) => captured(base),
        _ => String::new(),
    }
}

/// `a=b c=d`, with or without commas; `b as a`.
fn assignments(parser: &mut Parser<'_>) -> Result<Vec<(String, Expr)>, Failure> {
    let mut out = Vec::new();
    while !parser.is_done() {
        one_assignment(parser, &mut out)?;
        parser.comma();
    }
    Ok(out)
}

fn assignments_until_only(parser: &mut Parser<'_>) -> Result<Vec<(String, Expr)>, Failure> {
    let mut out = Vec::new();
    while !parser.is_done() && !parser.is_keyword("only") && !parser.is_keyword("ignore") {
        one_assignment(parser, &mut out)?;
        parser.comma();
    }
    Ok(out)
}

fn one_assignment(parser: &mut Parser<'_>, out: &mut Vec<(String, Expr)>) -> Result<(), Failure> {
    if parser.assigns() {
        let name = parser.name()?;
        parser.equals();
        out.push((name, parser.single()?));
        return Ok(());
    }
    let value = parser.single()?;
    if !parser.keyword("as") {
        return Err(parser.unexpected("`as`"));
    }
    out.push((parser.name()?, value));
    Ok(())
}

/// The variables of a text that is translated.
fn translated(parser: &mut Parser<'_>) -> Result<Vec<(String, Expr)>, Failure> {
    let mut out = Vec::new();
    while !parser.is_done() {
        if parser.assigns() {
            one_assignment(parser, &mut out)?;
            continue;
        }
        if parser.keyword("with") || parser.keyword("and") || parser.keyword("trimmed") || parser.comma() {
            continue;
        }
        if parser.keyword("count") {
            continue;
        }
        if parser.keyword("asvar") {
            parser.name()?;
            continue;
        }
        if !parser.assigns() && parser.keyword("context") {
            parser.argument()?;
            continue;
        }
        one_assignment(parser, &mut out)?;
    }
    Ok(out)
}

/// The arguments of any other tag, and the variable that takes its result.
fn tag_arguments(parser: &mut Parser<'_>) -> Result<(Vec<Argument>, Option<String>), Failure> {
    let mut out = Vec::new();
    while !parser.is_done() {
        if parser.keyword("as") {
            let target = parser.name()?;
            return Ok((out, Some(target)));
        }
        let name = if parser.assigns() {
            let name = parser.name()?;
            parser.equals();
            Some(name)
        } else {
            None
        };
        let value = parser.argument()?;
        out.push(Argument { name, stars: 0, value });
        parser.comma();
    }
    Ok((out, None))
}
