//! `assay checks` and `assay explain`.

use crate::args::{ChecksArgs, ExplainArgs, ListFormat};
use anyhow::bail;
use assay_checks::Check;
use assay_finding::Area;
use serde_json::json;
use std::fmt::Write;

/// The list of checks.
pub(crate) fn list(arguments: &ChecksArgs) -> String {
    let asked = |area: Area| arguments.areas.is_empty() || arguments.areas.contains(&area);
    let checks: Vec<&Check> = assay_checks::catalogue().iter().filter(|check| asked(check.area)).collect();
    match arguments.format {
        ListFormat::Text => as_text(&checks, &asked),
        ListFormat::Json => {
            let list: Vec<_> = checks.into_iter().map(as_json).collect();
            format!("{:#}\n", serde_json::Value::Array(list))
        }
    }
}

fn as_text(checks: &[&Check], asked: &dyn Fn(Area) -> bool) -> String {
    let width = checks.iter().map(|check| check.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    // Writing to a string cannot fail.
    for area in Area::ALL.into_iter().filter(|area| asked(*area)) {
        let _ = writeln!(out, "{} ({})", area.title(), area.id());
        let mut any = false;
        for check in checks.iter().filter(|check| check.area == area) {
            any = true;
            let cwe = check.cwe.first().map(|number| format!("CWE-{number}")).unwrap_or_default();
            let _ = writeln!(out, "  {:width$}  {:8}  {cwe:8}  {}", check.id, check.severity.id(), check.title);
        }
        if !any {
            out.push_str("  this version has no analysis for it\n");
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn as_json(check: &Check) -> serde_json::Value {
    json!({
        "id": check.id,
        "title": check.title,
        "area": check.area.id(),
        "severity": check.severity.id(),
        "cwe": check.cwe,
        "owasp": check.owasp,
        "asvs": check.asvs,
        "languages": check.languages,
        "summary": check.summary,
    })
}

/// A check's documentation.
pub(crate) fn explain(arguments: &ExplainArgs) -> anyhow::Result<String> {
    let id = arguments.check.as_str();
    let Some(check) = assay_checks::check(id) else { bail!(unknown(id)) };
    let cwe: Vec<String> = check.cwe.iter().map(|number| format!("CWE-{number}")).collect();
    let mut out = format!("# {} (`{}`)\n\n", check.title, check.id);
    // Writing to a string cannot fail.
    let _ = writeln!(out, "- Area: {} (`{}`)", check.area.title(), check.area.id());
    let _ = writeln!(out, "- Severity: {}", check.severity.id());
    let _ = writeln!(out, "- Weakness: {}", cwe.join(", "));
    let _ = writeln!(out, "- OWASP Top 10: {}", check.owasp);
    if let Some(asvs) = &check.asvs {
        let _ = writeln!(out, "- ASVS 5.0: {asvs}");
    }
    let _ = writeln!(out, "- Languages: {}\n", check.languages.join(", "));
    out.push_str(check.documentation.trim());
    out.push('\n');
    Ok(out)
}

/// The error for an id that no check has, with the checks that may be meant.
fn unknown(id: &str) -> String {
    let lower = id.to_lowercase();
    let mut similar: Vec<&str> = assay_checks::catalogue()
        .iter()
        .filter(|check| {
            let number = lower.strip_prefix("cwe-").unwrap_or(&lower).parse::<u32>();
            check.id.split('-').any(|word| lower.split(['-', '_', ' ']).any(|asked| asked.len() > 2 && word == asked))
                || number.is_ok_and(|number| check.cwe.contains(&number))
        })
        .map(|check| check.id.as_str())
        .collect();
    let nearest = assay_engine::nearest(id, assay_checks::catalogue().iter().map(|check| check.id.as_str()));
    if let Some(nearest) = nearest {
        similar.retain(|candidate| *candidate != nearest);
        similar.insert(0, nearest);
    }
    similar.truncate(5);
    if similar.is_empty() {
        return format!("no check is called `{id}`; `assay checks` lists them");
    }
    let similar: Vec<String> = similar.into_iter().map(|id| format!("`{id}`")).collect();
    format!("no check is called `{id}`; did you mean {}?", similar.join(" or "))
}
