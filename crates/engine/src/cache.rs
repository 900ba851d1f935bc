//! Reviews that were made before.
//!
//! A review is a function of its *input*: what was asked for, the configuration, the advisories, and every byte that was read. Its *key* is
//! a digest of all that, so that a kept review is found again exactly when making it anew would give the same. What is kept is the
//! review without the files' texts, which are at hand, behind a digest of its own: what is damaged is not there.
//!
//! Where reviews are kept is not decided here: see [`Cache`].

use crate::VERSION;
use crate::config::Config;
use crate::dependencies::Advisories;
use crate::pipeline::Request;
use assay_finding::{AreaVerdict, CheckInfo, EntryPoint, FileGap, Finding, Review, Site, Statistics, Threat};
use assay_index::FxHashMap;
use assay_ir::Module;
use assay_source::Project;
use assay_text::{FileId, Files, Language, SourceFile};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The form of kept reviews; another number for each change of it.
const FORM: u32 = 1;
/// Bytes of a digest.
const DIGEST: usize = 32;

/// Something that keeps bytes by key for a later time, and may lose them. Called from any thread.
pub trait Cache: fmt::Debug + Send + Sync {
    /// What is kept under a key.
    fn get(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps bytes under a key, if it can.
    fn put(&self, key: &str, bytes: &[u8]);
}

/// Modules that were lowered for an earlier review in this process, by the paths of their files. A module is a function of its file's
/// language and text; it is used again where these are the same.
#[derive(Default)]
pub struct Lowered {
    modules: Mutex<FxHashMap<Arc<str>, Remembered>>,
}

/// A module, and what it was lowered from.
type Remembered = (Language, Arc<str>, Arc<Module>);

impl fmt::Debug for Lowered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lowered")
    }
}

impl Lowered {
    /// The module of a file, when it was lowered from the same text.
    pub(crate) fn module(&self, file: &SourceFile) -> Option<Module> {
        let known = {
            let modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
            let (language, text, module) = modules.get(&file.path)?;
            (*language == file.language && *text == file.text).then(|| Arc::clone(module))?
        };
        Some(Module::clone(&known))
    }

    /// Remembers the modules of a review, and forgets those of files that are no part of it.
    pub(crate) fn remember<'a>(&self, files: &Files, lowered: impl Iterator<Item = (FileId, &'a Module)>) {
        let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
        let mut old = std::mem::take(&mut *modules);
        for (id, module) in lowered {
            let file = files.get(id);
            let same =
                old.remove(&file.path).filter(|(language, text, _)| *language == file.language && *text == file.text);
            let kept = same.unwrap_or_else(|| (file.language, Arc::clone(&file.text), Arc::new(module.clone())));
            modules.insert(Arc::clone(&file.path), kept);
        }
    }
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
    // What is left out is named, so that whoever adds something decides: the configuration counts as it was read, and the rest changes
    // how a review is made or how it ends, and not what it says.
    let Request {
        targets,
        areas,
        checks,
        severity,
        confidence,
        threat,
        today,
        effects,
        advisories,
        config: _,
        fail_on: _,
        allow_incomplete: _,
        jobs: _,
        baseline: _,
        lowered: _,
        cache: _,
    } = input.request;
    let advisories = match advisories {
        Advisories::Absent(why) => why.clone(),
        Advisories::Open(database) => format!("{database:?}"),
    };
    let asked = format!(
        "{targets:?} {areas:?} {checks:?} {severity:?} {confidence:?} {threat:?} {today} {effects} {advisories}"
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
pub(crate) fn encode(review: &Review) -> Option<Vec<u8>> {
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
    };
    let mut bytes = vec![0; DIGEST];
    serde_json::to_writer(&mut bytes, &kept).ok()?;
    let digest = Sha256::digest(&bytes[DIGEST..]);
    bytes[..DIGEST].copy_from_slice(&digest);
    Some(bytes)
}

/// The review that was kept, over the files that its key was made of; `None` when the bytes are not what was written.
pub(crate) fn decode(bytes: &[u8], files: &Files, request: &Request) -> Option<Review> {
    let (digest, body) = bytes.split_at_checked(DIGEST)?;
    if Sha256::digest(body).as_slice() != digest {
        return None;
    }
    let kept: Kept = serde_json::from_slice(body).ok()?;
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
