//! Templates of Tornado: from text to a tree of nodes.
//!
//! They look like those of Django and Jinja2, but expressions are Python, `{% end %}` ends whatever is open,
//! `{% raw x %}` puts out a value as it is, and `{% autoescape None %}` holds for the whole file.

use crate::lexer::{Part, Token};
use crate::python::{self, trimmed, word};
use crate::tree::{Builder, Header, NodeKind, Tree};
use assay_ir::GapReason;
use assay_text::Span;

/// Functions that replace markup by entities.
const ESCAPES: [&str; 2] = ["xhtml_escape", "escape"];

/// Whether a template is Tornado's: by a tag that no other engine has.
pub(crate) fn is_tornado(text: &str) -> bool {
    text.match_indices("{%").any(|(at, _)| {
        let Some(end) = text[at..].find("%}") else { return false };
        let inside = text[at + 2..at + end].trim();
        let rest = inside[word(inside).len()..].trim();
        match word(inside) {
            "end" => rest.is_empty(),
            "raw" | "module" | "apply" => rest.starts_with(|c: char| c.is_alphabetic() || c == '_'),
            "autoescape" => rest == "None" || ESCAPES.contains(&rest),
            _ => false,
        }
    })
}

/// Builds the tree.
pub(crate) fn parse(text: &str, tokens: &[Token], open_marks: &[Span]) -> Tree {
    let mut builder = Builder::new(text);
    for mark in open_marks {
        builder.gap(*mark, GapReason::Syntax(format!("`{}` is not closed", mark.slice(text))));
    }
    for token in tokens {
        let inside = token.inside;
        match token.part {
            // `{{!` and `{%!` stand for the marks themselves.
            Part::Output | Part::Tag if inside.slice(text).starts_with('!') => {
                builder.push(NodeKind::Text, token.span);
            }
            Part::Text => builder.push(NodeKind::Text, token.span),
            Part::Output => builder.push(NodeKind::Output(python::expression(text, inside)), token.span),
            Part::Tag => tag(&mut builder, token),
        }
    }
    builder.finish()
}

fn tag(builder: &mut Builder<'_>, token: &Token) {
    let (text, whole, inside) = (builder.text, token.span, token.inside);
    let word = word(inside.slice(text));
    let rest = trimmed(text, inside.start as usize + word.len(), inside.end as usize);
    let argument = rest.slice(text);
    match word {
        "end" => builder.end_innermost(whole),
        "raw" => builder.push(NodeKind::Output(python::unescaped(python::expression(text, rest))), whole),
        "autoescape" => builder.tree.autoescape = Some(argument != "None"),
        // A module makes markup by a template of its own.
        "module" => builder.push(NodeKind::Evaluate(python::expression(text, rest)), whole),
        "extends" => builder.push(NodeKind::Extends(python::expression(text, rest)), whole),
        "include" => {
            let name = python::expression(text, rest);
            builder.push(NodeKind::Include { name, with: Vec::new(), only: false }, whole);
        }
        "block" => builder.begin(word, whole, Header::Block(argument.to_owned())),
        "apply" if ESCAPES.contains(&argument) => builder.begin(word, whole, Header::Autoescape(true)),
        "apply" => builder.begin(word, whole, Header::Group),
        "set" => match python::assignment(text, rest) {
            Some((target, value)) => builder.push(NodeKind::Assign(target, value), whole),
            None => builder.gap(whole, GapReason::Construct("Python in a template that is no assignment".into())),
        },
        "comment" | "import" | "from" | "whitespace" | "break" | "continue" => {}
        _ if python::control(builder, inside, whole) => {}
        _ => builder.gap(whole, GapReason::Construct("a tag of a template".into())),
    }
}
