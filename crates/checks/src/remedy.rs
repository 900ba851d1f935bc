//! What closes a finding: rules in the check files, and their application to the code.
//!
//! - A *rule* is one line of a check's `fixes`, `safety | functions | action | what it does`. The first one that applies makes the edit.
//! - *Functions* are the names that sites carry, with `*` for any part. In `safe if WORDS` the reason of the site must say so.
//! - An *action* is one of
//!   - `setting`: the argument or attribute that the finding is about gets the opposite of what is bad;
//!   - `setting = TEXT`: it gets this text;
//!   - `NAME@POSITION = TEXT`, several joined by `; `: named arguments of the call, set where they stand or added;
//!   - `=> TEXT`: the whole expression becomes this text;
//!   - `unmark`: the filters go by which an output of a template says that its value is markup;
//!   - `source => TEXT`: what the data comes from becomes this text; the functions are then those written there.
//! - A *text* may have placeholders; [`Placeholder`] lists them. `{import:MODULE}` is the name of a module, which is imported
//!   where it is not.
//!
//! An edit is as small as the text allows: what stays the same at both ends is not replaced.

use crate::Check;
use assay_finding::{Edit, Place, Replacement, Safety};
use assay_frontend::{Sheet, Written};
use assay_models::Condition;
use assay_text::Span;

/// A part of a text that a rule writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Placeholder {
    /// Itself.
    Literal(String),
    /// The name of a module.
    Import(String),
    /// What the called function is a member of.
    Base,
    /// The name of the called function without what it is a member of.
    Name,
    /// All arguments as they are written.
    Arguments,
    /// The argument as it is written.
    Value,
    /// The left side of a comparison.
    Left,
    /// Its right side.
    Right,
    /// `not ` where a comparison asks whether its sides differ.
    Not,
    /// What an assertion asks for, so that `not` can stand before it.
    Test,
    /// What it says otherwise; nothing where it says nothing.
    Message,
    /// A new line, one level deeper than the statement.
    Deeper,
}

/// A text with placeholders.
pub type Template = Vec<Placeholder>;

/// What a rule does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// The setting gets the opposite of what is bad.
    Opposite,
    /// The setting gets this text.
    Setting(Template),
    /// Arguments get texts: name, position, text.
    Arguments(Vec<(String, Option<u32>, Template)>),
    /// The expression becomes this text.
    Expression(Template),
    /// The filters by which an output of a template says that its value is markup go.
    Unmark,
    /// The expression that the data comes from becomes this text.
    Source(Template),
}

/// A way to close findings of a check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FixRule {
    /// Whether somebody has to look at the result.
    pub safety: Safety,
    /// What the reason of the site must say.
    pub when: Option<String>,
    /// The names of functions that it is for.
    pub functions: Vec<String>,
    /// What it does.
    pub action: Action,
    /// What it does, in words.
    pub message: String,
}

/// The setting that a site is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Wanted {
    /// The call or assignment that sets it, or that should.
    pub span: Span,
    /// What is called there, by its resolved name.
    pub api: String,
    /// The name of the argument; empty for an assignment, and for a call that is bad as such.
    pub name: String,
    /// The value, where it is written in that place.
    pub value: Option<Span>,
    /// What would be good.
    pub good: Option<Good>,
}

/// A good value for a setting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Good {
    /// The constant.
    Bool(bool),
    /// The number.
    Number(i64),
    /// The number that is written there, without these bits.
    Without(i64),
}

impl Good {
    /// What a condition does not hold for.
    pub(crate) fn opposite(condition: &Condition) -> Option<Self> {
        match condition {
            Condition::True | Condition::MissingOrTrue => Some(Self::Bool(false)),
            Condition::False | Condition::MissingOrFalse => Some(Self::Bool(true)),
            Condition::Below(least) => Some(Self::Number(*least)),
            Condition::Bits(bits) => Some(Self::Without(*bits)),
            Condition::And(left, _) => Self::opposite(left),
            _ => None,
        }
    }

    /// How it is written, where `written` stands now.
    fn text(self, written: Option<&str>) -> Option<String> {
        match self {
            // What is no truth value is no switch: a constant of a library, a text.
            Self::Bool(_) if written.is_some_and(|text| !["True", "False", "None", "0", "1"].contains(&text)) => None,
            Self::Bool(true) => Some("True".to_owned()),
            Self::Bool(false) => Some("False".to_owned()),
            Self::Number(number) => Some(number.to_string()),
            Self::Without(bits) => {
                let digits = written?.strip_prefix("0o")?;
                let number = i64::from_str_radix(digits, 8).ok()? & !bits;
                Some(format!("0o{number:0width$o}", width = digits.len()))
            }
        }
    }
}

/// A site that is to be closed.
#[derive(Clone, PartialEq, Debug)]
pub struct Remediable<'a> {
    /// The check that reports it.
    pub check: &'a Check,
    /// What is called there, by its resolved name.
    pub api: &'a str,
    /// Why it is open.
    pub reason: &'a str,
    /// Where it is.
    pub place: &'a Place,
    /// Where the data comes from.
    pub source: Option<&'a Place>,
    /// The setting that it is about.
    pub wanted: Option<&'a Wanted>,
}

/// The edit that closes a site, by the first rule of its check that applies. `None` where none does, or where the code is
/// not written as the rule needs it.
pub fn remedy(site: &Remediable<'_>, sheet: &dyn Sheet) -> Option<Edit> {
    site.check.fixes.iter().find_map(|rule| {
        let replacements = Application { site, sheet, imports: Vec::new() }.replacements(rule)?;
        Some(Edit { message: rule.message.clone(), safety: rule.safety, replacements })
    })
}

/// A rule at work.
struct Application<'a> {
    site: &'a Remediable<'a>,
    sheet: &'a dyn Sheet,
    imports: Vec<(u32, String)>,
}

impl Application<'_> {
    fn replacements(mut self, rule: &FixRule) -> Option<Vec<Replacement>> {
        let site = self.site;
        let named = |name: &str| rule.functions.iter().any(|pattern| matches(pattern, name));
        if rule.when.as_ref().is_some_and(|words| !site.reason.contains(words.as_str())) {
            return None;
        }
        let api = site.wanted.map_or(site.api, |wanted| &wanted.api);
        let changes = match &rule.action {
            Action::Opposite if named(api) => {
                let wanted = site.wanted?;
                let text = wanted.good?.text(wanted.value.and_then(|span| self.slice(span)))?;
                vec![self.set(wanted, &text)?]
            }
            Action::Setting(template) if named(api) => {
                let wanted = site.wanted?;
                let text = self.fill(template, None, wanted.value)?;
                vec![self.set(wanted, &text)?]
            }
            Action::Arguments(list) if named(api) && site.wanted.is_none_or(|wanted| wanted.name.is_empty()) => {
                let span = site.wanted.map_or(site.place.span, |wanted| wanted.span);
                let written = self.written(span)?;
                let mut changes = Vec::new();
                let mut added = Vec::new();
                for (name, position, template) in list {
                    match argument(&written, name, *position)? {
                        Some(value) => {
                            let text = self.fill(template, Some(&written), Some(value))?;
                            changes.push((value, text));
                        }
                        None => added.push(format!("{name}={}", self.fill(template, Some(&written), None)?)),
                    }
                }
                if !added.is_empty() {
                    changes.push(self.add(&written, &added.join(", "))?);
                }
                changes
            }
            Action::Expression(template) if named(api) => {
                let span = site.wanted.map_or(site.place.span, |wanted| wanted.span);
                let written = self.written(span)?;
                vec![(span, self.fill(template, Some(&written), None)?)]
            }
            Action::Unmark if named(api) => {
                let Written::Marked { marks } = self.written(site.place.span)? else { return None };
                marks.into_iter().map(|mark| (mark, String::new())).collect()
            }
            Action::Source(template) => {
                let place = site.source.filter(|place| place.file == site.place.file)?;
                let written = self.written(place.span)?;
                let Written::Call { callee, base, .. } = &written else { return None };
                let callee = self.slice(*callee)?.trim_end();
                let known = self.sheet.imported(callee).filter(|_| base.is_none());
                if !named(&known.map_or_else(|| callee.to_owned(), |(module, name)| format!("{module}.{name}"))) {
                    return None;
                }
                vec![(place.span, self.fill(template, Some(&written), None)?)]
            }
            _ => return None,
        };
        let place = |span| Place { span, ..site.place.clone() };
        let mut replacements: Vec<Replacement> = changes
            .into_iter()
            .filter_map(|(span, text)| self.smallest(span, &text))
            .map(|(span, text)| Replacement { place: place(span), text })
            .collect();
        if replacements.is_empty() {
            return None;
        }
        let imports = self.imports.into_iter();
        replacements.extend(imports.map(|(at, text)| Replacement { place: place(Span::new(at, at)), text }));
        Some(replacements)
    }

    fn slice(&self, span: Span) -> Option<&str> {
        self.sheet.text().get(span.start as usize..span.end as usize)
    }

    fn written(&self, span: Span) -> Option<Written> {
        self.sheet.written(span).cloned()
    }

    /// The name of a module, which is imported where it is not.
    fn module(&mut self, module: &str) -> Option<String> {
        let name = self.sheet.module(module)?;
        if let Some(import) = name.import
            && !self.imports.contains(&import)
        {
            self.imports.push(import);
        }
        Some(name.name)
    }

    /// Sets what a site is about.
    fn set(&self, wanted: &Wanted, text: &str) -> Option<(Span, String)> {
        if let Some(value) = wanted.value {
            return Some((value, text.to_owned()));
        }
        let written = self.written(wanted.span)?;
        match &written {
            Written::Assignment { value } => Some((*value, text.to_owned())),
            Written::Call { .. } if !wanted.name.is_empty() => {
                // The value stands elsewhere; which of its uses is meant would be a guess.
                match argument(&written, &wanted.name, None)? {
                    Some(_) => None,
                    None => self.add(&written, &format!("{}={text}", wanted.name)),
                }
            }
            _ => None,
        }
    }

    /// Adds arguments at the end of a call.
    fn add(&self, written: &Written, text: &str) -> Option<(Span, String)> {
        let Written::Call { arguments, inside, .. } = written else { return None };
        let Some(last) = arguments.last() else {
            let blank = self.slice(*inside)?.trim().is_empty();
            return blank.then(|| (*inside, text.to_owned()));
        };
        let rest = self.slice(Span::new(last.value.end, inside.end))?;
        // Parentheses around the last value belong to it.
        let close = rest.bytes().take_while(|b| b.is_ascii_whitespace() || *b == b')').filter(|b| *b == b')').count();
        let mut at = 0;
        for _ in 0..close {
            at += rest[at..].find(')')? + 1;
        }
        let rest = &rest[at..];
        let at = last.value.end + at as u32;
        let trailing = rest.trim_start().strip_prefix(',');
        // What follows the last value may be a comment, too; the new argument stands before it.
        let lines = self.slice(*inside)?.starts_with(['\n', '\r']) && trailing.is_some();
        let text = if lines {
            let line = self.sheet.text()[..last.value.start as usize].rfind('\n').map_or(0, |n| n + 1);
            let indent: String = self.sheet.text()[line..].chars().take_while(|c| *c == ' ' || *c == '\t').collect();
            let end = if self.sheet.text().contains("\r\n") { "\r\n" } else { "\n" };
            format!(",{end}{indent}{text}")
        } else {
            format!(", {text}")
        };
        Some((Span::new(at, at), text))
    }

    fn fill(&mut self, template: &Template, written: Option<&Written>, value: Option<Span>) -> Option<String> {
        let mut out = String::new();
        for part in template {
            match (part, written) {
                (Placeholder::Literal(text), _) => out.push_str(text),
                (Placeholder::Import(module), _) => out.push_str(&self.module(module)?),
                (Placeholder::Value, _) => out.push_str(self.slice(value?)?),
                (Placeholder::Base, Some(Written::Call { base: Some(base), .. })) => out.push_str(self.slice(*base)?),
                (Placeholder::Base, Some(Written::Call { callee, base: None, .. })) => {
                    let (module, _) = self.sheet.imported(self.slice(*callee)?)?;
                    out.push_str(&self.module(module)?);
                }
                (Placeholder::Name, Some(Written::Call { callee, base: None, .. })) => {
                    out.push_str(self.sheet.imported(self.slice(*callee)?)?.1);
                }
                (Placeholder::Name, Some(Written::Call { callee, base: Some(base), .. })) => {
                    let rest = self.slice(Span::new(base.end, callee.end))?;
                    out.push_str(rest.trim().strip_prefix('.')?.trim());
                }
                (Placeholder::Arguments, Some(Written::Call { inside, .. })) => out.push_str(self.slice(*inside)?),
                (Placeholder::Left, Some(Written::Comparison { left, .. })) => out.push_str(self.slice(*left)?),
                (Placeholder::Right, Some(Written::Comparison { right, .. })) => out.push_str(self.slice(*right)?),
                (Placeholder::Not, Some(Written::Comparison { negative, .. })) => {
                    out.push_str(if *negative { "not " } else { "" });
                }
                (Placeholder::Test, Some(Written::Assertion { test, simple, .. })) => {
                    let test = self.slice(*test)?;
                    let (open, close) = if *simple { ("", "") } else { ("(", ")") };
                    out.extend([open, test, close]);
                }
                (Placeholder::Message, Some(Written::Assertion { message, .. })) => {
                    out.push_str(message.map_or(Some(""), |message| self.slice(message))?);
                }
                (Placeholder::Deeper, Some(Written::Assertion { .. })) => {
                    let before = &self.sheet.text().get(..self.site.place.span.start as usize)?;
                    let indent = &before[before.rfind('\n').map_or(0, |n| n + 1)..];
                    if !indent.trim().is_empty() {
                        return None;
                    }
                    out.push_str(if self.sheet.text().contains("\r\n") { "\r\n" } else { "\n" });
                    out.push_str(indent);
                    out.push_str(if indent.ends_with('\t') { "\t" } else { "    " });
                }
                _ => return None,
            }
        }
        Some(out)
    }

    /// A replacement without what stays as it is at either end. A change within a word replaces the word.
    fn smallest(&self, span: Span, text: &str) -> Option<(Span, String)> {
        let old = self.slice(span)?;
        if old == text {
            return None;
        }
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let same = |(a, b): &(char, char)| a == b;
        let mut front: usize = old.chars().zip(text.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
        while old[..front].ends_with(word) {
            front -= old[..front].chars().next_back().map_or(0, char::len_utf8);
        }
        let (old_rest, new_rest) = (&old[front..], &text[front..]);
        let mut back: usize =
            old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
        while old_rest[old_rest.len() - back..].starts_with(word) {
            back -= old_rest[old_rest.len() - back..].chars().next().map_or(0, char::len_utf8);
        }
        let kept = new_rest[..new_rest.len() - back].to_owned();
        Some((Span::new(span.start + front as u32, span.end - back as u32), kept))
    }
}

/// The value of an argument; `Some(None)` when the call has none, and `None` when that is not sure.
#[expect(clippy::option_option, reason = "not known and not there are two answers")]
fn argument(written: &Written, name: &str, position: Option<u32>) -> Option<Option<Span>> {
    let Written::Call { arguments, .. } = written else { return None };
    if let Some(found) = arguments.iter().find(|argument| argument.name.as_deref() == Some(name)) {
        return Some(Some(found.value));
    }
    let positional = arguments.iter().filter(|argument| argument.name.is_none());
    if let Some(found) = position.and_then(|position| positional.clone().nth(position as usize)) {
        let before = positional.take_while(|argument| argument.value != found.value);
        return (!found.spread && before.into_iter().all(|argument| !argument.spread)).then_some(Some(found.value));
    }
    arguments.iter().all(|argument| !argument.spread).then_some(None)
}

/// Whether a name is one that a pattern with `*` means.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

/// Reads a rule.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse_rule(text: &str) -> Result<FixRule, String> {
    let cells: Vec<&str> = text.split(" | ").map(str::trim).collect();
    let [safety, functions, action, message] = cells[..] else {
        return Err(format!("`{text}` has not four parts: write `safe | functions | action | what it does`"));
    };
    let (safety, when) = match safety.split_once(" if ") {
        Some((safety, when)) => (safety, Some(when.trim().to_owned())),
        None => (safety, None),
    };
    let safety = match safety {
        "safe" => Safety::Safe,
        "unsafe" => Safety::Unsafe,
        other => return Err(format!("`{other}` is neither `safe` nor `unsafe`")),
    };
    let functions: Vec<String> = functions.split(',').map(|one| one.trim().to_owned()).collect();
    if functions.iter().any(String::is_empty) || message.is_empty() {
        return Err("a rule names functions, and says what it does".to_owned());
    }
    Ok(FixRule { safety, when, functions, action: parse_action(action)?, message: message.to_owned() })
}

fn parse_action(text: &str) -> Result<Action, String> {
    if text == "setting" {
        return Ok(Action::Opposite);
    }
    if text == "unmark" {
        return Ok(Action::Unmark);
    }
    if let Some(text) = text.strip_prefix("setting = ") {
        return Ok(Action::Setting(parse_template(text)?));
    }
    if let Some(text) = text.strip_prefix("=> ") {
        return Ok(Action::Expression(parse_template(text)?));
    }
    if let Some(text) = text.strip_prefix("source => ") {
        return Ok(Action::Source(parse_template(text)?));
    }
    let argument = |part: &str| {
        let (name, text) = part.split_once(" = ").ok_or_else(|| format!("`{part}` is no action"))?;
        let (name, position) = match name.split_once('@') {
            Some((name, position)) => {
                (name, Some(position.parse::<u32>().map_err(|_| format!("`{position}` is no position"))?))
            }
            None => (name, None),
        };
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return Err(format!("`{name}` is no name of an argument"));
        }
        Ok((name.to_owned(), position, parse_template(text)?))
    };
    Ok(Action::Arguments(text.split("; ").map(argument).collect::<Result<_, String>>()?))
}

fn parse_template(text: &str) -> Result<Template, String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').ok_or_else(|| "a `{` has no `}`".to_owned())? + open;
        if open > 0 {
            out.push(Placeholder::Literal(rest[..open].to_owned()));
        }
        out.push(match &rest[open + 1..close] {
            "base" => Placeholder::Base,
            "name" => Placeholder::Name,
            "arguments" => Placeholder::Arguments,
            "value" => Placeholder::Value,
            "left" => Placeholder::Left,
            "right" => Placeholder::Right,
            "not" => Placeholder::Not,
            "test" => Placeholder::Test,
            "message" => Placeholder::Message,
            "deeper" => Placeholder::Deeper,
            other => match other.strip_prefix("import:") {
                Some(module) if !module.is_empty() => Placeholder::Import(module.to_owned()),
                _ => return Err(format!("a rule knows no `{{{other}}}`")),
            },
        });
        rest = &rest[close + 1..];
    }
    if !rest.is_empty() {
        out.push(Placeholder::Literal(rest.to_owned()));
    }
    if out.is_empty() { Err("a rule writes no empty text".to_owned()) } else { Ok(out) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_names() {
        for (pattern, name, expected) in [
            ("yaml.load", "yaml.load", true),
            ("yaml.load", "yaml.load_all", false),
            ("*", "", true),
            ("*.load", "yaml.load", true),
            ("*.load", "load", false),
            ("tarfile.*.extractall", "tarfile.open().extractall", true),
            ("a*a", "a", false),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn rules_are_read() {
        let rule = parse_rule("unsafe if newline | re.match, re.* | => {base}.fullmatch({arguments}) | all of it")
            .expect("a rule");
        assert_eq!((rule.safety, rule.when.as_deref()), (Safety::Unsafe, Some("newline")));
        assert_eq!(rule.functions, ["re.match", "re.*"]);
        let Action::Expression(parts) = rule.action else { panic!("an expression") };
        assert_eq!(parts.len(), 4);
        let two = parse_rule("safe | * | a@1 = {import:b.c}.d; e = True | x").expect("a rule");
        let Action::Arguments(list) = two.action else { panic!("arguments") };
        assert_eq!(
            list.iter().map(|(name, at, _)| (name.as_str(), *at)).collect::<Vec<_>>(),
            [("a", Some(1)), ("e", None)]
        );
    }

    #[test]
    fn wrong_rules_are_refused() {
        for (text, part) in [
            ("safe | a | setting", "four parts"),
            ("maybe | a | setting | x", "neither `safe` nor"),
            ("safe | a,, b | setting | x", "names functions"),
            ("safe | a | nothing | x", "`nothing` is no action"),
            ("safe | a | b@x = 1 | x", "`x` is no position"),
            ("safe | a | b c = 1 | x", "no name of an argument"),
            ("safe | a | => {base | x", "no `}`"),
            ("safe | a | => {bases} | x", "knows no `{bases}`"),
            ("safe | a | => {import:} | x", "knows no"),
        ] {
            let message = parse_rule(text).expect_err("a wrong rule");
            assert!(message.contains(part), "{text}: {message}");
        }
    }

    #[test]
    fn good_values_are_opposites() {
        assert_eq!(Good::Without(0o22).text(Some("0o777")).as_deref(), Some("0o755"));
        assert_eq!(Good::Without(0o2).text(Some("0o0666")).as_deref(), Some("0o0664"));
        assert_eq!(Good::Without(0o2).text(Some("mode")), None);
        assert_eq!(Good::Bool(true).text(None).as_deref(), Some("True"));
        assert_eq!(Good::Bool(true).text(Some("0")).as_deref(), Some("True"));
        assert_eq!(Good::Bool(true).text(Some("ssl.CERT_NONE")), None);
        assert_eq!(Good::opposite(&Condition::MissingOrTrue), Some(Good::Bool(false)));
        assert_eq!(Good::opposite(&Condition::Always), None);
    }
}
