//! Command lines of a shell.

/// Where in a command line a hole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shell {
    /// It is the command.
    Whole,
    /// Outside quotes.
    Bare,
    /// Between `'`.
    SingleQuoted,
    /// Between `"`.
    DoubleQuoted,
}

impl Shell {
    /// Whether quoting the value as a word of its own suffices here.
    pub fn escape_suffices(self) -> bool {
        self == Self::Bare
    }
}

/// Where in a command line the place after this text is.
pub fn after(text: &str) -> Shell {
    if text.trim().is_empty() {
        return Shell::Whole;
    }
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None | Some('"'), '\\') => {
                chars.next();
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    match quote {
        Some('\'') => Shell::SingleQuoted,
        Some(_) => Shell::DoubleQuoted,
        None => Shell::Bare,
    }
}
