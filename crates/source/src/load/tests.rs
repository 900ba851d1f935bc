use super::*;
use crate::{FileKind, MemorySystem};

fn project(system: &MemorySystem, targets: &[&str]) -> Project {
    let targets: Vec<PathBuf> = targets.iter().map(PathBuf::from).collect();
    load(system, &targets, &Options::default()).unwrap()
}

fn paths(project: &Project) -> Vec<&str> {
    project.files.iter().map(|(_, file)| &*file.path).collect()
}

fn gap<'a>(project: &'a Project, path: &str) -> &'a Gap {
    project.gaps.iter().find(|gap| gap.path == path).unwrap_or_else(|| panic!("no gap for {path}: {:?}", project.gaps))
}

#[test]
fn a_single_file_brings_its_project_along() {
    let system = MemorySystem::new("/w/p")
        .with_file("/w/p/setup.cfg", "")
        .with_file("/w/p/pkg/__init__.py", "")
        .with_file("/w/p/pkg/a.py", "")
        .with_file("/w/p/pkg/tests/__init__.py", "")
        .with_file("/w/p/pkg/tests/test_a.py", "");
    let project = project(&system, &["pkg/tests/test_a.py"]);
    assert_eq!(
        paths(&project),
        ["pkg/__init__.py", "pkg/a.py", "pkg/tests/__init__.py", "pkg/tests/test_a.py", "setup.cfg"]
    );
    let requested: Vec<bool> = project.files.iter().map(|(_, file)| file.requested).collect();
    assert_eq!(requested, [false, false, false, true, false]);
    let last = project.files.by_path("pkg/tests/test_a.py").unwrap();
    assert_eq!(project.files.get(last).role, Role::Test);
    assert_eq!(project.modules[last].as_ref().unwrap().dotted, "pkg.tests.test_a");
    assert_eq!(project.manifests.len(), 1);
}

#[test]
fn paths_are_shown_from_where_the_user_stands() {
    let system = |current: &str| {
        MemorySystem::new(current).with_file("/w/p/setup.cfg", "").with_file("/w/p/pkg/a.py", "").with_dir("/elsewhere")
    };
    assert_eq!(paths(&project(&system("/w"), &["p"])), ["p/pkg/a.py", "p/setup.cfg"]);
    assert_eq!(paths(&project(&system("/w/p/pkg"), &["a.py"])), ["../setup.cfg", "a.py"]);
    assert_eq!(paths(&project(&system("/elsewhere"), &["/w/p"])), ["pkg/a.py", "setup.cfg"]);
}

#[test]
fn the_folder_above_the_root_gives_no_role() {
    let system = MemorySystem::new("/x")
        .with_file("/x/tests/vendor/p/pyproject.toml", "")
        .with_file("/x/tests/vendor/p/a.py", "");
    let project = project(&system, &["tests/vendor/p"]);
    assert!(project.files.iter().all(|(_, file)| file.role == Role::FirstParty));
}

#[test]
fn tests_without_a_program_are_the_program() {
    let tests = MemorySystem::new("/p")
        .with_file("/p/setup.py", "")
        .with_file("/p/tests/a.py", "")
        .with_file("/p/examples/b.py", "")
        .with_file("/p/vendor/c.py", "");
    let roles = |system: &MemorySystem| -> Vec<Role> {
        project(system, &["/p"]).files.iter().map(|(_, file)| file.role).collect()
    };
    assert_eq!(roles(&tests), [Role::FirstParty, Role::FirstParty, Role::FirstParty, Role::Vendored]);
    let program = tests.with_file("/p/zone.py", "");
    assert_eq!(roles(&program), [Role::Example, Role::FirstParty, Role::Test, Role::Vendored, Role::FirstParty]);
}

#[test]
fn what_was_installed_into_a_folder_is_not_the_projects() {
    let system = MemorySystem::new("/p")
        .with_file("/p/setup.cfg", "")
        .with_file("/p/app/__init__.py", "")
        .with_file("/p/app/dist/tool-1.0.dist-info/METADATA", "")
        .with_file("/p/app/dist/tool/__init__.py", "")
        .with_file("/p/app/dist/single.py", "")
        .with_file("/p/app/main.py", "");
    let project = project(&system, &["/p"]);
    let role = |path: &str| project.files.iter().find(|(_, file)| &*file.path == path).map(|(_, file)| file.role);
    assert_eq!(role("app/main.py"), Some(Role::FirstParty));
    assert_eq!(role("app/dist/tool/__init__.py"), Some(Role::Vendored));
    assert_eq!(role("app/dist/single.py"), Some(Role::Vendored));
}

#[test]
fn links_never_lead_out_or_around() {
    let system = MemorySystem::new("/p")
        .with_file("/p/a.py", "")
        .with_file("/etc/secret.py", "")
        .with_link("/p/out.py", "/etc/secret.py")
        .with_link("/p/in.py", "a.py")
        .with_link("/p/sub/up", "..")
        .with_link("/p/self", "self")
        .with_link("/p/gone", "nowhere");
    let project = project(&system, &["/p"]);
    assert_eq!(paths(&project), ["a.py"]);
    assert!(gap(&project, "out.py").incomplete);
    for path in ["in.py", "sub/up", "self", "gone"] {
        assert_eq!((gap(&project, path).kind, gap(&project, path).incomplete), (GapKind::Symlink, false), "{path}");
    }
    assert!(gap(&project, "sub/up").message.contains("above itself"));
}

#[test]
fn what_cannot_be_read_is_recorded() {
    let system = MemorySystem::new("/p")
        .with_file("/p/big.py", vec![b'\n'; usize::try_from(MAX_FILE_BYTES).unwrap() + 1])
        .with_file("/p/long.py", vec![b'#'; MAX_LINE_BYTES + 1])
        .with_file("/p/data.py", b"\0\x01\x02\0")
        .with_file("/p/bytes.py", b"x = '\xff'\n")
        .with_file("/p/poetry.lock", vec![b'\n'; usize::try_from(MAX_MANIFEST_BYTES).unwrap() + 1])
        .with_file("/p/package-lock.json", vec![b' '; usize::try_from(MAX_MANIFEST_BYTES).unwrap()])
        .with_file("/p/big.ini", vec![b'\n'; usize::try_from(MAX_FILE_BYTES).unwrap() + 1])
        .with_denied("/p/requirements.txt", FileKind::File)
        .with_denied("/p/closed.py", FileKind::File)
        .with_denied("/p/shut", FileKind::Directory)
        .with_special("/p/pipe.py")
        .with_file("/p/venv/pyvenv.cfg", "")
        .with_file("/p/venv/lib/x.py", "");
    let project = project(&system, &["/p"]);
    assert_eq!(paths(&project), ["bytes.py", "package-lock.json"]);
    for (path, kind, incomplete) in [
        ("big.py", GapKind::TooLarge, true),
        ("long.py", GapKind::Limit, true),
        ("data.py", GapKind::Binary, true),
        ("bytes.py", GapKind::Encoding, false),
        ("closed.py", GapKind::Unreadable, true),
        ("shut", GapKind::Unreadable, true),
        ("pipe.py", GapKind::Special, false),
        ("venv", GapKind::Environment, false),
        ("poetry.lock", GapKind::TooLarge, true),
        ("requirements.txt", GapKind::Unreadable, true),
        ("big.ini", GapKind::TooLarge, false),
    ] {
        assert_eq!((gap(&project, path).kind, gap(&project, path).incomplete), (kind, incomplete), "{path}");
    }
    assert!(gap(&project, "bytes.py").file.is_some());
}

#[test]
fn ignore_files_count_as_for_ripgrep() {
    let system = MemorySystem::new("/p")
        .with_file("/p/.gitignore", "*.gen.py\n!keep.gen.py\n/build/\n")
        .with_file("/p/a.gen.py", "")
        .with_file("/p/keep.gen.py", "")
        .with_file("/p/build/x.py", "")
        .with_file("/p/sub/build/y.py", "")
        .with_file("/p/sub/.ignore", "z.py\n")
        .with_file("/p/sub/z.py", "")
        .with_file("/p/.hidden/h.py", "");
    let all = ["a.gen.py", "build/x.py", "keep.gen.py", "sub/build/y.py"];
    assert_eq!(paths(&project(&system, &["/p"])), all, "without a repository only `.ignore` counts");
    let system = system.with_dir("/p/.git");
    let project = project(&system, &["/p"]);
    assert_eq!(paths(&project), ["keep.gen.py", "sub/build/y.py"]);
    assert_eq!((project.skipped.ignored, project.skipped.hidden), (3, 4));
}

#[test]
fn a_named_file_is_read_whatever_ignores_it() {
    let system = MemorySystem::new("/p")
        .with_dir("/p/.git")
        .with_file("/p/.gitignore", "x.py\n")
        .with_file("/p/x.py", "")
        .with_file("/p/tool", "#!/usr/bin/env python\n");
    assert_eq!(paths(&project(&system, &["/p/x.py"])), ["tool", "x.py"]);
    assert_eq!(paths(&project(&system, &["/p/tool"])), ["tool"]);
}

#[test]
fn excluded_paths_are_counted() {
    let system = MemorySystem::new("/p").with_file("/p/a.py", "").with_file("/p/gen/b.py", "");
    let exclude = Patterns::new(Path::new("/p"), &["gen/"]).unwrap();
    let project = load(&system, &["/p".into()], &Options { exclude }).unwrap();
    assert_eq!((paths(&project), project.skipped.excluded), (vec!["a.py"], 1));
}

#[test]
fn folders_end_at_the_depth_limit() {
    let deep = "d/".repeat(assay_text::limits::MAX_WALK_DEPTH + 5);
    let system = MemorySystem::new("/p").with_file("/p/a.py", "").with_file(format!("/p/{deep}x.py"), "");
    let project = project(&system, &["/p"]);
    assert_eq!(paths(&project), ["a.py"]);
    assert_eq!(project.gaps.len(), 1);
    assert_eq!((project.gaps[0].kind, project.gaps[0].incomplete), (GapKind::Limit, true));
}

#[test]
fn a_missing_target_is_an_error() {
    let error = load(&MemorySystem::new("/p"), &["nowhere".into()], &Options::default()).unwrap_err();
    assert!(error.to_string().starts_with("nowhere: "), "{error}");
}

#[test]
fn two_projects_share_no_module_name() {
    let system = MemorySystem::new("/w")
        .with_file("/w/a/setup.py", "")
        .with_file("/w/a/util.py", "")
        .with_file("/w/b/setup.py", "")
        .with_file("/w/b/util.py", "");
    let project = project(&system, &["a", "b"]);
    let names: Vec<&str> = project.modules.iter().flatten().map(|name| &*name.dotted).collect();
    assert_eq!(names, ["setup", "util", "setup-2", "util-2"]);
}

#[cfg(unix)]
#[test]
fn names_that_are_no_text_are_shown_apart() {
    use std::os::unix::ffi::OsStrExt;
    let path = |byte: u8| PathBuf::from(std::ffi::OsStr::from_bytes(&[b"/p/a".as_slice(), &[byte], b".py"].concat()));
    let system = MemorySystem::new("/p").with_file(path(0xfe), "x").with_file(path(0xff), "y");
    let project = project(&system, &["/p"]);
    assert_eq!(paths(&project), ["a\u{fffd}.py", "a\u{fffd}.py (2)"]);
    let names: BTreeSet<&str> = project.modules.iter().flatten().map(|name| &*name.dotted).collect();
    assert_eq!(names.len(), 2);
    let first = project.files.by_path("a\u{fffd}.py").unwrap();
    assert_eq!((&*project.files.get(first).text, &project.paths[first]), ("x", &path(0xfe)));
}

#[test]
fn a_thousand_named_files_are_one_project() {
    let mut system = MemorySystem::new("/p").with_dir("/p/.git").with_file("/p/.gitignore", "*.log\n");
    let names: Vec<String> = (0..1000).map(|n| format!("pkg/m{n:04}.py")).collect();
    for name in &names {
        system = system.with_file(format!("/p/{name}"), "");
    }
    let targets: Vec<&str> = names.iter().map(String::as_str).collect();
    let project = project(&system, &targets);
    assert_eq!((project.files.len(), project.root.as_path()), (1000, Path::new("/p")));
    assert!(project.files.iter().all(|(_, file)| file.requested));
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn of_archives_only_what_says_which_package_it_is_is_read() {
    let inner = zip(&[("META-INF/maven/g/b/pom.properties", b"version=2\n")]);
    let jar = zip(&[
        ("META-INF/maven/g/a/pom.properties", b"version=1\n"),
        ("META-INF/maven/g/shaded/pom.properties", b"version=3\n"),
        ("../../META-INF/maven/g/c/pom.properties", b"version=4\n"),
        ("BOOT-INF/lib/b.jar", &inner),
        ("A.class", b""),
    ]);
    let system = MemorySystem::new("/p")
        .with_file("/p/pyproject.toml", "")
        .with_file("/p/lib/app.jar", &jar)
        .with_file("/p/lib/bare.jar", zip(&[("A.class", b"")]))
        .with_file("/p/lib/cut.jar", &jar[..jar.len() / 2])
        .with_file("/p/lib/w.whl", zip(&[("w-1.0.dist-info/METADATA", b"Name: w\n"), ("w/__init__.py", b"")]));
    let project = project(&system, &["/p"]);
    assert_eq!(
        paths(&project),
        [
            "lib/app.jar!/BOOT-INF/lib/b.jar!/META-INF/maven/g/b/pom.properties",
            "lib/app.jar!/META-INF/maven/g/a/pom.properties",
            "lib/app.jar!/META-INF/maven/g/shaded/pom.properties",
            "lib/w.whl!/w-1.0.dist-info/METADATA",
            "pyproject.toml",
        ]
    );
    assert!(gap(&project, "lib/app.jar").message.contains("leads out of it"));
    assert!(gap(&project, "lib/bare.jar").message.contains("does not say which package"));
    assert_eq!((gap(&project, "lib/cut.jar").kind, gap(&project, "lib/cut.jar").incomplete), (GapKind::Archive, true));
}

#[test]
fn archives_that_unpack_to_too_much_are_cut() {
    let long = vec![b' '; usize::try_from(MAX_FILE_BYTES).unwrap() + 1];
    let mut nested = zip(&[("META-INF/maven/g/a/pom.properties", b"version=1\n")]);
    for _ in 0..6 {
        nested = zip(&[("in.jar", &nested)]);
    }
    let system = MemorySystem::new("/p")
        .with_file("/p/bomb.jar", zip(&[("META-INF/maven/g/a/pom.properties", &long)]))
        .with_file("/p/deep.jar", nested);
    let project = project(&system, &["/p"]);
    assert!(paths(&project).is_empty());
    assert!(
        gap(&project, "bomb.jar").message.contains("MAX_ARCHIVE_UNPACKED_BYTES")
            && gap(&project, "bomb.jar").incomplete
    );
    assert!(gap(&project, "deep.jar").message.contains("MAX_ARCHIVE_DEPTH"), "{:?}", project.gaps);
}

#[test]
fn what_is_installed_in_an_environment_is_read() {
    let system = MemorySystem::new("/p")
        .with_dir("/p/.git")
        .with_file("/p/.gitignore", "venv/\n")
        .with_file("/p/venv/pyvenv.cfg", "")
        .with_file("/p/venv/lib/python3.12/site-packages/a-1.0.dist-info/METADATA", "Name: a\n")
        .with_file("/p/venv/lib/python3.12/site-packages/a-1.0.dist-info/RECORD", "a.py,,\n")
        .with_file("/p/venv/lib/python3.12/site-packages/a.py", "")
        .with_file("/p/.env/pyvenv.cfg", "")
        .with_file("/p/.env/lib/python3.12/site-packages/b.egg-info", "Name: b\n")
        .with_file("/p/a.py", "");
    let project = project(&system, &["/p"]);
    assert_eq!(
        paths(&project),
        [
            ".env/lib/python3.12/site-packages/b.egg-info",
            "a.py",
            "venv/lib/python3.12/site-packages/a-1.0.dist-info/METADATA",
            "venv/lib/python3.12/site-packages/a-1.0.dist-info/RECORD",
        ]
    );
    assert_eq!(gap(&project, "venv").kind, GapKind::Environment);
}
