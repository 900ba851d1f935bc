//! What can be done about a finding, and what is said of it under the cursor.

use crate::diagnostics;
use crate::report::Report;
use assay_finding::{Finding, Safety};
use assay_text::{FileId, Span};
use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, Hover, HoverContents, MarkupContent, MarkupKind, Position, Range,
    TextEdit, Uri, WorkspaceEdit,
};
use std::path::Path;

/// The actions for the findings that touch `range`.
pub(crate) fn actions(
    report: &Report,
    file: FileId,
    uri: &Uri,
    range: Range,
    open: &impl Fn(&Path) -> Option<Uri>,
) -> Vec<CodeActionOrCommand> {
    let measured = report.measured(file);
    let (from, to) = (measured.offset(range.start) as u32, measured.offset(range.end) as u32);
    let mut actions = Vec::new();
    for (_, finding) in touching(report, file, from, to) {
        let mut add = |title: String, kind: CodeActionKind, changes: Vec<(Uri, TextEdit)>, preferred: bool| {
            actions.push(CodeActionOrCommand::CodeAction(CodeAction {
                title,
                kind: Some(kind),
                diagnostics: Some(vec![diagnostics::diagnostic(report, finding, open)]),
                edit: Some(WorkspaceEdit {
                    changes: Some(by_document(changes).into_iter().collect()),
                    ..WorkspaceEdit::default()
                }),
                is_preferred: preferred.then_some(true),
                ..CodeAction::default()
            }));
        };
        if let Some(fix) = &finding.fix {
            let changes: Option<Vec<(Uri, TextEdit)>> = fix
                .replacements
                .iter()
                .map(|one| {
                    let location = report.location(&one.place, open)?;
                    Some((location.uri, TextEdit { range: location.range, new_text: one.text.clone() }))
                })
                .collect();
            let (title, preferred) = match fix.safety {
                Safety::Safe => (format!("Fix: {}", fix.message), true),
                Safety::Unsafe => (format!("Fix, to be looked at: {}", fix.message), false),
            };
            if let Some(changes) = changes {
                add(title, CodeActionKind::QUICKFIX, changes, preferred);
            }
        }
        let source = report.review.files.get(file);
        if let Some((offset, text)) =
            assay_engine::ignore_comment(source, finding.place.span, &[&finding.check], "reason")
        {
            let at = measured.position(offset);
            let edit = TextEdit { range: Range::new(at, at), new_text: text };
            let title = format!("Suppress `{}` here", finding.check);
            add(title, CodeActionKind::QUICKFIX, vec![(uri.clone(), edit)], false);
        }
    }
    actions
}

/// The changes of each document.
fn by_document(changes: Vec<(Uri, TextEdit)>) -> Vec<(Uri, Vec<TextEdit>)> {
    let mut out: Vec<(Uri, Vec<TextEdit>)> = Vec::new();
    for (uri, edit) in changes {
        match out.iter_mut().find(|(known, _)| *known == uri) {
            Some((_, list)) => list.push(edit),
            None => out.push((uri, vec![edit])),
        }
    }
    out
}

/// What is to be said of the findings at `position`.
pub(crate) fn hover(report: &Report, file: FileId, position: Position) -> Option<Hover> {
    let measured = report.measured(file);
    let at = measured.offset(position) as u32;
    let found: Vec<(usize, &Finding)> = touching(report, file, at, at).collect();
    let span = found.iter().map(|(_, finding)| finding.place.span).min_by_key(|span| span.end - span.start)?;
    let texts: Vec<String> = found.iter().map(|(index, _)| assay_report::explanation(&report.review, *index)).collect();
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: texts.join("\n---\n\n") }),
        range: Some(measured.range(span)),
    })
}

fn touching(report: &Report, file: FileId, from: u32, to: u32) -> impl Iterator<Item = (usize, &Finding)> {
    let touches = move |span: Span| span.start <= to && from <= span.end;
    report.findings().filter(move |(_, finding)| finding.place.file == file && touches(finding.place.span))
}
