//! What a review says of how far vulnerable dependencies are used, and of whether declarations and use fit together.

use assay_dependencies::export::{Subject, cyclonedx, openvex, spdx};
use assay_dependencies::{Advisory, Affected, Builder, Database, Ecosystem, Event, ReachLevel};
use assay_engine::{Advisories, Date, NoProgress, Request, Reviewed, dependencies_with_code, review};
use assay_finding::Finding;
use assay_source::MemorySystem;
use std::path::PathBuf;
use std::sync::Arc;

/// Advisories on PyYAML, Jinja2, Django and Requests, below 9 each.
fn advisories() -> Advisories {
    let advisory = |id: &str, cve: &str, name: &str| Advisory {
        id: id.to_owned(),
        aliases: vec![cve.to_owned()],
        modified: "2026-01-10T00:00:00Z".to_owned(),
        affected: vec![Affected {
            ecosystem: Ecosystem::PyPI,
            name: name.to_owned(),
            ranges: vec![vec![Event::Introduced("0".to_owned()), Event::Fixed("9".to_owned())]],
            versions: vec!["1.0".to_owned()],
            symbols: Vec::new(),
            git: false,
        }],
        ..Advisory::default()
    };
    let mut builder = Builder::default();
    let list = [
        advisory("PYSEC-1", "CVE-2020-14343", "pyyaml"),
        advisory("PYSEC-2", "CVE-2019-10906", "jinja2"),
        advisory("PYSEC-3", "CVE-2021-35042", "django"),
        advisory("PYSEC-4", "CVE-2099-0001", "requests"),
    ];
    builder.add("test", "2026-01-12", "", 0, &list);
    Advisories::Open(Arc::new(Database::open(Box::new(builder.finish())).expect("a database")))
}

fn system(files: &[(&str, &str)]) -> MemorySystem {
    files.iter().fold(MemorySystem::new("/p"), |system, (path, text)| system.with_file(format!("/p/{path}"), text))
}

fn request() -> Request {
    let today = Date::parse("2026-01-15").expect("a day");
    Request { jobs: Some(1), advisories: advisories(), ..Request::new(vec![PathBuf::from("/p")], today) }
}

fn reviewed(files: &[(&str, &str)]) -> Reviewed {
    review(&request(), &system(files), &NoProgress).expect("the target exists")
}

fn finding<'a>(reviewed: &'a Reviewed, check: &str) -> &'a Finding {
    let mut found = reviewed.review.findings.iter().filter(|finding| finding.check == check);
    found.next().unwrap_or_else(|| panic!("no {check}: {:?}", reviewed.review.sites))
}

const APP: &str = "import yaml
from flask import Flask, request
app = Flask(__name__)
def read(text):
    return yaml.load(text)
@app.route('/')
def view():
    return read(request.data)
";

#[test]
fn a_vulnerable_call_has_a_trace_from_the_entry_point() {
    let found = reviewed(&[
        ("pyproject.toml", "[project]\nname='app'\ndependencies=['pyyaml==1.0', 'flask']\n"),
        ("app.py", APP),
    ]);
    let finding = finding(&found, "vulnerable-dependency");
    let steps: Vec<&str> = finding.trace.iter().map(|step| step.message.as_str()).collect();
    assert_eq!(
        steps,
        [
            "is declared here",
            "is called from outside: anyone who can send a request to `app.view`",
            "calls `app.read`",
            "uses `yaml.load`, which has the vulnerability",
        ]
    );
    assert_eq!(
        finding.reach,
        [
            "`yaml.load`, which has the vulnerability, is used in `app.read` at app.py:5; it can be reached by anyone who can send a request to `app.view`"
        ]
    );
    assert!(finding.false_if.is_empty(), "{:?}", finding.false_if);
    let counts = &found.review.statistics.counts;
    assert!(counts.contains(&("vulnerable dependencies: vulnerable code called".to_owned(), 1)), "{counts:?}");
}

/// An application that calls `mid`, which is installed and calls PyYAML, which is installed, too.
fn installed(app: &str, mid: &str) -> Vec<(String, String)> {
    let site = "venv/lib/python3.12/site-packages";
    [
        ("pyproject.toml", "[project]\nname='app'\ndependencies=['mid', 'flask']\n"),
        ("app.py", app),
        ("venv/pyvenv.cfg", ""),
        ("@/mid-2.0.dist-info/METADATA", "Name: mid\nVersion: 2.0\nRequires-Dist: pyyaml\n"),
        ("@/mid-2.0.dist-info/RECORD", "mid/__init__.py,,\nmid/inner.py,,\nmid/tests/t.py,,\n../../../bin/mid.py,,\n"),
        ("@/mid/__init__.py", "from .inner import read\n"),
        ("@/mid/inner.py", mid),
        ("@/mid/tests/t.py", "import yaml\nyaml.load('')\n"),
        ("@/PyYAML-1.0.dist-info/METADATA", "Name: PyYAML\nVersion: 1.0\n"),
        ("@/PyYAML-1.0.dist-info/RECORD", "yaml/__init__.py,,\nyaml/loading.py,,\n"),
        ("@/yaml/__init__.py", "from .loading import load, safe_load\n"),
        ("@/yaml/loading.py", "def load(text):\n    return text\ndef safe_load(text):\n    return text\n"),
    ]
    .into_iter()
    .map(|(path, text)| (path.replace('@', site), text.to_owned()))
    .collect()
}

#[test]
fn the_source_of_installed_packages_is_followed() {
    let app = "import mid\nfrom flask import Flask, request\napp = Flask(__name__)\n@app.route('/')\ndef view():\n    return mid.read(request.data)\n";
    let evil = "import yaml\ndef read(text):\n    return helper(text)\ndef helper(text):\n    return yaml.load(text)\n";
    let files = installed(app, evil);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let found = reviewed(&files);
    let finding = finding(&found, "vulnerable-dependency");
    let place = |place: &assay_finding::Place| {
        let file = found.review.files.get(place.file);
        format!("{}:{}", file.path, file.line_column(place.span.start).line)
    };
    let steps: Vec<String> =
        finding.trace.iter().map(|step| format!("{} {}", place(&step.place), step.message)).collect();
    let site = "venv/lib/python3.12/site-packages";
    assert_eq!(
        steps,
        [
            format!("{site}/PyYAML-1.0.dist-info/METADATA:1 is installed here"),
            "app.py:5 is called from outside: anyone who can send a request to `app.view`".to_owned(),
            "app.py:6 calls `mid.inner.read`".to_owned(),
            format!("{site}/mid/inner.py:3 calls `mid.inner.helper`"),
            format!("{site}/mid/inner.py:5 uses `yaml.load`, which has the vulnerability"),
        ]
    );
    // What the program does not reach in a package is no use of it; and that the package was followed is said.
    for (app, mid) in [(app, evil.replace("yaml.load", "yaml.safe_load").as_str()), ("import mid\n", evil)] {
        let files = installed(app, mid);
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let (level, words) = reach(&files);
        assert_eq!(level, ReachLevel::NotSeen);
        assert_eq!(
            words,
            "no import of it was seen; another package may load it; the installed source of `mid`, `pyyaml` was followed, too"
        );
    }
}

/// The level of the first vulnerable entry, with its evidence.
fn reach(files: &[(&str, &str)]) -> (ReachLevel, String) {
    let found = dependencies_with_code(&request(), &system(files)).expect("the target exists");
    let mut all = found.review.entries.iter().flat_map(|entry| &entry.reach);
    let first = all.next().expect("a vulnerability");
    (first.level, first.words.clone())
}

#[test]
fn each_level_has_its_evidence() {
    let needs = |name: &str| format!("{name}==1.0\n");
    let yaml = needs("pyyaml");
    let (level, words) = reach(&[("requirements.txt", &yaml), ("app.py", "import yaml\nyaml.safe_load('')\n")]);
    assert_eq!(level, ReachLevel::Imported);
    assert_eq!(
        words,
        "`yaml` is imported at app.py:1; no use of `yaml.load`, `yaml.load_all`, `yaml.full_load` and others was seen"
    );
    let (level, words) = reach(&[("requirements.txt", &yaml), ("api-paste.ini", "[app:x]\nfactory = yaml.load:it\n")]);
    assert_eq!(
        (level, words.as_str()),
        (ReachLevel::Configured, "it is named at api-paste.ini:2 (`yaml.load:it`), so that a configuration loads it")
    );
    let (level, words) = reach(&[("requirements.txt", &yaml), ("app.py", "x = 1\n")]);
    assert_eq!((level, words.as_str()), (ReachLevel::NotSeen, "no import of it was seen; another package may load it"));
    let (level, words) = reach(&[("requirements.txt", &yaml), ("app.py", ""), ("tests/test_a.py", "import yaml\n")]);
    assert_eq!(
        (level, words.as_str()),
        (ReachLevel::NotSeen, "only tests use it: `yaml` is imported at tests/test_a.py:1")
    );
    // What has the vulnerability is not known.
    let (level, words) = reach(&[("requirements.txt", &needs("requests")), ("app.py", "import requests\n")]);
    assert_eq!(level, ReachLevel::Imported);
    assert!(words.ends_with("is not known, so that calls of them were not looked for"), "{words}");
    // The import nearest to the vulnerable code is the one that is shown.
    let files =
        [("requirements.txt", needs("jinja2")), ("app.py", "import jinja2\nfrom jinja2 import sandbox\n".to_owned())];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert!(reach(&files).1.starts_with("`jinja2.sandbox` is imported at app.py:2"), "{:?}", reach(&files));
    let settings = "INSTALLED_APPS = ['django', 'app']\n";
    let (level, words) = reach(&[("requirements.txt", &needs("django")), ("settings.py", settings)]);
    assert_eq!(level, ReachLevel::Configured);
    assert!(words.contains("it calls the program rather than being called"), "{words}");
}

/// Status and justification of each statement of the OpenVEX document.
fn statements(files: &[(&str, &str)]) -> Vec<String> {
    let found = dependencies_with_code(&request(), &system(files)).expect("the target exists");
    let subject = Subject { name: "app".to_owned(), tool: "0".to_owned(), today: "2026-01-15".to_owned() };
    let document: serde_json::Value =
        serde_json::from_str(&openvex(&found.review, &found.files, &subject)).expect("JSON");
    let bom: serde_json::Value = serde_json::from_str(&cyclonedx(&found.review, &found.files, &subject)).expect("JSON");
    let states = bom["vulnerabilities"].as_array().expect("a list").len();
    let list = document["statements"].as_array().expect("a list");
    assert_eq!(states, list.len());
    list.iter()
        .map(|one| {
            let justification = one["justification"].as_str().map(|text| format!(" {text}")).unwrap_or_default();
            format!(
                "{} {}{justification}",
                one["products"][0]["@id"].as_str().unwrap_or(""),
                one["status"].as_str().unwrap_or("")
            )
        })
        .collect()
}

#[test]
fn statements_follow_from_the_evidence() {
    let lock = |name: &str, parents: &str| {
        format!(
            "[[package]]\nname='{name}'\nversion='1.0'\n[[package]]\nname='top'\nversion='1.0'\n[package.dependencies]\n{parents} = '*'\n[[package]]\nname='other'\nversion='1'\n"
        )
    };
    let yaml = lock("pyyaml", "other");
    let safe = "import yaml\nyaml.safe_load('')\n";
    assert_eq!(statements(&[("poetry.lock", &yaml), ("app.py", APP)]), ["pkg:pypi/pyyaml@1.0 affected"]);
    let out_of_the_way = "pkg:pypi/pyyaml@1.0 not_affected vulnerable_code_not_in_execute_path";
    assert_eq!(statements(&[("poetry.lock", &yaml), ("app.py", safe)]), [out_of_the_way]);
    let open = "pkg:pypi/pyyaml@1.0 under_investigation";
    // Another package may call it; or a text may; or what has it is imported by its name; or a file was not read.
    assert_eq!(statements(&[("poetry.lock", &lock("pyyaml", "pyyaml")), ("app.py", safe)]), [open]);
    assert_eq!(statements(&[("poetry.lock", &yaml), ("app.py", "import yaml\nx = 'yaml.load'\n")]), [open]);
    assert_eq!(statements(&[("poetry.lock", &yaml), ("app.py", "from yaml import load\n")]), [open]);
    assert_eq!(statements(&[("poetry.lock", &yaml), ("app.py", safe), ("b.py", "def (:\n")]), [open]);
    // Nothing but a list of what is needed tells nothing of who else needs it.
    assert_eq!(statements(&[("requirements.txt", "pyyaml==1.0\n"), ("app.py", safe)]), [open]);
    // A framework is never out of the way.
    assert_eq!(
        statements(&[("poetry.lock", &lock("django", "other")), ("app.py", "x = 1\n")]),
        ["pkg:pypi/django@1.0 under_investigation"]
    );
    assert_eq!(
        statements(&[("test-requirements.txt", "pyyaml==1.0\n"), ("app.py", "x = 1\n")]),
        ["pkg:pypi/pyyaml@1.0 not_affected component_not_present"]
    );
}

/// Takes references to other schemas out: the license expressions and signatures that they are about are never written.
fn without_others(schema: &mut serde_json::Value) {
    use serde_json::Value;
    match schema {
        Value::Object(members) => {
            members.retain(|key, value| key != "$ref" || value.as_str().is_none_or(|to| to.starts_with('#')));
            members.values_mut().for_each(without_others);
        }
        Value::Array(items) => items.iter_mut().for_each(without_others),
        _ => {}
    }
}

fn errors(schema: &str, document: &serde_json::Value) -> Vec<String> {
    let mut schema: serde_json::Value = serde_json::from_str(schema).expect("a schema");
    without_others(&mut schema);
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).expect("a sound schema");
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn documents_are_those_of_their_schemas() {
    let lock = "[[package]]\nname='pyyaml'\nversion='1.0'\n[[package]]\nname='jinja2'\nversion='1.0'\n[[package]]\nname='django'\nversion='1.0'\n[package.dependencies]\njinja2 = '*'\n[[package]]\nname='own'\nversion='2.0'\n[package.source]\ntype='git'\nurl='https://host/own.git'\n";
    let toml = "[project]\nname='app'\ndependencies=['pyyaml', 'requests>=0.1', 'x @ https://host/x-1.0.tar.gz']\n[project.optional-dependencies]\ne=['jinja2']\n[build-system]\nrequires=['django>=0.1']\n";
    let files = [
        ("pyproject.toml", toml),
        ("poetry.lock", lock),
        ("test-requirements.txt", "requests==1.0\n"),
        ("docs/requirements.txt", "jinja2==1.0\n"),
        ("package-lock.json", r#"{"lockfileVersion": 3, "packages": {"node_modules/@a/b": {"version": "1.0.0"}}}"#),
        ("app.py", APP),
    ];
    let found = dependencies_with_code(&request(), &system(&files)).expect("the target exists");
    let subject = Subject { name: "app".to_owned(), tool: "1".to_owned(), today: "2026-01-15".to_owned() };
    let value = |text: String| serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
    let mut bom = value(cyclonedx(&found.review, &found.files, &subject));
    let mut list = value(spdx(&found.review, &found.files, &subject));
    let mut vex = value(openvex(&found.review, &found.files, &subject));
    let none: [String; 0] = [];
    assert_eq!(errors(include_str!("schema/cyclonedx-1.6.json"), &bom), none);
    assert_eq!(errors(include_str!("schema/spdx-2.3.json"), &list), none);
    assert_eq!(errors(include_str!("schema/openvex-0.2.json"), &vex), none);
    let states: std::collections::BTreeSet<_> =
        vex["statements"].as_array().expect("a list").iter().map(|one| one["status"].to_string()).collect();
    assert_eq!(states.len(), 3, "{states:?}");
    // The schemas would notice.
    bom["vulnerabilities"][0]["analysis"]["state"] = "fine".into();
    list["packages"][1]["downloadLocation"] = "somewhere".into();
    vex["statements"][0]["status"] = "fine".into();
    assert_eq!(errors(include_str!("schema/cyclonedx-1.6.json"), &bom).len(), 1);
    assert_eq!(errors(include_str!("schema/spdx-2.3.json"), &list).len(), 1);
    assert_eq!(errors(include_str!("schema/openvex-0.2.json"), &vex).len(), 1);
}

/// What is amiss: check, package and reason.
fn amiss(files: &[(&str, &str)]) -> Vec<String> {
    let found = reviewed(files);
    let open = |site: &&assay_finding::Site| {
        assay_checks::HYGIENE_CHECKS.contains(&site.check.as_str()) && site.outcome != assay_finding::Outcome::Safe
    };
    found.review.sites.iter().filter(open).map(|site| format!("{}: {}", site.api, site.reason.code)).collect()
}

#[test]
fn what_is_declared_and_what_is_used_are_compared() {
    let program = "import yaml\nimport requests\nimport os\nimport app.other\ntry:\n    import simplejson\nexcept ImportError:\n    pass\n";
    let project = |needs: &str| format!("[project]\nname='app'\ndependencies=[{needs}]\n");
    let with = |needs: &str| {
        let files = [("pyproject.toml", project(needs)), ("app/a.py", program.to_owned())];
        let files = files.iter().map(|(path, text)| (*path, text.as_str()));
        amiss(&files.chain([("app/__init__.py", ""), ("app/other.py", "")]).collect::<Vec<_>>())
    };
    assert_eq!(with("'requests>=2', 'pyyaml>=6'"), Vec::<String>::new());
    assert_eq!(with("'requests>=2'"), ["pyyaml: not-declared"]);
    let found = with("'requests>=2', 'pyyaml>=6', 'httplib2', 'pymysql', 'unheard-of'");
    assert_eq!(found, ["httplib2: no-use-seen", "pymysql: loaded-by-name", "unheard-of: modules-unknown"]);
    // A script that nobody installs with the program declares nothing.
    let script = [
        ("pyproject.toml", project("'requests>=2'")),
        ("app/__init__.py", "import requests".to_owned()),
        ("tool.py", "import yaml\n".to_owned()),
    ];
    let script: Vec<(&str, &str)> = script.iter().map(|(path, text)| (*path, text.as_str())).collect();
    assert_eq!(amiss(&script), Vec::<String>::new());
    let lists = [("requirements.txt", "a>=2\nb>=1\nc>=1\n"), ("doc/requirements.txt", "a>=1\nb<1\nc>=1\n")];
    let found = amiss(&lists);
    let found: Vec<&String> = found.iter().filter(|one| !one.contains("modules-unknown")).collect();
    assert_eq!(found, ["a>=1: different-floors", "b>=1: no-common-version"]);
    // Without advisories the area is not observed, however well declarations and use fit together.
    let files = [("pyproject.toml", project("'requests>=2', 'pyyaml>=6'")), ("app/__init__.py", program.to_owned())];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let request = Request { advisories: Advisories::default(), ..request() };
    let found = review(&request, &system(&files), &NoProgress).expect("the target exists");
    let area = found.review.areas.iter().find(|area| area.area == assay_finding::Area::Dependencies);
    assert_eq!(area.expect("the area").verdict, assay_finding::Verdict::NotObserved);
}
