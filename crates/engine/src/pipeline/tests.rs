use super::*;
use assay_finding::Verdict;
use assay_source::MemorySystem;

fn request(targets: &[&str]) -> Request {
    let today = Date::parse("2026-01-15").unwrap();
    Request { jobs: Some(2), ..Request::new(targets.iter().map(PathBuf::from).collect(), today) }
}

fn reviewed(system: &MemorySystem, request: &Request) -> Reviewed {
    review(request, system, &NoProgress).unwrap()
}

#[test]
fn an_empty_folder_has_nothing_to_review() {
    let reviewed = reviewed(&MemorySystem::new("/p"), &request(&["."]));
    assert_eq!(reviewed.exit_status(), ExitStatus::Clean);
    assert_eq!(reviewed.review.notes, ["No source file was found in what was named."]);
    let injection = &reviewed.review.areas[0];
    assert_eq!((injection.area, injection.verdict), (Area::Injection, Verdict::NotApplicable));
    let memory = &reviewed.review.areas[1];
    assert_eq!((memory.area, memory.verdict, memory.analysed), (Area::MemorySafety, Verdict::NotApplicable, true));
}

#[test]
fn a_language_without_a_front_end_is_not_observed() {
    let system = MemorySystem::new("/p").with_file("/p/a.js", "x\n").with_file("/p/b.js", "y\n");
    let reviewed = reviewed(&system, &request(&["."]));
    assert_eq!(reviewed.exit_status(), ExitStatus::Incomplete);
    let allowed = Reviewed { allow_incomplete: true, ..reviewed.clone() };
    assert_eq!(allowed.exit_status(), ExitStatus::Clean);
    assert_eq!(reviewed.review.areas[0].verdict, Verdict::NotObserved);
    assert_eq!(reviewed.review.gaps.len(), 1);
    assert_eq!(reviewed.review.files.len(), 2);
}

#[test]
fn the_command_wins_over_the_configuration() {
    let text = "threat = 'local'\nfail-on = 'never'\nareas = ['injection']\n[checks]\nignore = ['sql-injection']\n";
    let system = MemorySystem::new("/p").with_file("/p/a.py", "x = 1\n").with_file("/p/assay.toml", text);
    let configured = reviewed(&system, &request(&["."]));
    assert_eq!((configured.review.threat, configured.fail_on), (Threat::Local, FailOn::Never));
    assert_eq!(configured.review.areas.len(), 1);
    assert!(configured.review.check("sql-injection").is_none());
    assert!(configured.review.check("command-injection").is_some());
    assert!(configured.review.notes.contains(&"Configured by assay.toml: 1 ignored check.".to_owned()));

    let mut asked = request(&["."]);
    asked.threat = Some(Threat::All);
    asked.checks = vec!["sql-injection".to_owned()];
    let asked = reviewed(&system, &asked);
    assert_eq!(asked.review.threat, Threat::All);
    assert_eq!(asked.review.checks.len(), 1);

    let mut bare = request(&["."]);
    bare.config = ConfigSource::None;
    assert_eq!(reviewed(&system, &bare).review.areas.len(), Area::ALL.len());
}

#[test]
fn usage_errors_suggest() {
    let system = MemorySystem::new("/p").with_file("/p/a.py", "");
    let mut bad = request(&["."]);
    bad.checks = vec!["sql-injektion".to_owned()];
    let error = review(&bad, &system, &NoProgress).unwrap_err().to_string();
    assert_eq!(error, "no check is called `sql-injektion`; did you mean `sql-injection`?");
    let error = review(&request(&["nowhere"]), &system, &NoProgress).unwrap_err().to_string();
    assert!(error.starts_with("nowhere: "), "{error}");
}

#[test]
fn one_file_names_the_project_around_it() {
    let system = MemorySystem::new("/p")
        .with_file("/p/setup.py", "")
        .with_file("/p/pkg/__init__.py", "")
        .with_file("/p/pkg/tests/test_a.py", "x = 1\n");
    let reviewed = reviewed(&system, &request(&["pkg/tests/test_a.py"]));
    assert_eq!(
        reviewed.review.notes[0],
        "1 source file with 1 line reviewed: 1 test. 2 files of the project around them were read as well, so that imports resolve."
    );
}

#[test]
fn broken_code_is_said_and_the_rest_goes_on() {
    let system = MemorySystem::new("/p").with_file("/p/a.py", "def f(:\n  pass\n").with_file("/p/b.py", "x = 1\n");
    let reviewed = reviewed(&system, &request(&["."]));
    assert_eq!(reviewed.exit_status(), ExitStatus::Incomplete);
    let gap = &reviewed.review.gaps[0];
    assert_eq!((gap.path.as_str(), gap.code.as_str(), gap.incomplete), ("a.py", "syntax-error", true));
    assert_eq!(reviewed.review.gaps.len(), 1);
}

#[test]
fn findings_in_the_program_are_the_same_without_its_tests() {
    let app = "import os\nfrom flask import Flask, request\nfrom tests.fakes import name\napp = Flask(__name__)\n\
               @app.route('/')\ndef view():\n    os.system(name(request.args['x']))\n";
    let system = MemorySystem::new("/p")
        .with_file("/p/app.py", app)
        .with_file("/p/tests/__init__.py", "")
        .with_file("/p/tests/fakes.py", "def name(x):\n    return 'ping ' + x\n")
        .with_file("/p/tests/test_app.py", "import app\nimport os\nimport sys\nos.system(sys.argv[1])\n");
    let with = request(&["/p"]);
    let without = Request { tests: false, ..with.clone() };
    let said = |request| {
        let review = reviewed(&system, request).review;
        let own = |place: &assay_finding::Place| &*review.files.get(place.file).path == "app.py";
        let shown: Vec<_> = review.findings.iter().filter(|f| own(&f.place)).map(|f| format!("{f:?}")).collect();
        let tested = review.sites.iter().filter(|site| site.in_test).count();
        (shown, tested)
    };
    let ((with, tested), (without, left)) = (said(&with), said(&without));
    assert_eq!(with.len(), 1);
    assert_eq!(with, without);
    assert!(left < tested, "{left} of {tested} places in tests");
}
