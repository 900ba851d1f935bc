//! The list of planned defects of the bundled example is true to its code and to the catalogue.

use assay_finding::Area;
use std::path::Path;

/// The cells of each row of a table in the section under `heading`, without the head.
fn rows<'a>(text: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    text.lines()
        .skip_while(|line| line.strip_prefix("## ") != Some(heading))
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .map(|line| line.split(" | ").collect())
        .skip(1)
        .collect()
}

#[test]
fn every_row_names_a_file_a_function_and_a_check() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/netkeeper");
    let text = std::fs::read_to_string(root.join("EXPECTED.md")).expect("the list exists");
    for (section, outcome) in [("Defects", Some("defect")), ("Safe", Some("safe")), ("Later", None)] {
        let rows = rows(&text, section);
        assert!(rows.len() > 10, "{section} has {} rows", rows.len());
        for row in rows {
            let code = std::fs::read_to_string(root.join(row[0])).expect(row[0]);
            let name = row[1].rsplit('.').next().unwrap_or(row[1]);
            let module = row[0].trim_start_matches("netkeeper/").trim_end_matches(".py").replace('/', ".");
            let defined = row[1] == "–"
                || row[1].starts_with("dependencies (")
                || row[1] == module
                || code.contains(&format!("def {name}("))
                || code.contains(&format!(" {name}(const char"))
                || code.contains(&format!("*{name}(const char"));
            assert!(defined, "{}: no `{name}`", row[0]);
            if let Some(outcome) = outcome {
                assert!(assay_checks::check(row[2]).is_some(), "no check `{}`", row[2]);
                assert_eq!(row[3], outcome);
            } else {
                assert!(Area::from_id(row[2]).is_some(), "no area `{}`", row[2]);
            }
        }
    }
}
