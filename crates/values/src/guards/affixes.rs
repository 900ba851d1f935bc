//! What tests mean that look at a part of a text: how it begins, how it ends, what it contains.

use super::GuardFact;
use super::dangers::Constraint;
use super::judge::{Judge, Judgement, NO_CLIMBING, ONLY_SCHEME};
use super::operands::{ends_with_separator, is_parent};
use super::via::{Derivation, UrlPart, is_normalised};
use crate::contexts::url::{Url, after};
use assay_ir::{Op, Value};

impl Judge<'_, '_> {
    pub(super) fn starts_with(
        &mut self,
        derivation: &Derivation,
        fact: &GuardFact,
        prefix: Value,
        positive: bool,
    ) -> bool {
        if (self.untrusted)(prefix) {
            return false;
        }
        let texts = self.trusted_text(prefix);
        let climbs = |t: &Vec<String>| t.iter().any(|t| "../".starts_with(t.as_str()) && !t.is_empty());
        if !positive && self.is_path() && (texts.as_ref().is_some_and(climbs) || is_parent(self.cx, prefix)) {
            match derivation {
                // What `os.path.relpath` gives is in its normal form.
                Derivation::Relative => return true,
                Derivation::Remainder => return self.doubt("`..` further on in the path passes"),
                _ => {}
            }
        }
        if !positive {
            for text in texts.into_iter().flatten() {
                self.constrain(derivation, Constraint::NotStarts(text));
            }
            return false;
        }
        if self.is_path() {
            return self.path_prefix(derivation, fact, prefix, texts);
        }
        if self.is_url() {
            return self.url_prefix(derivation, prefix, texts);
        }
        // An address that begins so runs nothing.
        if self.kind == "html-code"
            && derivation.is_text()
            && texts.as_ref().is_some_and(|texts| texts.iter().all(|text| is_plain_address(text)))
        {
            return true;
        }
        if let Some(texts) = texts {
            return self.constrain(derivation, Constraint::Starts(texts));
        }
        false
    }

    fn path_prefix(
        &mut self,
        derivation: &Derivation,
        fact: &GuardFact,
        prefix: Value,
        texts: Option<Vec<String>>,
    ) -> bool {
        if matches!(derivation, Derivation::Relative) {
            return false;
        }
        if let Some(texts) = texts.filter(|t| derivation.is_text() && t.iter().all(|t| !t.starts_with('/'))) {
            self.constraints.push(Constraint::Starts(texts));
        }
        if !is_normalised(self.cx, fact) {
            return self.doubt("prefix check on a path that was not normalised");
        }
        if ends_with_separator(self.cx, prefix, 6) {
            return true;
        }
        self.doubts.push(Judgement::narrow(
            "a prefix without a separator at its end also admits siblings such as `/base-other`",
        ));
        false
    }

    fn url_prefix(&mut self, derivation: &Derivation, prefix: Value, texts: Option<Vec<String>>) -> bool {
        match derivation {
            Derivation::Url(UrlPart::Host) => {
                return self.doubt("a host that starts with the name may be of another domain");
            }
            Derivation::Url(_) => return self.doubt("only the path is checked, not the host"),
            Derivation::Text { .. } => {}
            _ => return false,
        }
        let Some(texts) = texts else {
            if ends_with_separator(self.cx, prefix, 6) {
                return true;
            }
            self.doubts.push(Judgement::narrow("the prefix may end within the host"));
            return false;
        };
        let mut reason = None;
        let mut local = true;
        for text in &texts {
            match after(text) {
                Url::Path | Url::Query | Url::Fragment if text.contains("://") => local = false,
                Url::Path | Url::Query | Url::Fragment if text.len() > 1 && text.starts_with('/') => {}
                Url::Path | Url::Query | Url::Fragment => reason = Some("`//host` passes"),
                Url::Host if text.ends_with("//") => reason = Some(ONLY_SCHEME),
                Url::Host => reason = Some("the prefix ends within the host, so `host.evil.example` passes"),
                Url::Whole | Url::Scheme | Url::AfterUnknown => reason = Some(ONLY_SCHEME),
            }
        }
        match reason {
            None if self.kind == "url-redirection" || !local => true,
            None => false,
            Some(reason) => {
                self.constrain(derivation, Constraint::Starts(texts));
                self.doubt(reason)
            }
        }
    }

    pub(super) fn ends_with(&mut self, derivation: &Derivation, suffix: Value) -> bool {
        if (self.untrusted)(suffix) {
            return false;
        }
        if self.is_path() && derivation.is_text() {
            return self.doubt("only the extension is checked");
        }
        if self.is_url() {
            return match derivation {
                Derivation::Url(UrlPart::Host) => {
                    let texts = self.trusted_text(suffix).unwrap_or_default();
                    if !texts.is_empty() && texts.iter().all(|t| t.starts_with('.') && t.len() > 2) {
                        return true;
                    }
                    self.doubt("a suffix without a dot before it also matches other domains")
                }
                Derivation::Text { .. } => self.doubt("the end of an address says nothing about its host"),
                _ => false,
            };
        }
        false
    }

    pub(super) fn contains(
        &mut self,
        derivation: &Derivation,
        fact: &GuardFact,
        needle: Value,
        positive: bool,
    ) -> bool {
        if !positive {
            if self.is_path() && self.cx.string(needle).is_some_and(|s| s == "..") {
                match derivation {
                    Derivation::Relative => return true,
                    Derivation::Remainder => self.marks |= NO_CLIMBING,
                    _ => {}
                }
            }
            // A loop over needles has looked for each of them.
            let needles = match self.cx.op(needle) {
                Op::Next(iterable) => self.elements(*iterable),
                _ => self.cx.string(needle).into_iter().collect(),
            };
            for text in needles {
                self.constrain(derivation, Constraint::Without(text));
            }
            return false;
        }
        if (self.untrusted)(needle) {
            return false;
        }
        if self.is_path() && matches!(derivation, Derivation::Parents) {
            return self.within(fact, "`..` was not resolved before the check of the parents");
        }
        // What is looked for must look like a name or a folder: a test for a separator is no check.
        let text = self.cx.string(needle);
        let host = text.as_ref().map_or(!derivation.is_text(), |s| s.contains('.') || s.contains("://"));
        let folder = text.as_ref().is_some_and(|s| s.len() > 2 && s.contains('/'));
        if self.is_url() && host && (derivation.is_text() || matches!(derivation, Derivation::Url(UrlPart::Host))) {
            return self.doubt("the name may stand anywhere in the address");
        }
        if self.is_path() && folder && derivation.is_text() {
            return self.doubt("the text may stand anywhere in the path");
        }
        false
    }
}

/// Whether an address that begins with this text is no `javascript:` or the like.
fn is_plain_address(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["http:", "https:", "ftp:", "mailto:", "tel:", "/", "#", "?", "./"].iter().any(|start| text.starts_with(start))
}
