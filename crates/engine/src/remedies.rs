//! The edits that close findings: each finding gets one, made of what closes its sites.

use crate::analyse::AnalysisOutput;
use assay_checks::{Check, Examined, Remediable, Wanted, remedy};
use assay_finding::{Edit, Place, StepKind};
use assay_text::{FileId, Files, SourceFile, Span};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Sites of one finding for which edits are made; what is left open by the rest is seen in the next review.
const MAX_SITES: usize = 20;

/// An open site, as an edit needs to know it.
pub(crate) struct Open {
    check: &'static Check,
    api: String,
    reason: String,
    span: Span,
    source: Option<Place>,
    wanted: Option<Wanted>,
}

impl Open {
    /// What an edit needs to know of an examined place, where its check knows any edit.
    pub(crate) fn of(one: &mut Examined) -> Option<Self> {
        let explanation = one.explanation.as_mut()?;
        if one.check.fixes.is_empty() {
            return None;
        }
        let first = explanation.trace.first().filter(|step| step.kind == StepKind::Source);
        Some(Self {
            check: one.check,
            api: one.api.clone(),
            reason: one.reason.detail.clone(),
            span: one.span,
            source: first.map(|step| step.place.clone()),
            wanted: explanation.wanted.take(),
        })
    }
}

/// The open sites by their findings.
#[derive(Default)]
pub(crate) struct Remedies {
    sites: BTreeMap<usize, Vec<(FileId, Open)>>,
}

impl Remedies {
    /// Adds the site that was just put into `output`.
    pub(crate) fn add(&mut self, output: &AnalysisOutput, finding: Option<usize>, open: Option<Open>) {
        if let (Some(finding), Some(open), Some(site)) = (finding, open, output.sites.last()) {
            let list = self.sites.entry(finding).or_default();
            if list.len() < MAX_SITES || output.findings[finding].place.span == open.span {
                list.push((site.place.file, open));
            }
        }
    }

    /// Every place that an edit looks at, with its file.
    pub(crate) fn places_mut(&mut self) -> impl Iterator<Item = (FileId, &mut Span)> {
        self.sites.values_mut().flatten().flat_map(|(file, open)| {
            let file = *file;
            let source = open.source.iter_mut().map(|place| (place.file, &mut place.span));
            let wanted = open.wanted.iter_mut();
            let wanted = wanted.flat_map(|wanted| std::iter::once(&mut wanted.span).chain(&mut wanted.value));
            source.chain(std::iter::once(&mut open.span).chain(wanted).map(move |span| (file, span)))
        })
    }

    /// Makes the edits of the files that count. Runs where front ends may run, since it parses.
    pub(crate) fn apply(&self, files: &Files, output: &mut AnalysisOutput, counts: impl Fn(FileId) -> bool) {
        let by_file = self.sites.keys().map(|at| (output.findings[*at].place.file, *at));
        let mut by_file: Vec<(FileId, usize)> = by_file.filter(|(file, _)| counts(*file)).collect();
        by_file.sort_unstable();
        for group in by_file.chunk_by(|a, b| a.0 == b.0) {
            let file = group[0].0;
            for (_, at) in group {
                output.findings[*at].fix = None;
            }
            let source: &SourceFile = files.get(file);
            let layout = assay_languages::frontend_for(source.language).and_then(|frontend| frontend.layout());
            let read = || layout.and_then(|layout| layout.read(&source.text));
            // A parser that fails costs the edits of the file.
            let Ok(Some(sheet)) = catch_unwind(AssertUnwindSafe(read)) else { continue };
            for (_, at) in group {
                let finding = &mut output.findings[*at];
                let mut sites: Vec<&Open> =
                    self.sites[at].iter().filter(|(other, _)| *other == file).map(|(_, open)| open).collect();
                // That of the finding's own place leads.
                sites.sort_by_key(|open| (open.span != finding.place.span, open.span));
                let mut edits = sites.iter().map(|open| {
                    let place = Place { span: open.span, ..finding.place.clone() };
                    let site = Remediable {
                        check: open.check,
                        api: &open.api,
                        reason: &open.reason,
                        place: &place,
                        source: open.source.as_ref(),
                        wanted: open.wanted.as_ref(),
                    };
                    remedy(&site, &*sheet)
                });
                let Some(mut edit) = edits.next().flatten() else { continue };
                for other in edits.flatten() {
                    join(&mut edit, other);
                }
                finding.fix = Some(edit);
            }
        }
    }
}

/// Adds the replacements of another edit that touch none of the first's.
fn join(edit: &mut Edit, other: Edit) {
    let touches = |a: Span, b: Span| a.start == b.start || (a.start < b.end && b.start < a.end);
    let fresh: Vec<_> = other.replacements.into_iter().filter(|one| !edit.replacements.contains(one)).collect();
    let clash = fresh.iter().any(|new| edit.replacements.iter().any(|old| touches(old.place.span, new.place.span)));
    if !clash {
        edit.safety = edit.safety.max(other.safety);
        edit.replacements.extend(fresh);
    }
}
