//! The edits of findings, over the examples in the documentation of the checks.

use assay_checks::{Action, Example, FixRule};
use assay_engine::{Date, NoProgress, Request, Reviewed, is_well_formed, review};
use assay_finding::{Edit, Safety};
use assay_source::MemorySystem;
use assay_text::Language;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Rounds in which the edits of an example must come to an end.
const MAX_ROUNDS: usize = 6;

fn reviewed(text: &str) -> Reviewed {
    let system = MemorySystem::new("/p").with_file("/p/app.py", text);
    let today = Date::parse("2026-01-15").expect("a day");
    let request = Request { jobs: Some(1), ..Request::new(vec![PathBuf::from("app.py")], today) };
    review(&request, &system, &NoProgress).expect("the target exists")
}

/// Applies all edits, round by round. Returns the last text, what the edits said they do, and the number of rounds.
fn fixed(code: &str) -> (String, BTreeSet<String>, usize) {
    let mut text = code.to_owned();
    let mut said = BTreeSet::new();
    for round in 0..MAX_ROUNDS {
        let reviewed = reviewed(&text);
        let edits: Vec<&Edit> = reviewed.review.findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        let Some(first) = edits.first().and_then(|edit| edit.replacements.first()) else { return (text, said, round) };
        let (new, applied) = assay_finding::apply(first.place.file, &text, &edits);
        said.extend(applied.iter().map(|at| edits[*at].message.clone()));
        assert!(is_well_formed(Language::Python, &new), "{new}");
        text = new;
    }
    (text, said, MAX_ROUNDS)
}

/// The text without the comments that say what is to be found in it.
fn without_marks(text: &str) -> String {
    text.lines().flat_map(|line| [line.split("  # expect:").next().unwrap_or_default(), "\n"]).collect()
}

fn python_examples() -> impl Iterator<Item = (&'static assay_checks::Check, &'static Example)> {
    assay_checks::examples().filter(|(_, example)| example.language == "python")
}

#[test]
fn edits_come_to_an_end_and_do_what_they_say() {
    let mut wrong = Vec::new();
    let mut said = BTreeSet::new();
    for (check, example) in python_examples() {
        let (text, more, rounds) = fixed(&example.code);
        said.extend(more);
        if rounds == MAX_ROUNDS {
            wrong.push(format!("{}:{}: the edits do not end:\n{text}", check.id, example.line));
        }
        if let Some(expected) = &example.fixed
            && *expected != without_marks(&text)
        {
            wrong.push(format!("{}:{}: fixed, it is\n{text}", check.id, example.line));
        }
    }
    let rules = assay_checks::catalogue().iter().flat_map(|check| check.fixes.iter().map(move |rule| (check, rule)));
    let unused = rules.filter(|(_, rule)| rule.action != Action::Unmark && !said.contains(&rule.message));
    wrong.extend(unused.map(|(check, rule)| format!("{}: no example shows the rule that {}", check.id, rule.message)));
    assert!(wrong.is_empty(), "{} mistakes:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_check_with_edits_shows_one() {
    let shown: BTreeSet<&str> =
        python_examples().filter(|(_, example)| example.fixed.is_some()).map(|(check, _)| check.id.as_str()).collect();
    let missing: Vec<&str> = assay_checks::catalogue()
        .iter()
        .filter(|check| {
            check.fixes.iter().any(|rule| rule.action != Action::Unmark) && !shown.contains(check.id.as_str())
        })
        .map(|check| check.id.as_str())
        .collect();
    assert!(missing.is_empty(), "no example is shown fixed: {missing:?}");
}

#[test]
fn templates_lose_the_filters_that_switch_escaping_off() {
    let app = "from flask import Flask, render_template, request\n\napp = Flask(__name__)\n\n\n@app.route('/')\n\
               def page():\n    return render_template('page.html', name=request.args['name'], own='x')\n";
    let page =
        "<p>{{ name | upper | safe }}</p>\n<p>{{ own|safe }}</p>\n<b title=\"{{ name|safe|trim }}\">{{ name }}</b>\n";
    let expected = "<p>{{ name | upper }}</p>\n<p>{{ own|safe }}</p>\n<b title=\"{{ name|trim }}\">{{ name }}</b>\n";
    let review_of = |page: &str| {
        let system = MemorySystem::new("/p").with_file("/p/app.py", app).with_file("/p/templates/page.html", page);
        let today = Date::parse("2026-01-15").expect("a day");
        let request = Request { jobs: Some(1), ..Request::new(vec![PathBuf::from("/p")], today) };
        review(&request, &system, &NoProgress).expect("the target exists").review
    };
    let mut text = page.to_owned();
    for _ in 0..MAX_ROUNDS {
        let review = review_of(&text);
        let edits: Vec<&Edit> = review.findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        let Some(first) = edits.first().and_then(|edit| edit.replacements.first()) else { break };
        text = assay_finding::apply(first.place.file, &text, &edits).0;
        assert!(is_well_formed(Language::Template, &text), "{text}");
    }
    assert_eq!(text, expected);
    assert_eq!(review_of(page).findings.len(), 1);
    assert_eq!(review_of(&text).findings.len(), 0);
}

#[test]
fn safe_rules_are_no_guesses() {
    let risky = |rule: &FixRule| match &rule.action {
        // An argument that is new may be one that an older version lacks, and another function may answer otherwise.
        Action::Arguments(list) => list.iter().any(|(name, ..)| name == "timeout" || name == "filter"),
        _ => false,
    };
    for check in assay_checks::catalogue() {
        for rule in &check.fixes {
            assert!(rule.safety == Safety::Unsafe || !risky(rule), "{}: {}", check.id, rule.message);
        }
    }
}

#[test]
fn code_that_is_written_otherwise_is_left_alone() {
    for (code, why) in [
        (
            "import requests\n\nOFF = False\nrequests.get('https://example.org/', verify=OFF, timeout=3)\n",
            "a value from elsewhere",
        ),
        (
            "import requests\n\n\ndef get(**options):\n    requests.get('https://example.org/', **options)\n",
            "more arguments may come",
        ),
        (
            "import flask\nfrom random import *\n\n\ndef make():\n    session_token = ''.join(choice('ab') for _ in range(9))\n    return session_token\n",
            "a name of which nothing says where it comes from",
        ),
    ] {
        let (text, ..) = fixed(code);
        assert_eq!(text, code, "{why}");
    }
}

#[test]
fn names_that_were_imported_alone_are_edited() {
    let make = |call: &str| {
        format!(
            "\n\ndef make():\n    session_token = ''.join({call}('ab') for _ in range(9))\n    return session_token\n"
        )
    };
    for (before, call, after, instead) in [
        (
            "import flask\nfrom random import choice\n",
            "choice",
            "import flask\nimport random\nfrom random import choice\n",
            "random.SystemRandom().choice",
        ),
        (
            "import flask\nimport random as r\nfrom random import choice as any\n",
            "any",
            "import flask\nimport random as r\nfrom random import choice as any\n",
            "r.SystemRandom().choice",
        ),
    ] {
        let (text, ..) = fixed(&format!("{before}{}", make(call)));
        assert_eq!(text, format!("{after}{}", make(instead)));
    }
    let code = "import abc\nfrom ssl import _create_unverified_context\n\nmade = _create_unverified_context()\n";
    let (text, ..) = fixed(code);
    let expected =
        "import abc\nimport ssl\nfrom ssl import _create_unverified_context\n\nmade = ssl.create_default_context()\n";
    assert_eq!(text, expected);
}

#[test]
fn line_ends_and_comments_stay() {
    let code = "import ssl\r\n\r\ncontext = ssl.create_default_context()  # made\r\ncontext.check_hostname = False  # off\r\ncontext.verify_mode = ssl.CERT_NONE\r\n";
    let (text, ..) = fixed(code);
    assert_eq!(text, code.replace("False", "True").replace("CERT_NONE", "CERT_REQUIRED"));
}
