//! What is said above an entry point: how the outside calls it, what guards it and what it reaches.

use crate::report::Report;
use assay_finding::{EffectKind, EntryPoint};
use assay_text::FileId;
use lsp_types::{CodeLens, Command, Range};
use std::collections::BTreeSet;

/// Guards that are named.
const MAX_NAMED: usize = 3;

/// The lenses of a file, from the top. Tests have none.
pub(crate) fn lenses(report: &Report, file: FileId) -> Vec<CodeLens> {
    let measured = report.measured(file);
    let mut out: Vec<CodeLens> = Vec::new();
    for entry in report.review.surface.iter().filter(|entry| entry.place.file == file && !entry.in_test) {
        let start = measured.range(entry.place.span).start;
        let range = Range::new(start, start);
        // An editor shows the title alone; there is nothing to run.
        let command = Command { title: title(entry), command: String::new(), arguments: None };
        out.push(CodeLens { range, command: Some(command), data: None });
    }
    out.sort_by(|a, b| {
        let key = |lens: &CodeLens| (lens.range.start, lens.command.as_ref().map(|command| command.title.clone()));
        key(a).cmp(&key(b))
    });
    out.dedup();
    out
}

fn title(entry: &EntryPoint) -> String {
    let mut what = match entry.methods.as_slice() {
        [] => entry.channel.title(1).to_owned(),
        methods => methods.join(", "),
    };
    if let Some(path) = &entry.path {
        what.push(' ');
        what.push_str(path);
    }
    let guards: BTreeSet<&str> = entry.guards.iter().map(|guard| guard.name.as_str()).collect();
    let named: Vec<&str> = guards.iter().copied().take(MAX_NAMED).collect();
    let guards = match guards.len() {
        0 => "no guard seen".to_owned(),
        n if n > MAX_NAMED => format!("guarded by {} and {} more", named.join(", "), n - MAX_NAMED),
        _ => format!("guarded by {}", named.join(", ")),
    };
    let reached = |kind: &EffectKind| entry.effects.iter().any(|effect| effect.kind == *kind);
    let reach: Vec<&str> = EffectKind::ALL.iter().filter(|kind| reached(kind)).map(|kind| kind.id()).collect();
    let reach = if reach.is_empty() { String::new() } else { format!(" · reaches {}", reach.join(", ")) };
    format!("{what} · {guards}{reach}")
}
