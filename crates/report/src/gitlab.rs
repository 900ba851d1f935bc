//! GitLab's reports: security findings (its SAST report, version 15) and code quality.
//!
//! The shapes are those of GitLab's documentation of the security report schemas and of custom code-quality tools;
//! `tests/it/schema` holds them as schemas. Suppressed findings are in neither report, findings in test code when
//! asked for; with a baseline only what is new or reappeared. What could not be analysed is a message of the scan,
//! and makes it fail.

use crate::account::Account;
use crate::escape::{self, JsonLines};
use crate::layout::count;
use crate::{Options, snippet};
use assay_finding::{Finding, Review, Severity};
use serde::Serialize;
use std::fmt::Write as _;
use std::io;

/// The version of the report's schema.
const VERSION: &str = "15.0.7";
/// What the schema allows of names, descriptions and solutions.
const MAX_NAME: usize = 255;
const MAX_DESCRIPTION: usize = 100_000;
const MAX_SOLUTION: usize = 7_000;
/// Findings in a report: the host takes no more at once.
const MAX_FINDINGS: usize = 5_000;
/// Steps of one path.
const MAX_STEPS: usize = 100;
/// Messages on gaps.
const MAX_MESSAGES: usize = 100;

pub(crate) fn render_sast(review: &Review, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let account = Account::new(review);
    let findings = chosen(&account, options);
    let tool = Tool { id: "assay", name: "Assay", version: &review.version, vendor: Vendor { name: "Assay" } };
    let time = format!("{}T00:00:00", options.date.as_deref().unwrap_or("1970-01-01"));
    let mut messages: Vec<Message> = review
        .gaps
        .iter()
        .filter(|gap| gap.incomplete)
        .take(MAX_MESSAGES)
        .map(|gap| Message { level: "warn", value: format!("{}: not analysed: {}", gap.path, gap.message) })
        .collect();
    if findings.len() > MAX_FINDINGS {
        let left = count(findings.len() - MAX_FINDINGS, "finding");
        messages.push(Message { level: "warn", value: format!("{left}, the least severe, left out of this report") });
    }
    let report = Report {
        version: VERSION,
        scan: Scan {
            analyzer: &tool,
            scanner: &tool,
            start_time: &time,
            end_time: &time,
            status: if review.is_complete() { "success" } else { "failure" },
            kind: "sast",
            messages,
        },
        vulnerabilities: findings.iter().take(MAX_FINDINGS).map(|(_, f)| Vulnerability::new(&account, f)).collect(),
    };
    write_json(&report, out)
}

pub(crate) fn render_code_quality(review: &Review, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let account = Account::new(review);
    let issues: Vec<Issue<'_>> = chosen(&account, options)
        .into_iter()
        .take(MAX_FINDINGS)
        .map(|(_, finding)| {
            let file = account.file(&finding.place);
            Issue {
                kind: "issue",
                description: escape::clip(&finding.title, MAX_NAME).into_owned(),
                check_name: &finding.check,
                content: Content { body: markdown(&account, finding) },
                categories: ["Security"],
                fingerprint: &finding.fingerprint.0,
                severity: match finding.severity {
                    Severity::Critical => "blocker",
                    Severity::High => "critical",
                    Severity::Medium => "major",
                    Severity::Low => "minor",
                    Severity::Info => "info",
                },
                location: IssueLocation {
                    path: file.path.to_string(),
                    lines: Lines {
                        begin: file.line_column(finding.place.span.start).line,
                        end: file.line_column(finding.place.span.end).line,
                    },
                },
            }
        })
        .collect();
    write_json(&issues, out)
}

fn chosen<'a>(account: &Account<'a>, options: &Options) -> Vec<(usize, &'a Finding)> {
    let mut findings = account.open();
    if options.include_tests {
        findings.extend(account.in_test());
    }
    findings
}

fn write_json(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, JsonLines::new(2)))?;
    out.write_all(b"\n")
}

/// What is to be known of a finding, in Markdown.
fn markdown(account: &Account<'_>, finding: &Finding) -> String {
    let mut text = escape::markdown(&finding.message);
    if finding.trace.len() > 1 {
        text.push_str("\n\nPath of the data:\n\n");
        for (at, step) in finding.trace.iter().take(MAX_STEPS).enumerate() {
            let file = account.file(&step.place);
            let place = format!("{}:{}", file.path, file.line_column(step.place.span.start).line);
            let code = snippet::one_line(file, step.place.span, 110);
            let _ = writeln!(
                text,
                "{}. {} ({}): {}: {}",
                at + 1,
                escape::markdown_code(&place),
                step.kind.id(),
                escape::markdown_code(&code),
                escape::markdown(&step.message)
            );
        }
        if finding.trace.len() > MAX_STEPS {
            let _ = writeln!(text, "\nand {}.", count(finding.trace.len() - MAX_STEPS, "more step"));
        }
    }
    for (label, items) in
        [("Reached by", &finding.reach), ("Assumed", &finding.assumptions), ("A false alarm if", &finding.false_if)]
    {
        if !items.is_empty() {
            let items: Vec<String> = items.iter().map(|item| escape::markdown(item)).collect();
            let _ = write!(text, "\n\n{label}: {}", items.join("; "));
        }
    }
    escape::clip(&text, MAX_DESCRIPTION).into_owned()
}

#[derive(Serialize)]
struct Report<'a> {
    version: &'static str,
    scan: Scan<'a>,
    vulnerabilities: Vec<Vulnerability<'a>>,
}

#[derive(Serialize)]
struct Scan<'a> {
    analyzer: &'a Tool<'a>,
    scanner: &'a Tool<'a>,
    start_time: &'a str,
    end_time: &'a str,
    status: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    messages: Vec<Message>,
}

#[derive(Serialize)]
struct Tool<'a> {
    id: &'static str,
    name: &'static str,
    version: &'a str,
    vendor: Vendor,
}

#[derive(Serialize)]
struct Vendor {
    name: &'static str,
}

#[derive(Serialize)]
struct Message {
    level: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Vulnerability<'a> {
    id: String,
    name: String,
    description: String,
    severity: &'static str,
    solution: String,
    identifiers: Vec<Identifier>,
    location: Location<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link>,
    tracking: Tracking<'a>,
}

#[derive(Serialize)]
struct Identifier {
    #[serde(rename = "type")]
    kind: &'static str,
    name: String,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Location<'a> {
    file: String,
    start_line: u32,
    end_line: u32,
    #[serde(skip_serializing_if = "str::is_empty")]
    method: &'a str,
}

#[derive(Serialize)]
struct Link {
    name: String,
    url: String,
}

/// What the host knows a vulnerability by when lines move.
#[derive(Serialize)]
struct Tracking<'a> {
    #[serde(rename = "type")]
    tracking_type: &'static str,
    items: [TrackingItem<'a>; 1],
}

#[derive(Serialize)]
struct TrackingItem<'a> {
    file: String,
    start_line: u32,
    end_line: u32,
    signatures: [Signature<'a>; 1],
}

#[derive(Serialize)]
struct Signature<'a> {
    algorithm: &'static str,
    value: &'a str,
}

impl<'a> Vulnerability<'a> {
    fn new(account: &Account<'a>, finding: &'a Finding) -> Self {
        let file = account.file(&finding.place);
        let path = file.path.to_string();
        let start_line = file.line_column(finding.place.span.start).line;
        let end_line = file.line_column(finding.place.span.end).line;
        // The first identifier names the rule; the host groups by it.
        let mut identifiers = vec![Identifier {
            kind: "assay",
            name: format!("Assay {}", finding.check),
            value: finding.check.clone(),
            url: None,
        }];
        identifiers.extend(finding.cwe.iter().map(|number| Identifier {
            kind: "cwe",
            name: format!("CWE-{number}"),
            value: number.to_string(),
            url: Some(cwe(*number)),
        }));
        if let Some(check) = account.check(&finding.check).filter(|check| !check.owasp.is_empty()) {
            identifiers.push(Identifier {
                kind: "owasp",
                name: format!("OWASP {}", check.owasp),
                value: check.owasp.clone(),
                url: None,
            });
        }
        let links = finding.cwe.iter().take(1).map(|number| Link { name: format!("CWE-{number}"), url: cwe(*number) });
        Self {
            id: uuid(&finding.fingerprint.0),
            name: escape::clip(&finding.title, MAX_NAME - 1).into_owned(),
            description: markdown(account, finding),
            severity: match finding.severity {
                Severity::Critical => "Critical",
                Severity::High => "High",
                Severity::Medium => "Medium",
                Severity::Low => "Low",
                Severity::Info => "Info",
            },
            solution: escape::clip(&finding.solution, MAX_SOLUTION - 1).into_owned(),
            identifiers,
            location: Location { file: path.clone(), start_line, end_line, method: &finding.place.function },
            links: links.collect(),
            tracking: Tracking {
                tracking_type: "source",
                items: [TrackingItem {
                    file: path,
                    start_line,
                    end_line,
                    signatures: [Signature { algorithm: "hash", value: &finding.fingerprint.0 }],
                }],
            },
        }
    }
}

fn cwe(number: u32) -> String {
    format!("https://cwe.mitre.org/data/definitions/{number}.html")
}

/// The fingerprint in the groups of a UUID.
fn uuid(print: &str) -> String {
    let cuts = [0, 8, 12, 16, 20, 32];
    let parts: Option<Vec<&str>> = cuts.windows(2).map(|cut| print.get(cut[0]..cut[1])).collect();
    parts.map_or_else(|| print.to_owned(), |parts| parts.join("-"))
}

#[derive(Serialize)]
struct Issue<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    description: String,
    check_name: &'a str,
    content: Content,
    categories: [&'static str; 1],
    fingerprint: &'a str,
    severity: &'static str,
    location: IssueLocation,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct IssueLocation {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}
