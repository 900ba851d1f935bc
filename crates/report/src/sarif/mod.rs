//! A review as SARIF 2.1.0.
//!
//! One run, one rule for each check that ran, one result for each finding, the path of the data as a code flow.
//! Suppressed findings are results with a suppression; findings in test code are left out
//! unless asked for. Weakness numbers stand in the tags of rules and in the taxonomy, nowhere else. What could
//! not be analysed is a notification, and the execution counts as successful only when every
//! first-party file was analysed.

pub mod limits;
mod model;

use crate::Options;
use crate::account::{self, Account};
use crate::escape::{self, JsonLines};
use crate::layout::{capital, count};
use assay_finding::{
    Change, CheckInfo, Confidence, Finding, Fingerprint, FixedFinding, Place, Review, Severity, StepKind, Verdict,
};
use assay_text::{FileId, Span};
use model::{
    AreaProperties, Artifact, ArtifactChange, ArtifactLocation, ArtifactProperties, BaseUri, CodeFlow, Component,
    Configuration, Content, Descriptor, Driver, Fix, FlowLocation, Invocation, Location, Log, LogicalLocation, Message,
    Notice, Notification, PhysicalLocation, Region, Relationship, Replacement, ResultProperties, Rule, RuleProperties,
    Run, RunProperties, SarifResult, Suppression, Taxon, Taxonomy, ThreadFlow, Tool, ToolReference,
};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name under which hosts know the root of the reviewed tree.
const ROOT: &str = "%SRCROOT%";
/// Values nested at most this deep stand on lines of their own: one line for each result.
const LINE_DEPTH: usize = 4;
/// Bytes kept free for the line ends and indentation between results and for the closing brackets.
const RESERVE: usize = 100_000;

pub(crate) fn render(review: &Review, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let sarif = Sarif::new(review, options);
    let chosen = sarif.choose()?;
    let log = sarif.log(&chosen)?;
    write_json(&log, LINE_DEPTH, out)?;
    out.write_all(b"\n")
}

fn write_json(value: &impl Serialize, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, JsonLines::new(depth)))?;
    Ok(())
}

/// The bytes that `value` takes.
fn size(value: &impl Serialize, depth: usize) -> io::Result<usize> {
    struct Counter(usize);
    impl Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    write_json(value, depth, &mut counter)?;
    Ok(counter.0)
}

/// What fits.
struct Chosen {
    /// The results in the order of the review.
    results: Vec<SarifResult>,
    /// Findings for which there was no room.
    left_out: usize,
    /// Results whose path was left out.
    shortened: usize,
}

struct Sarif<'a> {
    account: Account<'a>,
    /// The findings to show, by their index.
    findings: Vec<usize>,
    /// The checks that have a rule, in the order of the rules.
    checks: Vec<&'a CheckInfo>,
    rules: BTreeMap<&'a str, usize>,
    artifacts: BTreeMap<FileId, usize>,
    /// The numbers of the weaknesses, in order.
    cwe: Vec<u32>,
}

impl<'a> Sarif<'a> {
    fn new(review: &'a Review, options: &Options) -> Self {
        let findings: Vec<usize> =
            (0..review.findings.len()).filter(|at| options.include_tests || !review.findings[*at].in_test).collect();
        let used: BTreeSet<&str> = findings.iter().map(|at| review.findings[*at].check.as_str()).collect();
        // A rule with a result has its place before one without.
        let mut checks: Vec<&CheckInfo> = review.checks.iter().collect();
        let mut bytes = checks.iter().map(|check| rule_bytes(check)).sum::<usize>();
        if checks.len() > limits::MAX_RULES || bytes > limits::MAX_RULES_BYTES {
            checks.sort_by_key(|check| !used.contains(check.id.as_str()));
            checks.truncate(limits::MAX_RULES);
            bytes = 0;
            checks.retain(|check| {
                bytes += rule_bytes(check);
                bytes <= limits::MAX_RULES_BYTES
            });
        }
        let rules = checks.iter().enumerate().map(|(at, check)| (check.id.as_str(), at)).collect();
        let mut files = BTreeSet::new();
        let mut cwe: BTreeSet<u32> = checks.iter().flat_map(|check| check.cwe.iter().copied()).collect();
        for at in &findings {
            let finding = &review.findings[*at];
            cwe.extend(&finding.cwe);
            files.insert(finding.place.file);
            files.extend(finding.trace.iter().map(|step| step.place.file));
            files.extend(finding.fix.iter().flat_map(|fix| &fix.replacements).map(|one| one.place.file));
        }
        files.extend(review.sites.iter().filter(|s| s.finding.is_some()).map(|s| s.place.file));
        let mut bytes = 0;
        let artifacts = files
            .into_iter()
            .take_while(|file| {
                // Every byte of a path takes three at most, and the rest of the entry a hundred and some.
                bytes += review.files.get(*file).path.len() * 3 + 150;
                bytes <= limits::MAX_ARTIFACTS_BYTES
            })
            .enumerate()
            .map(|(at, file)| (file, at))
            .collect();
        Self { account: Account::new(review), findings, checks, rules, artifacts, cwe: cwe.into_iter().collect() }
    }

    fn review(&self) -> &'a Review {
        self.account.review
    }

    /// The findings that fit, the most severe first choice: room for a result of each is found before
    /// room for the paths.
    fn choose(&self) -> io::Result<Chosen> {
        let mut ranked = self.findings.clone();
        ranked.sort_by_key(|at| {
            let finding = &self.review().findings[*at];
            (
                finding.suppressed.is_some(),
                finding.in_test,
                Reverse(finding.severity),
                self.account.outcome(*at),
                Reverse(finding.confidence),
                *at,
            )
        });
        let frame = Chosen { results: Vec::new(), left_out: self.findings.len(), shortened: self.findings.len() };
        let mut room = limits::MAX_BYTES.saturating_sub(RESERVE).saturating_sub(size(&self.log(&frame)?, LINE_DEPTH)?);
        let mut lean = Vec::new();
        for at in ranked.iter().take(limits::MAX_RESULTS) {
            let bytes = size(&self.result(*at, false), 0)? + LINE_DEPTH + 2;
            if bytes > room {
                break;
            }
            room -= bytes;
            lean.push((*at, bytes));
        }
        let mut kept: BTreeMap<usize, bool> = BTreeMap::new();
        let mut shortened = 0;
        for (at, bytes) in lean {
            let more = (size(&self.result(at, true), 0)? + LINE_DEPTH + 2).saturating_sub(bytes);
            let full = more <= room;
            if full {
                room -= more;
            } else {
                shortened += 1;
            }
            kept.insert(at, full);
        }
        let left_out = self.findings.len() - kept.len();
        let results = kept.into_iter().map(|(at, full)| self.result(at, full)).collect();
        Ok(Chosen { results, left_out, shortened })
    }

    fn log<'r>(&self, chosen: &'r Chosen) -> io::Result<Log<'r>>
    where
        'a: 'r,
    {
        let review = self.review();
        let notices = self.notices(chosen)?;
        let kinds: BTreeSet<&str> = notices.iter().map(|n| n.descriptor.id.as_str()).collect();
        let notifications = kinds
            .into_iter()
            .map(|id| Notification {
                id: id.to_owned(),
                short_description: Message::text(capital(&account::words(id.rsplit('/').next().unwrap_or(id)))),
            })
            .collect();
        let driver = Driver {
            name: "Assay",
            version: review.version.clone(),
            supported_taxonomies: vec![ToolReference { name: "CWE", index: 0 }],
            notifications,
            rules: self.rules(),
        };
        let description = "The root of the reviewed tree";
        Ok(Log {
            schema: SCHEMA,
            version: "2.1.0",
            runs: [Run {
                tool: Tool { driver },
                invocations: [Invocation {
                    execution_successful: review.is_complete(),
                    tool_execution_notifications: notices,
                }],
                taxonomies: vec![self.taxonomy()],
                original_uri_base_ids: [(ROOT, BaseUri { description: Message::text(description) })].into(),
                column_kind: "unicodeCodePoints",
                newline_sequences: ["\r\n", "\n", "\r"],
                artifacts: self.artifacts(),
                properties: self.properties(),
                results: chosen.results.iter().collect(),
            }],
        })
    }

    fn taxonomy(&self) -> Taxonomy {
        let taxa = self.cwe.iter().map(|number| Taxon {
            id: format!("CWE-{number}"),
            help_uri: format!("https://cwe.mitre.org/data/definitions/{number}.html"),
        });
        Taxonomy {
            name: "CWE",
            organization: "MITRE",
            short_description: Message::text("Common Weakness Enumeration"),
            information_uri: "https://cwe.mitre.org/",
            is_comprehensive: false,
            taxa: taxa.collect(),
        }
    }

    fn taxon(&self, number: u32) -> Descriptor {
        Descriptor {
            id: format!("CWE-{number}"),
            index: self.cwe.binary_search(&number).ok(),
            tool_component: Some(Component { name: "CWE", index: 0 }),
        }
    }

    fn properties(&self) -> RunProperties<'a> {
        let review = self.review();
        let areas = review.areas.iter().map(|area| {
            let [defect, potential, not_observed, safe] = area.counts;
            let (area, verdict) = (area.area.id(), area.verdict.id());
            AreaProperties { area, verdict, defect, potential, not_observed, safe }
        });
        RunProperties {
            threat: review.threat.id(),
            complete: review.is_complete(),
            areas: areas.collect(),
            baseline: review.comparison.as_ref().map(|comparison| clip(&comparison.baseline, limits::MAX_DESCRIPTION)),
            fixed: self.fixed(),
        }
    }

    /// What has gone since the baseline, as far as there is room. It is no result: a host would show it as one.
    fn fixed(&self) -> Vec<&'a FixedFinding> {
        let mut bytes = 0;
        let fixed = self.review().comparison.iter().flat_map(|comparison| &comparison.fixed);
        fixed
            .take_while(|fixed| {
                bytes += (fixed.path.len() + fixed.title.len() + fixed.check.len()) * 2 + 250;
                bytes <= limits::MAX_FIXED_BYTES
            })
            .collect()
    }

    fn rules(&self) -> Vec<Rule> {
        let help: usize = self.checks.iter().map(|check| check.documentation.len() * 2).sum();
        let with_help = help <= limits::MAX_HELP_BYTES;
        self.checks.iter().map(|check| self.rule(check, with_help)).collect()
    }

    fn rule(&self, check: &CheckInfo, with_help: bool) -> Rule {
        let mut tags = vec!["security".to_owned(), check.area.id().to_owned()];
        let mut others = Vec::new();
        if !check.owasp.is_empty() {
            others.push(format!("external/owasp/{}", check.owasp.to_lowercase().replace(':', "-")));
        }
        if let Some(asvs) = &check.asvs {
            others.push(format!("external/asvs/{asvs}"));
        }
        let room = limits::MAX_TAGS - tags.len() - others.len();
        tags.extend(check.cwe.iter().take(room).map(|number| format!("external/cwe/cwe-{number:03}")));
        tags.append(&mut others);
        // The best confidence among the findings; a check without findings claims no less.
        let findings = self.findings.iter().map(|at| &self.review().findings[*at]).filter(|f| f.check == check.id);
        let precision = match findings.map(|f| f.confidence).max() {
            Some(Confidence::Low) => "low",
            Some(Confidence::Medium) => "medium",
            Some(Confidence::High) | None => "high",
        };
        let documentation = check.documentation.trim();
        let help = (with_help && !documentation.is_empty())
            .then(|| Message { text: documentation.to_owned(), markdown: Some(documentation.to_owned()) });
        let summary = if check.summary.is_empty() { &check.title } else { &check.summary };
        Rule {
            id: rule_id(&check.id),
            name: clip(&check.id.split(['-', '_']).map(capital).collect::<String>(), limits::MAX_NAME),
            short_description: Message::text(clip(&check.title, limits::MAX_DESCRIPTION)),
            full_description: Message::text(clip(summary, limits::MAX_DESCRIPTION)),
            help,
            default_configuration: Configuration { level: level(check.severity) },
            relationships: check
                .cwe
                .iter()
                .map(|number| Relationship { target: self.taxon(*number), kinds: ["superset"] })
                .collect(),
            properties: RuleProperties {
                tags,
                precision,
                problem_severity: match level(check.severity) {
                    "note" => "recommendation",
                    level => level,
                },
                security_severity: score(check.severity),
            },
        }
    }

    fn artifacts(&self) -> Vec<Artifact> {
        self.artifacts
            .keys()
            .map(|id| {
                let file = self.review().files.get(*id);
                Artifact {
                    location: location_of(&file.path, None),
                    source_language: file.language.name().to_lowercase(),
                    properties: ArtifactProperties { role: file.role.name() },
                }
            })
            .collect()
    }

    fn notices(&self, chosen: &Chosen) -> io::Result<Vec<Notice>> {
        let review = self.review();
        let mut notices = Vec::new();
        if chosen.left_out > 0 {
            let text = format!(
                "{} left out of this file, the least severe ones, because code-scanning hosts accept no more.",
                count(chosen.left_out, "finding"),
            );
            notices.push(notice("warning", "results-left-out", &text));
        }
        if chosen.shortened > 0 {
            let text = format!(
                "The path of the data was left out of {}, for the same reason.",
                count(chosen.shortened, "result")
            );
            notices.push(notice("warning", "paths-left-out", &text));
        }
        for area in self.account.with_verdict(Verdict::NotObserved) {
            let reason = if area.analysed {
                "too large a share of its sites could not be observed"
            } else {
                account::empty_area(area)
            };
            notices.push(notice(
                "note",
                "area-not-observed",
                &format!("{}: not observed: {reason}.", area.area.title()),
            ));
        }
        let mut gaps: Vec<_> = review.gaps.iter().collect();
        gaps.sort_by_key(|gap| !gap.incomplete);
        let (mut bytes, mut shown) = (0, 0);
        for gap in gaps.iter().take(limits::MAX_NOTIFICATIONS) {
            let level = if gap.incomplete { "error" } else { "warning" };
            let text = format!("{}: {}", gap.path, gap.message);
            let mut notice = notice(level, &format!("gap/{}", gap.code), &clip(&text, limits::MAX_DESCRIPTION));
            let region = gap.file.zip(gap.span).map(|(file, span)| self.region(file, span, false));
            notice.locations.push(Location {
                id: None,
                physical: PhysicalLocation {
                    artifact_location: location_of(&gap.path, gap.file.and_then(|f| self.artifacts.get(&f).copied())),
                    region,
                },
                logical: Vec::new(),
                message: None,
            });
            bytes += size(&notice, 0)?;
            if bytes > limits::MAX_NOTIFICATIONS_BYTES {
                break;
            }
            notices.push(notice);
            shown += 1;
        }
        if gaps.len() > shown {
            let more = count(gaps.len() - shown, "more gap");
            notices.push(notice(
                "warning",
                "gaps-left-out",
                &format!("{more} in the analysis; all are in the JSON format."),
            ));
        }
        Ok(notices)
    }

    fn region(&self, file: FileId, span: Span, snippet: bool) -> Region {
        let file = self.review().files.get(file);
        let (start, end) = (file.line_column(span.start), file.line_column(span.end));
        let code = file.slice(span);
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            snippet: (snippet && !code.is_empty()).then(|| Content { text: clip(code, limits::MAX_DESCRIPTION) }),
        }
    }

    fn physical(&self, place: &Place, snippet: bool) -> PhysicalLocation {
        let path = &self.review().files.get(place.file).path;
        PhysicalLocation {
            artifact_location: location_of(path, self.artifacts.get(&place.file).copied()),
            region: Some(self.region(place.file, place.span, snippet)),
        }
    }

    fn location(&self, place: &Place, message: Option<&str>, snippet: bool) -> Location {
        let function = &place.function;
        Location {
            id: None,
            physical: self.physical(place, snippet),
            logical: if function.is_empty() {
                Vec::new()
            } else {
                vec![LogicalLocation { fully_qualified_name: clip(function, limits::MAX_DESCRIPTION) }]
            },
            message: message.map(|text| Message::text(plain(text, limits::MAX_DESCRIPTION))),
        }
    }

    /// The result for a finding; `full` adds the path and the other places.
    fn result(&self, at: usize, full: bool) -> SarifResult {
        let finding = &self.review().findings[at];
        let severity = finding.severity;
        SarifResult {
            rule_id: rule_id(&finding.check),
            rule_index: self.rules.get(finding.check.as_str()).copied(),
            level: level(severity),
            rank: rank(severity),
            message: Message::text(message(finding)),
            locations: [self.location(&finding.place, None, true)],
            related_locations: if full { self.related(at, finding) } else { Vec::new() },
            code_flows: if full { self.flow(finding) } else { Vec::new() },
            partial_fingerprints: [(Fingerprint::SCHEME, finding.fingerprint.0.clone())].into(),
            suppressions: finding
                .suppressed
                .iter()
                .map(|suppression| Suppression {
                    kind: if suppression.kind.ends_with("comment") { "inSource" } else { "external" },
                    status: "accepted",
                    justification: clip(&suppression.reason, limits::MAX_DESCRIPTION),
                })
                .collect(),
            fixes: if full { self.fixes(finding) } else { Vec::new() },
            taxa: finding.cwe.iter().map(|number| self.taxon(*number)).collect(),
            properties: ResultProperties {
                outcome: self.account.outcome(at).id(),
                severity: severity.id(),
                confidence: finding.confidence.id(),
                in_test: finding.in_test,
                reappeared: self.review().change(at) == Some(Change::Reappeared),
            },
            baseline_state: self.review().change(at).map(|change| match change {
                Change::Unchanged => "unchanged",
                Change::New | Change::Reappeared => "new",
            }),
        }
    }

    /// Where the data comes in, and the other sites that the finding explains.
    fn related(&self, at: usize, finding: &Finding) -> Vec<Location> {
        let source = finding.trace.first().filter(|step| step.kind == StepKind::Source);
        let source = source.map(|step| self.location(&step.place, Some(&step.message), false));
        let sites =
            self.account.others(at).iter().map(|place| self.location(place, Some("the same defect, here"), false));
        let mut related: Vec<Location> = source.into_iter().chain(sites).take(limits::MAX_LOCATIONS - 1).collect();
        for (at, location) in related.iter_mut().enumerate() {
            location.id = Some(at + 1);
        }
        related
    }

    fn flow(&self, finding: &Finding) -> Vec<CodeFlow> {
        if finding.trace.len() < 2 {
            return Vec::new();
        }
        // Both ends of a path matter more than its middle.
        let (total, half) = (finding.trace.len(), limits::MAX_STEPS / 2);
        let steps = finding.trace.iter().enumerate();
        let steps = steps.filter(|(at, _)| total <= limits::MAX_STEPS || *at < half || *at >= total - half);
        let locations = steps
            .map(|(_, step)| FlowLocation {
                location: self.location(&step.place, Some(&step.message), true),
                kinds: kinds(step.kind),
                importance: match step.kind {
                    StepKind::Source | StepKind::Sink => "essential",
                    _ => "important",
                },
            })
            .collect();
        vec![CodeFlow { thread_flows: [ThreadFlow { locations }] }]
    }

    fn fixes(&self, finding: &Finding) -> Vec<Fix> {
        let fix = finding.fix.iter().map(|fix| {
            let replacements = fix.replacements.iter().map(|one| Replacement {
                deleted_region: self.region(one.place.file, one.place.span, false),
                // A cut edit would be a wrong one.
                inserted_content: Content { text: one.text.clone() },
            });
            let first = fix.replacements.first()?;
            let artifact_location = self.physical(&first.place, false).artifact_location;
            Some(Fix {
                description: Message::text(plain(&fix.message, limits::MAX_DESCRIPTION)),
                artifact_changes: [ArtifactChange { artifact_location, replacements: replacements.collect() }],
            })
        });
        fix.flatten().collect()
    }
}

/// The bytes that the rule of a check takes at most, its documentation apart.
fn rule_bytes(check: &CheckInfo) -> usize {
    let text = |text: &str, max: usize| text.len().min(max * 4) * 2;
    text(&check.id, limits::MAX_NAME) * 3
        + text(&check.title, limits::MAX_DESCRIPTION)
        + text(&check.summary, limits::MAX_DESCRIPTION)
        + check.cwe.len() * 120
        + 600
}

fn notice(level: &'static str, id: &str, text: &str) -> Notice {
    let descriptor = Descriptor { id: format!("assay/{id}"), index: None, tool_component: None };
    Notice { level, descriptor, message: Message::text(plain(text, limits::MAX_MESSAGE)), locations: Vec::new() }
}

fn location_of(path: &str, index: Option<usize>) -> ArtifactLocation {
    // An absolute path is below no root.
    let (uri, uri_base_id) = match path.strip_prefix('/') {
        Some(_) => (format!("file://{}", escape::uri(path)), None),
        None => (escape::uri(path), Some(ROOT)),
    };
    ArtifactLocation { uri, uri_base_id, index }
}

fn clip(text: &str, max: usize) -> String {
    escape::clip(text, max).into_owned()
}

fn rule_id(check: &str) -> String {
    clip(check, limits::MAX_NAME)
}

/// Plain text for a message, where brackets would open a link and a number in braces be replaced.
fn plain(text: &str, max: usize) -> String {
    let text = escape::clip(text, max);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        match c {
            '[' | ']' => out.extend(['\\', c]),
            '\\' if rest.starts_with(['[', ']', '\\']) => out.push_str("\\\\"),
            '{' if rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('}') && !rest.starts_with('}') => {
                out.push_str("{{");
            }
            '}' if is_placeholder(&text[..at]) => out.push_str("}}"),
            c if escape::is_hostile(c) && c != '\n' => escape::push_visible(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

/// Whether a closing brace after this text ends a number in braces.
fn is_placeholder(before: &str) -> bool {
    let head = before.trim_end_matches(|c: char| c.is_ascii_digit());
    head.len() < before.len() && head.ends_with('{')
}

fn message(finding: &Finding) -> String {
    let mut text = plain(finding.title.trim_end_matches('.'), limits::MAX_DESCRIPTION);
    text.push('.');
    let mut paragraph = |label: &str, body: &str| {
        if !body.is_empty() {
            text.push_str("\n\n");
            text.push_str(label);
            text.push_str(&plain(body, limits::MAX_DESCRIPTION));
        }
    };
    paragraph("", &finding.message);
    paragraph("Reached by: ", &finding.reach.join("; "));
    paragraph("Assumed: ", &finding.assumptions.join("; "));
    paragraph("A false alarm if: ", &finding.false_if.join("; "));
    paragraph("Solution: ", &finding.solution);
    text
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The number from which hosts read the severity, in the bands of CVSS.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.1",
    }
}

/// Ten times the score: the scale on which the standard ranks results.
fn rank(severity: Severity) -> f32 {
    match severity {
        Severity::Critical => 95.0,
        Severity::High => 80.0,
        Severity::Medium => 55.0,
        Severity::Low => 25.0,
        Severity::Info => 1.0,
    }
}

fn kinds(kind: StepKind) -> &'static [&'static str] {
    match kind {
        StepKind::Source => &["acquire", "taint"],
        StepKind::Assignment => &["value", "taint"],
        StepKind::Call | StepKind::Library => &["call", "function", "taint"],
        StepKind::Parameter => &["enter", "function", "taint"],
        StepKind::Return => &["return", "function", "taint"],
        StepKind::Stored | StepKind::Loaded => &["memory", "taint"],
        StepKind::Sink => &["danger", "taint"],
    }
}
