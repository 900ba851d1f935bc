//! What the manifests demand of a library decides rows that depend on its release.

use assay_engine::{Date, NoProgress, Request, Session, review};
use assay_source::MemorySystem;
use std::path::PathBuf;
use std::sync::Arc;

const CODE: &str = "\
import lxml.etree
from flask import Flask, request

app = Flask(__name__)


@app.post('/')
def read():
    return lxml.etree.fromstring(request.data).tag
";

/// The title and the assumptions of each finding on the code.
fn findings(manifest: Option<&str>, session: Option<&Arc<Session>>) -> Vec<(String, Vec<String>)> {
    let mut system = MemorySystem::new("/p").with_file("/p/app.py", CODE);
    if let Some(text) = manifest {
        system = system.with_file("/p/pyproject.toml", text);
    }
    let request = Request {
        checks: vec!["xxe".to_owned()],
        session: session.cloned(),
        ..Request::new(vec![PathBuf::from("/p")], Date::parse("2026-01-15").expect("a day"))
    };
    let reviewed = review(&request, &system, &NoProgress).expect("the review runs");
    let findings = reviewed.review.findings.iter();
    findings.map(|one| (one.title.clone(), one.assumptions.clone())).collect()
}

fn demanding(requirement: &str) -> String {
    format!("[project]\nname = \"app\"\nversion = \"1\"\ndependencies = [\"flask\", \"lxml{requirement}\"]\n")
}

#[test]
fn a_release_that_is_demanded_decides() {
    let assumed = |found: &[(String, Vec<String>)]| found.iter().any(|(_, a)| a.iter().any(|a| a.contains("lxml 5.0")));
    let open = findings(None, None);
    assert!(!open.is_empty() && assumed(&open), "{open:?}");
    let open = findings(Some(&demanding(">=4.9")), None);
    assert!(!open.is_empty() && assumed(&open), "{open:?}");
    let older = findings(Some(&demanding("<5")), None);
    assert!(!older.is_empty() && !assumed(&older), "{older:?}");
    assert_eq!(findings(Some(&demanding(">=5.2")), None), []);
}

#[test]
fn what_is_remembered_holds_for_the_same_releases_only() {
    let session = Arc::new(Session::default());
    let manifests = [Some(demanding(">=4.9")), Some(demanding(">=5.2")), None, Some(demanding("<5"))];
    for manifest in manifests {
        let manifest = manifest.as_deref();
        assert_eq!(findings(manifest, Some(&session)), findings(manifest, None), "{manifest:?}");
    }
}
