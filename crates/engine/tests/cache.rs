//! A review over kept reviews and remembered modules is the review that is made anew, byte for byte.

use assay_engine::{Cache, Date, Lowered, NoProgress, Request, Reviewed, review};
use assay_report::{Format, Options, render};
use assay_source::MemorySystem;
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

/// Numbers without a pattern (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap_or_default()
    }
}

/// Inserts, deletes or moves a line, renames a file, or takes the last edit back.
fn edit(files: &mut BTreeMap<String, String>, random: &mut Random) {
    let names: Vec<String> = files.keys().filter(|name| name.strip_suffix(".py").is_some()).cloned().collect();
    let name = &names[random.below(names.len())];
    if random.below(10) == 0 {
        let text = files.remove(name).unwrap_or_default();
        files.insert(name.replace(".py", "_x.py"), text);
        return;
    }
    let mut lines: Vec<String> = files[name].lines().map(str::to_owned).collect();
    let (from, to) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(3) {
        0 if !lines.is_empty() => drop(lines.remove(from)),
        1 if !lines.is_empty() => {
            let line = lines.remove(from);
            lines.insert(to.min(lines.len()), line);
        }
        _ => lines.insert(from, lines.get(to).cloned().unwrap_or_else(|| "x = 1".to_owned())),
    }
    files.insert(name.clone(), lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect());
}

#[test]
fn after_any_edit_the_review_is_that_of_a_cold_run() {
    let mut files = example();
    let memory = Arc::new(Memory::default());
    let warm =
        Request { cache: Some(Arc::clone(&memory) as Arc<dyn Cache>), lowered: Some(Arc::default()), ..request() };
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for round in 0..25 {
        let cold = shown(&reviewed(&files, &request()));
        assert!(shown(&reviewed(&files, &warm)) == cold, "round {round}");
        assert!(shown(&reviewed(&files, &warm)) == cold, "round {round}, kept");
        edit(&mut files, &mut random);
    }
    // A line that was moved to where it stands is no change.
    let hits = memory.hits.load(Ordering::Relaxed);
    assert_eq!(memory.kept() + hits, 50);
    assert!((25..30).contains(&hits), "{hits}");
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
        (files.clone(), Request { today: Date::parse("2026-01-16").expect("a day"), ..warm.clone() }),
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
        lowered: Some(Arc::new(Lowered::default())),
        ..request()
    };
    let files = BTreeMap::from([("a.py".to_owned(), "def (\n".to_owned())]);
    reviewed(&files, &warm);
    assert_eq!(memory.kept(), 1, "a syntax error is no internal one");
}
