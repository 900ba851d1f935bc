//! A review made by hand, with everything that makes a report difficult.

use assay_finding::{
    Area, AreaVerdict, Channel, CheckInfo, Confidence, Edit, EffectKind, EntryEffect, EntryGuard, EntryInput,
    EntryPoint, FileGap, Finding, Fingerprint, GuardKind, InputVia, Outcome, Place, Reason, Replacement, Review,
    Safety, Severity, Site, Statistics, Step, StepKind, Suppression, Threat,
};
use assay_index::Idx;
use assay_text::{FileId, Files, Language, Role, SourceFile, Span};

const API: &str = "\
import db

def show(request):
    name = request.args['name']
    row = db.find(name)  # \u{202e}nosec\u{202c}
    return row

def ping(request):
    os.system('ping ' + request.args['host'])
";

const DB: &str = "\
def find(name):
\tquery = \"SELECT * FROM 網路 WHERE name = '\" + name + \"'\"
\tcursor.execute(
\t\tquery,
\t)
\treturn cursor.execute('SELECT 1')

LOGO = '\u{1b}[2J\u{1b}[31m' + `x`  # <script>alert(1)</script> ```
";

const TEST: &str = "def test():\n    pickle.loads(data)\n";

/// The place of the `nth` occurrence of `needle`.
pub(crate) fn place(files: &Files, path: &str, needle: &str, nth: usize, function: &str) -> Place {
    let file = files.by_path(path).expect("a file of the fixture");
    let (start, _) = files.get(file).text.match_indices(needle).nth(nth).expect("code of the fixture");
    Place { file, span: Span::new(start as u32, (start + needle.len()) as u32), function: function.into() }
}

pub(crate) fn check_info(id: &str, title: &str, area: Area, cwe: &[u32], severity: Severity) -> CheckInfo {
    CheckInfo {
        id: id.into(),
        title: title.into(),
        area,
        cwe: cwe.to_vec(),
        owasp: "A05:2025".into(),
        asvs: Some("1.2.4".into()),
        severity,
        languages: vec!["python".into()],
        summary: format!("{title}: what an attacker sends becomes code."),
        documentation: format!("# {title}\n\nSee also CWE-20 and `CWE: 9999`.\n"),
    }
}

pub(crate) fn site(check: &str, noun: &str, api: &str, place: Place, outcome: Outcome, reason: (&str, &str)) -> Site {
    Site {
        check: check.into(),
        noun: noun.into(),
        api: api.into(),
        place,
        outcome,
        reason: Reason { code: reason.0.into(), detail: reason.1.into() },
        finding: None,
        in_test: false,
        suppressed: false,
    }
}

pub(crate) fn finding(check: &str, title: &str, place: Place, severity: Severity) -> Finding {
    Finding {
        check: check.into(),
        title: title.into(),
        message: "What the client sends is run.".into(),
        severity,
        confidence: Confidence::High,
        cwe: vec![78],
        trace: vec![Step { kind: StepKind::Sink, place: place.clone(), message: "is run".into() }],
        place,
        assumptions: vec![],
        reach: vec![],
        false_if: vec![],
        solution: "Pass a list of arguments.".into(),
        fix: None,
        fingerprint: Fingerprint("00000000000000000000000000000000".into()),
        in_test: false,
        suppressed: None,
    }
}

fn files() -> Files {
    let long = format!("x = [{}, evil, {}]\n", "1, ".repeat(500), "2, ".repeat(500));
    Files::new(vec![
        SourceFile::new("app/api.py", Language::Python, Role::FirstParty, API),
        SourceFile::new("app/db store/da:ta.py", Language::Python, Role::FirstParty, DB),
        SourceFile::new("app/long.py", Language::Python, Role::Generated, long),
        SourceFile::new("pyproject.toml", Language::Manifest, Role::FirstParty, "[project]\n"),
        SourceFile::new("tests/test_db.py", Language::Python, Role::Test, TEST),
    ])
}

fn sql_injection(files: &Files) -> Finding {
    const DB: &str = "app/db store/da:ta.py";
    let step = |kind, place: Place, message: &str| Step { kind, place, message: message.into() };
    Finding {
        message: "The request parameter `name` becomes part of the SQL text between quotes, so that a client can end \
                  the string and go on with SQL of its own: `SELECT * FROM 網路 WHERE name = '⟨name⟩'`."
            .into(),
        cwe: vec![89, 943],
        trace: vec![
            step(
                StepKind::Source,
                place(files, "app/api.py", "request.args['name']", 0, "app.api.show"),
                "`request.args` holds what the client sent",
            ),
            step(
                StepKind::Call,
                place(files, "app/api.py", "db.find(name)", 0, "app.api.show"),
                "passed as `name` to `find`",
            ),
            step(StepKind::Parameter, place(files, DB, "name", 0, "app.db.find"), "arrives as the parameter `name`"),
            step(
                StepKind::Assignment,
                place(files, DB, "\"SELECT * FROM 網路 WHERE name = '\" + name + \"'\"", 0, "app.db.find"),
                "becomes part of the text `query`",
            ),
            step(StepKind::Sink, place(files, DB, "cursor.execute(\n\t\tquery,\n\t)", 0, "app.db.find"), "run as SQL"),
        ],
        reach: vec!["`GET /show` (no authorisation is asked for)".into()],
        assumptions: vec!["`cursor` is a DB-API cursor".into(), "[a] {0} <b> *c*".into()],
        false_if: vec!["`name` is restricted by the web server in front".into()],
        solution: "Pass the value apart from the text: `cursor.execute(\"… WHERE name = %s\", (name,))`.\nDo the same \
                   in the functions beside it."
            .into(),
        fix: Some(Edit {
            message: "Bind the value".into(),
            safety: Safety::Unsafe,
            replacements: vec![Replacement {
                place: place(files, DB, "query,", 0, "app.db.find"),
                text: "query, (name,)".into(),
            }],
        }),
        fingerprint: Fingerprint("5f2b7f5c0a4e4a0f9d1c2b3a4e5f6071".into()),
        ..finding(
            "sql-injection",
            "SQL text is built from the request parameter `name`",
            place(files, DB, "cursor.execute(\n\t\tquery,\n\t)", 0, "app.db.find"),
            Severity::Critical,
        )
    }
}

fn all_findings(files: &Files) -> Vec<Finding> {
    let command = "os.system('ping ' + request.args['host'])";
    vec![
        Finding {
            suppressed: Some(Suppression {
                kind: "comment".into(),
                reason: "only reached from \u{1b}]0;x\u{7} the LAN".into(),
            }),
            ..finding(
                "command-injection",
                "A shell command is built from `host`",
                place(files, "app/api.py", command, 0, "app.api.ping"),
                Severity::High,
            )
        },
        sql_injection(files),
        Finding {
            confidence: Confidence::Low,
            cwe: vec![150],
            ..finding(
                "terminal-escape",
                "Text with \u{1b}[2J and `a`b` \u{202e}reversed <img src=x>\nnew line",
                place(files, "app/db store/da:ta.py", "'\u{1b}[2J\u{1b}[31m' + `x`", 0, "app.db"),
                Severity::Low,
            )
        },
        finding(
            "sql-injection",
            "In a very long line",
            place(files, "app/long.py", "evil", 0, "app.long"),
            Severity::Medium,
        ),
        Finding {
            in_test: true,
            cwe: vec![502],
            ..finding(
                "deserialisation",
                "A test unpickles `data`",
                place(files, "tests/test_db.py", "pickle.loads(data)", 0, "tests.test_db.test"),
                Severity::High,
            )
        },
    ]
}

fn all_sites(files: &Files, findings: &[Finding]) -> Vec<Site> {
    const DB: &str = "app/db store/da:ta.py";
    let constant = || place(files, DB, "cursor.execute('SELECT 1')", 0, "app.db.find");
    let of = |at: usize, outcome, noun: &str, api: &str| Site {
        finding: Some(at),
        in_test: findings[at].in_test,
        suppressed: findings[at].suppressed.is_some(),
        ..site(
            &findings[at].check,
            noun,
            api,
            findings[at].place.clone(),
            outcome,
            ("untrusted-input", "a parameter of the request"),
        )
    };
    let mut sites = vec![
        of(0, Outcome::Defect, "process start", "os.system"),
        of(1, Outcome::Defect, "database call", "sqlite3.Cursor.execute"),
        of(2, Outcome::Potential, "written text", "print"),
        of(3, Outcome::Potential, "database call", "sqlite3.Cursor.execute"),
        of(4, Outcome::Defect, "deserialisation", "pickle.loads"),
        site(
            "sql-injection",
            "database call",
            "sqlite3.Cursor.execute",
            constant(),
            Outcome::Safe,
            ("constant", "the text is `SELECT 1`"),
        ),
        site(
            "command-injection",
            "process start",
            "subprocess.run",
            constant(),
            Outcome::Safe,
            ("sanitised-by", "shlex.quote"),
        ),
        site(
            "command-injection",
            "process start",
            "subprocess.run",
            constant(),
            Outcome::NotObserved,
            ("callee-unresolved", "`self.runner` is <anything>"),
        ),
        site(
            "deserialisation",
            "deserialisation",
            "json.loads",
            constant(),
            Outcome::NotObserved,
            ("callee-unresolved", "`codec`"),
        ),
        site(
            "deserialisation",
            "deserialisation",
            "yaml.load",
            constant(),
            Outcome::NotObserved,
            ("limit", "MAX_POINTS_TO"),
        ),
        site(
            "deserialisation",
            "deserialisation",
            "json.loads",
            constant(),
            Outcome::Safe,
            ("safe-format", "JSON builds no objects"),
        ),
    ];
    for n in 0..6 {
        let detail = format!("the value is bound, case {n}");
        sites.push(site(
            "sql-injection",
            "database call",
            "sqlite3.Cursor.execute",
            constant(),
            Outcome::Safe,
            ("bound-parameter", &detail),
        ));
    }
    sites
}

fn all_gaps(files: &Files) -> Vec<FileGap> {
    vec![
        FileGap {
            path: "app/blob\u{1b}[0m.bin".into(),
            file: None,
            span: None,
            code: "symlink".into(),
            message: "leads out of the tree".into(),
            incomplete: false,
        },
        FileGap {
            path: "app/db store/da:ta.py".into(),
            file: files.by_path("app/db store/da:ta.py"),
            span: Some(place(files, "app/db store/da:ta.py", "`x`", 0, "").span),
            code: "syntax-error".into(),
            message: "back quotes are Python 2: expected an expression".into(),
            incomplete: true,
        },
    ]
}

/// The whole review.
pub(crate) fn review() -> Review {
    let files = files();
    let checks = vec![
        check_info("command-injection", "Command injection", Area::Injection, &[78, 77], Severity::High),
        check_info("deserialisation", "Unsafe deserialisation", Area::ExternalInteraction, &[502], Severity::High),
        check_info("sql-injection", "SQL injection", Area::Injection, &[89], Severity::Critical),
        check_info(
            "terminal-escape",
            "Control characters | to a *terminal*",
            Area::DataValidation,
            &[150],
            Severity::Low,
        ),
        check_info("unreached", "Nothing of the kind", Area::ErrorHandling, &[755], Severity::Info),
    ];
    let findings = all_findings(&files);
    let sites = all_sites(&files, &findings);
    let areas = Area::ALL
        .into_iter()
        .map(|area| {
            let analysed = checks.iter().any(|check| check.area == area);
            let of = |site: &&Site| checks.iter().any(|check| check.id == site.check && check.area == area);
            let sites: Vec<&Site> = sites.iter().filter(of).collect();
            AreaVerdict::of(area, analysed, sites)
        })
        .collect();
    Review {
        version: "0.1.0".into(),
        targets: vec!["app".into(), "te sts\u{202e}".into()],
        threat: Threat::Remote,
        threat_note: Some("No entry point was found, so that the parameters of public functions count as well".into()),
        gaps: all_gaps(&files),
        areas,
        findings,
        sites,
        surface: vec![entry_point(&files)],
        checks,
        notes: vec!["2 entry points were found, in `app/api.py`.".into(), "Of 8 calls 6 were resolved.".into()],
        comparison: None,
        statistics: Statistics { counts: vec![("calls".into(), 8)], stages: vec![("parse".into(), 0.123_456, 0.2)] },
        files,
    }
}

/// A review with `findings` findings of `steps` steps each, one file, and as many checks and gaps as asked for.
pub(crate) fn large(findings: usize, steps: usize, checks: usize, gaps: usize) -> Review {
    let mut review = review();
    let template = review.findings[1].clone();
    let step = template.trace[3].clone();
    review.sites.clear();
    review.findings = (0..findings)
        .map(|n| Finding {
            severity: Severity::ALL[n % 5],
            trace: vec![step.clone(); steps],
            fingerprint: Fingerprint(format!("{n:032x}")),
            title: format!("Finding number {n}"),
            ..template.clone()
        })
        .collect();
    let info = review.checks[2].clone();
    review.checks.extend((0..checks).map(|n| CheckInfo {
        id: format!("check-{n}"),
        cwe: (1..40).collect(),
        ..info.clone()
    }));
    let gap = review.gaps[1].clone();
    review.gaps.extend(vec![gap; gaps]);
    review
}

/// An id for a file that the fixture has.
pub(crate) fn first_file() -> FileId {
    FileId::new(0)
}

/// An entry point with one of everything.
fn entry_point(files: &Files) -> EntryPoint {
    let file = files.iter().next().map(|(id, _)| id).expect("a file");
    let place = Place { file, span: Span::new(0, 3), function: "app.api.show".into() };
    EntryPoint {
        channel: Channel::Http,
        methods: vec!["GET".into()],
        path: Some("/users/{id}\u{202e}".into()),
        others: vec![place.clone()],
        registered: Some(place.clone()),
        assumption: Some("the name is put together".into()),
        inputs: vec![EntryInput {
            name: "id".into(),
            via: InputVia::Path,
            source: Some("remote".into()),
            place: place.clone(),
        }],
        guards: vec![EntryGuard { kind: GuardKind::Policy, name: "get_user".into(), place: None }],
        effects: vec![EntryEffect {
            kind: EffectKind::Read,
            api: "sqlalchemy.Query.all".into(),
            place: place.clone(),
            depth: 1,
            count: 2,
        }],
        cut: false,
        in_test: false,
        place,
    }
}
