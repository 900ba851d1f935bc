//! Directives.

use super::condition::Truth;
use super::{Condition, Frame, LeftOut, Preprocessor, Slot, Token};
use crate::lex::{Kind, LINE_START, SPACE_BEFORE};
use crate::words::{self, Word};
use assay_text::{Span, limits};

impl Preprocessor<'_> {
    /// Obeys the directive that the file being read stands at.
    pub(super) fn directive(&mut self) {
        let line = self.line();
        let Some((name, rest)) = line.split_first() else { return };
        match words::any_word(name.name) {
            Some(Word::Define) => self.define(rest),
            Some(Word::Undef) => {
                if let Some(name) = rest.first().filter(|token| token.is(Kind::Ident)) {
                    self.set_slot(name.name, Slot::Undefined);
                }
            }
            Some(Word::Include | Word::IncludeNext | Word::Import) => self.include(rest),
            Some(Word::Ifdef) => {
                let truth = self.defined(rest.first());
                self.begin(truth);
            }
            Some(Word::Ifndef) => {
                let truth = if self.defines_next(rest.first()) {
                    // The guard of a header, or a default.
                    let known = self.defined(rest.first());
                    Truth { holds: !known.certain || !known.holds, certain: true }
                } else {
                    self.not_defined(rest.first())
                };
                self.begin(truth);
            }
            Some(Word::If) => {
                let truth = self.condition(rest);
                self.begin(truth);
            }
            Some(Word::Elif | Word::Elifdef | Word::Elifndef | Word::Else) => {
                // The branch that was read ends here; the others are not read.
                if let Some(Frame::File(file)) = self.frames.last()
                    && !file.conditions.is_empty()
                {
                    self.skip_groups();
                }
            }
            Some(Word::Endif) => {
                if let Some(Frame::File(file)) = self.frames.last_mut() {
                    file.conditions.pop();
                }
            }
            Some(Word::Pragma) if rest.first().is_some_and(|token| token.name == Word::Once.symbol()) => {
                if let Some(Frame::File(file)) = self.frames.last()
                    && let Some(id) = self.files.get(usize::from(file.file))
                {
                    self.once.insert(*id);
                }
            }
            Some(Word::Pragma) if rest.first().is_some_and(|token| token.name == Word::Pack.symbol()) => {
                self.pack(&rest[1..]);
            }
            _ => {}
        }
    }

    /// `#pragma pack`: the largest alignment that members of records have from here on.
    fn pack(&mut self, rest: &[Token]) {
        let current = self.packing.last().map_or(0, |(_, most)| *most);
        let mut most = current;
        if !rest.iter().any(|token| matches!(token.kind, Kind::Ident | Kind::Number)) {
            most = 0;
        }
        for token in rest {
            let text = self.strings.resolve(token.name);
            match token.kind {
                Kind::Ident if text == "push" => self.packing_kept.push(current),
                Kind::Ident if text == "pop" => most = self.packing_kept.pop().unwrap_or(0),
                Kind::Number => most = text.parse().ok().filter(|n: &u64| n.is_power_of_two()).unwrap_or(0),
                _ => {}
            }
        }
        if self.packing_kept.len() > limits::MAX_INCLUDE_DEPTH {
            self.packing_kept.remove(0);
        }
        if most != current {
            self.packing.push((self.given, most));
        }
    }

    /// Whether the next directive defines this name.
    fn defines_next(&self, name: Option<&Token>) -> bool {
        let (Some(Frame::File(file)), Some(name)) = (self.frames.last(), name) else { return false };
        let at =
            |ahead: usize| file.lexed.tokens.get(file.at + ahead).map(|raw| (raw.kind, file.names[raw.name as usize]));
        at(0).is_some_and(|(kind, _)| kind == Kind::Hash)
            && at(1).is_some_and(|(_, word)| word == Word::Define.symbol())
            && at(2).is_some_and(|(_, defined)| defined == name.name)
    }

    /// The tokens of the directive that the file stands at, behind its `#`; the file then stands behind the line.
    fn line(&mut self) -> Vec<Token> {
        let Some(Frame::File(file)) = self.frames.last_mut() else { return Vec::new() };
        let mut line = Vec::new();
        file.at += 1;
        while file.at < file.end {
            let raw = file.lexed.tokens[file.at];
            if raw.flags & LINE_START != 0 {
                break;
            }
            line.push(Token {
                kind: raw.kind,
                flags: raw.flags,
                file: file.file,
                name: file.names[raw.name as usize],
                span: Span::new(raw.start, raw.end),
            });
            file.at += 1;
        }
        line
    }

    /// Begins a conditional whose first condition is this.
    fn begin(&mut self, truth: Truth) {
        let Some(Frame::File(file)) = self.frames.last_mut() else { return };
        file.conditions.push(Condition { taken: truth.holds, certain: truth.certain });
        if !truth.holds {
            self.skip_groups();
        }
    }

    /// Skips the branches of the innermost conditional up to one that is to be read, or behind its `#endif`.
    fn skip_groups(&mut self) {
        loop {
            let first = self.position();
            let Some(word) = self.skip_group() else {
                self.leave_out(first);
                return;
            };
            self.leave_out(first);
            let line = self.line();
            let rest = line.get(1..).unwrap_or(&[]);
            if word == Word::Endif {
                if let Some(Frame::File(file)) = self.frames.last_mut() {
                    file.conditions.pop();
                }
                return;
            }
            let Some(state) = self.innermost() else { return };
            if state.taken {
                continue;
            }
            let truth = match word {
                Word::Elif => self.condition(rest),
                Word::Elifdef => self.defined(rest.first()),
                Word::Elifndef => self.not_defined(rest.first()),
                _ => Truth { holds: true, certain: state.certain },
            };
            if let Some(Frame::File(file)) = self.frames.last_mut()
                && let Some(state) = file.conditions.last_mut()
            {
                state.taken = truth.holds;
                state.certain &= truth.certain;
            }
            if truth.holds {
                return;
            }
        }
    }

    fn position(&self) -> usize {
        match self.frames.last() {
            Some(Frame::File(file)) => file.at,
            _ => 0,
        }
    }

    fn innermost(&self) -> Option<Condition> {
        match self.frames.last() {
            Some(Frame::File(file)) => file.conditions.last().copied(),
            _ => None,
        }
    }

    /// Notes what was skipped since `first`, where something can be made of it.
    fn leave_out(&mut self, first: usize) {
        let uncertain = self.innermost().is_some_and(|condition| !condition.certain);
        if let Some(Frame::File(file)) = self.frames.last()
            && self.files.get(usize::from(file.file)) == Some(&self.own)
            && self.braces == 0
            && !self.frames.iter().any(|frame| matches!(frame, Frame::Barrier))
            && uncertain
            && file.at > first
        {
            let end = file.at;
            self.left_out.push(LeftOut { first, end });
        }
    }

    /// Skips to the directive that ends a branch of the innermost conditional; the file stands at its `#`.
    fn skip_group(&mut self) -> Option<Word> {
        let Some(Frame::File(file)) = self.frames.last_mut() else { return None };
        let mut depth = 0_usize;
        while file.at < file.end {
            let raw = file.lexed.tokens[file.at];
            if raw.kind == Kind::Hash && raw.flags & LINE_START != 0 {
                let name = file.lexed.tokens.get(file.at + 1).filter(|next| next.flags & LINE_START == 0);
                match name.and_then(|next| words::any_word(file.names[next.name as usize])) {
                    Some(Word::If | Word::Ifdef | Word::Ifndef) => depth += 1,
                    Some(Word::Endif) if depth > 0 => depth -= 1,
                    Some(word @ (Word::Endif | Word::Elif | Word::Elifdef | Word::Elifndef | Word::Else))
                        if depth == 0 =>
                    {
                        return Some(word);
                    }
                    _ => {}
                }
                file.at += 1;
            }
            file.at += 1;
        }
        file.at = file.at.min(file.end);
        None
    }

    /// `#include`; what is not found in the project is the system's, or is made by the build.
    fn include(&mut self, rest: &[Token]) {
        let expanded;
        let tokens = if rest.first().is_some_and(|token| token.is(Kind::Ident)) {
            expanded = self.expand_list(rest.into());
            &expanded
        } else {
            rest
        };
        let Some((path, angled)) = self.header_name(tokens) else { return };
        let from =
            match self.frames.iter().rev().find_map(|f| if let Frame::File(file) = f { Some(file) } else { None }) {
                Some(file) => self.files.get(usize::from(file.file)).copied(),
                None => None,
            };
        if let Some(file) = from.and_then(|from| self.sources.include(self.unit, from, &path, angled)) {
            self.enter(file);
        }
    }

    /// The path in `"…"` or `<…>`, and whether it is the latter.
    pub(super) fn header_name(&self, tokens: &[Token]) -> Option<(String, bool)> {
        let (first, rest) = tokens.split_first()?;
        let text = self.strings.resolve(first.name);
        match first.kind {
            Kind::Str | Kind::Other if text.starts_with('"') => Some((text.trim_matches('"').to_owned(), false)),
            Kind::Lt => {
                let mut path = String::new();
                for token in rest {
                    if token.is(Kind::Gt) {
                        return Some((path, true));
                    }
                    if token.flags & SPACE_BEFORE != 0 && !path.is_empty() {
                        path.push(' ');
                    }
                    path.push_str(self.strings.resolve(token.name));
                }
                None
            }
            _ => None,
        }
    }
}
