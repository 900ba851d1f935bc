//! Documents of HTML.

pub use assay_markup::Place as Html;

/// Where in a document the place after this text is.
pub fn after(text: &str) -> Html {
    let mut reader = assay_markup::Reader::new();
    reader.feed(text);
    reader.place()
}
