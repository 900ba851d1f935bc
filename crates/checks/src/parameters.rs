//! What comes in from outside, and what checks it before it is used.
//!
//! Each place where remote data comes in is a site: a parameter of an entry point, or a part of a request that is read. It is
//! *checked* when something on the way to a place that can do harm took the harm away. What gets to such a place unchecked is
//! reported there, and is no site here.

use crate::flows::FlowInput;
use crate::trace_text::TraceText;
use crate::{Examined, SourceSet, check};
use assay_finding::Outcome;
use assay_index::{FxHashMap, Idx};
use assay_models::{SinkKind, SourceKind};
use assay_taint::{BlockedBy, SourceId};

/// What all codes of reasons begin with.
pub(crate) const CODES: &str = "input-";
/// What one place is called.
pub(crate) const NOUN: &str = "untrusted input";

/// What becomes of data.
#[derive(Clone, Default)]
struct Fate {
    /// It gets where it can do harm.
    open: bool,
    /// So it may, on a way that rests on too much.
    uncertain: bool,
    /// The strongest thing that takes harm away: its rank, the code of the reason, and what it is.
    checked: Option<(u8, &'static str, String)>,
}

impl Fate {
    fn check(&mut self, rank: u8, code: &'static str, by: impl FnOnce() -> String) {
        if self.checked.as_ref().is_none_or(|(known, ..)| *known > rank) {
            self.checked = Some((rank, code, by()));
        }
    }
}

/// Every place where remote data comes in and gets nowhere unchecked.
pub fn examine_parameters(input: &FlowInput<'_>) -> Vec<Examined> {
    let mut out = Vec::new();
    let Some(check) = check("flawed-validation") else { return out };
    let text = TraceText::new(input.resolution, input.texts);
    let mut fates: FxHashMap<SourceId, Fate> = FxHashMap::default();
    for (id, site) in input.analysis.sites.iter_enumerated() {
        for flow in input.analysis.flows.get(&id).map_or(&[][..], Vec::as_slice) {
            let fate = fates.entry(flow.source).or_default();
            if site.kind == SinkKind::InputError {
                fate.check(2, "input-converted", || text.code(site.function, site.call));
            } else if input.counts(site, flow, SourceSet::Untrusted) {
                fate.open = true;
            } else {
                fate.uncertain |= flow.flags.assumptions() > 0;
            }
        }
        for blocked in &site.blocked {
            let fate = fates.entry(blocked.source).or_default();
            match blocked.by {
                BlockedBy::Validator(f, value) => fate.check(0, "input-validated", || text.code(f, value)),
                BlockedBy::Sanitiser(api) => {
                    fate.check(1, "input-sanitised", || input.resolution.api_name(api).to_owned());
                }
                BlockedBy::Position => {
                    fate.check(3, "input-in-harmless-position", || text.code(site.function, site.call));
                }
            }
        }
    }
    let mut sources: Vec<(SourceId, assay_taint::Source)> = input
        .analysis
        .sources()
        .filter(|(_, s)| s.kind == Some(SourceKind::Remote) && !input.resolution.program.module_of(s.function).test)
        .collect();
    sources.sort_by_key(|(_, s)| (s.function.index(), s.value.index()));
    for (id, source) in sources {
        let fate = fates.remove(&id).unwrap_or_default();
        if fate.open || input.resolution.program.module_of(source.function).template {
            continue;
        }
        let span = input.resolution.program.function(source.function).insts[source.value].span;
        let name = text.code(source.function, source.value);
        let (outcome, code, detail) = match fate.checked {
            Some((_, code, by)) => (Outcome::Safe, code, format!("`{by}`")),
            None if fate.uncertain => {
                (Outcome::NotObserved, "input-way-uncertain", "its way rests on too much that is assumed".to_owned())
            }
            None => (Outcome::Safe, "input-reaches-nothing", "it gets to no place that can do harm".to_owned()),
        };
        out.push(Examined::closed(check, source.function, span, &name, outcome, code, detail));
    }
    out
}
