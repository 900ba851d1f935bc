//! Each format of the same difficult review, as a whole, and what holds of all of them.

use crate::fixture;

use assay_finding::{Area, Outcome, Review, Verdict};
use assay_report::{
    Format, LedgerFilter, LedgerFormat, Options, SurfaceFilter, SurfaceFormat, render, render_ledger, render_surface,
};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

fn rendered(review: &Review, format: Format, options: &Options) -> String {
    let mut out = Vec::new();
    render(review, format, options, &mut out).expect("a vector takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

fn ledger(format: LedgerFormat, filter: &LedgerFilter) -> String {
    let mut out = Vec::new();
    render_ledger(&fixture::review(), format, filter, &Options::default(), &mut out).expect("a vector takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

/// A character that would act on a terminal or hide there.
fn acts(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\r')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
}

#[test]
fn text() {
    insta::assert_snapshot!(rendered(&fixture::review(), Format::Text, &Options::default()));
}

#[test]
fn verbose_text() {
    let options = Options { verbose: true, include_tests: true, width: 100, ..Options::default() };
    insta::assert_snapshot!(rendered(&fixture::review(), Format::Text, &options));
}

#[test]
fn json() {
    insta::assert_snapshot!(rendered(&fixture::review(), Format::Json, &Options::default()));
}

#[test]
fn sarif() {
    let written = rendered(&fixture::review(), Format::Sarif, &Options::default());
    let value: serde_json::Value = serde_json::from_str(&written).expect("SARIF is JSON");
    let pretty = serde_json::to_string_pretty(&value).expect("a value can be written");
    // A terminal that shows the snapshot is not to obey it.
    insta::assert_snapshot!(pretty.escape_debug().to_string().replace("\\n", "\n").replace("\\\"", "\""));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(rendered(&fixture::review(), Format::Markdown, &Options::default()));
}

#[test]
fn ledger_text() {
    insta::assert_snapshot!(ledger(LedgerFormat::Text, &LedgerFilter::default()));
}

#[test]
fn ledger_csv() {
    insta::assert_snapshot!(ledger(LedgerFormat::Csv, &LedgerFilter::default()));
}

#[test]
fn a_ledger_shows_what_the_filter_admits() {
    let sites = |filter: &LedgerFilter| -> Vec<serde_json::Value> {
        let ledger: serde_json::Value = serde_json::from_str(&ledger(LedgerFormat::Json, filter)).expect("JSON");
        ledger["sites"].as_array().expect("a list").clone()
    };
    let review = fixture::review();
    assert_eq!(sites(&LedgerFilter::default()).len(), review.sites.len());
    let safe = LedgerFilter { outcomes: vec![Outcome::Safe], ..LedgerFilter::default() };
    assert_eq!(sites(&safe).len(), review.sites.iter().filter(|s| s.outcome == Outcome::Safe).count());
    let injection = LedgerFilter { areas: vec![Area::Injection], nouns: vec!["process start".into()], ..safe };
    let found = sites(&injection);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["reason"]["detail"], "shlex.quote");
    let tests = LedgerFilter { paths: vec!["tests".into()], ..LedgerFilter::default() };
    assert_eq!(sites(&tests).len(), 1);
    let none = LedgerFilter { checks: vec!["no-such".into()], ..LedgerFilter::default() };
    assert!(sites(&none).is_empty());
}

#[test]
fn json_holds_the_whole_review() {
    let review = fixture::review();
    let json: serde_json::Value =
        serde_json::from_str(&rendered(&review, Format::Json, &Options::default())).expect("JSON");
    assert_eq!(json["schema"], assay_report::JSON_SCHEMA);
    for (key, expected) in [
        ("findings", review.findings.len()),
        ("sites", review.sites.len()),
        ("gaps", review.gaps.len()),
        ("checks", review.checks.len()),
        ("files", review.files.len()),
        ("areas", 8),
        ("notes", review.notes.len()),
    ] {
        assert_eq!(json[key].as_array().map(Vec::len), Some(expected), "{key}");
    }
    assert_eq!(json["findings"][1]["trace"].as_array().map(Vec::len), Some(5));
    assert_eq!(json["findings"][1]["place"]["start"]["line"], 3);
    let times = rendered(&review, Format::Json, &Options::default());
    assert!(!times.contains("0.123"), "times are no part of a report");
}

#[test]
fn every_documented_field_exists_and_every_field_is_documented() {
    let docs = include_str!("../../../../docs/json.md");
    let json: serde_json::Value =
        serde_json::from_str(&rendered(&crate::hosts::compared(), Format::Json, &Options::default())).expect("JSON");
    let mut keys = std::collections::BTreeSet::new();
    let mut out = Vec::new();
    let (filter, options) = (SurfaceFilter::default(), Options::default());
    render_surface(&fixture::review(), SurfaceFormat::Json, &filter, &options, &mut out).expect("written");
    let surface: serde_json::Value = serde_json::from_slice(&out).expect("JSON");
    // The counts of a surface have the kinds as names.
    keys.extend(surface.as_object().into_iter().flat_map(|map| map.keys().cloned()));
    let mut work = vec![&json, &surface["entries"]];
    while let Some(value) = work.pop() {
        match value {
            serde_json::Value::Object(map) => {
                keys.extend(map.keys().cloned());
                work.extend(map.values());
            }
            serde_json::Value::Array(list) => work.extend(list),
            _ => {}
        }
    }
    let documented: std::collections::BTreeSet<String> = docs
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name.to_owned()))
        .collect();
    assert_eq!(keys, documented);
}

#[test]
fn nothing_in_any_format_acts_on_a_terminal() {
    for format in Format::ALL {
        for (verbose, include_tests) in [(false, false), (true, true)] {
            let options = Options { verbose, include_tests, ..Options::default() };
            let out = rendered(&fixture::review(), format, &options);
            let bad: Vec<char> = out.chars().filter(|c| acts(*c)).collect();
            assert!(bad.is_empty(), "{bad:?} in {}", format.id());
        }
    }
    for format in LedgerFormat::ALL {
        assert!(!ledger(format, &LedgerFilter::default()).contains(acts), "{}", format.id());
    }
}

#[test]
fn text_fits_its_width() {
    for width in [60, 80, 120] {
        let options = Options { width, verbose: true, ..Options::default() };
        for line in rendered(&fixture::review(), Format::Text, &options).lines() {
            // A table has the width that it has, and a path is not broken.
            let fits = width.max(80);
            assert!(line.width() <= fits, "{} columns: {line}", line.width());
        }
    }
}

#[test]
fn the_table_fits_80_columns_whatever_the_verdicts() {
    let mut review = fixture::review();
    for (area, verdict) in review.areas.iter_mut().zip(Verdict::ALL.iter().cycle()) {
        area.analysed = true;
        area.verdict = *verdict;
        area.counts = [99_999, 99_999, 99_999, 999_999];
    }
    let out = rendered(&review, Format::Text, &Options::default());
    let table: Vec<&str> = out.lines().skip_while(|line| !line.starts_with("area ")).take(9).collect();
    assert_eq!(table.len(), 9);
    assert!(table.iter().all(|line| line.width() <= 80), "{table:#?}");
}

#[test]
fn colour_is_the_only_difference_that_colour_makes() {
    let review = fixture::review();
    let plain = rendered(&review, Format::Text, &Options::default());
    let coloured = rendered(&review, Format::Text, &Options { color: true, ..Options::default() });
    assert_ne!(plain, coloured);
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        let (code, after) = after.split_once('m').expect("a whole sequence");
        assert!(code.chars().all(|c| c.is_ascii_digit() || c == ';'), "{code}");
        stripped.push_str(before);
        rest = after;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
}

#[test]
fn an_empty_review_is_a_review() {
    let mut review = fixture::review();
    review.files = assay_text::Files::default();
    review.findings.clear();
    review.sites.clear();
    review.gaps.clear();
    review.checks.clear();
    review.notes.clear();
    review.surface.clear();
    for format in Format::ALL {
        assert!(!rendered(&review, format, &Options::default()).is_empty());
    }
    assert!(rendered(&review, Format::Markdown, &Options::default()).contains("no defect was found"));
}

#[test]
fn a_review_of_tests_alone_gives_their_account() {
    let mut review = fixture::review();
    let files = review.files.iter().map(|(_, file)| {
        let role = if file.language.is_code() { assay_text::Role::Test } else { file.role };
        assay_text::SourceFile::new(&file.path, file.language, role, file.text.clone())
    });
    review.files = assay_text::Files::new(files.collect());
    review.findings.iter_mut().for_each(|finding| finding.in_test = true);
    review.sites.iter_mut().for_each(|site| site.in_test = true);
    for area in &mut review.areas {
        let of = |site: &&assay_finding::Site| {
            review.checks.iter().any(|check| check.id == site.check && check.area == area.area)
        };
        let sites: Vec<_> = review.sites.iter().filter(of).collect();
        *area = assay_finding::AreaVerdict::of(area.area, area.analysed, sites);
    }
    insta::assert_snapshot!("tests_alone_text", rendered(&review, Format::Text, &Options::default()));
    insta::assert_snapshot!("tests_alone_markdown", rendered(&review, Format::Markdown, &Options::default()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in the fields that come from reviewed code, nothing of it acts, and nothing panics.
    #[test]
    fn reviewed_code_never_acts(
        text in "([a-z`*<>|&#\\[\\]{}\\\\]|[\u{1b}\u{9b}\u{7f}\u{202e}\u{200b}\u{2028}\n\r\t]|日){0,40}",
        start in 0..400u32, len in 0..200u32,
    ) {
        let mut review = fixture::review();
        let finding = &mut review.findings[1];
        finding.title.clone_from(&text);
        finding.message.clone_from(&text);
        finding.solution.clone_from(&text);
        finding.place.function.clone_from(&text);
        finding.place.file = fixture::first_file();
        finding.place.span = assay_text::Span::new(start, start + len);
        finding.trace[1].place = finding.place.clone();
        finding.assumptions = vec![text.clone()];
        finding.reach = vec![text.clone(); 2];
        review.sites[5].api.clone_from(&text);
        review.sites[5].reason.detail.clone_from(&text);
        review.sites[5].reason.code.clone_from(&text);
        review.sites[6].noun.clone_from(&text);
        review.gaps[0].path.clone_from(&text);
        review.gaps[0].message.clone_from(&text);
        review.targets = vec![text.clone()];
        review.notes = vec![text];
        for format in Format::ALL {
            let out = rendered(&review, format, &Options { verbose: true, ..Options::default() });
            prop_assert!(!out.contains(acts), "{} shows {:?}", format.id(), out.chars().filter(|c| acts(*c)).collect::<Vec<_>>());
            if matches!(format, Format::Json | Format::Sarif) {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok());
            }
        }
    }
}
