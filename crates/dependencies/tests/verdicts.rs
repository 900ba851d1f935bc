//! What the advisories say of requirements, and the laws behind it.

use assay_dependencies::{
    Advisory, Affected, Assessment, Builder, Database, DatabaseError, Dependency, Ecosystem, Event, Fresh, Inventory,
    Kind, Ranges, Requirement, Statement, Version, assess, describe, merge, parse_osv, parse_rustsec,
};
use assay_text::{Files, Language, Role, SourceFile};
use proptest::prelude::*;
use std::ops::Bound::{Excluded, Included, Unbounded};

fn advisory(id: &str, events: &[Event], versions: &[&str]) -> Advisory {
    Advisory {
        id: id.to_owned(),
        modified: "2026-01-01T00:00:00Z".to_owned(),
        affected: vec![Affected {
            ecosystem: Ecosystem::PyPI,
            name: "lib".to_owned(),
            ranges: if events.is_empty() { Vec::new() } else { vec![events.to_vec()] },
            versions: versions.iter().map(|text| (*text).to_owned()).collect(),
            symbols: Vec::new(),
            git: false,
        }],
        ..Advisory::default()
    }
}

fn introduced(text: &str) -> Event {
    Event::Introduced(text.to_owned())
}

fn fixed(text: &str) -> Event {
    Event::Fixed(text.to_owned())
}

fn last(text: &str) -> Event {
    Event::LastAffected(text.to_owned())
}

fn database(advisories: &[Advisory]) -> Database {
    let mut builder = Builder::default();
    builder.add("test", "2026-01-02", "", 0, advisories);
    Database::open(Box::new(builder.finish())).expect("works")
}

fn declared(requirement: &str) -> Dependency {
    entry("requirements.txt", &format!("lib{requirement}\n"))
}

fn entry(path: &str, text: &str) -> Dependency {
    let files = Files::new(vec![SourceFile::new(path, Language::Manifest, Role::FirstParty, text)]);
    let inventory = Inventory::read(&files);
    let mut dependencies = inventory.dependencies();
    dependencies.next().unwrap_or_else(|| panic!("nothing in {text}")).clone()
}

fn assessed(requirement: &str, advisories: &[Advisory]) -> Assessment {
    let known = database(advisories).lookup(Ecosystem::PyPI, "lib").expect("works");
    let (defects, _) = merge(Ecosystem::PyPI, known);
    assess(&declared(requirement), &defects)
}

fn in_short(requirement: &str, advisories: &[Advisory]) -> String {
    let found = assessed(requirement, advisories);
    let admitted: Vec<String> =
        found.exposures.iter().flat_map(|one| one.admitted.iter().map(ToString::to_string)).collect();
    let raise = found.raise.as_ref().map(|raise| {
        let lines: Vec<String> = raise.lines.iter().map(|(to, below)| format!(" or {to} below {below}")).collect();
        format!(" raise {}{}{}", raise.specifier(), if raise.admitted { "" } else { "!" }, lines.concat())
    });
    format!("{} [{}]{}", found.statement.id(), admitted.join(" "), raise.unwrap_or_default())
}

#[test]
fn the_traps_of_ranges() {
    let plain = [advisory("A", &[introduced("0"), fixed("2.0")], &["1.0", "1.5", "2.0a1"])];
    let above = [advisory("A", &[introduced("3.0"), fixed("3.2")], &["3.0", "3.1"])];
    let lines =
        [advisory("A", &[introduced("4.2"), fixed("4.2.16"), introduced("5.0"), fixed("5.0.9")], &["4.2.1", "5.0.1"])];
    let open = [advisory("A", &[introduced("0")], &["1.0", "1.5"])];
    let end = [advisory("A", &[introduced("0"), last("1.5")], &["1.0", "1.5"])];
    for (requirement, advisories, expected) in [
        ("", &plain, "nothing-pinned [1.0 1.5] raise >=2.0"),
        (">=1.5", &plain, "affected-versions-admitted [1.5] raise >=2.0"),
        (">1.5", &plain, "no-affected-version []"),
        (">=2.0", &plain, "no-affected-version []"),
        (">=2.0a1", &plain, "affected-versions-admitted [2.0a1] raise >=2.0"),
        ("==1.5", &plain, "affected-version-selected [1.5] raise >=2.0!"),
        ("===1.5", &plain, "affected-version-selected [1.5] raise >=2.0!"),
        ("==2.0", &plain, "no-affected-version []"),
        ("<1.6", &plain, "only-affected-versions-admitted [1.0 1.5] raise >=2.0!"),
        ("!=1.5,>=1.1", &plain, "no-affected-version []"),
        ("~=1.0", &plain, "only-affected-versions-admitted [1.0 1.5] raise >=2.0!"),
        // What is affected begins above the floor.
        (">=1.0", &above, "affected-versions-admitted [3.0 3.1] raise >=3.2"),
        (">=1.0,<3.0", &above, "no-affected-version []"),
        (">=4.2", &lines, "affected-versions-admitted [4.2.1 5.0.1] raise >=5.0.9 or 4.2.16 below 5.0"),
        (">=4.2,<5.0", &lines, "affected-versions-admitted [4.2.1] raise >=4.2.16"),
        (">=1.0", &open, "only-affected-versions-admitted [1.0 1.5]"),
        // The data ends at 1.5, and does not say that 2.0 is repaired.
        (">=2.0", &open, "advisory-unclear []"),
        ("==2.0", &open, "advisory-unclear []"),
        (">=1.0", &end, "affected-versions-admitted [1.0 1.5] raise >1.5"),
        (">=1.6", &end, "no-affected-version []"),
    ] {
        assert_eq!(in_short(requirement, advisories), expected, "lib{requirement}");
    }
}

/// What a fresh resolution selects, in short.
fn fresh(requirement: &str, advisories: &[Advisory]) -> String {
    match assessed(requirement, advisories).fresh {
        Some(Fresh::Affected(version)) => {
            format!("affected {}", version.map(|version| version.to_string()).unwrap_or_default())
        }
        Some(Fresh::Unaffected(version)) => format!("unaffected {version}"),
        Some(Fresh::Unknown) => "unknown".to_owned(),
        None => "–".to_owned(),
    }
}

#[test]
fn what_a_fresh_resolution_selects_is_said_where_it_is_known() {
    let plain = [advisory("A", &[introduced("0"), fixed("2.0")], &["1.0", "1.5", "2.0a1"])];
    let above = [advisory("A", &[introduced("3.0"), fixed("3.2")], &["3.0", "3.1"])];
    let two = [
        advisory("A", &[introduced("0"), fixed("2.0")], &["1.0", "1.5"]),
        advisory("B", &[introduced("2.0"), fixed("2.1")], &["2.0"]),
    ];
    let open = [advisory("A", &[introduced("0")], &["1.0", "1.5"])];
    let open_ranges = [advisory("A", &[introduced("1.2")], &[])];
    let end = [advisory("A", &[introduced("0"), last("1.5")], &["1.0", "1.5"])];
    let pre = [advisory("A", &[introduced("0"), fixed("2.0rc1")], &["1.0"])];
    for (requirement, advisories, expected) in [
        // Something repaired is released and admitted, and nothing after it is affected.
        ("", &plain[..], "unaffected 2.0"),
        (">=1.5", &plain, "unaffected 2.0"),
        ("<4", &above, "unaffected 3.2"),
        (">=1", &two, "unaffected 2.1"),
        // The newest that is admitted is affected, whichever it is.
        ("<2.0", &plain, "affected 1.5"),
        (">=1.5,<=1.5.9", &plain, "affected 1.5"),
        (">=1.0,<3.2", &above, "affected 3.1"),
        (">=1,<2.1", &two, "affected 2.0"),
        (">=1.3,<1.4", &open_ranges, "affected "),
        (">=1.0,<=1.5", &open, "affected 1.5"),
        // 1.5.1 may exist or not.
        ("<1.6", &end, "unknown"),
        (">=1.0", &end, "unknown"),
        // Nothing is known of what comes after 1.5.
        (">=1.0", &open, "unknown"),
        // 3.2 repairs it and is excluded; what is below 3.0 is not selected before it.
        ("!=3.2,>=1.0", &above, "unknown"),
        // A repaired pre-release is selected only by those that ask for one.
        (">=1.0", &pre, "unknown"),
        (">=1.0rc1", &pre, "unaffected 2.0rc1"),
        // Exact versions are another statement, and so is nothing affected.
        ("==1.5", &plain, "–"),
        (">=2", &plain, "–"),
    ] {
        assert_eq!(fresh(requirement, advisories), expected, "lib{requirement}");
    }
    // One that is not clear for what is newest leaves that open.
    let vague = [plain[0].clone(), advisory("B", &[introduced("1.6")], &["1.6"])];
    assert_eq!((fresh(">=1.4", &vague), fresh(">=1.4,!=1.6", &vague)), ("unknown".to_owned(), "unknown".to_owned()));
    // Withdrawn advisories tell of no release.
    let mut gone = advisory("B", &[introduced("0"), fixed("9.0")], &[]);
    gone.withdrawn = Some("2026-01-01T00:00:00Z".to_owned());
    assert_eq!(fresh(">=1.0", &[plain[0].clone(), gone]), "unaffected 2.0");
}

#[test]
fn without_listed_versions_the_ranges_decide() {
    let found = [advisory("A", &[introduced("1.0"), fixed("2.0")], &[])];
    assert_eq!(in_short(">=1.9.9", &found), "affected-versions-admitted [] raise >=2.0");
    assert_eq!(in_short(">=2", &found), "no-affected-version []");
    let limit = [advisory("A", &[introduced("1.0"), Event::Limit("1.5".to_owned())], &[])];
    assert_eq!(in_short(">=1.5", &limit), "no-affected-version []");
    assert_eq!(in_short("==1.4", &limit), "affected-version-selected [1.4] raise >=1.5!");
    let listed = [advisory("A", &[], &["1.0", "1.2"])];
    assert_eq!(in_short(">=1.0", &listed), "affected-versions-admitted [1.0 1.2] raise >1.2");
}

#[test]
fn aliases_are_one_defect_and_withdrawn_records_count_for_nothing() {
    let mut one = advisory("GHSA-1", &[introduced("0"), fixed("2")], &["1.0"]);
    one.aliases = vec!["CVE-1".to_owned()];
    let mut two = advisory("PYSEC-1", &[introduced("0"), fixed("3")], &["1.0", "2.0"]);
    two.aliases = vec!["CVE-1".to_owned()];
    let mut gone = advisory("PYSEC-2", &[introduced("0")], &["1.0"]);
    gone.withdrawn = Some("2026-01-01T00:00:00Z".to_owned());
    let database = database(&[one, two, gone]);
    let (defects, withdrawn) = merge(Ecosystem::PyPI, database.lookup(Ecosystem::PyPI, "lib").expect("works"));
    assert_eq!((defects.len(), withdrawn.len()), (1, 1));
    assert_eq!(defects[0].ids, ["GHSA-1", "PYSEC-1", "CVE-1"]);
    assert_eq!(defects[0].shown(), "GHSA-1 (CVE-1)");
    assert_eq!(describe(&defects[0].affected), "below 3");
}

#[test]
fn what_is_locked_is_one_version() {
    let advisories = [advisory("A", &[introduced("0"), fixed("2.0")], &["1.0", "1.5"])];
    let (defects, _) = merge(Ecosystem::PyPI, database(&advisories).lookup(Ecosystem::PyPI, "lib").expect("works"));
    let locked = entry("poetry.lock", "[[package]]\nname = \"lib\"\nversion = \"1.5\"\n");
    assert_eq!(locked.kind, Kind::Locked);
    let found = assess(&locked, &defects);
    assert_eq!(
        (found.statement, found.raise.map(|raise| raise.specifier())),
        (Statement::Selects, Some(">=2.0".to_owned()))
    );
}

#[test]
fn records_of_both_forms_are_read() {
    let osv = br#"{"id": "X-1", "modified": "2026-01-01T00:00:00Z", "summary": "s", "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
        "affected": [{"package": {"ecosystem": "PyPI", "name": "Lib_A"}, "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}, {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1"}]}]},
                     {"package": {"ecosystem": "Elsewhere", "name": "x"}}]}"#;
    let advisory = parse_osv(osv).expect("works");
    assert_eq!((advisory.affected.len(), advisory.affected[0].name.as_str()), (1, "lib-a"));
    assert_eq!(
        (advisory.level.id(), advisory.affected[0].git, advisory.affected[0].ranges.len()),
        ("critical", true, 1)
    );
    assert!(parse_osv(b"{}").is_err() && parse_osv(b"[").is_err());
    let text = "```toml\n[advisory]\nid = \"RUSTSEC-1\"\npackage = \"lib\"\ndate = \"2026-01-01\"\naliases = [\"CVE-1\"]\n[affected.functions]\n\"lib::a::f\" = [\"< 1.2\"]\n[versions]\npatched = [\">= 1.2.3\", \"^0.9.5\"]\nunaffected = [\"<= 0.1.0\"]\n```\n\n# Title\n\nText\n";
    let advisory = parse_rustsec(text).expect("works");
    assert_eq!(advisory.summary, "Title");
    assert_eq!(advisory.affected[0].symbols[0].module, "lib::a");
    let database = database(&[advisory]);
    let (defects, _) = merge(Ecosystem::Rust, database.lookup(Ecosystem::Rust, "lib").expect("works"));
    assert_eq!(describe(&defects[0].affected), "from 0.1.1-0 below 0.9.5, from 0.10.0 below 1.2.3");
    assert!(parse_rustsec("# no").is_err());
}

#[test]
fn a_damaged_database_is_refused() {
    let mut builder = Builder::default();
    builder.add("test", "2026-01-02", "tag", 0, &[advisory("A", &[introduced("0")], &["1.0"])]);
    let whole = builder.finish();
    let open = |bytes: Vec<u8>| Database::open(Box::new(bytes));
    assert!(open(whole.clone()).is_ok());
    assert!(matches!(open(Vec::new()), Err(DatabaseError::Foreign)));
    assert!(matches!(open(vec![b'x'; 100]), Err(DatabaseError::Foreign)));
    let mut newer = whole.clone();
    newer[8] = 99;
    assert!(matches!(open(newer), Err(DatabaseError::Format(99))));
    for cut in 0..whole.len() {
        assert!(open(whole[..cut].to_vec()).is_err(), "cut at {cut}");
    }
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        if let Ok(database) = open(damaged)
            && let Ok(known) = database.lookup(Ecosystem::PyPI, "lib")
        {
            for one in &known {
                let _ = database.texts(known.iter()).prose(one);
            }
        }
    }
}

#[test]
fn replacing_one_source_keeps_the_others() {
    let mut builder = Builder::default();
    builder.add("one", "2026-01-02", "", 0, &[advisory("A", &[introduced("0")], &["1.0"])]);
    builder.add("two", "2026-01-02", "", 0, &[advisory("B", &[introduced("0")], &["1.0"])]);
    let old = Database::open(Box::new(builder.finish())).expect("works");
    let mut builder = Builder::default();
    builder.keep(&old, |info| info.source == "one").expect("works");
    builder.add("one", "2026-01-03", "", 0, &[advisory("C", &[introduced("0")], &["1.0"])]);
    let new = Database::open(Box::new(builder.finish())).expect("works");
    let ids: Vec<String> = new.lookup(Ecosystem::PyPI, "lib").expect("works").into_iter().map(|one| one.id).collect();
    assert_eq!(ids, ["B", "C"]);
    assert_eq!(new.sources().count(), 2);
}

fn bounds() -> impl Strategy<Value = Ranges<u8>> {
    let bound = || prop_oneof![Just(Unbounded), (0..12u8).prop_map(Included), (0..12u8).prop_map(Excluded)];
    proptest::collection::vec((bound(), bound()), 0..5).prop_map(|list| list.into_iter().collect())
}

fn version() -> impl Strategy<Value = String> {
    let text = "(1!)?[0-3](\\.[0-2]){0,2}((a|b|rc)[0-2])?(\\.post[0-2])?(\\.dev[0-2])?(\\+[ab1])?";
    proptest::string::string_regex(text).expect("a pattern")
}

fn specifier() -> impl Strategy<Value = String> {
    let plain = "(>=|<=|<|>|==|!=)[0-3]\\.[0-2]((a|rc)[0-2])?(\\.post[0-2])?(\\.dev[0-2])?";
    let compatible = "~=[0-3]\\.[0-2](\\.[0-2])?";
    let star = "(==|!=)[0-3](\\.[0-2])?\\.\\*";
    let one = |text: &str| proptest::string::string_regex(text).expect("a pattern");
    prop_oneof![one(plain), one(compatible), one(star)]
}

/// The numbers of a version's release, without zeros at the end.
fn release(text: &str) -> (String, Vec<u32>) {
    let (epoch, rest) = text.split_once('!').unwrap_or(("0", text));
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
    let mut numbers: Vec<u32> = rest[..end].split('.').filter_map(|part| part.parse().ok()).collect();
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    (epoch.to_owned(), numbers)
}

fn operator(specifier: &str) -> (&str, &str) {
    specifier.split_at(specifier.find(|c: char| c.is_ascii_digit()).expect("works"))
}

fn odd(specifier: &str, version: &str) -> bool {
    let (operator, wanted) = operator(specifier);
    let plain = wanted.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    matches!(operator, "<" | ">") && !plain && release(wanted) == release(version)
}

/// A specifier as its words in PEP 440 say it: an independent and slow reading.
fn holds(specifier: &str, text: &str) -> bool {
    let (operator, wanted) = operator(specifier);
    let version = |text: &str| Version::new(Ecosystem::PyPI, text);
    let public = text.split('+').next().expect("works");
    let starts_with = |prefix: &str| {
        let numbers = |text: &str| -> Vec<u32> { text.split('.').filter_map(|part| part.parse().ok()).collect() };
        let (epoch, mut found) = release(public);
        let prefix = numbers(prefix);
        found.resize(found.len().max(prefix.len()), 0);
        epoch == "0" && found.starts_with(&prefix)
    };
    let same_release = release(wanted) == release(public);
    match operator {
        "==" | "!=" => {
            let equal = match wanted.strip_suffix(".*") {
                Some(prefix) => starts_with(prefix),
                None => version(public) == version(wanted),
            };
            equal == (operator == "==")
        }
        ">=" => version(public) >= version(wanted),
        "<=" => version(public) <= version(wanted),
        "<" => version(text) < version(wanted) && !(version(text).is_prerelease() && same_release),
        ">" => {
            let post = public.contains("post") || text.contains('+');
            version(text) > version(wanted) && !(post && same_release)
        }
        _ => {
            let prefix = wanted.rsplit_once('.').expect("works").0;
            version(public) >= version(wanted) && starts_with(prefix)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn ranges_are_a_set(a in bounds(), b in bounds(), point in 0..12u8) {
        let (in_a, in_b) = (a.contains(&point), b.contains(&point));
        prop_assert_eq!(a.intersection(&b).contains(&point), in_a && in_b);
        prop_assert_eq!(a.union(&b).contains(&point), in_a || in_b);
        prop_assert_eq!(a.complement().contains(&point), !in_a);
        prop_assert_eq!(a.without(&b).contains(&point), in_a && !in_b);
        prop_assert_eq!(a.complement().complement(), a.clone());
        prop_assert_eq!(a.union(&b), b.union(&a));
    }

    #[test]
    fn versions_are_in_one_order(list in proptest::collection::vec("[0-9a-z.+~_-]{0,8}", 3)) {
        for ecosystem in Ecosystem::ALL {
            let [a, b, c] = [0, 1, 2].map(|at| Version::new(ecosystem, &list[at]));
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse(), "{} {} {}", ecosystem, a, b);
            prop_assert_eq!(a == b, a.cmp(&b).is_eq());
            // Maven's own order is none in this sense: it says that "" < "-_", "-_" < "-.a0" and "-.a0" < "".
            if ecosystem != Ecosystem::Maven && a <= b && b <= c {
                prop_assert!(a <= c, "{}: {} {} {}", ecosystem, a, b, c);
            }
            prop_assert!(a.cmp(&a).is_eq());
        }
    }

    /// The intervals say of every version what the specifiers say of it.
    #[test]
    fn intervals_are_what_specifiers_mean(specifiers in proptest::collection::vec(specifier(), 1..3), text in version()) {
        let requirement = Requirement::new(Ecosystem::PyPI, &specifiers.join(",")).expect("works");
        // Around the very version that a specifier names, PEP 440 cuts holes that no two readers cut alike.
        prop_assume!(!specifiers.iter().any(|one| odd(one, &text)));
        let expected = specifiers.iter().all(|one| holds(one, &text));
        let version = Version::new(Ecosystem::PyPI, &text);
        prop_assert_eq!(requirement.ranges.contains(&version), expected, "{} in {:?}: {}", version, specifiers, describe(&requirement.ranges));
    }

    /// Events say of each version what the algorithm of the schema says of it, one event at a time.
    #[test]
    fn events_are_what_the_schema_means(numbers in proptest::collection::btree_set(0..20u8, 1..6), kinds in proptest::collection::vec(any::<bool>(), 6), point in 0..22u8) {
        let events: Vec<Event> = numbers
            .iter()
            .enumerate()
            .map(|(at, number)| match (at % 2 == 0, kinds[at]) {
                (true, _) => introduced(&number.to_string()),
                (false, true) => fixed(&number.to_string()),
                (false, false) => last(&number.to_string()),
            })
            .collect();
        let mut affected = false;
        for event in &events {
            match event {
                Event::Introduced(text) if point >= text.parse().expect("works") => affected = true,
                Event::Fixed(text) if point >= text.parse().expect("works") => affected = false,
                Event::LastAffected(text) if point > text.parse().expect("works") => affected = false,
                _ => {}
            }
        }
        let found = assessed(&format!("=={point}"), &[advisory("A", &events, &[])]);
        prop_assert_eq!(!found.exposures.is_empty(), affected, "{} in {:?}", point, events);
    }
}
