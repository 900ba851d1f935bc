//! Whether what is known about a value makes it harmless.

use super::dangers::{Constraint, Danger, PathGap, is_harmless, path_gap};
use super::made::Made;
use super::operands::{PLAIN_TYPES, TEXT_TYPES, alphabet, character_set, may_be_text, type_names};
use super::patterns::{UrlHead, pattern_of, rejected, url_head};
use super::via::{Derivation, UrlPart, is_normalised, is_same_load};
use super::{ArgumentRef, GuardFact, MatchMethod, Test};
use crate::regex::{CharSet, End, Language};
use crate::{ConstValue, Context, constant_of};
use assay_ir::Value;

/// What is wrong with a check that looks at the scheme of an address alone.
pub const ONLY_SCHEME: &str = "only the scheme is checked";

/// What facts mean for one kind of harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// The value is harmless where the facts hold.
    Validates,
    /// The check is about this harm and does not rule it out.
    Insufficient {
        /// Why not, in words for a finding.
        reason: &'static str,
        /// Whether only an unusual case is left open.
        narrow: bool,
    },
    /// The facts say nothing about this harm.
    Irrelevant,
}

impl Judgement {
    fn insufficient(reason: &'static str) -> Self {
        Self::Insufficient { reason, narrow: false }
    }

    pub(super) fn narrow(reason: &'static str) -> Self {
        Self::Insufficient { reason, narrow: true }
    }
}

/// Judges one fact against a kind of sink. `untrusted` says whether the attacker has a hand in a value that
/// the test compares with.
pub fn judge(cx: &Context<'_>, fact: &GuardFact, kind: &str, untrusted: &dyn Fn(Value) -> bool) -> Judgement {
    judge_all(cx, std::iter::once(fact), kind, untrusted)
}

/// Judges all facts that hold about a value at a place: several that do not suffice may together.
pub fn judge_all<'f>(
    cx: &Context<'_>,
    facts: impl IntoIterator<Item = &'f GuardFact>,
    kind: &str,
    untrusted: &dyn Fn(Value) -> bool,
) -> Judgement {
    conclude(cx, Vec::new(), facts, kind, untrusted)
}

/// Judges a value that a library has held against an expression before the program gets it.
pub fn judge_held(cx: &Context<'_>, pattern: Value, method: MatchMethod, kind: &str) -> Judgement {
    let Some(regex) = pattern_of(cx, pattern, None) else { return Judgement::Irrelevant };
    conclude(cx, vec![Constraint::Language(Box::new(Language::new(&regex, method)))], [], kind, &|_| true)
}

/// Like [`judge_all`], with what the making of the value alone excludes: a check and a replacement may
/// suffice together.
pub fn judge_made<'f>(
    cx: &Context<'_>,
    made: &Made,
    facts: impl IntoIterator<Item = &'f GuardFact>,
    kind: &str,
    untrusted: &dyn Fn(Value) -> bool,
) -> Judgement {
    conclude(cx, made.constraints.clone(), facts, kind, untrusted)
}

fn conclude<'f>(
    cx: &Context<'_>,
    constraints: Vec<Constraint>,
    facts: impl IntoIterator<Item = &'f GuardFact>,
    kind: &str,
    untrusted: &dyn Fn(Value) -> bool,
) -> Judgement {
    if kind == "secret-use" {
        return Judgement::Irrelevant;
    }
    if kind == "resource-amount" {
        let bounds = facts.into_iter().any(|fact| is_bound(cx, fact, untrusted));
        return if bounds { Judgement::Validates } else { Judgement::Irrelevant };
    }
    if kind == "ldap-password" {
        let filled = facts.into_iter().any(|fact| is_not_empty(cx, fact));
        return if filled { Judgement::Validates } else { Judgement::Irrelevant };
    }
    let mut judge = Judge { cx, kind, untrusted, constraints, marks: 0, doubts: Vec::new() };
    for fact in facts {
        if judge.fact(fact) {
            return Judgement::Validates;
        }
    }
    match judge.conclude() {
        // Few checks are about time and memory; none is wrong for not being.
        Judgement::Insufficient { .. } if is_about_size(kind) => Judgement::Irrelevant,
        judgement => judgement,
    }
}

/// Whether the harm of a kind lies in how long a text is.
fn is_about_size(kind: &str) -> bool {
    matches!(kind, "regex-match" | "decompression" | "cache-key")
}

/// Whether a fact says that a text is not empty.
fn is_not_empty(cx: &Context<'_>, fact: &GuardFact) -> bool {
    use assay_ir::CompareOp::{Greater, GreaterEq};
    let is_text = || Derivation::of(cx, fact.key, &fact.via).is_text();
    match &fact.test {
        Test::Truthy { positive: true } => is_text(),
        Test::Equals { other, positive } => {
            is_text() && cx.string(*other).is_some_and(|text| text.is_empty() != *positive)
        }
        Test::LengthBound { op: Greater | GreaterEq, .. } => true,
        Test::OneOf(sets) => !sets.is_empty() && sets.iter().all(|set| set.iter().any(|f| is_not_empty(cx, f))),
        _ => false,
    }
}

/// Whether a fact says of a number that it is no larger than something that the attacker has no hand in.
fn is_bound(cx: &Context<'_>, fact: &GuardFact, untrusted: &dyn Fn(Value) -> bool) -> bool {
    use assay_ir::CompareOp::{Eq, Less, LessEq};
    let same = || Derivation::of(cx, fact.key, &fact.via).is_same_or_number();
    match &fact.test {
        Test::Compare { op: Less | LessEq | Eq, other } | Test::Equals { other, positive: true } => {
            same() && !untrusted(*other)
        }
        Test::Member { of, positive: true } => same() && !untrusted(*of),
        Test::IsNone { positive: true } | Test::Truthy { positive: false } => same(),
        Test::OneOf(sets) => !sets.is_empty() && sets.iter().all(|set| set.iter().any(|f| is_bound(cx, f, untrusted))),
        _ => false,
    }
}

/// What `$` leaves open. Only where a line break does harm is it worth a word.
pub const TRAILING_NEWLINE: &str = "`$` also matches before a trailing newline";
/// What a check of `..` alone leaves open. Behind the name of a folder it does no harm.
pub const ABSOLUTE_PATH: &str = "absolute paths pass";
const DENY_LIST: &str = "a list of forbidden values lets all others pass";
const DENY_PATTERN: &str = "a pattern of forbidden texts lets all others pass";
const DENY_HOST: &str = "a list of forbidden hosts lets all others pass, and other spellings of the same address";
const NO_HOST: u8 = 1;
const NO_SCHEME: u8 = 2;
/// The path is within another by its text.
const WITHIN: u8 = 4;
/// What remains of the path after that has no `..`.
pub(super) const NO_CLIMBING: u8 = 8;
/// The host is one's own once the address was joined to one's own.
const JOINED: u8 = 16;

pub(super) struct Judge<'a, 'c> {
    pub(super) cx: &'a Context<'c>,
    pub(super) kind: &'a str,
    pub(super) untrusted: &'a dyn Fn(Value) -> bool,
    pub(super) constraints: Vec<Constraint>,
    pub(super) marks: u8,
    pub(super) doubts: Vec<Judgement>,
}

impl Judge<'_, '_> {
    pub(super) fn is_path(&self) -> bool {
        matches!(self.kind, "path-injection" | "archive-extraction")
    }

    pub(super) fn is_url(&self) -> bool {
        matches!(self.kind, "request-forgery" | "url-redirection")
    }

    /// Kinds that a line break alone can serve.
    fn is_line(&self) -> bool {
        matches!(self.kind, "header-injection" | "log-injection" | "config-injection" | "file-content")
    }

    pub(super) fn doubt(&mut self, reason: &'static str) -> bool {
        self.doubts.push(Judgement::insufficient(reason));
        false
    }

    pub(super) fn constrain(&mut self, derivation: &Derivation, constraint: Constraint) -> bool {
        if let Some(constraint) = derivation.apply(constraint) {
            self.constraints.push(constraint);
        }
        false
    }

    fn excluded(&self, danger: Danger<'_>) -> bool {
        self.constraints.iter().any(|c| c.excludes(danger))
    }

    fn conclude(self) -> Judgement {
        let excluded = |d: Danger<'_>| self.excluded(d);
        if !self.constraints.is_empty() && is_harmless(self.kind, &excluded) {
            let blanks = ["/\t", "/\n", "/\r"].iter().all(|s| excluded(Danger::Prefix(s)));
            return if self.kind == "url-redirection" && !blanks && !excluded(Danger::Char('/')) {
                Judgement::narrow("a tab or line break after the first `/` passes, and browsers drop it")
            } else {
                Judgement::Validates
            };
        }
        if self.is_path() && self.marks & WITHIN != 0 && self.marks & NO_CLIMBING != 0 {
            return Judgement::Validates;
        }
        if self.is_url() && self.marks & NO_HOST != 0 {
            let backslash = excluded(Danger::Char('\\'));
            return if self.marks & NO_SCHEME != 0 && backslash && excluded(Danger::Prefix("//")) {
                Judgement::Validates
            } else if self.marks & NO_SCHEME != 0 && backslash {
                Judgement::narrow("an empty host and scheme do not exclude `///host`, which browsers follow")
            } else if self.marks & NO_SCHEME != 0 {
                Judgement::insufficient(
                    "an empty host and scheme do not exclude `///host` and `/\\host`, which browsers follow",
                )
            } else {
                Judgement::insufficient("an empty host does not exclude other schemes, `///host` and `/\\host`")
            };
        }
        if self.marks & JOINED != 0 {
            return match (excluded(Danger::Char('\\')), excluded(Danger::Prefix("//"))) {
                (true, true) => Judgement::Validates,
                (true, false) => {
                    Judgement::narrow("`///host` has no host of its own for `urljoin`, and one for browsers")
                }
                (false, _) => Judgement::insufficient(
                    "`///host` and `/\\host` have no host of their own for `urljoin`, and one for browsers",
                ),
            };
        }
        if let Some(doubt) = self.constraint_doubt() {
            return doubt;
        }
        self.doubts.first().copied().unwrap_or(if self.marks & NO_SCHEME != 0 && self.is_url() {
            Judgement::insufficient("an empty scheme does not exclude `//host`")
        } else {
            Judgement::Irrelevant
        })
    }

    /// Why the constraints do not suffice.
    fn constraint_doubt(&self) -> Option<Judgement> {
        let excluded = |d: Danger<'_>| self.excluded(d);
        for constraint in &self.constraints {
            if let Some(closed) = constraint.without_newline() {
                let without = |d: Danger<'_>| closed.excludes(d) || excluded(d);
                if is_harmless(self.kind, &without) {
                    return Some(if self.is_line() {
                        Judgement::insufficient(TRAILING_NEWLINE)
                    } else {
                        Judgement::narrow(TRAILING_NEWLINE)
                    });
                }
            }
        }
        // A single name is the one thing that a path can be that leads no further than the folder above.
        if self.is_path() && excluded(Danger::Char('/')) {
            return Some(Judgement::narrow("`..` passes, which is the folder above"));
        }
        for constraint in &self.constraints {
            match constraint.openness() {
                Some((true, _)) => {
                    return Some(Judgement::insufficient("the pattern is not anchored at its start"));
                }
                Some((_, End::Open)) => {
                    return Some(Judgement::insufficient("the pattern is not anchored at its end"));
                }
                Some(_) => {
                    return Some(Judgement::insufficient("the pattern admits characters that do harm here"));
                }
                None => {}
            }
        }
        if self.constraints.is_empty() {
            return None;
        }
        if self.is_path() {
            let relevant = excluded(Danger::Part("..")) || excluded(Danger::Prefix("/")) || excluded(Danger::Char('/'));
            return match path_gap(&excluded) {
                _ if !relevant => None,
                Some(PathGap::Absolute) => Some(Judgement::insufficient(ABSOLUTE_PATH)),
                Some(PathGap::Traversal) => Some(Judgement::insufficient("`..` passes")),
                None => None,
            };
        }
        if self.kind == "url-redirection" && excluded(Danger::Prefix("h")) {
            return Some(if excluded(Danger::Prefix("//")) {
                Judgement::narrow("`/\\host` passes, which browsers read as `//host`")
            } else {
                Judgement::insufficient("`//host` passes")
            });
        }
        let some = ["'", "\"", ";", "<", "&", "\n", "\r", "|", "`", "$", "(", "*", "{", "--"];
        let tries = some.iter().any(|s| {
            let mut chars = s.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => excluded(Danger::Char(c)),
                _ => excluded(Danger::Part(s)),
            }
        });
        (tries && !self.is_url()).then_some(Judgement::insufficient("other characters that do harm here pass"))
    }

    /// The texts that a constant gives one after the other.
    pub(super) fn elements(&self, iterable: Value) -> Vec<String> {
        match constant_of(self.cx, iterable) {
            Some(ConstValue::Str(s)) => s.chars().map(String::from).collect(),
            Some(ConstValue::Sequence(items) | ConstValue::Mapping(items)) => {
                items.iter().filter_map(|i| i.as_str().map(str::to_owned)).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn trusted_text(&self, value: Value) -> Option<Vec<String>> {
        if let Some(text) = self.cx.string(value) {
            return Some(vec![text]);
        }
        match constant_of(self.cx, value)? {
            ConstValue::Sequence(items) => items.iter().map(|i| i.as_str().map(str::to_owned)).collect(),
            _ => None,
        }
    }

    /// Takes a fact in; whether it validates by itself.
    fn fact(&mut self, fact: &GuardFact) -> bool {
        let derivation = Derivation::of(self.cx, fact.key, &fact.via);
        if derivation == Derivation::Url(UrlPart::JoinedHost) {
            let validates = self.about(&Derivation::Url(UrlPart::Host), fact);
            if !validates || self.kind != "url-redirection" {
                return validates;
            }
            self.marks |= JOINED;
            return false;
        }
        self.about(&derivation, fact)
    }

    /// Takes in a fact about something that is made from the value in this way.
    fn about(&mut self, derivation: &Derivation, fact: &GuardFact) -> bool {
        match &fact.test {
            Test::Member { of, positive } => self.member(derivation, fact, *of, *positive),
            Test::Equals { other, positive } => self.equals(derivation, fact, *other, *positive),
            Test::IsInstance { types, positive: true } => self.instance(derivation, *types),
            Test::IsNone { positive: true } | Test::Truthy { positive: false } => self.nothing(derivation),
            Test::RegexMatch { pattern, flags, method, positive } => {
                self.regex(derivation, *pattern, *flags, *method, *positive)
            }
            Test::StartsWith { prefix, positive } => self.starts_with(derivation, fact, *prefix, *positive),
            Test::EndsWith { suffix, positive: true } => self.ends_with(derivation, *suffix),
            Test::Contains { needle, positive } => self.contains(derivation, fact, *needle, *positive),
            Test::CharClass { class, positive: true } => {
                self.constrain(derivation, Constraint::Alphabet(alphabet(*class)))
            }
            Test::Compare { other, .. } => {
                // Text does not compare with a number: it would have raised.
                derivation.is_same_or_number()
                    && matches!(constant_of(self.cx, *other), Some(ConstValue::Int(_) | ConstValue::Number))
            }
            // A short text bounds the work of a match, whatever the expression; how short it must be is
            // the expression's matter.
            Test::LengthBound { op, .. } if is_about_size(self.kind) => {
                use assay_ir::CompareOp::{Eq, Less, LessEq};
                derivation.is_text() && matches!(op, Eq | LessEq | Less)
            }
            Test::LengthBound { op, bound } => {
                use assay_ir::CompareOp::{Eq, Less, LessEq};
                let bound = constant_of(self.cx, *bound);
                derivation.is_text()
                    && matches!(
                        (op, bound),
                        (Eq | LessEq, Some(ConstValue::Int(0))) | (Less, Some(ConstValue::Int(0 | 1)))
                    )
            }
            Test::RelativeTo { base, positive: true } => {
                if !self.is_path() || (self.untrusted)(*base) {
                    return false;
                }
                self.marks |= WITHIN;
                self.within(fact, "`..` was not resolved before the check that it is relative")
            }
            Test::Each(facts) => self.each(derivation, facts),
            Test::OneOf(sets) => self.one_of(sets),
            Test::Call { call, argument, positive } => self.known_call(derivation, *call, *argument, *positive),
            Test::Returned { call, argument } => self.returned(derivation, fact, *call, *argument),
            Test::IsInstance { .. }
            | Test::IsNone { .. }
            | Test::Truthy { .. }
            | Test::EndsWith { .. }
            | Test::CharClass { .. }
            | Test::RelativeTo { .. } => false,
        }
    }

    /// A check of a path's place holds when the path was normalised before.
    pub(super) fn within(&mut self, fact: &GuardFact, otherwise: &'static str) -> bool {
        is_normalised(self.cx, fact) || self.doubt(otherwise)
    }

    /// The whole value, or a part that decides, is one of a set the attacker has no hand in.
    fn chosen(&mut self, derivation: &Derivation) -> bool {
        match derivation {
            Derivation::Text { stripped, removed, .. } => {
                if removed.is_some() {
                    return self.doubt("characters were removed before the check");
                }
                if *stripped && self.is_line() {
                    return self.doubt("white space around the value, line breaks included, is not checked");
                }
                true
            }
            Derivation::Number => !self.is_line() || self.doubt("a number may be surrounded by line breaks"),
            Derivation::Url(UrlPart::Scheme) if self.kind == "html-code" => true,
            Derivation::Url(part) if self.is_url() => match part {
                UrlPart::Host | UrlPart::JoinedHost => true,
                UrlPart::Scheme => self.doubt(ONLY_SCHEME),
                UrlPart::Other => self.doubt("only the path is checked, not the host"),
            },
            Derivation::Normalised if self.is_path() => true,
            Derivation::BaseName if self.is_path() => self.doubt("only the last part of the path is checked"),
            Derivation::Suffix if self.is_path() => self.doubt("only the extension is checked"),
            Derivation::Part | Derivation::Folder => self.doubt("only a part of the value is checked"),
            Derivation::Unquoted => self.doubt("the value is decoded for the check and used undecoded"),
            Derivation::CommonPrefix if self.is_path() => {
                self.doubt("`commonprefix` compares characters, not parts of the path")
            }
            _ => false,
        }
    }

    fn member(&mut self, derivation: &Derivation, fact: &GuardFact, of: Value, positive: bool) -> bool {
        let constant = constant_of(self.cx, of);
        let host = self.is_url() && matches!(derivation, Derivation::Url(UrlPart::Host));
        if host && positive && may_be_text(self.cx, of, 4) {
            return self.doubt("`in` looks for a part of the text: any part of the name passes");
        }
        if let Some(text) = constant.as_ref().and_then(ConstValue::as_str) {
            return positive && self.constrain(derivation, Constraint::Alphabet(CharSet::of_text(text)));
        }
        if !positive {
            if derivation.is_text() && constant.is_some() {
                return self.doubt(DENY_LIST);
            }
            return host && constant.is_some() && self.doubt(DENY_HOST);
        }
        if (self.untrusted)(of) {
            return self.doubt("the collection is itself untrusted");
        }
        if self.is_path() && matches!(derivation, Derivation::Parents) {
            return self.within(fact, "`..` was not resolved before the check of the parents");
        }
        self.chosen(derivation)
    }

    fn equals(&mut self, derivation: &Derivation, fact: &GuardFact, other: Value, positive: bool) -> bool {
        if !positive {
            let forbidden = self.is_url()
                && matches!(derivation, Derivation::Url(UrlPart::Host))
                && self.cx.string(other).is_some_and(|s| !s.is_empty());
            return forbidden && self.doubt(DENY_HOST);
        }
        // `basename(x) == x` and its like.
        if is_same_load(self.cx, other, fact.key) {
            return match derivation {
                Derivation::BaseName => {
                    self.constraints.push(Constraint::Without("/".to_owned()));
                    false
                }
                Derivation::Secured => self.is_path(),
                Derivation::Normalised if self.is_path() => self.doubt("a normalised path may lead anywhere"),
                _ => false,
            };
        }
        if (self.untrusted)(other) {
            return false;
        }
        let empty = self.cx.string(other).is_some_and(|s| s.is_empty());
        match derivation {
            Derivation::Url(UrlPart::Host) if empty => {
                self.marks |= NO_HOST;
                false
            }
            Derivation::Url(UrlPart::Scheme) if empty => {
                self.marks |= NO_SCHEME;
                false
            }
            Derivation::Folder if self.is_path() => {
                self.within(fact, "`..` was not resolved before the folder of the path was compared")
            }
            Derivation::CommonPath if self.is_path() => {
                self.within(fact, "`commonpath` of a path that was not normalised")
            }
            _ => self.chosen(derivation),
        }
    }

    fn nothing(&mut self, derivation: &Derivation) -> bool {
        match derivation {
            Derivation::Url(UrlPart::Host) => self.marks |= NO_HOST,
            Derivation::Url(UrlPart::Scheme) => self.marks |= NO_SCHEME,
            Derivation::Text { stripped, removed: None, .. } => return !stripped || !self.is_line(),
            _ => {}
        }
        false
    }

    fn instance(&mut self, derivation: &Derivation, types: Value) -> bool {
        let Derivation::Text { changed: false, .. } = derivation else { return false };
        let mut names = Vec::new();
        if !type_names(self.cx, types, 4, &mut names) || names.is_empty() {
            return false;
        }
        if self.kind == "nosql-injection" && names.iter().all(|n| TEXT_TYPES.contains(&n.as_str())) {
            return true;
        }
        names.iter().all(|n| PLAIN_TYPES.iter().any(|t| n == t || n.rsplit('.').next() == Some(t)))
    }

    fn regex(
        &mut self,
        derivation: &Derivation,
        pattern: Value,
        flags: Option<Value>,
        method: MatchMethod,
        positive: bool,
    ) -> bool {
        if (self.untrusted)(pattern) {
            return false;
        }
        let Some(regex) = pattern_of(self.cx, pattern, flags) else {
            // Which hosts are allowed is for whoever sets the program up to say.
            if positive && self.is_url() && matches!(derivation, Derivation::Url(UrlPart::Host)) {
                return true;
            }
            return positive && self.doubt("the pattern is not known");
        };
        if !positive {
            if method == MatchMethod::Search {
                rejected(&regex.root, &mut self.constraints, derivation);
            }
            if derivation.is_text() {
                self.doubt(DENY_PATTERN);
            }
            return false;
        }
        if self.is_url() {
            match derivation {
                Derivation::Text { .. }
                    if method != MatchMethod::Search || !Language::new(&regex, method).open_start =>
                {
                    match url_head(&regex.root) {
                        UrlHead::Fixed => return true,
                        UrlHead::Dot => return self.doubt("an unescaped `.` in the host matches any character"),
                        UrlHead::Unknown => {}
                    }
                }
                Derivation::Url(UrlPart::Host) => {
                    let language = Language::new(&regex, method);
                    return if language.open_start || language.end == End::Open {
                        self.doubt("the pattern for the host is not anchored at both ends")
                    } else {
                        true
                    };
                }
                Derivation::Url(UrlPart::Scheme) => return self.doubt(ONLY_SCHEME),
                _ => {}
            }
        }
        self.constrain(derivation, Constraint::Language(Box::new(Language::new(&regex, method))))
    }

    fn each(&mut self, derivation: &Derivation, facts: &[GuardFact]) -> bool {
        if !derivation.is_text() {
            return false;
        }
        let mut validates = false;
        for fact in facts {
            match character_set(self.cx, fact) {
                Some(set) => {
                    self.constrain(derivation, Constraint::Alphabet(set));
                }
                None => {
                    if let Test::Member { of, positive } = &fact.test
                        && fact.via.is_empty()
                    {
                        let constant = constant_of(self.cx, *of);
                        if *positive {
                            validates |= !(self.untrusted)(*of);
                        } else if let Some(ConstValue::Sequence(items)) = constant {
                            for text in items.iter().filter_map(ConstValue::as_str) {
                                self.constrain(derivation, Constraint::Without(text.to_owned()));
                            }
                        } else if let Some(ConstValue::Str(text) | ConstValue::Bytes(text)) = constant {
                            for c in text.chars() {
                                self.constrain(derivation, Constraint::Without(c.to_string()));
                            }
                        }
                    }
                }
            }
        }
        validates
    }

    fn one_of(&mut self, sets: &[Vec<GuardFact>]) -> bool {
        let mut doubt = None;
        let mut validates = !sets.is_empty();
        for set in sets {
            match judge_all(self.cx, set, self.kind, self.untrusted) {
                Judgement::Validates => {}
                other => {
                    validates = false;
                    // Where both outcomes of a test meet, the failed one is no deny list.
                    let says = !matches!(
                        other,
                        Judgement::Irrelevant | Judgement::Insufficient { reason: DENY_LIST | DENY_PATTERN, .. }
                    );
                    if doubt.is_none() && says {
                        doubt = Some(other);
                    }
                }
            }
        }
        if !validates {
            self.doubts.extend(doubt);
        }
        validates
    }

    fn known_call(&mut self, derivation: &Derivation, call: Value, argument: ArgumentRef, positive: bool) -> bool {
        let callee = self.cx.callee(call);
        let absolute = callee.is_any(&["os.path.isabs", "posixpath.isabs"])
            || callee.method == Some("is_absolute") && argument == ArgumentRef::Receiver;
        if absolute && !positive {
            return self.constrain(derivation, Constraint::NotStarts("/".to_owned()));
        }
        false
    }

    fn returned(&mut self, derivation: &Derivation, fact: &GuardFact, call: Value, argument: ArgumentRef) -> bool {
        let callee = self.cx.callee(call);
        if callee.method == Some("relative_to") && argument == ArgumentRef::Receiver {
            let trusted = callee.positional(0).is_some_and(|base| !(self.untrusted)(base));
            if self.is_path() && trusted {
                self.marks |= WITHIN;
            }
            return self.is_path()
                && trusted
                && self.within(fact, "`..` was not resolved before the check that it is relative");
        }
        if argument == ArgumentRef::Positional(0)
            && derivation.is_text()
            && callee.is_any(&["int", "float", "uuid.UUID", "ipaddress.ip_address", "decimal.Decimal"])
        {
            return self.chosen(&Derivation::Number);
        }
        false
    }
}
