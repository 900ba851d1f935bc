//! The real data in `../shared/advisories`, where it is at hand: counts, and what OpenStack Neutron 29.0.0 declares compared with
//! a second computation that shares no code with the first but the reading of JSON.

use assay_database::{Store, import};
use assay_dependencies::{Ecosystem, Inventory, assess, merge};
use assay_text::{Files, Language, Role, SourceFile};
use std::collections::BTreeSet;
use std::io::Read;
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

/// A release as its numbers; what is no plain release is left out of the second computation.
fn release(text: &str) -> Option<Vec<u64>> {
    let mut numbers: Vec<u64> = text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some(numbers)
}

fn admits(requirement: &str, version: &str) -> bool {
    let Some(version) = release(version) else { return false };
    let (operator, bound) = requirement.split_at(requirement.find(|c: char| c.is_ascii_digit()).unwrap_or(0));
    let low = release(bound).expect("a release");
    match operator {
        ">=" => version >= low,
        ">" => version > low,
        "~=" => version >= low && version.first() == low.first(),
        _ => panic!("{operator}"),
    }
}

/// Line, record and versions by the second computation.
fn second(archive: &Path) -> BTreeSet<(usize, String, String)> {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(archive).expect("the archive")).expect("an archive");
    let mut found = BTreeSet::new();
    for index in 0..zip.len() {
        let mut text = String::new();
        zip.by_index(index).expect("a file").read_to_string(&mut text).expect("text");
        let record: serde_json::Value = serde_json::from_str(&text).expect("a record");
        if record.get("withdrawn").is_some() {
            continue;
        }
        for affected in record["affected"].as_array().into_iter().flatten() {
            let name = affected["package"]["name"].as_str().unwrap_or_default();
            for (number, line) in DECLARED.lines().enumerate() {
                let line = line.split(';').next().unwrap_or(line);
                let end = line.find(['>', '~']).expect("a bound");
                if line[..end].to_lowercase().replace(['.', '_'], "-") != name.to_lowercase().replace(['.', '_'], "-") {
                    continue;
                }
                let versions = affected["versions"].as_array().into_iter().flatten();
                let versions = versions.filter_map(serde_json::Value::as_str);
                for version in versions.filter(|version| admits(&line[end..], version)) {
                    found.insert((
                        number + 1,
                        record["id"].as_str().unwrap_or_default().to_owned(),
                        version.to_owned(),
                    ));
                }
            }
        }
    }
    found
}

#[test]
fn what_neutron_declares_admits_the_same_by_two_computations() {
    let Some(data) = data() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().join("a.db"));
    let imported = import(&store, &data.join("PyPI-all.zip").to_string_lossy(), "2026-01-15").expect("an import");
    assert_eq!((imported.sections[0].records, imported.unreadable_count), (2661, 0));
    let database = store.open().expect("a database").expect("it is there");

    let file = SourceFile::new("requirements.txt", Language::Manifest, Role::FirstParty, DECLARED);
    let files = Files::new(vec![file]);
    let inventory = Inventory::read(&files);
    assert_eq!(inventory.dependencies().count(), DECLARED.lines().count());
    let mut first = BTreeSet::new();
    for dependency in inventory.dependencies() {
        let known = database.lookup(Ecosystem::PyPI, &dependency.name).expect("a look-up");
        let (defects, _) = merge(Ecosystem::PyPI, known);
        let line = files.get(dependency.file).line_column(dependency.span.start).line as usize;
        for exposure in assess(dependency, &defects).exposures {
            for record in &defects[exposure.defect].records {
                for version in exposure.admitted.iter().filter(|version| release(version.text()).is_some()) {
                    first.insert((line, record.id.clone(), version.to_string()));
                }
            }
        }
    }
    let second = second(&data.join("PyPI-all.zip"));
    assert!(second.len() > 20, "{second:?}");
    assert_eq!(first, second);
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
    assert!(known.len() > 50 && known.iter().all(|one| database.prose(one).is_ok()));
}
