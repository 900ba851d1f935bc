//! How files and ranges are written where a review is kept: as numbers.

#![expect(clippy::trivially_copy_pass_by_ref, clippy::ref_option, reason = "the form that serde asks for")]

use assay_index::Idx;
use assay_text::{FileId, Span};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

type Pair = (u32, u32);

pub(crate) mod file {
    use super::{Deserialize, Deserializer, FileId, Idx, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(file: &FileId, serializer: S) -> Result<S::Ok, S::Error> {
        file.index().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FileId, D::Error> {
        u32::deserialize(deserializer).map(|number| FileId::new(number as usize))
    }
}

pub(crate) mod span {
    use super::{Deserialize, Deserializer, Pair, Serialize, Serializer, Span};

    pub(crate) fn serialize<S: Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
        (span.start, span.end).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Span, D::Error> {
        Pair::deserialize(deserializer).map(|(start, end)| Span::new(start, end))
    }
}

pub(crate) mod optional_file {
    use super::{Deserialize, Deserializer, FileId, Idx, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(file: &Option<FileId>, serializer: S) -> Result<S::Ok, S::Error> {
        file.map(Idx::index).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<FileId>, D::Error> {
        Option::<u32>::deserialize(deserializer).map(|number| number.map(|number| FileId::new(number as usize)))
    }
}

pub(crate) mod optional_span {
    use super::{Deserialize, Deserializer, Pair, Serialize, Serializer, Span};

    pub(crate) fn serialize<S: Serializer>(span: &Option<Span>, serializer: S) -> Result<S::Ok, S::Error> {
        span.map(|span| (span.start, span.end)).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Span>, D::Error> {
        Option::<Pair>::deserialize(deserializer).map(|pair| pair.map(|(start, end)| Span::new(start, end)))
    }
}
