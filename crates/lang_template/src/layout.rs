//! How outputs are written, for edits.

use crate::expression::{Expr, Kind};
use crate::tree::{Node, NodeKind};
use crate::{Engine, lexer, tree};
use assay_frontend::{Layout, ModuleName, Sheet, Written};
use assay_index::FxHashMap;
use assay_text::Span;

/// The layout of templates.
pub(crate) struct TemplateLayout;

impl Layout for TemplateLayout {
    fn read<'t>(&self, text: &'t str) -> Option<Box<dyn Sheet + 't>> {
        if Engine::of("", text) != Engine::Jinja {
            return None;
        }
        let (tokens, open_marks) = lexer::tokens(text, true);
        let tree = tree::parse(text, &tokens, &open_marks);
        if !tree.gaps.is_empty() {
            return None;
        }
        let mut page = Page { text, written: FxHashMap::default() };
        page.nodes(&tree.nodes);
        Some(Box::new(page))
    }
}

/// A template whose outputs are known by their places.
struct Page<'t> {
    text: &'t str,
    written: FxHashMap<Span, Written>,
}

impl Page<'_> {
    fn nodes(&mut self, nodes: &[Node]) {
        let mut work: Vec<&Node> = nodes.iter().collect();
        while let Some(node) = work.pop() {
            match &node.kind {
                NodeKind::Output(expr) => {
                    if let Some(marks) = marks(expr, self.text).filter(|marks| !marks.is_empty()) {
                        self.written.insert(node.span, Written::Marked { marks });
                    }
                }
                NodeKind::If(branches) => work.extend(branches.iter().flat_map(|(_, body)| body)),
                NodeKind::For { body, otherwise, .. } => work.extend(body.iter().chain(otherwise)),
                NodeKind::With { body, .. }
                | NodeKind::Capture(_, body)
                | NodeKind::Block(_, body)
                | NodeKind::Macro { body, .. }
                | NodeKind::Autoescape(_, body)
                | NodeKind::Group(body) => work.extend(body),
                NodeKind::Text
                | NodeKind::Assign(..)
                | NodeKind::Extends(_)
                | NodeKind::Include { .. }
                | NodeKind::Import(..)
                | NodeKind::ImportFrom(..)
                | NodeKind::Evaluate(_)
                | NodeKind::Tag { .. } => {}
            }
        }
    }
}

/// The filters of a value that say that it is markup, with the bars before them; `None` where they are not written plainly.
fn marks(expr: &Expr, text: &str) -> Option<Vec<Span>> {
    let (mut at, mut out) = (expr, Vec::new());
    while let Kind::Filter(base, name, arguments) = &at.kind {
        if name == "safe" && arguments.is_empty() {
            let mark = Span::new(base.span.end, at.span.end);
            if mark.slice(text).trim_start().strip_prefix('|')?.trim() != "safe" {
                return None;
            }
            out.push(mark);
        }
        at = base;
    }
    out.reverse();
    Some(out)
}

impl Sheet for Page<'_> {
    fn text(&self) -> &str {
        self.text
    }

    fn written(&self, span: Span) -> Option<&Written> {
        self.written.get(&span)
    }

    fn module(&self, _: &str) -> Option<ModuleName> {
        None
    }

    fn imported(&self, _: &str) -> Option<(&str, &str)> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text without the marks of all its outputs.
    fn unmarked(text: &str) -> Option<String> {
        let sheet = TemplateLayout.read(text)?;
        let (tokens, _) = lexer::tokens(text, true);
        let mut out = text.to_owned();
        for token in tokens.iter().rev() {
            if let Some(Written::Marked { marks }) = sheet.written(token.span) {
                for mark in marks.iter().rev() {
                    out.replace_range(mark.start as usize..mark.end as usize, "");
                }
            }
        }
        Some(out)
    }

    #[test]
    fn marks_are_found_wherever_the_filter_stands() {
        let text = "{{ a|safe }}{{- b | upper | safe -}}{% if c %}{{ (d ~ e)|safe|trim }}{% endif %}{{ f|safety }}";
        let bare = "{{ a }}{{- b | upper -}}{% if c %}{{ (d ~ e)|trim }}{% endif %}{{ f|safety }}";
        assert_eq!(unmarked(text).as_deref(), Some(bare));
        assert_eq!(unmarked(bare).as_deref(), Some(bare));
    }

    #[test]
    fn nothing_is_said_of_a_template_that_is_not_understood() {
        assert_eq!(unmarked("{{ a|safe }}{% if"), None);
    }
}
