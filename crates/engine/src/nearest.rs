/// The candidate that a misspelt word most likely means, if one is close.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(2);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

/// ` (did you mean `x`?)`, or nothing.
pub(crate) fn hint<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn close_words_are_found_and_far_ones_are_not() {
        let ids = ["sql-injection", "xxe", "weak-hash"];
        assert_eq!(nearest("sql-injektion", ids), Some("sql-injection"));
        assert_eq!(nearest("SQL-Injection", ids), Some("sql-injection"));
        assert_eq!(nearest("weekhash", ids), Some("weak-hash"));
        assert_eq!(nearest("abc", ids), None);
        assert_eq!(nearest("completely-else", ids), None);
    }
}
