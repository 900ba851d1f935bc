//! Where in a document of HTML a place is.
//!
//! A [`Reader`] is fed the document piece by piece and tells what stands at its end. It reads as a browser
//! does, as far as it matters for what data at that place can do: tags, attributes, comments, scripts and the strings
//! in them.

/// Stands for data that is put into the document.
pub const HOLE: char = '\u{fffc}';

/// Characters of a name or of the start of a value that are kept.
const MAX_WORD: usize = 32;

/// Where in a document a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// At its very start.
    Whole,
    /// Between tags.
    Text,
    /// In the name of a tag.
    TagName,
    /// In a tag, where the name of an attribute stands.
    AttributeName,
    /// In a quoted value of an attribute.
    AttributeQuoted(char),
    /// In a value without quotes.
    AttributeUnquoted,
    /// The start of an attribute whose address the browser opens or runs.
    UrlAttribute,
    /// In an attribute that the browser decodes and then runs, or reads as a document of its own.
    EventHandler,
    /// In the code of a script.
    Script,
    /// In a string of a script.
    ScriptString(char),
    /// In a style sheet, or in a script element that holds data.
    Style,
    /// In a comment.
    Comment,
}

impl Place {
    /// Whether data whose `<`, `>`, `&` and quotes are replaced by entities stays data here.
    pub fn escape_suffices(self) -> bool {
        match self {
            Self::Whole
            | Self::Text
            | Self::AttributeQuoted(_)
            | Self::Style
            | Self::Comment
            | Self::ScriptString('"' | '\'') => true,
            Self::TagName
            | Self::AttributeName
            | Self::AttributeUnquoted
            | Self::UrlAttribute
            | Self::EventHandler
            | Self::Script
            | Self::ScriptString(_) => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Text,
    /// After `<`.
    Open,
    /// After `<!` and what follows it.
    Declaration,
    TagName,
    BeforeAttribute,
    AttributeName,
    AfterAttributeName,
    BeforeValue,
    Quoted(char),
    Unquoted,
    Comment,
    /// In an element whose content is no markup.
    Raw(Raw),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Raw {
    Style,
    Code,
    String { quote: char, escaped: bool },
    LineComment,
    BlockComment,
}

/// Reads a document and knows where it is in it.
#[derive(Clone, Debug)]
pub struct Reader {
    state: State,
    /// Whether anything but blanks was read.
    begun: bool,
    closing: bool,
    tag: String,
    attribute: String,
    /// How the value of the attribute begins.
    value: String,
    /// Whether the element that opens is a script of data.
    data_script: bool,
    /// The last characters, as far as a mark of several characters may end in them.
    recent: String,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

impl Reader {
    /// At the start of a document.
    pub fn new() -> Self {
        Self {
            state: State::Text,
            begun: false,
            closing: false,
            tag: String::new(),
            attribute: String::new(),
            value: String::new(),
            data_script: false,
            recent: String::new(),
        }
    }

    /// Reads on.
    pub fn feed(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            // Most of a document is text between tags.
            if self.state == State::Text {
                let end = rest.find('<').unwrap_or(rest.len());
                if end > 0 {
                    self.begun |= !rest[..end].trim().is_empty();
                    rest = &rest[end..];
                    continue;
                }
            }
            self.step(c);
            rest = &rest[c.len_utf8()..];
        }
    }

    /// Reads data that is put in here.
    pub fn hole(&mut self) {
        self.begun = true;
        self.step(HOLE);
    }

    fn step(&mut self, c: char) {
        self.begun |= !c.is_whitespace();
        match self.state {
            State::Text => {
                if c == '<' {
                    self.state = State::Open;
                    self.closing = false;
                    self.tag.clear();
                    self.recent.clear();
                }
            }
            State::Open => match c {
                '/' if !self.closing => self.closing = true,
                '!' | '?' => self.state = State::Declaration,
                c if c.is_ascii_alphabetic() || c == HOLE => {
                    push(&mut self.tag, c);
                    self.data_script = false;
                    self.state = State::TagName;
                }
                '<' => {}
                _ => self.state = State::Text,
            },
            State::Declaration => {
                push(&mut self.recent, c);
                if self.recent == "--" {
                    self.recent.clear();
                    self.state = State::Comment;
                } else if c == '>' {
                    self.state = State::Text;
                }
            }
            State::Comment => {
                if self.remember(c, 3).ends_with("-->") {
                    self.state = State::Text;
                }
            }
            State::TagName => match c {
                '>' => self.tag_ends(),
                '/' => self.state = State::BeforeAttribute,
                c if c.is_whitespace() => self.state = State::BeforeAttribute,
                c => push(&mut self.tag, c),
            },
            State::BeforeAttribute => match c {
                '>' => self.tag_ends(),
                '/' => {}
                c if c.is_whitespace() => {}
                c => self.begin_attribute(c),
            },
            State::AttributeName => match c {
                '>' => self.tag_ends(),
                '=' => self.begin_value(),
                '/' => self.state = State::BeforeAttribute,
                c if c.is_whitespace() => self.state = State::AfterAttributeName,
                c => push(&mut self.attribute, c),
            },
            State::AfterAttributeName => match c {
                '>' => self.tag_ends(),
                '=' => self.begin_value(),
                c if c.is_whitespace() => {}
                c => self.begin_attribute(c),
            },
            State::BeforeValue => match c {
                '>' => self.tag_ends(),
                '"' | '\'' => self.state = State::Quoted(c),
                c if c.is_whitespace() => {}
                c => {
                    push(&mut self.value, c);
                    self.state = State::Unquoted;
                }
            },
            State::Quoted(quote) => {
                if c == quote {
                    self.value_ends();
                } else if !(self.value.is_empty() && c.is_whitespace()) {
                    push(&mut self.value, c);
                }
            }
            State::Unquoted => match c {
                '>' => {
                    self.value_ends();
                    self.tag_ends();
                }
                c if c.is_whitespace() => self.value_ends(),
                c => push(&mut self.value, c),
            },
            State::Raw(raw) => self.step_raw(raw, c),
        }
    }

    fn step_raw(&mut self, raw: Raw, c: char) {
        let close = if self.tag == "style" { "</style" } else { "</script" };
        if self.remember(c, close.len()).ends_with(close) {
            self.closing = true;
            self.tag.clear();
            self.state = State::TagName;
            return;
        }
        let two = |s: &str| self.recent.ends_with(s);
        let next = match raw {
            Raw::Style => Raw::Style,
            Raw::Code => match c {
                '"' | '\'' | '`' => Raw::String { quote: c, escaped: false },
                _ if two("//") => Raw::LineComment,
                _ if two("/*") => Raw::BlockComment,
                _ => Raw::Code,
            },
            Raw::String { quote, escaped } => match c {
                '\n' if quote != '`' && !escaped => Raw::Code,
                _ if escaped => Raw::String { quote, escaped: false },
                '\\' => Raw::String { quote, escaped: true },
                _ if c == quote => Raw::Code,
                _ => raw,
            },
            Raw::LineComment if c == '\n' => Raw::Code,
            Raw::BlockComment if two("*/") => Raw::Code,
            Raw::LineComment | Raw::BlockComment => raw,
        };
        self.state = State::Raw(next);
    }

    /// The last characters, in lower case, with this one.
    fn remember(&mut self, c: char, count: usize) -> &str {
        self.recent.push(c.to_ascii_lowercase());
        while self.recent.chars().count() > count {
            self.recent.remove(0);
        }
        &self.recent
    }

    fn begin_attribute(&mut self, c: char) {
        self.attribute.clear();
        push(&mut self.attribute, c);
        self.state = State::AttributeName;
    }

    fn begin_value(&mut self) {
        self.value.clear();
        self.state = State::BeforeValue;
    }

    fn value_ends(&mut self) {
        if self.tag == "script" && self.attribute == "type" {
            self.data_script = ["json", "template", "html", "importmap"].iter().any(|w| self.value.contains(w));
        }
        self.state = State::BeforeAttribute;
    }

    fn tag_ends(&mut self) {
        self.recent.clear();
        self.state = match self.tag.as_str() {
            _ if self.closing => State::Text,
            "script" if self.data_script => State::Raw(Raw::Style),
            "script" => State::Raw(Raw::Code),
            "style" => State::Raw(Raw::Style),
            _ => State::Text,
        };
    }

    /// Where the document stands now: what data put in here is part of.
    pub fn place(&self) -> Place {
        match self.state {
            _ if !self.begun => Place::Whole,
            State::Text => Place::Text,
            State::Open | State::TagName => Place::TagName,
            State::BeforeAttribute | State::AttributeName | State::AfterAttributeName => Place::AttributeName,
            State::BeforeValue | State::Unquoted => self.value_place(None),
            State::Quoted(quote) => self.value_place(Some(quote)),
            State::Declaration | State::Comment => Place::Comment,
            State::Raw(raw) => match raw {
                Raw::Style => Place::Style,
                Raw::Code | Raw::LineComment | Raw::BlockComment => Place::Script,
                Raw::String { quote, .. } => Place::ScriptString(quote),
            },
        }
    }

    fn value_place(&self, quote: Option<char>) -> Place {
        if self.attribute.starts_with("on") || self.attribute == "srcdoc" || self.value.starts_with("javascript:") {
            return Place::EventHandler;
        }
        let Some(quote) = quote else {
            return if self.attribute == "style" {
                Place::Style
            } else {
                self.opened_address().unwrap_or(Place::AttributeUnquoted)
            };
        };
        if self.attribute == "style" {
            return Place::Style;
        }
        self.opened_address().unwrap_or(Place::AttributeQuoted(quote))
    }

    /// The place when the value is an address that decides by its start what happens.
    fn opened_address(&self) -> Option<Place> {
        let opened = match self.attribute.as_str() {
            "href" | "xlink:href" => !matches!(self.tag.as_str(), "link" | "image" | "use"),
            "action" | "formaction" => true,
            "src" => matches!(self.tag.as_str(), "script" | "iframe" | "frame" | "embed"),
            "data" => self.tag == "object",
            _ => false,
        };
        (opened && self.value.is_empty()).then_some(Place::UrlAttribute)
    }
}

/// Adds to a name that is kept in lower case; what is too long for any name that matters is cut.
fn push(word: &mut String, c: char) {
    if word.len() < MAX_WORD {
        word.push(c.to_ascii_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn lands(text: &str, place: Place) {
        let mut reader = Reader::new();
        reader.feed(text);
        assert_eq!(reader.place(), place, "{text}");
    }

    #[test]
    fn text_and_tags() {
        lands("", Place::Whole);
        lands("  \n", Place::Whole);
        lands("<p>", Place::Text);
        lands("a < b ", Place::Text);
        lands("<", Place::TagName);
        lands("<a ", Place::AttributeName);
        lands("<!-- <p>", Place::Comment);
        lands("<!-- <p> --><i>", Place::Text);
        lands("<!doctype html>\n", Place::Text);
        lands("<br/>", Place::Text);
    }

    #[test]
    fn attributes() {
        lands(r#"<a title=""#, Place::AttributeQuoted('"'));
        lands("<a title='x' class=", Place::AttributeUnquoted);
        lands("<a title='x' class=y", Place::AttributeUnquoted);
        lands(r#"<a href=""#, Place::UrlAttribute);
        lands("<a href=", Place::UrlAttribute);
        lands(r#"<a href="/u/"#, Place::AttributeQuoted('"'));
        lands(r#"<a href="javascript:go('"#, Place::EventHandler);
        lands(r#"<img src=""#, Place::AttributeQuoted('"'));
        lands(r#"<script src=""#, Place::UrlAttribute);
        lands(r#"<b onClick="go("#, Place::EventHandler);
        lands(r#"<b style="color: "#, Place::Style);
        lands("<input disabled value = \"a\">", Place::Text);
    }

    #[test]
    fn scripts() {
        lands("<script>var a = ", Place::Script);
        lands("<script>var a = \"", Place::ScriptString('"'));
        lands("<script>var a = 'it\\'s ", Place::ScriptString('\''));
        lands("<script>// don't\nvar a = ", Place::Script);
        lands("<script>var a = `x", Place::ScriptString('`'));
        lands("<script>var a</SCRIPT ><i>", Place::Text);
        lands("<script type=\"application/json\">{\"a\": \"", Place::Style);
        lands("<style>p { color: ", Place::Style);
    }

    #[test]
    fn holes_are_data() {
        let mut reader = Reader::new();
        reader.feed("<a href=\"");
        reader.hole();
        assert_eq!(reader.place(), Place::AttributeQuoted('"'));
        reader.feed("\" ");
        reader.hole();
        assert_eq!(reader.place(), Place::AttributeName);
    }
}
