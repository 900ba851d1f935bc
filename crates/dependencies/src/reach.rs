//! How far the program was seen to use what has a vulnerability.

/// The levels, the strongest evidence first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReachLevel {
    /// Something that has the vulnerability is called.
    Called,
    /// The package is imported.
    Imported,
    /// A configuration names it, so that something loads it.
    Configured,
    /// No use of it was seen, which is no proof that there is none.
    NotSeen,
}

impl ReachLevel {
    /// The word that reports count by.
    pub fn id(self) -> &'static str {
        match self {
            Self::Called => "vulnerable-code-called",
            Self::Imported => "imported",
            Self::Configured => "loaded-by-configuration",
            Self::NotSeen => "no-use-seen",
        }
    }
}

/// What follows from it for a statement on the vulnerability.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReachStatus {
    /// What has it is called on a way from an entry point.
    Affected,
    /// What has it is known, only the program could call it, and nothing in the program does.
    NotInExecutePath,
    /// Neither follows.
    UnderInvestigation,
}

/// The evidence on one defect of one dependency.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reach {
    /// How far.
    pub level: ReachLevel,
    /// The evidence in words, with places.
    pub words: String,
    /// What is known to have the vulnerability; empty when that is not known.
    pub symbols: Vec<String>,
    /// What follows.
    pub status: ReachStatus,
}
