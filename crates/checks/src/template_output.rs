//! What templates put out, in words.

use assay_ir::template::{FILTERS, OUTPUT};

/// What is wrong with an output of a template, and what to do about it.
pub(crate) struct OutputText {
    /// Why the value does harm there.
    pub(crate) why: &'static str,
    /// What to do.
    pub(crate) solution: &'static str,
}

/// The words for the runtime's function that puts out a value; `None` for any other library function.
pub(crate) fn output(api: &str) -> Option<OutputText> {
    let (why, solution) = match api.strip_prefix(OUTPUT)? {
        "in_script" => (
            "It stands in the code of a script, where no `<` is needed to do harm: replacing markup does not help there.",
            "Put the data into the page as JSON, with the filter `json_script` (Django) or `tojson` (Jinja2), and read it from there.",
        ),
        "in_event_handler" => (
            "It stands in an attribute that the browser decodes before it runs it, so that what replaced the quotes becomes quotes again.",
            "Put the value into a `data-` attribute with quotes and read it in a script of the page's own.",
        ),
        "as_address" => (
            "It is the whole of an address, which may begin with `javascript:`: replacing markup does not help there.",
            "Let only addresses through that begin with `https://`, `http://` or a single `/`, before the template gets them.",
        ),
        "in_unquoted_attribute" => (
            "The attribute has no quotes, so that a blank in the value ends it and begins another attribute.",
            "Put quotes around the attribute's value.",
        ),
        "in_tag" => (
            "It stands in a tag outside of any value, where it can be an attribute with a script.",
            "Write the attribute's name in the template and put the value between quotes.",
        ),
        _ => (
            "Nothing escapes it on its way into the page.",
            "Leave out the filter or tag that switches escaping off, so that the template escapes the value; where markup is wanted, clean it first, with `nh3.clean` for instance.",
        ),
    };
    Some(OutputText { why, solution })
}

/// The name of a library function as people know it.
pub(crate) fn shown(api: &str) -> String {
    match api.strip_prefix(FILTERS) {
        Some(filter) => format!("the filter `{filter}`"),
        None => api.to_owned(),
    }
}
