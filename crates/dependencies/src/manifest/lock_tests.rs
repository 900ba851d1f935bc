//! Lock files of other languages than Python.

use super::tests::{entries, manifest};

#[test]
fn cargo_locks_have_a_graph() {
    let text = r#"
version = 4
[[package]]
name = "app"
version = "0.1.0"
dependencies = ["a", "b 1.0.0"]
[[package]]
name = "a"
version = "1.2.3"
source = "registry+https://registry.example/index"
dependencies = ["b 2.0.0"]
[[package]]
name = "b"
version = "1.0.0"
source = "registry+https://registry.example/index"
[[package]]
name = "b"
version = "2.0.0"
source = "git+https://forge.example/b#abc"
"#;
    assert_eq!(
        entries("Cargo.lock", text),
        [
            "locked a 1.2.3 (runtime) for app",
            "locked b 1.0.0 (runtime) for app",
            "locked b 2.0.0 (runtime) from https://forge.example/b#abc for a",
        ]
    );
    let found = manifest("Cargo.lock", text);
    let direct: Vec<_> = found.dependencies.iter().map(|one| one.direct).collect();
    assert_eq!(direct, [Some(true), Some(true), Some(false)]);
    assert_eq!(found.own_names, ["app"]);
}

#[test]
fn npm_locks_of_all_versions_are_read() {
    let one = r#"{"name": "app", "lockfileVersion": 1, "dependencies": {
        "a": {"version": "1.0.0", "requires": {"b": "^2.0.0"}, "dependencies": {"b": {"version": "2.1.0", "dev": true}}},
        "b": {"version": "1.0.0", "optional": true},
        "g": {"version": "git+https://forge.example/g.git#abc"}}}"#;
    assert_eq!(
        entries("package-lock.json", one),
        [
            "locked a 1.0.0 (runtime)",
            "locked b 2.1.0 (dev) for a",
            "locked b 1.0.0 (optional) for a",
            "locked g (runtime) from git+https://forge.example/g.git#abc",
        ]
    );
    let three = r#"{"name": "app", "lockfileVersion": 3, "packages": {
        "": {"name": "app", "dependencies": {"a": "1"}},
        "node_modules/a": {"version": "1.0.0", "dependencies": {"@s/b": "1"}},
        "node_modules/a/node_modules/@s/b": {"version": "2.0.0", "dev": true},
        "node_modules/alias": {"name": "real", "version": "3.0.0"},
        "node_modules/work": {"resolved": "packages/work", "link": true},
        "packages/work": {"version": "1.0.0"}}}"#;
    assert_eq!(
        entries("npm-shrinkwrap.json", three),
        ["locked a 1.0.0 (runtime)", "locked @s/b 2.0.0 (dev) for a", "locked real 3.0.0 (runtime)"]
    );
    assert_eq!(manifest("package-lock.json", "{}").problems.len(), 1);
}

#[test]
fn yarn_locks_of_all_versions_are_read() {
    let one = "\
# yarn lockfile v1

\"@s/a@^1.0.0\", \"@s/a@^1.1.0\":
  version \"1.2.0\"
  resolved \"https://registry.example/a.tgz#abc\"
  dependencies:
    b \"^2.0.0\"

b@^2.0.0:
  version \"2.0.1\"
";
    assert_eq!(entries("yarn.lock", one), ["locked @s/a 1.2.0 (runtime)", "locked b 2.0.1 (runtime) for @s/a"]);
    let berry = "\
__metadata:
  version: 6

\"a@npm:^1.0.0\":
  version: 1.2.0
  resolution: \"a@npm:1.2.0\"
  dependencies:
    b: ^2.0.0
  languageName: node

\"app@workspace:.\":
  version: 0.0.0-use.local
  resolution: \"app@workspace:.\"

\"b@npm:^2.0.0\":
  version: 2.0.1
  resolution: \"b@npm:2.0.1\"
";
    assert_eq!(entries("yarn.lock", berry), ["locked a 1.2.0 (runtime)", "locked b 2.0.1 (runtime) for a"]);
}

#[test]
fn pnpm_locks_of_all_versions_are_read() {
    let five = "\
lockfileVersion: 5.4
packages:

  /a/1.0.0:
    resolution: {integrity: x}
    dependencies:
      '@s/b': 2.0.0_c@1.0.0
    dev: false

  /@s/b/2.0.0_c@1.0.0:
    resolution: {integrity: x}
    dev: true
";
    assert_eq!(entries("pnpm-lock.yaml", five), ["locked a 1.0.0 (runtime)", "locked @s/b 2.0.0 (dev) for a"]);
    let six = "lockfileVersion: '6.0'\npackages:\n\n  /a@1.0.0(c@2.0.0):\n    resolution: {integrity: x}\n";
    assert_eq!(entries("pnpm-lock.yaml", six), ["locked a 1.0.0 (runtime)"]);
    let nine = "\
lockfileVersion: '9.0'
packages:

  '@s/b@2.0.0':
    resolution: {integrity: x}

  a@1.0.0:
    resolution: {integrity: x}

snapshots:

  '@s/b@2.0.0': {}

  a@1.0.0:
    dependencies:
      '@s/b': 2.0.0
";
    assert_eq!(entries("pnpm-lock.yaml", nine), ["locked @s/b 2.0.0 (runtime) for a", "locked a 1.0.0 (runtime)"]);
    assert_eq!(manifest("pnpm-lock.yaml", "this is no yaml").problems.len(), 1);
}

#[test]
fn bun_locks_have_trailing_commas() {
    let text = r#"{
  "lockfileVersion": 1,
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "b": "^2.0.0" } }, "sha512-x"],
    "a/b": ["b@2.0.0", "", {}, "sha512-x"],
    "work": ["work@workspace:packages/work"],
  },
}"#;
    assert_eq!(entries("bun.lock", text), ["locked a 1.0.0 (runtime)", "locked b 2.0.0 (runtime) for a"]);
}

#[test]
fn go_modules_are_replaced() {
    let text = "\
module example.org/app

go 1.21

require example.org/a v1.2.3
require (
\texample.org/b v1.0.0 // indirect
\texample.org/c v0.0.0-20200101000000-abcdefabcdef
\texample.org/d v1.0.0
)
replace example.org/b => example.org/fork v1.1.0
replace example.org/d v1.0.0 => ../d
exclude example.org/x v1.0.0
toolchain go1.22.3
";
    assert_eq!(
        entries("go.mod", text),
        [
            "locked example.org/a v1.2.3 (runtime)",
            "locked example.org/fork v1.1.0 (runtime)",
            "locked example.org/c v0.0.0-20200101000000-abcdefabcdef (runtime)",
            "locked example.org/d v1.0.0 (runtime) from ../d",
            "locked stdlib 1.22.3 (runtime)",
        ]
    );
    assert_eq!(manifest("go.mod", "this is no module\n").problems.len(), 1);
}

#[test]
fn poms_have_properties_and_managed_versions() {
    let text = "\
<?xml version=\"1.0\"?>
<project>
  <groupId>org.app</groupId><artifactId>app</artifactId><version>1.0</version>
  <properties><a.version>1.${minor}</a.version><minor>2</minor><loop>${loop}</loop></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>org.b</groupId><artifactId>b</artifactId><version>2.0</version><scope>test</scope></dependency>
    <dependency><groupId>org.bom</groupId><artifactId>bom</artifactId><version>1</version><type>pom</type><scope>import</scope></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>org.a</groupId><artifactId>a</artifactId><!-- why --><version>${a.version}</version></dependency>
    <dependency><groupId>org.b</groupId><artifactId>b</artifactId></dependency>
    <dependency><groupId>org.c</groupId><artifactId>c</artifactId><version>[1.0,2.0)</version><optional>true</optional></dependency>
    <dependency><groupId>org.d</groupId><artifactId>d</artifactId></dependency>
    <dependency><groupId>org.e</groupId><artifactId>e</artifactId><version>${loop}</version></dependency>
  </dependencies>
</project>
";
    assert_eq!(
        entries("pom.xml", text),
        ["org.a:a 1.2 (runtime)", "org.b:b 2.0 (test)", "org.c:c [1.0,2.0) (optional)"]
    );
    let found = manifest("pom.xml", text);
    assert_eq!(found.problems.iter().filter(|one| one.incomplete).count(), 2, "{:?}", found.problems);
    assert_eq!(found.own_names, ["org.app:app"]);
    for broken in ["<a>", "<a></b>", "<a", "</a>", &"<a>".repeat(100_000)] {
        assert_eq!(manifest("pom.xml", broken).problems.len(), 1);
    }
}

#[test]
fn other_locks_are_read() {
    let gems = "\
GIT
  remote: https://forge.example/g.git
  specs:
    g (0.1)

GEM
  remote: https://registry.example/
  specs:
    a (1.0.0)
      b (~> 2.0)
    b (2.1.0-x86_64-linux)

DEPENDENCIES
  a
  g!
";
    assert_eq!(
        entries("Gemfile.lock", gems),
        [
            "locked g 0.1 (runtime) from https://forge.example/g.git",
            "locked a 1.0.0 (runtime)",
            "locked b 2.1.0 (runtime) for a",
        ]
    );
    let composer = r#"{"packages": [{"name": "x/a", "version": "v1.0", "require": {"x/b": "*"}}],
        "packages-dev": [{"name": "x/b", "version": "2.0"}, {"name": "x/c", "version": "dev-main", "source": {"url": "https://forge.example/c"}}]}"#;
    assert_eq!(
        entries("composer.lock", composer),
        ["locked x/a v1.0 (runtime)", "locked x/b 2.0 (dev) for x/a", "locked x/c (dev) from https://forge.example/c"]
    );
    let nuget = r#"{"version": 1, "dependencies": {"net8.0": {"A": {"type": "Direct", "resolved": "1.0.0", "dependencies": {"B": "2.0.0"}}, "B": {"type": "Transitive", "resolved": "2.0.0"}, "own": {"type": "Project"}}, "net9.0": {"A": {"type": "Direct", "resolved": "1.0.0"}}}}"#;
    assert_eq!(entries("packages.lock.json", nuget), ["locked a 1.0.0 (runtime)", "locked b 2.0.0 (runtime) for A"]);
    let gradle = "# comment\norg.a:a:1.0=compileClasspath,testRuntimeClasspath\norg.b:b:2.0=testRuntimeClasspath\nempty=annotationProcessor\n";
    assert_eq!(entries("gradle.lockfile", gradle), ["locked org.a:a 1.0 (runtime)", "locked org.b:b 2.0 (test)"]);
    assert_eq!(manifest("gradle.lockfile", "nonsense\n").problems.len(), 1);
}

#[test]
fn what_is_no_version_is_none() {
    // Repositories, archives, aliases without a range, numbers.
    let npm =
        r#"{"lockfileVersion": 1, "dependencies": {"a": {"version": "github:org/a#5f3c"}, "b": {"version": "1.0.0"}}}"#;
    assert_eq!(
        entries("package-lock.json", npm),
        ["locked a (runtime) from github:org/a#5f3c", "locked b 1.0.0 (runtime)"]
    );
    let yarn = "# yarn lockfile v1\n\n\"c@npm:real\":\n  version \"2.1.3\"\n\n\"d@^1.0.0:\"\n  version \"1.8.0\"\n\ne ^3.0:\n  version \"3.3\"\n";
    assert_eq!(entries("yarn.lock", yarn), ["locked real 2.1.3 (runtime)"]);
    assert_eq!(manifest("yarn.lock", yarn).problems.len(), 2);
    let pnpm = "lockfileVersion: '9.0'\n\npackages:\n\n    f@https://host/f/v0.4.0:\n        resolution: {tarball: x}\n        version: 0.4.0\n    g@https://host/g:\n        resolution: {tarball: x}\n    h@3.3.1:\n        hasBin: true\n";
    assert_eq!(
        entries("pnpm-lock.yaml", pnpm),
        [
            "locked f 0.4.0 (runtime) from https://host/f/v0.4.0",
            "locked g (runtime) from https://host/g",
            "locked h 3.3.1 (runtime)"
        ]
    );
    let composer = r#"{"packages": [{"name": "v/a", "version": 20180828}, {"name": "v/b", "version": true}]}"#;
    assert_eq!(entries("composer.lock", composer), ["locked v/a 20180828 (runtime)"]);
    assert_eq!(manifest("composer.lock", composer).problems.len(), 1);
    let pipenv = r#"{"default": {"a": {"editable": true, "git": "https://host/a", "ref": "eef2"}, "b": {}}}"#;
    assert_eq!(entries("Pipfile.lock", pipenv), ["locked a (runtime) from https://host/a"]);
    assert_eq!(manifest("Pipfile.lock", pipenv).problems.len(), 1);
    let gems = "PLUGIN SOURCE\n  remote: s3://gems\n  type: aws-s3\n  specs:\n    business (1.5.0)\n\nDEPENDENCIES\n  business!\n";
    assert_eq!(entries("Gemfile.lock", gems), ["locked business 1.5.0 (runtime) from s3://gems"]);
}

#[test]
fn sums_support_modules_of_before_go_1_17() {
    use crate::Inventory;
    use assay_text::{Files, Language, Role, SourceFile};
    let sums = "a.b/c v1.0.0 h1:x=\na.b/c v1.0.0/go.mod h1:x=\nd.e/f v1.2.0 h1:x=\nd.e/f v1.10.0 h1:x=\nd.e/f v1.11.0/go.mod h1:x=\nbroken\n";
    let read = |go: &str| {
        let module = format!("module m\ngo {go}\nrequire a.b/c v1.0.0\n");
        let file = |path: &str, text: &str| SourceFile::new(path, Language::Manifest, Role::FirstParty, text);
        let files = Files::new(vec![file("x/go.mod", &module), file("x/go.sum", sums)]);
        let inventory = Inventory::read(&files);
        let version = |one: &crate::Dependency| format!("{} {}", one.name, one.requirement.text);
        let all: Vec<String> = inventory.dependencies().filter(|one| one.name != "stdlib").map(version).collect();
        (all, inventory.problems().count())
    };
    assert_eq!(read("1.17"), (vec!["a.b/c v1.0.0".to_owned()], 0));
    assert_eq!(read("1.16"), (vec!["a.b/c v1.0.0".to_owned(), "d.e/f v1.10.0".to_owned()], 1));
}
