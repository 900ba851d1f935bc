use super::*;
use assay_index::Idx;
use assay_text::{Language, Role};

/// Entries in short: kind, name with extras, requirement, scope with group, marker.
pub(super) fn entries(path: &str, text: &str) -> Vec<String> {
    manifest(path, text).dependencies.iter().map(short).collect()
}

pub(super) fn manifest(path: &str, text: &str) -> Manifest {
    let file = SourceFile::new(path, Language::Manifest, Role::FirstParty, text);
    let manifest = read(FileId::new(0), &file).unwrap();
    for dependency in &manifest.dependencies {
        assert!(dependency.span.end as usize <= text.len(), "{dependency:?}");
        if let Some(span) = dependency.requirement_span {
            let bare = |text: &str| text.replace([' ', '\\', '\n'], "");
            assert_eq!(bare(span.slice(text)), bare(&dependency.requirement.text), "{dependency:?}");
        }
    }
    manifest
}

fn short(dependency: &Dependency) -> String {
    let mut out: Vec<String> = Vec::new();
    match dependency.kind {
        Kind::Declared => {}
        Kind::Constraint => out.push("constraint ".to_owned()),
        Kind::Locked => out.push("locked ".to_owned()),
        Kind::Installed => out.push("installed ".to_owned()),
    }
    out.push(dependency.name.clone());
    if !dependency.extras.is_empty() {
        out.push(format!("[{}]", dependency.extras.join(",")));
    }
    match &dependency.version {
        Some(version) => out.push(format!(" {version}")),
        None if !dependency.requirement.text.is_empty() => out.push(format!(" {}", dependency.requirement.text)),
        None => {}
    }
    out.push(format!(" ({}", dependency.scope.id()));
    if let Some(group) = &dependency.group {
        out.push(format!(" {group}"));
    }
    out.push(")".to_owned());
    if let Some(marker) = &dependency.marker {
        out.push(format!(" if {marker}"));
    }
    match &dependency.origin {
        Origin::Registry => {}
        Origin::Url(from) | Origin::Vcs(from) | Origin::Path(from) => out.push(format!(" from {from}")),
    }
    if !dependency.parents.is_empty() {
        out.push(format!(" for {}", dependency.parents.join("+")));
    }
    out.concat()
}

fn problems(path: &str, text: &str) -> Vec<String> {
    manifest(path, text).problems.into_iter().map(|problem| problem.message).collect()
}

#[test]
fn requirements_files_are_read_as_pip_reads_them() {
    let text = "\
# A comment
-i https://registry.example/simple
Paste>=2.0.2 # MIT
oslo.service[threading]>=4.2.1
pyroute2>=0.7.3;sys_platform!='win32' # Apache
requests \\
    >=2.0, \\
    <3 \\
    --hash=sha256:abc \\
    --hash=sha256:def
one @ https://registry.example/one-1.2-py3-none-any.whl ; python_version > '3'
-e git+https://forge.example/two.git@main#egg=two
git+https://forge.example/three.git#egg=three
./local
-r other.txt
-cupper.txt
--constraint=https://forge.example/upper.txt
ovs>3.3.0
Old (>=1.0,!=1.3)
star>=2.*
--pre
--no-such-option
not a requirement
bad>=
";
    assert_eq!(
        entries("requirements.txt", text),
        [
            "paste >=2.0.2 (runtime)",
            "oslo-service[threading] >=4.2.1 (runtime)",
            "pyroute2 >=0.7.3 (runtime) if sys_platform!='win32'",
            "requests >=2.0, <3 (runtime)",
            "one 1.2 (runtime) if python_version > '3' from https://registry.example/one-1.2-py3-none-any.whl",
            "two (runtime) from git+https://forge.example/two.git@main#egg=two",
            "three (runtime) from git+https://forge.example/three.git#egg=three",
            "ovs >3.3.0 (runtime)",
            "old (>=1.0,!=1.3) (runtime)",
            "star >=2.* (runtime)",
        ]
    );
    let found = manifest("requirements.txt", text);
    let includes: Vec<_> = found.includes.iter().map(|one| (one.path.as_str(), one.constraint)).collect();
    assert_eq!(includes, [("other.txt", false), ("upper.txt", true)]);
    let incomplete: Vec<_> = found.problems.iter().filter(|one| one.incomplete).map(|one| &one.message).collect();
    assert_eq!(incomplete.len(), 3, "{incomplete:?}");
}

#[test]
fn scopes_follow_from_names_and_folders() {
    for (path, scope) in [
        ("requirements.txt", "runtime"),
        ("test-requirements.txt", "test"),
        ("requirements-dev.txt", "dev"),
        ("requirements/prod.txt", "runtime"),
        ("requirements/tests.txt", "test"),
        ("doc/requirements.txt", "doc"),
        ("neutron/tests/functional/requirements.txt", "test"),
        ("tools/requirements.txt", "dev"),
        ("requirements_lint.txt", "dev"),
        ("app/requirements.txt", "runtime"),
    ] {
        assert_eq!(requirements::scope_of(path).0.id(), scope, "{path}");
    }
}

#[test]
fn pyproject_tables_are_read() {
    let text = r#"
[build-system]
requires = ["pbr>=6.1.1"]
[project]
name = "My.App"
requires-python = ">=3.11"
dependencies = ["a>=1", 'b[x]~=2.0; python_version<"3"']
dynamic = ["version"]
[project.optional-dependencies]
redis = ["redis>=4"]
[dependency-groups]
test = ["pytest", {include-group = "lint"}]
lint = ["ruff==0.5.0"]
[tool.uv]
constraint-dependencies = ["c<2"]
[tool.setuptools.dynamic]
optional-dependencies.extra = {file = ["extra.txt"]}
"#;
    assert_eq!(
        entries("pyproject.toml", text),
        [
            "a >=1 (runtime)",
            "b[x] ~=2.0 (runtime) if python_version<\"3\"",
            "redis >=4 (optional redis)",
            "pbr >=6.1.1 (build build-system)",
            "pytest (test test)",
            "ruff ==0.5.0 (dev lint)",
            "constraint c <2 (runtime constraint-dependencies)",
        ]
    );
    let found = manifest("pyproject.toml", text);
    assert_eq!(found.own_names, ["my-app"]);
    assert_eq!(found.includes.len(), 1);
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert_eq!(problems("pyproject.toml", "[project\n").len(), 1);
}

#[test]
fn poetry_writes_ranges_in_its_own_way() {
    let text = r#"
[tool.poetry.dependencies]
python = "^3.9"
a = "^1.2.3"
b = "~1.2"
c = "1.*"
d = {version = ">=1,<2 || >=3", extras = ["x"], optional = true}
e = "1.5"
f = {git = "https://forge.example/f.git"}
g = [{version = "<2", markers = "python_version < '3'"}, {version = ">=2"}]
h = "^0.0.3"
[tool.poetry.group.docs.dependencies]
sphinx = "*"
"#;
    let found = manifest("pyproject.toml", text);
    let ranges: Vec<String> = found
        .dependencies
        .iter()
        .map(|one| format!("{}: {}", one.name, crate::describe(&one.requirement.ranges)))
        .collect();
    assert_eq!(
        ranges,
        [
            "a: from 1.2.3 below 2",
            "b: from 1.2 below 1.3",
            "c: from 1 below 2",
            "d: from 1 below 2, from 3",
            "e: from 1.5 below 1.5",
            "f: every version",
            "g: below 2",
            "g: from 2",
            "h: from 0.0.3 below 0.0.4",
            "sphinx: every version",
        ]
    );
    assert_eq!(found.dependencies[9].scope, Scope::Doc);
    assert_eq!(found.dependencies[3].scope, Scope::Optional);
    assert!(found.dependencies[4].requirement.pin().is_some());
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

#[test]
fn setup_files_are_read_without_running_them() {
    let cfg = "\
[metadata]
name = app
[options]
python_requires = >=3.8
install_requires =
    a>=1  # why
    b; python_version<'3'
setup_requires = file: build.txt
[options.extras_require]
x =
  c==2
";
    assert_eq!(
        entries("setup.cfg", cfg),
        ["a >=1 (runtime)", "b (runtime) if python_version<'3'", "c ==2 (optional x)"]
    );
    let py = r#"
import setuptools
REQUIRES = [
    "a>=1",  # one
    'b',
]
setuptools.setup(
    name="app",
    install_requires=REQUIRES,
    setup_requires=['pbr>=2.0.0'],
    tests_require=open("test.txt").read().splitlines(),
    extras_require={"x": ["c", "d<2"], ":python_version<'3'": ["e"]},
    pbr=True)
"#;
    assert_eq!(
        entries("setup.py", py),
        [
            "a >=1 (runtime)",
            "b (runtime)",
            "pbr >=2.0.0 (build setup_requires)",
            "c (optional x)",
            "d <2 (optional x)",
            "e (runtime) if python_version<'3'",
        ]
    );
    assert_eq!(problems("setup.py", py).len(), 1);
    assert!(problems("setup.py", "setup(install_requires=f())")[0].contains("computed"));
}

#[test]
fn tox_names_files_and_packages() {
    let text = "\
[testenv]
constraints = {env:C:https://forge.example/upper}
deps =
  -r{toxinidir}/requirements.txt
  -c{toxinidir}/upper-constraints.txt
  py27: mock<4
[testenv:pep8]
deps =
  {[testenv]deps}
  pylint~=3.3 # GPL
[testenv:docs]
deps = sphinx
";
    assert_eq!(entries("tox.ini", text), ["mock <4 (test testenv)", "pylint ~=3.3 (dev pep8)", "sphinx (doc docs)"]);
    let found = manifest("tox.ini", text);
    assert_eq!(found.includes[0].path, "requirements.txt");
    assert_eq!(found.problems.iter().filter(|one| one.incomplete).count(), 0, "{:?}", found.problems);
}

#[test]
fn locks_of_python_are_read() {
    let poetry = r#"
[[package]]
name = "a"
version = "1.0"
optional = false
[package.dependencies]
b = ">=1"
[[package]]
name = "b"
version = "2.0"
category = "dev"
[[package]]
name = "g"
version = "0.1"
[package.source]
type = "git"
url = "https://forge.example/g.git"
[metadata]
lock-version = "2.0"
"#;
    assert_eq!(
        entries("poetry.lock", poetry),
        [
            "locked a 1.0 (runtime)",
            "locked b 2.0 (dev) for a",
            "locked g 0.1 (runtime) from https://forge.example/g.git",
        ]
    );
    let uv = r#"
version = 1
[[package]]
name = "app"
version = "0.1"
source = { editable = "." }
dependencies = [{ name = "a" }]
[[package]]
name = "a"
version = "1.0"
source = { registry = "https://registry.example/simple" }
"#;
    assert_eq!(entries("uv.lock", uv), ["locked a 1.0 (runtime) for app"]);
    let pdm = "[[package]]\nname = \"a\"\nversion = \"1.0\"\ngroups = [\"test\"]\ndependencies = [\"b>=1\"]\n";
    assert_eq!(entries("pdm.lock", pdm), ["locked a 1.0 (test)"]);
    let pylock = "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1.0\"\n";
    assert_eq!(entries("pylock.toml", pylock), ["locked a 1.0 (runtime)"]);
    let pipfile = r#"{"_meta": {}, "default": {"a": {"version": "==1.0", "markers": "x"}}, "develop": {"b": {"version": "==2"}}}"#;
    assert_eq!(entries("Pipfile.lock", pipfile), ["locked a 1.0 (runtime) if x", "locked b 2 (dev)"]);
    let toml = "[packages]\na = \">=1\"\nb = {version = \"*\", extras = [\"x\"]}\n[dev-packages]\nc = \"==2\"\n";
    assert_eq!(entries("Pipfile", toml), ["a >=1 (runtime)", "b[x] * (runtime)", "c ==2 (dev dev)"]);
    assert_eq!(problems("Pipfile.lock", "{").len(), 1);
}

#[test]
fn scripts_carry_their_dependencies() {
    let text = "#!/usr/bin/env python\n# /// script\n# requires-python = \">=3.11\"\n# dependencies = [\n#   \"requests<3\",\n# ]\n# ///\nimport requests\n";
    assert_eq!(entries("run.py", text), ["requests <3 (runtime)"]);
    let file = SourceFile::new("a.py", Language::Python, Role::FirstParty, "x = 1\n");
    assert!(read(FileId::new(0), &file).is_none());
}

#[test]
fn markers_limit_the_versions_of_python() {
    let admits =
        |marker: &str, version: &str| read_marker(marker).python.contains(&Version::new(Ecosystem::PyPI, version));
    assert!(admits("python_version < '3.8'", "3.7.5") && !admits("python_version < '3.8'", "3.8.0"));
    assert!(admits("python_version <= '3.7'", "3.7.9") && !admits("python_version > '3.7'", "3.7.9"));
    assert!(admits("python_version == '3.7'", "3.7.9") && !admits("python_version != '3.7'", "3.7.9"));
    assert!(!admits("(python_version<'3' and os_name=='nt') or python_version<'2.7'", "3.1"));
    assert!(admits("python_version<'3' or os_name=='nt'", "3.1"));
    assert!(!admits("'3.5' > python_version", "3.6"));
    assert!(admits("this is no marker", "3.6"));
    assert_eq!(read_marker("extra == 'X_y'").extra.as_deref(), Some("x-y"));
    assert!(admits(&"(".repeat(100_000), "3.6"));
}

#[test]
fn nothing_panics_on_pieces_of_manifests() {
    let pieces = [
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "\\",
        "\n",
        "a",
        ">=1",
        ";",
        "@",
        "#",
        "é",
        "install_requires=",
        "extras_require={",
        "[[package]]\n",
        "name=",
        "deps=\n ",
        "-r",
        "-e ",
        "://",
        "==",
        "^",
        "~",
        ":(",
        "::",
        "<dependency>",
        "</",
        "${",
        "packages:\n  ",
        "version ",
        "require (",
        "=> ",
        "    a (1.0)\n",
        "\"packages\": ",
        "Package: a\nVersion: 1\n\n",
        "Name: a\n",
        "[libraries]\n",
        "[requires]\n",
        "a/1.0",
        "groupId=g\n",
    ];
    let mut state = 1u64;
    for round in 0..4000 {
        let mut text = String::new();
        for _ in 0..(round % 12) {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        for name in EXAMPLE_PATHS {
            let file = SourceFile::new(name, Language::Manifest, Role::FirstParty, text.as_str());
            let _ = read(FileId::new(0), &file);
        }
    }
}

#[test]
fn every_format_has_an_example_path() {
    for path in EXAMPLE_PATHS {
        let script = "# /// script\n# dependencies = []\n# ///\n";
        assert!(reader(path, script).is_some(), "{path}");
    }
}

#[test]
fn what_is_installed_is_read() {
    let metadata = "Metadata-Version: 2.1\nName: My.Lib\nVersion: 1.2\nSummary: x\n  more\nRequires-Dist: A>=1\nRequires-Dist: b; extra == 'x'\n\nVersion: 9\n";
    assert_eq!(entries("venv/my_lib-1.2.dist-info/METADATA", metadata), ["installed my-lib 1.2 (runtime)"]);
    assert_eq!(manifest("my_lib-1.2.dist-info/METADATA", metadata).needs, ["a"]);
    assert_eq!(problems("a.dist-info/METADATA", "Name: a\n").len(), 1);
    let record = "a.py,sha256=x,1\nb/__init__.py,,\nb/sub/c.py,,\n_d.cpython-312-x86_64-linux-gnu.so,,\na-1.0.dist-info/METADATA,,\n../../bin/a,,\n";
    assert_eq!(manifest("a-1.0.dist-info/RECORD", record).modules, ["_d", "a", "b"]);
    let properties = "#Created\nartifactId=lib\ngroupId = org.g\nversion=1.0\n";
    assert_eq!(
        entries("x.jar!/META-INF/maven/org.g/lib/pom.properties", properties),
        ["installed org.g:lib 1.0 (runtime)"]
    );
    let status = "Package: libssl3\nStatus: install ok installed\nSource: openssl (3.0.2-1)\nVersion: 3.0.2-1+b1\nDescription: x\n .\n\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n\nPackage: plain\nVersion: 2:1.0\n";
    assert_eq!(
        entries("var/lib/dpkg/status", status),
        ["installed openssl 3.0.2-1 (runtime)", "installed plain 2:1.0 (runtime)"]
    );
    // The metadata that a source archive carries of itself is no installation.
    let file = SourceFile::new(
        "neutron.egg-info/PKG-INFO",
        Language::Manifest,
        Role::FirstParty,
        "Name: neutron\nVersion: 1\n",
    );
    assert!(read(FileId::new(0), &file).is_none());
}

#[test]
fn conan_is_read() {
    let two = r#"{"version": "0.5", "requires": ["zlib/1.2.13#rev%1.0", "fmt/10.0@a/b#r"], "build_requires": [["cmake/3.25#r", {}]]}"#;
    assert_eq!(
        entries("conan.lock", two),
        ["locked zlib 1.2.13 (runtime)", "locked fmt 10.0 (runtime)", "locked cmake 3.25 (build)"]
    );
    let one = r#"{"graph_lock": {"nodes": {"0": {"ref": "app/1.0", "requires": ["1"]}, "1": {"ref": "curl/8.0#r", "requires": ["2"]}, "2": {"ref": "zlib/1.2.11", "context": "host"}}}, "version": "0.4"}"#;
    assert_eq!(
        entries("conan.lock", one),
        ["locked curl 8.0 (runtime) for app", "locked zlib 1.2.11 (runtime) for curl"]
    );
    let text =
        "[requires]\nzlib/1.2.13 # why\nfmt/[>=9 <11]\nbad\n[generators]\nCMakeDeps\n[tool_requires]\ncmake/3.25\n";
    assert_eq!(
        entries("conanfile.txt", text),
        ["zlib 1.2.13 (runtime)", "fmt >=9 <11 (runtime)", "cmake 3.25 (build)"]
    );
    assert_eq!(problems("conanfile.txt", text).len(), 1);
}
