use crate::DocumentError;
use crate::document::list;
use crate::nearest;

/// Why there is no review. Each is the user's to mend: usage or configuration.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A target could not be read.
    #[error(transparent)]
    Source(#[from] assay_source::Error),
    /// A file of the user's is not right.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// A file that the user named could not be read.
    #[error("{path}: {message}")]
    File {
        /// As the user wrote it.
        path: String,
        /// What the system said.
        message: String,
    },
    /// A model file of the project's is not right.
    #[error("{}", .0.join("\n"))]
    Models(Vec<String>),
    /// No check has this id.
    #[error("no check is called `{id}`{hint}")]
    UnknownCheck {
        /// What the user wrote.
        id: String,
        /// What to do.
        hint: String,
    },
    /// What the review is compared with cannot be read.
    #[error("cannot read the baseline `{name}`: {message}")]
    Baseline {
        /// As the user wrote it.
        name: String,
        /// What is wrong.
        message: String,
    },
    /// Nobody waits for the review any more.
    #[error("the review was stopped")]
    Stopped,
    /// The threads could not be started.
    #[error("cannot start threads: {0}")]
    Threads(String),
}

impl Error {
    /// The error for an id that no check has.
    pub fn unknown_check(id: &str) -> Self {
        let areas: Vec<&str> = assay_finding::Area::ALL.iter().map(|area| area.id()).collect();
        let known = assay_checks::catalogue().iter().map(|check| check.id.as_str());
        let hint = match nearest(id, known) {
            Some(near) => format!("; did you mean `{near}`?"),
            None if areas.contains(&id) => format!(": that is an area, for `--area {id}`"),
            None => "; `assay checks` lists them".to_owned(),
        };
        Self::UnknownCheck { id: id.to_owned(), hint }
    }

    /// The error for a word that is none of `known`.
    pub fn unknown_word(what: &str, word: &str, known: &[&str]) -> String {
        match nearest(word, known.iter().copied()) {
            Some(near) => format!("unknown {what} `{word}`; did you mean `{near}`?"),
            None => format!("unknown {what} `{word}`; must be {}", list(known)),
        }
    }
}
