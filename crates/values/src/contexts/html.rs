//! Documents of HTML.

pub use assay_markup::Place as Html;

/// Where in a document the place after this text is.
pub fn after(text: &str) -> Html {
    let mut reader = assay_markup::Reader::new();
    reader.feed(text);
    reader.place()
}

/// Elements that tell HTML from other languages with tags.
const ELEMENTS: [&str; 22] = [
    "a", "b", "body", "button", "code", "div", "em", "form", "h1", "h2", "h3", "html", "i", "img", "input", "li", "p",
    "pre", "script", "span", "strong", "td",
];

/// Whether browsers read markup in content of this kind.
pub fn is_page(kind: &str) -> bool {
    let kind = kind.to_ascii_lowercase();
    ["html", "xml", "svg"].iter().any(|markup| kind.contains(markup))
}

/// Whether a text has elements of HTML in it, with what ends them or their attributes.
pub fn reads_as_html(text: &str) -> bool {
    let mut tags = 0;
    for (at, _) in text.match_indices('<') {
        let rest = &text[at + 1..];
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let closed = rest[end..].starts_with([' ', '>', '/', '\n', '\t']);
        if closed && ELEMENTS.contains(&rest[..end].to_ascii_lowercase().as_str()) {
            tags += 1;
        }
    }
    tags >= 2
}
