//! What is wrong with a model file, and the search for what was probably meant.

/// A mistake in a model file, at the exact place.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct ModelError {
    /// The file's name as it was given.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong and what to do about it.
    pub message: String,
}

/// A mistake inside one piece of text; `offset` is in bytes from its start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    pub(crate) offset: usize,
    pub(crate) message: String,
}

impl Problem {
    pub(crate) fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into() }
    }

    /// The same mistake, seen from a text in which this one starts at `offset`.
    pub(crate) fn shifted(mut self, offset: usize) -> Self {
        self.offset += offset;
        self
    }
}

/// Characters of a name for which a similar one is looked for.
const MAX_MISSPELT: usize = 80;

/// The name that is probably meant by `name`, when one is close enough.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    let limit = (length / 3).clamp(1, 4);
    let folded = name.to_lowercase();
    known
        .into_iter()
        // The distance is at least the difference of the lengths, and dear for long names.
        .filter(|candidate| length <= MAX_MISSPELT && candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (strsim::osa_distance(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// ``unknown sink kind `x`: did you mean `y`?``, or the whole list when nothing is near.
pub(crate) fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    if let Some(near) = nearest(name, known.clone()) {
        return format!("unknown {what} `{name}`: did you mean `{near}`?");
    }
    let all: Vec<&str> = known.into_iter().collect();
    format!("unknown {what} `{name}`: use one of {}", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_proposed_and_a_far_one_lists_all() {
        let known = ["sql-injection", "html-injection"];
        assert_eq!(nearest("sql-injektion", known), Some("sql-injection"));
        assert_eq!(nearest("xyz", known), None);
        assert_eq!(unknown("kind", "xyz", known), "unknown kind `xyz`: use one of sql-injection, html-injection");
    }
}
