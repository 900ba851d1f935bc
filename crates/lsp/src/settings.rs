//! What a client may ask for when it starts the server (`initializationOptions`).

use assay_engine::Request;
use assay_finding::{Confidence, Severity, Threat};
use serde::Deserialize;

/// Wishes about the reviews; what is left out is the configuration's to say.
#[derive(Deserialize, Default, Debug)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(crate) struct Settings {
    threat: Option<Threat>,
    severity: Option<Severity>,
    confidence: Option<Confidence>,
    jobs: Option<std::num::NonZeroUsize>,
    /// Whether findings in test code are shown.
    pub(crate) include_tests: bool,
}

impl Settings {
    /// Reads the options.
    ///
    /// # Errors
    /// Says which option is wrong.
    pub(crate) fn read(options: Option<serde_json::Value>) -> Result<Self, String> {
        match options {
            None | Some(serde_json::Value::Null) => Ok(Self::default()),
            Some(options) => serde_json::from_value(options)
                .map_err(|error| format!("Assay: the initialization options are not understood and not used: {error}")),
        }
    }

    /// Puts the wishes into what a review is asked for.
    pub(crate) fn apply(&self, request: &mut Request) {
        request.threat = self.threat.or(request.threat);
        request.severity = self.severity.or(request.severity);
        request.confidence = self.confidence.or(request.confidence);
        request.jobs = self.jobs.map(std::num::NonZeroUsize::get).or(request.jobs);
    }
}
