//! Everything that a review holds, for programs. `docs/json.md` is the contract of this file: a field that is
//! taken away or changes its meaning changes [`SCHEMA`]; a new field does not.

use crate::account::Account;
use crate::escape::{self, JsonLines};
use crate::surface;
use assay_finding::{Change, Edit, FileGap, Finding, Outcome, Place, Review, Safety, Site, Step, Suppression};
use assay_text::{FileId, Span};
use serde::Serialize;
use std::io;

/// The name and version of the schema.
pub const SCHEMA: &str = "assay-review/1";
/// The name and version of the schema of a ledger alone.
const LEDGER_SCHEMA: &str = "assay-ledger/1";
/// Characters kept of the source text of a place.
const MAX_CODE: usize = 1000;

pub(crate) fn render(review: &Review, out: &mut dyn io::Write) -> io::Result<()> {
    let account = Account::new(review);
    let document = Document {
        schema: SCHEMA,
        tool: Tool::new(review),
        targets: &review.targets,
        threat: Threat { model: review.threat.id(), note: review.threat_note.as_deref() },
        complete: review.is_complete(),
        areas: review.areas.iter().map(Area::new).collect(),
        findings: review.findings.iter().enumerate().map(|(at, f)| JsonFinding::new(&account, at, f)).collect(),
        sites: review.sites.iter().map(|site| JsonSite::new(&account, site)).collect(),
        surface: surface::counts(review)
            .into_iter()
            .map(|(channel, entries, guarded)| SurfaceCount { kind: channel.id(), entries, guarded })
            .collect(),
        gaps: review.gaps.iter().map(|gap| Gap::new(review, gap)).collect(),
        checks: review.checks.iter().map(Check::new).collect(),
        files: review.files.iter().map(|(_, file)| File::new(file)).collect(),
        notes: &review.notes,
        comparison: review.comparison.as_ref().map(Comparison::new),
        counts: review.statistics.counts.iter().map(|(name, value)| Count { name, value: *value }).collect(),
    };
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, JsonLines::new(2));
    document.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    targets: &'a [String],
    threat: Threat<'a>,
    complete: bool,
    areas: Vec<Area>,
    findings: Vec<JsonFinding<'a>>,
    sites: Vec<JsonSite<'a>>,
    surface: Vec<SurfaceCount>,
    gaps: Vec<Gap<'a>>,
    checks: Vec<Check<'a>>,
    files: Vec<File<'a>>,
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<Comparison<'a>>,
    counts: Vec<Count<'a>>,
}

#[derive(Serialize)]
struct Comparison<'a> {
    baseline: &'a str,
    new: usize,
    reappeared: usize,
    unchanged: usize,
    fixed: &'a [assay_finding::FixedFinding],
    notes: &'a [String],
}

impl<'a> Comparison<'a> {
    fn new(comparison: &'a assay_finding::Comparison) -> Self {
        Self {
            baseline: &comparison.baseline,
            new: comparison.count(Change::New),
            reappeared: comparison.count(Change::Reappeared),
            unchanged: comparison.count(Change::Unchanged),
            fixed: &comparison.fixed,
            notes: &comparison.notes,
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

impl<'a> Tool<'a> {
    pub(crate) fn new(review: &'a Review) -> Self {
        Self { name: "assay", version: &review.version }
    }
}

#[derive(Serialize)]
struct Threat<'a> {
    model: &'static str,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct SurfaceCount {
    kind: &'static str,
    entries: usize,
    guarded: usize,
}

#[derive(Serialize)]
struct Area {
    #[serde(rename = "area")]
    id: &'static str,
    title: &'static str,
    analysed: bool,
    verdict: &'static str,
    counts: OutcomeCounts,
    in_test: usize,
    suppressed: usize,
}

#[derive(Serialize)]
struct OutcomeCounts {
    defect: usize,
    potential: usize,
    not_observed: usize,
    safe: usize,
}

impl Area {
    fn new(area: &assay_finding::AreaVerdict) -> Self {
        let [defect, potential, not_observed, safe] = area.counts;
        Self {
            id: area.area.id(),
            title: area.area.title(),
            analysed: area.analysed,
            verdict: area.verdict.id(),
            counts: OutcomeCounts { defect, potential, not_observed, safe },
            in_test: area.in_test,
            suppressed: area.suppressed,
        }
    }
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
pub(crate) struct Location<'a> {
    path: &'a str,
    start: Position,
    end: Position,
    function: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

fn positions(review: &Review, file: FileId, span: Span) -> (Position, Position) {
    let file = review.files.get(file);
    let at = |offset| {
        let at = file.line_column(offset);
        Position { line: at.line, column: at.column }
    };
    (at(span.start), at(span.end))
}

impl<'a> Location<'a> {
    pub(crate) fn new(review: &'a Review, place: &'a Place) -> Self {
        let (start, end) = positions(review, place.file, place.span);
        Self { path: &review.files.get(place.file).path, start, end, function: &place.function, code: None }
    }

    fn with_code(review: &'a Review, place: &'a Place) -> Self {
        let code = review.files.get(place.file).slice(place.span);
        Self { code: Some(escape::clip(code, MAX_CODE).into_owned()), ..Self::new(review, place) }
    }
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    check: &'a str,
    area: Option<&'static str>,
    title: &'a str,
    message: &'a str,
    outcome: Outcome,
    severity: &'static str,
    confidence: &'static str,
    cwe: &'a [u32],
    place: Location<'a>,
    others: Vec<Location<'a>>,
    trace: Vec<JsonStep<'a>>,
    assumptions: &'a [String],
    reach: &'a [String],
    false_if: &'a [String],
    solution: &'a str,
    fix: Option<Fix<'a>>,
    fingerprint: &'a str,
    in_test: bool,
    suppressed: Option<&'a Suppression>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'static str>,
}

impl<'a> JsonFinding<'a> {
    fn new(account: &Account<'a>, at: usize, finding: &'a Finding) -> Self {
        let review = account.review;
        Self {
            check: &finding.check,
            area: account.area(&finding.check).map(assay_finding::Area::id),
            title: &finding.title,
            message: &finding.message,
            outcome: account.outcome(at),
            severity: finding.severity.id(),
            confidence: finding.confidence.id(),
            cwe: &finding.cwe,
            place: Location::with_code(review, &finding.place),
            others: account.others(at).iter().map(|place| Location::with_code(review, place)).collect(),
            trace: finding.trace.iter().map(|step| JsonStep::new(review, step)).collect(),
            assumptions: &finding.assumptions,
            reach: &finding.reach,
            false_if: &finding.false_if,
            solution: &finding.solution,
            fix: finding.fix.as_ref().map(|fix| Fix::new(review, fix)),
            fingerprint: &finding.fingerprint.0,
            in_test: finding.in_test,
            suppressed: finding.suppressed.as_ref(),
            change: review.change(at).map(Change::id),
        }
    }
}

#[derive(Serialize)]
struct JsonStep<'a> {
    kind: &'static str,
    message: &'a str,
    place: Location<'a>,
}

impl<'a> JsonStep<'a> {
    fn new(review: &'a Review, step: &'a Step) -> Self {
        Self { kind: step.kind.id(), message: &step.message, place: Location::with_code(review, &step.place) }
    }
}

#[derive(Serialize)]
struct Fix<'a> {
    message: &'a str,
    safety: Safety,
    replacements: Vec<JsonReplacement<'a>>,
}

#[derive(Serialize)]
struct JsonReplacement<'a> {
    place: Location<'a>,
    text: &'a str,
}

impl<'a> Fix<'a> {
    fn new(review: &'a Review, fix: &'a Edit) -> Self {
        let replacements = fix.replacements.iter();
        let replacements = replacements
            .map(|one| JsonReplacement { place: Location::new(review, &one.place), text: &one.text })
            .collect();
        Self { message: &fix.message, safety: fix.safety, replacements }
    }
}

#[derive(Serialize)]
struct JsonSite<'a> {
    check: &'a str,
    area: Option<&'static str>,
    noun: &'a str,
    api: &'a str,
    place: Location<'a>,
    outcome: Outcome,
    reason: &'a assay_finding::Reason,
    finding: Option<usize>,
    in_test: bool,
    suppressed: bool,
}

impl<'a> JsonSite<'a> {
    fn new(account: &Account<'a>, site: &'a Site) -> Self {
        Self {
            check: &site.check,
            area: account.area(&site.check).map(assay_finding::Area::id),
            noun: &site.noun,
            api: &site.api,
            place: Location::new(account.review, &site.place),
            outcome: site.outcome,
            reason: &site.reason,
            finding: site.finding,
            in_test: site.in_test,
            suppressed: site.suppressed,
        }
    }
}

#[derive(Serialize)]
struct Gap<'a> {
    path: &'a str,
    start: Option<Position>,
    end: Option<Position>,
    code: &'a str,
    message: &'a str,
    incomplete: bool,
}

impl<'a> Gap<'a> {
    fn new(review: &Review, gap: &'a FileGap) -> Self {
        let (start, end) = match (gap.file, gap.span) {
            (Some(file), Some(span)) => {
                let (start, end) = positions(review, file, span);
                (Some(start), Some(end))
            }
            _ => (None, None),
        };
        Self { path: &gap.path, start, end, code: &gap.code, message: &gap.message, incomplete: gap.incomplete }
    }
}

#[derive(Serialize)]
struct Check<'a> {
    id: &'a str,
    title: &'a str,
    area: &'static str,
    cwe: &'a [u32],
    owasp: &'a str,
    asvs: Option<&'a str>,
    severity: &'static str,
    languages: &'a [String],
    summary: &'a str,
}

impl<'a> Check<'a> {
    fn new(check: &'a assay_finding::CheckInfo) -> Self {
        Self {
            id: &check.id,
            title: &check.title,
            area: check.area.id(),
            cwe: &check.cwe,
            owasp: &check.owasp,
            asvs: check.asvs.as_deref(),
            severity: check.severity.id(),
            languages: &check.languages,
            summary: &check.summary,
        }
    }
}

#[derive(Serialize)]
struct File<'a> {
    path: &'a str,
    language: &'static str,
    role: &'static str,
    lines: u32,
    requested: bool,
}

impl<'a> File<'a> {
    fn new(file: &'a assay_text::SourceFile) -> Self {
        Self {
            path: &file.path,
            language: file.language.name(),
            role: file.role.name(),
            lines: file.line_count(),
            requested: file.requested,
        }
    }
}

#[derive(Serialize)]
struct Count<'a> {
    name: &'a str,
    value: u64,
}

/// The ledger: the same records as those of a whole review.
#[derive(Serialize)]
pub(crate) struct Ledger<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    sites: Vec<JsonSite<'a>>,
    gaps: Vec<Gap<'a>>,
}

impl<'a> Ledger<'a> {
    pub(crate) fn new(account: &Account<'a>, sites: &[&'a Site], gaps: &[&'a FileGap]) -> Self {
        Self {
            schema: LEDGER_SCHEMA,
            tool: Tool::new(account.review),
            sites: sites.iter().map(|site| JsonSite::new(account, site)).collect(),
            gaps: gaps.iter().map(|gap| Gap::new(account.review, gap)).collect(),
        }
    }
}
