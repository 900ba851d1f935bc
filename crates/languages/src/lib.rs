//! The languages that can be analysed: one line each.

use assay_frontend::Frontend;
use assay_text::Language;

/// All front ends.
pub const LANGUAGES: &[&dyn Frontend] = &[&assay_lang_python::PYTHON];

/// The front end for a language, if there is one.
pub fn frontend_for(language: Language) -> Option<&'static dyn Frontend> {
    LANGUAGES.iter().copied().find(|frontend| frontend.language() == language)
}
