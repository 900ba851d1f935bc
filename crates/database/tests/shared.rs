//! The real data in `../shared/advisories`, where it is at hand: counts, and what OpenStack Neutron 29.0.0 and a list of traps
//! declare, compared with a second computation that shares no code with the first.

use assay_database::{Store, import};
use assay_dependencies::{Ecosystem, Inventory, Version, assess, merge};
use assay_text::{Files, Language, Role, SourceFile};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What Neutron 29.0.0 declares: the lower bounds of its requirements and those of its tests, documentation and tools.
const DECLARED: &str = "\
pbr>=6.0.0
Paste>=2.0.2
PasteDeploy>=1.5.0
Routes>=2.3.1
debtcollector>=1.19.0
decorator>=4.1.0
pecan>=1.4.0
httplib2>=0.22.0
requests>=2.32.3
Jinja2>=2.10
keystonemiddleware>=5.1.0
netaddr>=0.7.18
neutron-lib>=5.0.0
tenacity>=6.0.0
SQLAlchemy>=1.4.23
WebOb>=1.8.2
keystoneauth1>=3.14.0
alembic>=1.18.1
stevedore>=2.0.1
oslo.cache>=1.26.0
oslo.config>=10.2.0
oslo.messaging>=7.0.0
oslo.middleware>=3.31.0
oslo.privsep>=2.3.0
oslo.utils>=7.3.0
os-ken>=4.2.1
ovs>3.3.0
ovsdbapp>=2.18.0
psutil>=6.1.0
pyroute2>=0.7.3;sys_platform!='win32'
pyOpenSSL>=17.1.0
python-novaclient>=9.1.0
openstacksdk>=0.31.2
python-designateclient>=2.7.0
tooz>=1.58.0
coverage>=4.4.1
WebTest>=2.0.27
PyMySQL>=0.7.6
sphinx>=2.2.0
pylint~=3.3
requests>=2.18.0
";

/// The folder of the data; `None` where it is not at hand.
fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/advisories");
    let named = std::env::var_os("ASSAY_SHARED_ADVISORIES").map(PathBuf::from);
    named.into_iter().chain([beside]).find(|folder| folder.is_dir())
}

/// Traps beside what Neutron declares: a floor below an affected range that begins above it, bounds that exclude, one package with
/// several floors, extras, markers, wildcards, exact versions, and ranges that nothing affected lies in.
const TRAPS: &str = "\
Django>=2.2,<4.3,!=4.2.1
Django>3.2.4
Django~=4.1.0
Django==4.2.*
Django<2
requests[security]>=2.14.2;python_version<'3.8'
requests>2.31.0
urllib3>=1.25.2,<1.26
Pillow>=8.3.2,<=9.0.0
aiohttp!=3.8.*,>=3.7
PyYAML>=5.1b1
Jinja2===2.10
cryptography>=2.9rc0
Twisted>=22.4.0rc1
numpy
";

/// Line, records and version, by the second computation: `packaging`, of Python, or pip's copy of it. `None` where neither is at hand.
fn second(archive: &Path, requirements: &str) -> Option<BTreeSet<(usize, String, Version)>> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), requirements).expect("it is written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_computation.py");
    let has = |module: &str| {
        let probe = std::process::Command::new("python3").args(["-c", &format!("import {module}")]).output();
        probe.is_ok_and(|output| output.status.success())
    };
    if !has("packaging.requirements") && !has("pip._vendor.packaging.requirements") {
        return None;
    }
    let output =
        std::process::Command::new("python3").arg(script).arg(archive).arg(file.path()).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Vec<(usize, String, String)> = serde_json::from_slice(&output.stdout).expect("JSON");
    let version = |(line, ids, text): (usize, String, String)| (line, ids, Version::new(Ecosystem::PyPI, &text));
    Some(found.into_iter().map(version).collect())
}

#[test]
fn what_is_declared_admits_the_same_by_two_computations() {
    let Some(data) = data() else { return };
    let archive = data.join("PyPI-all.zip");
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().join("a.db"));
    let imported = import(&store, &archive.to_string_lossy(), "2026-01-15").expect("an import");
    assert_eq!((imported.sections[0].records, imported.unreadable_count), (2661, 0));
    let database = store.open().expect("a database").expect("it is there");

    let declared = format!("{DECLARED}{TRAPS}");
    let file = SourceFile::new("requirements.txt", Language::Manifest, Role::FirstParty, declared.as_str());
    let files = Files::new(vec![file]);
    let inventory = Inventory::read(&files);
    assert_eq!(inventory.dependencies().count(), declared.lines().count());
    let mut first = BTreeSet::new();
    for dependency in inventory.dependencies() {
        let known = database.lookup(Ecosystem::PyPI, &dependency.name).expect("a look-up");
        let (defects, _) = merge(Ecosystem::PyPI, known);
        let line = files.get(dependency.file).line_column(dependency.span.start).line as usize;
        let found = assess(dependency, &defects);
        for exposure in found.exposures {
            let mut ids: Vec<&str> = defects[exposure.defect].records.iter().map(|record| record.id.as_str()).collect();
            ids.sort_unstable();
            for version in exposure.admitted.iter().filter(|version| !version.is_legacy()) {
                first.insert((line, ids.join("+"), version.clone()));
            }
        }
    }
    let Some(second) = second(&archive, &declared) else { return };
    assert!(second.len() > 500, "{}", second.len());
    let only = |one: &BTreeSet<_>, other: &BTreeSet<_>| one.difference(other).take(20).cloned().collect::<Vec<_>>();
    assert_eq!((only(&first, &second), only(&second, &first)), (Vec::new(), Vec::new()));
}

#[test]
fn all_of_the_shared_data_is_read() {
    let Some(data) = data() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().join("a.db"));
    for (name, ecosystem, records) in [
        ("Go-all.zip", Ecosystem::Go, 4291),
        ("PyPI-all.zip", Ecosystem::PyPI, 2661),
        ("rustsec-crates.zip", Ecosystem::Rust, 1205),
    ] {
        let start = Instant::now();
        let imported = import(&store, &data.join(name).to_string_lossy(), "2026-01-15").expect("an import");
        let counts: Vec<_> = imported.sections.iter().map(|info| (info.ecosystem, info.records)).collect();
        assert_eq!(counts, [(ecosystem, records)], "{name}");
        assert!(start.elapsed().as_secs() < 60, "{name} took {:?}", start.elapsed());
    }
    let database = store.open().expect("a database").expect("it is there");
    assert_eq!(database.sources().count(), 3);
    assert!(!database.lookup(Ecosystem::Go, "stdlib").expect("a look-up").is_empty());
    let known = database.lookup(Ecosystem::PyPI, "django").expect("a look-up");
    assert!(known.len() > 50 && known.iter().all(|one| database.texts(known.iter()).prose(one).is_ok()));
}
