//! Where in the grammar of what reads a text a hole stands, and whether data there can do harm.
//!
//! Each grammar has a function `after(text)`: the position right after a text. Other holes in
//! that text are written as the character [`HOLE`].

pub mod head;
pub mod html;
pub mod path;
pub mod shell;
pub mod sql;
#[cfg(test)]
mod tests;
pub mod url;

pub use head::reads_as_head;
pub use html::{Html, is_page, reads_as_html};
pub use path::Path;
pub use shell::Shell;
pub use sql::{Sql, reads_as_sql};
pub use url::Url;

use crate::shapes::{Conversion, Hole, Piece, Shape};

/// Stands for another hole in a text.
pub const HOLE: char = assay_markup::HOLE;

/// What reads a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grammar {
    /// SQL.
    Sql,
    /// An address.
    Url,
    /// A shell.
    Shell,
    /// A browser.
    Html,
    /// A file system.
    Path,
    /// Something that reads line by line.
    Lines,
}

impl Grammar {
    /// The grammar behind a kind of sink, for those that have one.
    pub fn of_kind(kind: &str) -> Option<Self> {
        Some(match kind {
            "sql-injection" => Self::Sql,
            "request-forgery" | "url-redirection" => Self::Url,
            "command-injection" => Self::Shell,
            "html-injection" | "html-code" => Self::Html,
            "path-injection" | "archive-extraction" => Self::Path,
            "header-injection" | "log-injection" | "config-injection" | "file-content" => Self::Lines,
            _ => return None,
        })
    }
}

/// Where a hole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// In a statement.
    Sql(Sql),
    /// In an address.
    Url(Url),
    /// In a command line.
    Shell(Shell),
    /// In a document.
    Html(Html),
    /// In a path.
    Path(Path),
    /// In a line.
    Line,
}

impl Position {
    /// The place in words, as in “lands …”.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Sql(Sql::Whole) => "as the SQL statement itself",
            Self::Sql(Sql::QuotedValue(_)) => "inside a quoted SQL value",
            Self::Sql(Sql::BareValue) => "as an unquoted SQL value",
            Self::Sql(Sql::Identifier { .. }) => "as an SQL identifier or sort order",
            Self::Sql(Sql::ListValue) => "in the list of an SQL `IN`",
            Self::Sql(Sql::Comment) => "in an SQL comment",
            Self::Url(Url::Whole) => "as the whole address",
            Self::Url(Url::Scheme) => "in the scheme of the address",
            Self::Url(Url::Host) => "in the host of the address",
            Self::Url(Url::Path) => "in the path of the address",
            Self::Url(Url::Query) => "in the query of the address",
            Self::Url(Url::Fragment) => "in the fragment of the address",
            Self::Url(Url::AfterUnknown) => "right after the base of the address",
            Self::Shell(Shell::Whole) => "as the command itself",
            Self::Shell(Shell::Bare) => "unquoted in the command line",
            Self::Shell(Shell::SingleQuoted) => "between single quotes in the command line",
            Self::Shell(Shell::DoubleQuoted) => "between double quotes in the command line",
            Self::Html(Html::Whole) => "as the whole document",
            Self::Html(Html::Text) => "in the text of the page",
            Self::Html(Html::TagName | Html::AttributeName) => "in a tag",
            Self::Html(Html::AttributeQuoted(_)) => "in a quoted attribute",
            Self::Html(Html::AttributeUnquoted) => "in an unquoted attribute",
            Self::Html(Html::UrlAttribute) => "as the address in an attribute",
            Self::Html(Html::EventHandler) => "in an attribute that is a script",
            Self::Html(Html::Script) => "in a script",
            Self::Html(Html::ScriptString(_)) => "in a string of a script",
            Self::Html(Html::Style) => "in a style sheet",
            Self::Html(Html::Comment) => "in a comment of the page",
            Self::Path(Path::Whole) => "as the whole path",
            Self::Path(Path::First) => "as a part of the path that may be absolute",
            Self::Path(Path::Within { .. }) => "as a part of the path",
            Self::Path(Path::FileNamePart) => "in a name within the path",
            Self::Line => "in a line",
        }
    }
}

/// Where the hole at `index` of the shape's pieces stands. Of a piece that is no hole, where it begins.
pub fn position(shape: &Shape, index: usize, grammar: Grammar) -> Position {
    let before = shape.before(index);
    match grammar {
        Grammar::Sql => Position::Sql(sql::after(&before)),
        Grammar::Url => Position::Url(url::after(&before)),
        Grammar::Shell => Position::Shell(shell::after(&before)),
        Grammar::Html => Position::Html(html::after(&before)),
        Grammar::Path => {
            let component = matches!(shape.pieces.get(index), Some(Piece::Hole(Hole { component: true, .. })));
            Position::Path(path::after(&before, component, index + 1 >= shape.pieces.len()))
        }
        Grammar::Lines => Position::Line,
    }
}

/// Whether data in the hole at `index` can do this kind of harm at all.
pub fn harmful(kind: &str, shape: &Shape, index: usize) -> bool {
    let Some(Piece::Hole(hole)) = shape.pieces.get(index) else { return false };
    match hole.conversion {
        Conversion::Number => return matches!(kind, "secret-use" | "resource-amount"),
        Conversion::Repr if matches!(kind, "log-injection" | "header-injection") => return false,
        Conversion::Repr | Conversion::Plain | Conversion::Rooted => {}
    }
    let before = || shape.before(index);
    match kind {
        // What begins with `/` ends the host before it; at the start, or behind `/` alone, it may begin with `//`.
        "request-forgery" if hole.conversion == Conversion::Rooted => before().is_empty(),
        "url-redirection" if hole.conversion == Conversion::Rooted => matches!(before().as_str(), "" | "/"),
        "request-forgery" => {
            let before = before();
            !url::is_host_fixed(&before) && !matches!(url::after(&before), Url::Path | Url::Query | Url::Fragment)
        }
        "url-redirection" => {
            let before = before();
            if url::is_host_fixed(&before) || url::is_local_path(&before) {
                return false;
            }
            match url::after(&before) {
                Url::Query | Url::Fragment => false,
                // After a hole that begins the address the host is that hole's matter; after `/` alone it is not.
                Url::Path => before == "/",
                _ => true,
            }
        }
        // Text around it leaves a choice among what was named for it; a password with text around it is not empty.
        "reflection" | "attribute-injection" | "ldap-password" => shape.is_opaque(),
        "html-code" => {
            let before = before();
            before.contains('<') && !html::after(&before).escape_suffices()
        }
        // Behind an empty line the headers are over.
        "header-injection" => !["\n\n", "\r\n\r\n"].iter().any(|end| before().contains(end)),
        "argument-injection" => {
            // An option starts with a dash: text before it, in the same word, prevents that.
            before().chars().next_back().is_none_or(char::is_whitespace)
        }
        _ => true,
    }
}
