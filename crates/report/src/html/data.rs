//! The ledger of a page: a table of texts, and ten numbers for each site.

use crate::account::Account;
use crate::escape;
use assay_finding::Area;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Texts are written once.
#[derive(Default)]
struct Texts {
    numbers: BTreeMap<String, usize>,
    texts: Vec<String>,
}

impl Texts {
    fn number(&mut self, text: &str) -> usize {
        let text = escape::line(text).into_owned();
        if let Some(number) = self.numbers.get(&text) {
            return *number;
        }
        self.texts.push(text.clone());
        self.numbers.insert(text, self.texts.len() - 1);
        self.texts.len() - 1
    }
}

/// Writes `{"texts": […], "rows": […]}`; a row is path, line, outcome, area, noun, API, reason, particulars, function, and flags:
/// 1 for test code, 2 for a suppressed finding.
pub(super) fn ledger(account: &Account<'_>, out: &mut String) {
    let mut texts = Texts::default();
    let mut rows = String::new();
    for site in &account.review.sites {
        let file = account.file(&site.place);
        let area = account.area(&site.check).map_or("", Area::id);
        let numbers = [
            texts.number(&file.path),
            file.line_column(site.place.span.start).line as usize,
            texts.number(site.outcome.id()),
            texts.number(area),
            texts.number(&site.noun),
            texts.number(&site.api),
            texts.number(&crate::account::words(&site.reason.code)),
            texts.number(&site.reason.detail),
            texts.number(&site.place.function),
            usize::from(site.in_test) + 2 * usize::from(site.suppressed),
        ];
        for number in numbers {
            // Writing to a string cannot fail.
            let _ = write!(rows, "{number},");
        }
        rows.push('\n');
    }
    rows.truncate(rows.trim_end_matches(['\n', ',']).len());
    out.push_str("{\"texts\":[");
    for (at, text) in texts.texts.iter().enumerate() {
        if at > 0 {
            out.push_str(",\n");
        }
        string(text, out);
    }
    let _ = write!(out, "],\n\"rows\":[{rows}]}}");
}

/// A string of JSON that ends no element and opens no comment.
fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '<' | '>' | '&' | '\'' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
