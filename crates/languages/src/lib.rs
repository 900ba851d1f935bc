//! The languages that can be analysed: one line each.

use assay_frontend::Frontend;
pub use assay_frontend::ProjectFrontend;
use assay_text::Language;

/// All front ends.
pub const LANGUAGES: &[&dyn Frontend] =
    &[&assay_lang_python::PYTHON, &assay_lang_template::TEMPLATE, &assay_lang_c::C, &assay_lang_c::CPP];

/// The front end for a language, if there is one.
pub fn frontend_for(language: Language) -> Option<&'static dyn Frontend> {
    LANGUAGES.iter().copied().find(|frontend| frontend.language() == language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_one_front_end() {
        for frontend in LANGUAGES {
            let language = frontend.language();
            assert_eq!(LANGUAGES.iter().filter(|f| f.language() == language).count(), 1, "{}", language.name());
            assert_eq!(frontend_for(language).map(Frontend::language), Some(language));
        }
        assert!(frontend_for(Language::Other).is_none());
    }
}
