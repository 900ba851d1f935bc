//! Reviews that were made before.
//!
//! A review is a function of its *input*: what was asked for, the configuration, the advisories, and every byte that was read. Its *key* is
//! a digest of all that, so that a kept review is found again exactly when making it anew would give the same. What is kept is the
//! review without the files' texts, which are at hand, behind a digest of its own: what is damaged is not there.
//!
//! The day is no part of the key. What depends on it is kept beside the review: the days on which suppressions end, and the place of the
//! sentences on the age of the advisories. A review of another day is used when no suppression ends in between, with these
//! sentences made anew.
//!
//! Where reviews are kept is not decided here: see [`Cache`].

use crate::config::Config;
use crate::dependencies::{self, Advisories};
use crate::pipeline::Request;
use crate::{Date, VERSION};
use assay_finding::{AreaVerdict, CheckInfo, EntryPoint, FileGap, Finding, Review, Site, Statistics, Threat};
use assay_source::Project;
use assay_text::Files;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::ops::Range;

/// The form of kept reviews; another number for each change of it.
const FORM: u32 = 2;
/// Bytes of a digest.
const DIGEST: usize = 32;

/// Something that keeps bytes by key for a later time, and may lose them. Called from any thread.
pub trait Cache: fmt::Debug + Send + Sync {
    /// What is kept under a key.
    fn get(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps bytes under a key, if it can.
    fn put(&self, key: &str, bytes: &[u8]);
}

/// What is kept of a review.
#[derive(Serialize, Deserialize)]
struct Kept {
    threat: Threat,
    threat_note: Option<String>,
    areas: Vec<AreaVerdict>,
    findings: Vec<Finding>,
    sites: Vec<Site>,
    surface: Vec<EntryPoint>,
    gaps: Vec<FileGap>,
    checks: Vec<CheckInfo>,
    notes: Vec<String>,
    counts: Vec<(String, u64)>,
    day: String,
    dated: Dated,
}

/// What of a review depends on the day.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Dated {
    /// The days on which suppressions end.
    pub(crate) ends: Vec<String>,
    /// The notes on the age of the advisories.
    pub(crate) ages: Range<usize>,
}

/// What a review is made of, besides the files.
pub(crate) struct Input<'a> {
    pub(crate) request: &'a Request,
    pub(crate) config: &'a Config,
    pub(crate) model_files: &'a [(String, String)],
    pub(crate) triage: String,
    pub(crate) project: &'a Project,
}

/// The key of a review.
pub(crate) fn key(input: &Input<'_>) -> String {
    // What is left out is named, so that whoever adds something decides: the configuration counts as it was read, for the day see
    // [`Dated`], and the rest changes how a review is made or how it ends, and not what it says.
    let Request {
        targets,
        areas,
        checks,
        severity,
        confidence,
        threat,
        effects,
        tests,
        advisories,
        today: _,
        config: _,
        fail_on: _,
        allow_incomplete: _,
        jobs: _,
        baseline: _,
        session: _,
        cache: _,
    } = input.request;
    let advisories = match advisories {
        Advisories::Absent(why) => why.clone(),
        Advisories::Open(database) => format!("{database:?}"),
    };
    let asked = format!(
        "{targets:?} {areas:?} {checks:?} {severity:?} {confidence:?} {threat:?} {effects} {tests} {advisories}"
    );
    let mut digest = Sha256::new();
    // Each part has its length before it, so that none runs into the next.
    let mut part = |bytes: &[u8]| {
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(bytes);
    };
    part(&FORM.to_le_bytes());
    part(VERSION.as_bytes());
    part(asked.as_bytes());
    part(format!("{:?}", input.config).as_bytes());
    part(input.triage.as_bytes());
    for (name, text) in input.model_files {
        part(name.as_bytes());
        part(text.as_bytes());
    }
    let Project { files, modules, paths, gaps, skipped, root, manifests } = input.project;
    part(root.as_os_str().as_encoded_bytes());
    part(format!("{gaps:?} {skipped:?} {manifests:?}").as_bytes());
    let list: Vec<_> = files.iter().collect();
    let digests: Vec<[u8; DIGEST]> = list
        .par_iter()
        .map(|(id, file)| {
            let about =
                format!("{} {:?} {:?} {} {:?}", file.path, file.language, file.role, file.requested, modules[*id]);
            let mut digest = Sha256::new();
            for part in [about.as_bytes(), paths[*id].as_os_str().as_encoded_bytes(), file.text.as_bytes()] {
                digest.update((part.len() as u64).to_le_bytes());
                digest.update(part);
            }
            digest.finalize().into()
        })
        .collect();
    for one in digests {
        part(&one);
    }
    format!("{:x}", digest.finalize())
}

/// The bytes to keep of a review; `None` for one that must not be kept: an internal error may have been the machine's.
pub(crate) fn encode(review: &Review, today: Date, dated: Dated) -> Option<Vec<u8>> {
    if review.gaps.iter().any(|gap| gap.code == "internal-error") {
        return None;
    }
    let review = review.clone();
    let kept = Kept {
        threat: review.threat,
        threat_note: review.threat_note,
        areas: review.areas,
        findings: review.findings,
        sites: review.sites,
        surface: review.surface,
        gaps: review.gaps,
        checks: review.checks,
        notes: review.notes,
        counts: review.statistics.counts,
        day: today.to_string(),
        dated,
    };
    let mut bytes = vec![0; DIGEST];
    serde_json::to_writer(&mut bytes, &kept).ok()?;
    let digest = Sha256::digest(&bytes[DIGEST..]);
    bytes[..DIGEST].copy_from_slice(&digest);
    Some(bytes)
}

/// The review that was kept, over the files that its key was made of; `None` when the bytes are not what was written, or hold for another
/// day only.
pub(crate) fn decode(bytes: &[u8], files: &Files, request: &Request) -> Option<Review> {
    let (digest, body) = bytes.split_at_checked(DIGEST)?;
    if Sha256::digest(body).as_slice() != digest {
        return None;
    }
    let mut kept: Kept = serde_json::from_slice(body).ok()?;
    let (then, today) = (Date::parse(&kept.day)?, request.today);
    let ends = kept.dated.ends.iter().map(|day| Date::parse(day)).collect::<Option<Vec<_>>>()?;
    if ends.into_iter().any(|end| (end < then) != (end < today)) {
        return None;
    }
    if then != today && !kept.dated.ages.is_empty() {
        let ages = dependencies::ages(files, &request.advisories, today);
        kept.notes.get(kept.dated.ages.clone()).filter(|notes| notes.len() == ages.len())?;
        kept.notes.splice(kept.dated.ages, ages);
    }
    Some(Review {
        version: VERSION.to_owned(),
        targets: request.targets.iter().map(|target| target.to_string_lossy().into_owned()).collect(),
        threat: kept.threat,
        threat_note: kept.threat_note,
        files: files.clone(),
        areas: kept.areas,
        findings: kept.findings,
        sites: kept.sites,
        surface: kept.surface,
        gaps: kept.gaps,
        checks: kept.checks,
        notes: kept.notes,
        comparison: None,
        statistics: Statistics { counts: kept.counts, stages: Vec::new() },
    })
}
