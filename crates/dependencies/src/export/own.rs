use super::{Subject, pretty};
use crate::fresh::Fresh;
use crate::index::SourceInfo;
use crate::package::{Kind, Origin};
use crate::reach::Reach;
use crate::review::{DependencyReview, Entry, Package, Unknown, Verdict};
use crate::verdict::{Exposure, Quality};
use crate::{describe, purl};
use assay_text::Files;
use serde_json::{Value, json};

/// Everything, as one document of JSON with the schema `assay-deps/1`. `gaps` are paths with what was not read there.
pub fn json(
    review: &DependencyReview,
    files: &Files,
    sources: &[SourceInfo],
    gaps: &[(String, String)],
    subject: &Subject,
) -> String {
    let sources: Vec<Value> = sources
        .iter()
        .map(|info| {
            json!({
                "ecosystem": info.ecosystem.osv_name(),
                "source": info.source,
                "imported": info.imported,
                "newest": info.newest,
                "advisories": info.records,
                "withdrawn": info.withdrawn,
                "packages": info.packages,
            })
        })
        .collect();
    let entries: Vec<Value> = review.entries.iter().map(|entry| self::entry(review, entry, files)).collect();
    let gaps: Vec<Value> = gaps.iter().map(|(path, message)| json!({"path": path, "message": message})).collect();
    pretty(&json!({
        "schema": "assay-deps/1",
        "tool": {"name": "assay", "version": subject.tool},
        "project": subject.name,
        "sources": sources,
        "dependencies": entries,
        "gaps": gaps,
    }))
}

fn entry(review: &DependencyReview, entry: &Entry, files: &Files) -> Value {
    let dependency = &entry.dependency;
    let file = files.get(dependency.file);
    let place = file.line_column(dependency.span.start);
    let kind = match dependency.kind {
        Kind::Declared => "declared",
        Kind::Constraint => "constraint",
        Kind::Locked => "locked",
        Kind::Installed => "installed",
    };
    let origin = match &dependency.origin {
        Origin::Registry => Value::Null,
        Origin::Url(text) => json!({"url": text}),
        Origin::Vcs(text) => json!({"vcs": text}),
        Origin::Path(text) => json!({"path": text}),
    };
    let version = dependency.version.as_ref().map(ToString::to_string);
    let none = Package::default();
    let package = review.package(entry).unwrap_or(&none);
    let (statement, reason) = match &entry.verdict {
        Verdict::Assessed(assessment) => (assessment.statement.id(), None),
        Verdict::NeverNeeded => ("never-needed", None),
        Verdict::Local => ("part-of-the-project", None),
        Verdict::Unknown(Unknown::NoData) => ("unknown", Some("no advisory data".to_owned())),
        Verdict::Unknown(Unknown::NoVersion) => ("unknown", Some("version not known".to_owned())),
        Verdict::Unknown(Unknown::NoRelease) => ("unknown", Some("release of the system not known".to_owned())),
        Verdict::Unknown(Unknown::Unreadable(error)) => ("unknown", Some(error.clone())),
    };
    let assessment = entry.assessment();
    let exposures = assessment.map_or(&[][..], |one| one.exposures.as_slice());
    let open: Vec<Value> = exposures
        .iter()
        .enumerate()
        .map(|(number, one)| exposure(package, one, None, entry.reach.get(number)))
        .collect();
    let unclear = assessment.map_or(&[][..], |one| one.unclear.as_slice());
    let unclear: Vec<Value> = unclear.iter().map(|(one, why)| exposure(package, one, Some(*why), None)).collect();
    let raise = assessment.and_then(|one| one.raise.as_ref()).map(|raise| {
        let lines: Vec<Value> = raise
            .lines
            .iter()
            .map(|(to, below)| json!({"repaired": to.to_string(), "below": below.to_string()}))
            .collect();
        json!({"specifier": raise.specifier(), "admitted": raise.admitted, "lines": lines})
    });
    let withdrawn: Vec<&str> = package.withdrawn.iter().map(|one| one.id.as_str()).collect();
    json!({
        "path": &*file.path,
        "line": place.line,
        "column": place.column,
        "ecosystem": dependency.ecosystem.osv_name(),
        "name": dependency.name,
        "purl": purl(dependency.ecosystem, &dependency.name, version.as_deref()),
        "kind": kind,
        "scope": dependency.scope.id(),
        "group": dependency.group,
        "extras": dependency.extras,
        "requirement": dependency.requirement.text,
        "version": version,
        "marker": dependency.marker,
        "origin": origin,
        "parents": dependency.parents,
        "selected": entry.selected.as_ref().map(ToString::to_string),
        "statement": statement,
        "fresh_resolution": assessment.and_then(|one| one.fresh.as_ref()).map(Fresh::id),
        "reason": reason,
        "vulnerabilities": open,
        "unclear": unclear,
        "raise": raise,
        "stated": assessment.map(|one| one.stated.iter().map(|(_, reason)| reason.clone()).collect::<Vec<_>>()),
        "withdrawn": withdrawn,
    })
}

fn exposure(package: &Package, one: &Exposure, quality: Option<Quality>, reach: Option<&Reach>) -> Value {
    let defect = &package.defects[one.defect];
    let prose = &package.prose[one.defect];
    let versions: Vec<&str> = one.admitted.texts().collect();
    let mut notes: Vec<&str> = defect.quality.iter().map(|quality| quality.id()).collect();
    notes.extend(quality.map(Quality::id).filter(|id| !defect.quality.iter().any(|known| known.id() == *id)));
    json!({
        "ids": defect.ids,
        "level": defect.level.id(),
        "summary": prose.summary,
        "affected": describe(&defect.affected),
        "admitted": describe(&one.ranges),
        "versions": versions,
        "floor_affected": one.floor,
        "notes": notes,
        "references": prose.references().collect::<Vec<_>>(),
        "reach": reach.map(|reach| json!({"level": reach.level.id(), "evidence": reach.words, "symbols": reach.symbols})),
    })
}
