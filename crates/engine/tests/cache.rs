//! A review over kept reviews and what is remembered is the review that is made anew, byte for byte.

#[path = "support/edits.rs"]
mod edits;

use assay_dependencies::{Advisory, Affected, Builder, Database, Ecosystem};
use assay_engine::{Advisories, Cache, Date, Error, NoProgress, Progress, Request, Reviewed, Session, review};
use assay_report::{Format, Options, render};
use assay_source::MemorySystem;
use edits::{Random, edit};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

#[derive(Debug, Default)]
struct Memory {
    kept: Mutex<BTreeMap<String, Vec<u8>>>,
    hits: AtomicUsize,
}

impl Memory {
    fn kept(&self) -> usize {
        self.kept.lock().expect("no test fails with it").len()
    }
}

impl Cache for Memory {
    fn get(&self, key: &str) -> Option<Vec<u8>> {
        let found = self.kept.lock().expect("no test fails with it").get(key).cloned();
        self.hits.fetch_add(usize::from(found.is_some()), Ordering::Relaxed);
        found
    }

    fn put(&self, key: &str, bytes: &[u8]) {
        self.kept.lock().expect("no test fails with it").insert(key.to_owned(), bytes.to_vec());
    }
}

/// The files of the bundled example.
fn example() -> BTreeMap<String, String> {
    fn walk(folder: &Path, root: &Path, out: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(folder).expect("the example is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, root, out);
            } else if let (Ok(text), Ok(shown)) = (std::fs::read_to_string(&path), path.strip_prefix(root)) {
                out.insert(shown.to_string_lossy().into_owned(), text);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/netkeeper");
    let mut out = BTreeMap::new();
    walk(&root, &root, &mut out);
    out
}

fn system(files: &BTreeMap<String, String>) -> MemorySystem {
    let all = files.iter();
    all.fold(MemorySystem::new("/p"), |system, (path, text)| system.with_file(format!("/p/{path}"), text.as_str()))
}

fn request() -> Request {
    let today = Date::parse("2026-01-15").expect("a day");
    Request { jobs: Some(2), ..Request::new(vec![PathBuf::from("/p")], today) }
}

fn reviewed(files: &BTreeMap<String, String>, request: &Request) -> Reviewed {
    review(request, &system(files), &NoProgress).expect("the target exists")
}

/// The review in the formats that hold everything.
fn shown(reviewed: &Reviewed) -> Vec<u8> {
    let mut out = Vec::new();
    for format in [Format::Json, Format::Html, Format::Text] {
        render(&reviewed.review, format, &Options::default(), &mut out).expect("memory can be written to");
    }
    out
}

#[test]
fn after_any_edit_the_review_is_that_of_a_cold_run() {
    let original = example();
    let mut files = original.clone();
    let code: Vec<String> = files.keys().filter(|name| name.strip_suffix(".py").is_some()).cloned().collect();
    let memory = Arc::new(Memory::default());
    let warm =
        Request { cache: Some(Arc::clone(&memory) as Arc<dyn Cache>), session: Some(Arc::default()), ..request() };
    // The same without a cache and without test code.
    let alone = Request { tests: false, ..request() };
    let apart = Request { session: Some(Arc::default()), ..alone.clone() };
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut done = "nothing";
    for round in 0..40 {
        let cold = shown(&reviewed(&files, &request()));
        assert!(shown(&reviewed(&files, &warm)) == cold, "round {round}: {done}");
        assert!(shown(&reviewed(&files, &warm)) == cold, "round {round}, kept: {done}");
        for _ in 0..2 {
            assert!(
                shown(&reviewed(&files, &apart)) == shown(&reviewed(&files, &alone)),
                "round {round}, alone: {done}"
            );
        }
        done = edit(&mut files, &original, &code, &mut random);
    }
    // Some edits are taken back, some change nothing.
    let hits = memory.hits.load(Ordering::Relaxed);
    assert_eq!(memory.kept() + hits, 80);
    assert!((40..55).contains(&hits), "{hits}");
}

/// Whether names and calls were found anew.
fn resolved(reviewed: &Reviewed) -> bool {
    reviewed.review.statistics.stages.iter().any(|(name, ..)| name == "resolve")
}

/// Whether the checks ran.
fn examined(reviewed: &Reviewed) -> bool {
    reviewed.review.statistics.stages.iter().any(|(name, ..)| name == "checks")
}

#[test]
fn what_the_checks_found_outlives_edits_of_what_they_do_not_look_at() {
    let original = example();
    let alone = Request { tests: false, ..request() };
    let warm = Request { session: Some(Arc::default()), ..alone.clone() };
    assert!(examined(&reviewed(&original, &warm)));
    let changed = |path: &str, more: &str| {
        let mut files = original.clone();
        files.get_mut(path).expect("it is there").push_str(more);
        files
    };
    let (test, own) = ("tests/test_agent.py", "netkeeper/app.py");
    let cases = [
        (original.clone(), false),
        (changed(test, "\nimport os\nos.system(input())\n"), false),
        (changed(own, "\n# More.\n"), false),
        (changed(own, "\n\n"), false),
        (changed(own, "\nx = 1\n"), true),
        (changed("requirements.txt", "\nnothing==1\n"), true),
        (original.clone(), true),
    ];
    for (at, (files, anew)) in cases.iter().enumerate() {
        let found = reviewed(files, &warm);
        assert_eq!(examined(&found), *anew, "{at}");
        assert!(shown(&found) == shown(&reviewed(files, &alone)), "{at}");
    }
    // What is examined counts, too.
    let mut all = warm.clone();
    all.tests = true;
    assert!(examined(&reviewed(&original, &all)));
    assert!(shown(&reviewed(&original, &all)) == shown(&reviewed(&original, &request())));
}

#[test]
fn formats_that_tell_nothing_of_tests_are_the_same_without() {
    let alone = Request { tests: false, ..request() };
    let mut files = example();
    let test = "tests/test_agent.py";
    files.get_mut(test).expect("it is there").push_str("\nimport os\nimport sys\nos.system(sys.argv[1])\n");
    let mut suppressed = files.clone();
    suppressed.get_mut(test).expect("it is there").push_str("x = 1  # assay: ignore[xxe] nothing\n");
    for files in [files, suppressed] {
        let (with, without) = (reviewed(&files, &request()), reviewed(&files, &alone));
        for format in Format::ALL.into_iter().filter(|format| !format.tells_of_tests()) {
            let rendered = |reviewed: &Reviewed| {
                let mut out = Vec::new();
                render(&reviewed.review, format, &Options::default(), &mut out).expect("memory can be written to");
                out
            };
            assert!(rendered(&with) == rendered(&without), "{format:?}");
        }
        assert_eq!(with.exit_status(), without.exit_status());
        assert_eq!(with.review.notes, without.review.notes);
    }
}

#[test]
fn facts_outlive_edits_that_only_move_code() {
    let original = example();
    let session = Arc::new(Session::default());
    let warm = Request { session: Some(Arc::clone(&session)), ..request() };
    assert!(resolved(&reviewed(&original, &warm)));
    let edited = |path: &str, edit: &dyn Fn(&str) -> String| {
        let mut files = original.clone();
        let text = edit(&files[path]);
        assert_ne!(text, files[path], "{path}");
        files.insert(path.to_owned(), text);
        files
    };
    let path = "netkeeper/app.py";
    let moved = [
        edited(path, &|text| format!("# More.\n\n\n{text}")),
        edited(path, &|text| text.replace("\n\n", "\n\n\n# Why.\n")),
        edited(path, &|text| text.replace(", ", ",  ").replace(":\n", ":  # Here.\n")),
        edited(path, &|text| format!("{text}\n\"\"\"A text.\"\"\"\n")),
        edited("README.md", &|text| format!("{text}\n")),
        original.clone(),
    ];
    for files in moved {
        let found = reviewed(&files, &warm);
        assert!(!resolved(&found));
        assert!(shown(&found) == shown(&reviewed(&files, &request())));
    }
    for (path, edit) in [(path, "\nx = 1\n"), (path, "\nx = \"\"\"A text.\"\"\"\n"), ("netkeeper/more.py", "")] {
        let mut files = original.clone();
        files.entry(path.to_owned()).or_default().push_str(edit);
        let found = reviewed(&files, &warm);
        assert!(resolved(&found), "{edit}");
        assert!(shown(&found) == shown(&reviewed(&files, &request())));
        reviewed(&original, &warm);
    }
    // Who is taken for untrusted decides which data is followed.
    for threat in [assay_finding::Threat::Library, assay_finding::Threat::Local] {
        let warm = Request { threat: Some(threat), ..warm.clone() };
        let cold = Request { threat: Some(threat), ..request() };
        assert!(shown(&reviewed(&original, &warm)) == shown(&reviewed(&original, &cold)));
    }
}

/// Waits for a review until so many stages have ended.
struct Patience(AtomicUsize);

impl Progress for Patience {
    fn stage(&self, _: &str, _: usize) {}

    fn step(&self) {}

    fn is_wanted(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
    }
}

#[test]
fn a_review_that_is_stopped_does_no_harm_to_the_next() {
    let original = example();
    let warm = Request { session: Some(Arc::default()), ..request() };
    reviewed(&original, &warm);
    let mut stopped = 0;
    for stages in 0..6 {
        let mut files = original.clone();
        files.get_mut("netkeeper/app.py").expect("it is there").push_str(["x = 1\n", "x = 2\n"][stages % 2]);
        let found = review(&warm, &system(&files), &Patience(AtomicUsize::new(stages)));
        stopped += usize::from(matches!(found, Err(Error::Stopped)));
        // Places have moved since then.
        files.get_mut("netkeeper/app.py").expect("it is there").insert_str(0, "# More.\n");
        assert!(shown(&reviewed(&files, &warm)) == shown(&reviewed(&files, &request())), "{stages}");
    }
    assert_eq!(stopped, 5);
}

#[test]
fn whatever_may_change_a_review_changes_its_key() {
    let files = example();
    let memory = Arc::new(Memory::default());
    let warm = Request { cache: Some(Arc::clone(&memory) as Arc<dyn Cache>), ..request() };
    let with = |path: &str, text: &str| {
        let mut files = files.clone();
        files.entry(path.to_owned()).or_default().push_str(text);
        files
    };
    let inputs: Vec<(BTreeMap<String, String>, Request)> = vec![
        (files.clone(), warm.clone()),
        (files.clone(), Request { effects: true, ..warm.clone() }),
        (files.clone(), Request { threat: Some(assay_finding::Threat::All), ..warm.clone() }),
        (files.clone(), Request { severity: Some(assay_finding::Severity::High), ..warm.clone() }),
        (files.clone(), Request { checks: vec!["xxe".to_owned()], ..warm.clone() }),
        (files.clone(), Request { targets: vec![PathBuf::from("/p/netkeeper")], ..warm.clone() }),
        (with("netkeeper/api.py", "\n# more\n"), warm.clone()),
        (with("netkeeper/more.py", ""), warm.clone()),
        (with("requirements.txt", "\nflask\n"), warm.clone()),
        (with("assay.toml", "severity = \"low\"\n"), warm.clone()),
        (with(".assay/triage.toml", "[[finding]]\nfingerprint = 'a'\nreason = 'b'\n"), warm),
    ];
    for (files, request) in &inputs {
        reviewed(files, request);
    }
    assert_eq!(memory.kept(), inputs.len());
    // How many threads there are changes nothing.
    let (files, first) = &inputs[0];
    reviewed(files, &Request { jobs: Some(1), ..first.clone() });
    assert_eq!((memory.kept(), memory.hits.load(Ordering::Relaxed)), (inputs.len(), 1));
}

/// Reviews on a day over what is kept; whether it was found.
fn on(day: &str, files: &BTreeMap<String, String>, memory: &Arc<Memory>, advisories: &Advisories) -> bool {
    let before = memory.hits.load(Ordering::Relaxed);
    let today = Date::parse(day).expect("a day");
    let cold = Request { today, advisories: advisories.clone(), ..request() };
    let warm = Request { cache: Some(Arc::clone(memory) as Arc<dyn Cache>), ..cold.clone() };
    let found = reviewed(files, &warm);
    // Found bytes may hold for other days only.
    let made = found.review.statistics.stages.iter().any(|(name, ..)| name == "finish");
    assert!(shown(&found) == shown(&reviewed(files, &cold)), "{day}");
    assert_eq!(memory.kept(), 1);
    memory.hits.load(Ordering::Relaxed) > before && !made
}

#[test]
fn a_review_is_kept_until_a_suppression_ends() {
    let files = BTreeMap::from([(
        "a.py".to_owned(),
        "import hashlib\nhashlib.md5(b'') # assay: ignore[weak-hash] old until=2026-01-20\n".to_owned(),
    )]);
    let memory = Arc::new(Memory::default());
    let days = ["2026-01-15", "2026-01-16", "2026-01-20", "2026-01-21", "2026-02-28", "2026-01-20"];
    let found = days.map(|day| on(day, &files, &memory, &Advisories::default()));
    assert_eq!(found, [false, true, true, false, true, false]);
}

#[test]
fn a_kept_review_tells_the_age_that_advisories_have_today() {
    let advisory = Advisory {
        id: "PYSEC-1".to_owned(),
        modified: "2026-01-10T00:00:00Z".to_owned(),
        affected: vec![Affected {
            ecosystem: Ecosystem::PyPI,
            name: "pyyaml".to_owned(),
            ranges: Vec::new(),
            versions: vec!["1.0".to_owned()],
            symbols: Vec::new(),
            git: false,
        }],
        ..Advisory::default()
    };
    let mut builder = Builder::default();
    builder.add("test", "2026-01-12", "", 0, &[advisory]);
    let database = Database::open(Box::new(builder.finish())).expect("a database");
    let advisories = Advisories::Open(Arc::new(database));
    let files = BTreeMap::from([("requirements.txt".to_owned(), "pyyaml==1.0\n".to_owned())]);
    let memory = Arc::new(Memory::default());
    let days = ["2026-01-15", "2026-01-16", "2026-03-01", "2026-01-01"];
    let found = days.map(|day| on(day, &files, &memory, &advisories));
    assert_eq!(found, [false, true, true, true]);
    let notes = |day: &str| {
        let today = Date::parse(day).expect("a day");
        let request = Request { today, advisories: advisories.clone(), ..request() };
        reviewed(&files, &request).review.notes.concat()
    };
    assert!(notes("2026-01-15").contains("5 days before") && notes("2026-03-01").contains("50 days before"));
}

#[test]
fn what_is_damaged_is_made_anew() {
    let files = example();
    let memory = Arc::new(Memory::default());
    let warm = Request { cache: Some(Arc::clone(&memory) as Arc<dyn Cache>), ..request() };
    let cold = shown(&reviewed(&files, &warm));
    let whole = memory.kept.lock().expect("no test fails with it").values().next().cloned().expect("one review");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for bytes in [Vec::new(), whole[..20].to_vec(), whole[..whole.len() - 1].to_vec(), flipped] {
        for kept in memory.kept.lock().expect("no test fails with it").values_mut() {
            kept.clone_from(&bytes);
        }
        assert!(shown(&reviewed(&files, &warm)) == cold);
        assert!(memory.kept.lock().expect("no test fails with it").values().all(|kept| *kept == whole));
    }
}

#[test]
fn an_internal_error_is_not_kept() {
    // A file of which the front end knows nothing is an error of the file, not of the machine.
    let memory = Arc::new(Memory::default());
    let warm = Request {
        cache: Some(Arc::clone(&memory) as Arc<dyn Cache>),
        session: Some(Arc::new(Session::default())),
        ..request()
    };
    let files = BTreeMap::from([("a.py".to_owned(), "def (\n".to_owned())]);
    reviewed(&files, &warm);
    assert_eq!(memory.kept(), 1, "a syntax error is no internal one");
}
