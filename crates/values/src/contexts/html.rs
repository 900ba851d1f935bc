//! Documents of HTML.

use super::HOLE;

/// Where in a document a hole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Html {
    /// It is the document.
    Whole,
    /// Between tags.
    Text,
    /// The name of a tag or attribute.
    TagName,
    /// In a quoted value of an attribute.
    AttributeQuoted(char),
    /// In a value without quotes.
    AttributeUnquoted,
    /// The start of an attribute that is an address.
    UrlAttribute,
    /// In a script, or an attribute that is one.
    Script,
    /// In a style sheet.
    Style,
    /// In a comment.
    Comment,
}

impl Html {
    /// Whether replacing `<`, `>`, `&` and quotes suffices here.
    pub fn escape_suffices(self) -> bool {
        matches!(self, Self::Whole | Self::Text | Self::AttributeQuoted(_))
    }
}

const ADDRESSES: &[&str] =
    &["href", "src", "action", "formaction", "data", "poster", "cite", "background", "xlink:href", "srcdoc"];

/// Where in a document the place after this text is.
pub fn after(text: &str) -> Html {
    if text.trim().is_empty() {
        return Html::Whole;
    }
    let lower = text.to_ascii_lowercase();
    let mut rest = lower.as_str();
    loop {
        let Some(open) = rest.find('<') else { return Html::Text };
        rest = &rest[open + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            match comment.find("-->") {
                Some(end) => rest = &comment[end + 3..],
                None => return Html::Comment,
            }
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?' | HOLE))
            && !rest.is_empty()
        {
            continue;
        }
        let closing = usize::from(rest.starts_with('/'));
        let name_end = rest[closing..]
            .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
            .map_or(rest.len(), |n| n + closing);
        let name = &rest[..name_end];
        match attributes(&rest[name_end..]) {
            Ok(after_tag) => rest = after_tag,
            Err(Some(place)) => return place,
            Err(None) => return Html::TagName,
        }
        if name == "script" || name == "style" {
            let close = if name == "script" { "</script" } else { "</style" };
            match rest.find(close) {
                Some(end) => rest = &rest[end..],
                None if name == "script" => return Html::Script,
                None => return Html::Style,
            }
        }
    }
}

/// Reads attributes up to the end of a tag: what comes after it, or the place where the text ends.
fn attributes(mut rest: &str) -> Result<&str, Option<Html>> {
    loop {
        rest = rest.trim_start();
        let Some(c) = rest.chars().next() else { return Err(None) };
        if c == '>' {
            return Ok(&rest[1..]);
        }
        let end = rest[c.len_utf8()..]
            .find(|c: char| c.is_whitespace() || c == '=' || c == '>')
            .map_or(rest.len(), |n| n + c.len_utf8());
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            if rest.is_empty() {
                return Err(None);
            }
            continue;
        };
        let value = value.trim_start();
        let script = name.starts_with("on");
        let special = |so_far: &str| {
            if script {
                Some(Html::Script)
            } else if name == "style" {
                Some(Html::Style)
            } else if ADDRESSES.contains(&name) && so_far.trim().is_empty() {
                Some(Html::UrlAttribute)
            } else {
                None
            }
        };
        match value.chars().next() {
            None => return Err(Some(special("").unwrap_or(Html::AttributeUnquoted))),
            Some(quote @ ('"' | '\'')) => match value[1..].find(quote) {
                Some(end) => rest = &value[1 + end + 1..],
                None => return Err(Some(special(&value[1..]).unwrap_or(Html::AttributeQuoted(quote)))),
            },
            Some(_) => match value.find(|c: char| c.is_whitespace() || c == '>') {
                Some(end) => rest = &value[end..],
                None => return Err(Some(if script { Html::Script } else { Html::AttributeUnquoted })),
            },
        }
    }
}
