//! YAML as a tree whose every node knows its place.
//!
//! Built from the parser's events without recursion, and to a small depth only: a model file of a
//! project under review is hostile input.

use crate::error::Problem;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

/// Deeper nesting than any model file has.
const MAX_DEPTH: usize = 8;

/// A line and a column in characters, both from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct At {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl At {
    fn new(marker: Marker) -> Self {
        Self { line: marker.line(), column: marker.col() + 1 }
    }
}

/// A mistake with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Issue {
    pub(crate) at: At,
    pub(crate) message: String,
}

impl Issue {
    pub(crate) fn new(at: At, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}

/// A text value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Scalar {
    pub(crate) text: String,
    /// Whether a column in the file follows from an offset in the text.
    plain: bool,
    /// The place of the text's first character.
    at: At,
}

impl Scalar {
    /// The place of a byte of the text.
    pub(crate) fn at(&self, offset: usize) -> At {
        let skipped = match self.text.get(..offset) {
            Some(before) if self.plain => before.chars().count(),
            _ => 0,
        };
        At { line: self.at.line, column: self.at.column + skipped }
    }

    /// The mistake in this text, with its place in the file.
    pub(crate) fn issue(&self, problem: Problem) -> Issue {
        Issue::new(self.at(problem.offset), problem.message)
    }
}

/// A node of the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Content {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

/// A node with its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Node {
    pub(crate) at: At,
    pub(crate) content: Content,
}

/// A collection that is being read. The children of a mapping are keys and values in turn.
struct Open {
    at: At,
    mapping: bool,
    children: Vec<Node>,
}

impl Open {
    fn close(self) -> Node {
        let content = if self.mapping {
            let mut pairs = Vec::with_capacity(self.children.len() / 2);
            let mut children = self.children.into_iter();
            while let (Some(key), Some(value)) = (children.next(), children.next()) {
                pairs.push((key, value));
            }
            Content::Mapping(pairs)
        } else {
            Content::Sequence(self.children)
        };
        Node { at: self.at, content }
    }
}

/// Reads the one document of `text`; `None` when it is empty.
pub(crate) fn read(text: &str) -> Result<Option<Node>, Issue> {
    let mut parser = Parser::new_from_str(text);
    let mut stack: Vec<Open> = Vec::new();
    let mut root: Option<Node> = None;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|e| Issue::new(At::new(*e.marker()), format!("not YAML: {}", e.info())))?;
        let at = At::new(span.start);
        let done = match event {
            Event::Scalar(value, style, anchor, _) => {
                if anchor != 0 {
                    return Err(Issue::new(at, "anchors have no meaning here: write the rows out"));
                }
                Some(Node { at, content: Content::Scalar(scalar(&value, style, at)) })
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if stack.len() >= MAX_DEPTH {
                    return Err(Issue::new(at, "nested too deeply for a model file"));
                }
                stack.push(Open { at, mapping: matches!(event, Event::MappingStart(..)), children: Vec::new() });
                None
            }
            Event::SequenceEnd | Event::MappingEnd => stack.pop().map(Open::close),
            Event::Alias(_) => return Err(Issue::new(at, "aliases have no meaning here: write the rows out")),
            Event::DocumentStart(_) if root.is_some() => {
                return Err(Issue::new(at, "a model file holds one document: put the rows under one `extensions:`"));
            }
            _ => None,
        };
        if let Some(node) = done {
            match stack.last_mut() {
                Some(open) => open.children.push(node),
                None => root = Some(node),
            }
        }
    }
    Ok(root)
}

fn scalar(value: &str, style: ScalarStyle, at: At) -> Scalar {
    let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
    Scalar {
        text: value.to_owned(),
        plain: quoted || style == ScalarStyle::Plain,
        at: At { line: at.line, column: at.column + usize::from(quoted) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_exact() {
        let root = read("a:\n  - [\"x\", 'yé', z]\n").unwrap().unwrap();
        let Content::Mapping(pairs) = root.content else { panic!() };
        let Content::Sequence(rows) = &pairs[0].1.content else { panic!() };
        assert_eq!(rows[0].at, At { line: 2, column: 5 });
        let Content::Sequence(columns) = &rows[0].content else { panic!() };
        let places: Vec<At> = columns
            .iter()
            .map(|node| match &node.content {
                Content::Scalar(scalar) => scalar.at(scalar.text.len()),
                _ => panic!(),
            })
            .collect();
        let columns: Vec<usize> = places.iter().map(|at| at.column).collect();
        assert_eq!(columns, [8, 14, 18]);
    }

    #[test]
    fn hostile_files_are_refused() {
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read(&"- ".repeat(100_000)).is_err());
        assert!(read("a: &x 1\nb: *x\n").is_err());
        assert!(read("a: &x [1]\nb: *x\n").is_err());
        assert!(read("a\n---\nb\n").is_err());
        assert!(read("a: [1\n").is_err());
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("# nothing\n"), Ok(None));
    }
}
