//! Records of advisories, versions, requirements, and the index, on any bytes.

#![no_main]

use assay_dependencies::{Builder, Database, Ecosystem, Requirement, Version, merge, parse_osv, parse_rustsec};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(database) = Database::open(Box::new(data.to_vec())) {
        let _ = database.lookup(Ecosystem::PyPI, "lib").map(|known| merge(Ecosystem::PyPI, known));
    }
    let text = String::from_utf8_lossy(data);
    let advisories: Vec<_> = [parse_osv(data), parse_rustsec(&text)].into_iter().flatten().collect();
    let mut builder = Builder::default();
    builder.add("fuzz", "2026-01-01", "", 0, &advisories);
    let database = Database::open(Box::new(builder.finish())).expect("what was built opens");
    for affected in advisories.iter().flat_map(|one| &one.affected) {
        let known = database.lookup(affected.ecosystem, &affected.name).expect("what was built is read");
        let _ = merge(affected.ecosystem, known);
    }
    for ecosystem in Ecosystem::ALL {
        let (one, two) = text.split_once('\n').unwrap_or((&text, ""));
        let (a, b) = (Version::new(ecosystem, one), Version::new(ecosystem, two));
        assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        if let Ok(requirement) = Requirement::new(ecosystem, one) {
            let _ = requirement.admits(&b);
        }
    }
});
