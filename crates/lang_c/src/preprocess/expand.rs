//! Expansion of macros.

use super::{Frame, Macro, Preprocessor, Slot, Token};
use crate::lex::{FROM_MACRO, Kind, LINE_START, PAINTED, SPACE_BEFORE};
use crate::words::Word;
use assay_text::{Span, limits};
use std::rc::Rc;

/// Tokens among the arguments of one use of a macro.
const MAX_ARGUMENT_TOKENS: usize = 200_000;
/// Uses of macros without an end, after which no more are looked for.
const MAX_UNTERMINATED: usize = 16;

impl Preprocessor<'_> {
    /// Expands a name, if it is a macro's: what it becomes is read next. Gives the token back when it stays.
    pub(super) fn expand(&mut self, mut token: Token) -> Option<Token> {
        let Slot::Defined(definition) = self.slot(token.name) else { return self.built_in(token) };
        if self.disabled.get(&token.name).is_some_and(|count| *count > 0) {
            token.flags |= PAINTED;
            return Some(token);
        }
        if self.expanded > limits::MAX_MACRO_TOKENS {
            self.limit("MAX_MACRO_TOKENS");
            return Some(token);
        }
        if self.frames.len() > limits::MAX_MACRO_DEPTH + limits::MAX_INCLUDE_DEPTH {
            self.limit("MAX_MACRO_DEPTH");
            return Some(token);
        }
        let mut span = token.span;
        let tokens = if let Some(params) = &definition.params {
            if !self.at_open_paren() {
                return Some(token);
            }
            let Some((arguments, close)) = self.arguments() else { return Some(token) };
            if token.flags & FROM_MACRO == 0 && close.file == token.file {
                span = span.cover(close.span);
            }
            let arguments = fit(arguments, params.len(), definition.variadic);
            self.substitute(&definition, &arguments, span, token)
        } else {
            self.substitute(&definition, &[], span, token)
        };
        self.expanded += tokens.len();
        self.work += tokens.len();
        if self.work > limits::MAX_UNIT_TOKENS * 4 {
            self.limit("MAX_UNIT_TOKENS");
            self.stopped = true;
        }
        *self.disabled.entry(token.name).or_insert(0) += 1;
        self.frames.push(Frame::Macro { name: Some(token.name), tokens: tokens.into(), at: 0 });
        None
    }

    /// The names that the preprocessor itself gives a meaning.
    fn built_in(&mut self, token: Token) -> Option<Token> {
        let text = if token.name == Word::File_.symbol() {
            let path = self.files.get(usize::from(token.file)).map_or("", |file| self.sources.path(*file));
            format!("\"{}\"", path.replace(['\\', '"'], "_"))
        } else if token.name == Word::Line_.symbol() {
            let file = self.files.get(usize::from(token.file));
            file.map_or(1, |file| self.sources.line(*file, token.span.start)).to_string()
        } else if token.name == Word::Counter_.symbol() {
            self.counter += 1;
            (self.counter - 1).to_string()
        } else if token.name == Word::Pragma_.symbol() && self.at_open_paren() {
            self.arguments();
            return None;
        } else {
            return Some(token);
        };
        let kind = if text.starts_with('"') { Kind::Str } else { Kind::Number };
        Some(Token { kind, name: self.strings.intern(&text), ..token })
    }

    /// Whether the next token is `(`, across the ends of macros and lines.
    fn at_open_paren(&mut self) -> bool {
        loop {
            let name = match self.frames.last() {
                Some(Frame::Macro { tokens, at, name }) => match tokens.get(*at) {
                    Some(token) => return token.is(Kind::LParen),
                    None => *name,
                },
                Some(Frame::File(file)) => {
                    return file.at < file.end && file.lexed.tokens[file.at].kind == Kind::LParen;
                }
                Some(Frame::Barrier) | None => return false,
            };
            self.frames.pop();
            self.enable(name);
        }
    }

    /// Reads arguments from their `(` on; gives them with their `)`. `None`, with nothing read, when they do not end.
    fn arguments(&mut self) -> Option<(Vec<Vec<Token>>, Token)> {
        if self.unterminated >= MAX_UNTERMINATED {
            return None;
        }
        let start = match self.frames.last() {
            Some(Frame::File(file)) => Some((self.frames.len(), file.file, file.at)),
            _ => None,
        };
        let (mut arguments, mut current, mut depth, mut count) = (Vec::new(), Vec::new(), 0_usize, 0);
        self.next_unexpanded();
        while let Some(mut token) = self.next_unexpanded() {
            count += 1;
            if count > MAX_ARGUMENT_TOKENS {
                break;
            }
            match token.kind {
                Kind::LParen => depth += 1,
                Kind::RParen if depth == 0 => {
                    arguments.push(current);
                    return Some((arguments, token));
                }
                Kind::RParen => depth -= 1,
                Kind::Comma if depth == 0 => {
                    arguments.push(std::mem::take(&mut current));
                    continue;
                }
                _ => {}
            }
            if token.flags & LINE_START != 0 {
                token.flags = (token.flags & !LINE_START) | SPACE_BEFORE;
            }
            current.push(token);
        }
        self.unterminated += 1;
        // Reading goes on behind the name, if the file that it stands in is still being read.
        if let Some((length, number, at)) = start
            && self.frames.len() >= length
            && let Some(Frame::File(file)) = self.frames.get_mut(length - 1)
            && file.file == number
        {
            file.at = at;
            self.frames.truncate(length);
        }
        None
    }

    /// Expands a list of tokens on its own.
    pub(super) fn expand_list(&mut self, tokens: Rc<[Token]>) -> Vec<Token> {
        if self.frames.len() > limits::MAX_MACRO_DEPTH + limits::MAX_INCLUDE_DEPTH {
            self.limit("MAX_MACRO_DEPTH");
            return tokens.to_vec();
        }
        self.frames.push(Frame::Barrier);
        let floor = self.frames.len();
        self.frames.push(Frame::Macro { name: None, tokens, at: 0 });
        let mut out = Vec::new();
        while let Some(token) = self.next() {
            if out.len() > limits::MAX_MACRO_TOKENS {
                self.limit("MAX_MACRO_TOKENS");
                break;
            }
            out.push(token);
        }
        while self.frames.len() >= floor {
            if let Some(Frame::Macro { name, .. }) = self.frames.pop() {
                self.enable(name);
            }
        }
        out
    }

    /// A macro's body with its arguments put in.
    fn substitute(&mut self, definition: &Macro, arguments: &[Vec<Token>], span: Span, site: Token) -> Vec<Token> {
        let params = definition.params.as_deref().unwrap_or(&[]);
        let position = |token: &Token| {
            if token.kind == Kind::Ident { params.iter().position(|param| *param == token.name) } else { None }
        };
        let placed = |token: &Token| Token { span, file: site.file, ..*token };
        let mut expanded: Vec<Option<Rc<[Token]>>> = vec![None; arguments.len()];
        let mut out: Vec<Token> = Vec::with_capacity(definition.body.len());
        let body = &definition.body;
        let (mut at, mut paste) = (0, false);
        while let Some(token) = body.get(at) {
            if self.expanded + out.len() > limits::MAX_MACRO_TOKENS {
                self.limit("MAX_MACRO_TOKENS");
                break;
            }
            at += 1;
            if token.is(Kind::HashHash) && at > 1 {
                paste = true;
                continue;
            }
            let pastes_next = body.get(at).is_some_and(|next| next.is(Kind::HashHash));
            if definition.params.is_some()
                && token.is(Kind::Hash)
                && let Some(param) = body.get(at).and_then(position)
            {
                at += 1;
                let text = self.stringify(arguments.get(param).map_or(&[], Vec::as_slice));
                let name = self.strings.intern(&text);
                let made = Token { kind: Kind::Str, name, ..placed(token) };
                self.append(&mut out, &[made], std::mem::take(&mut paste));
                continue;
            }
            if definition.variadic && token.name == Word::VaOpt.symbol() && token.is(Kind::Ident) {
                let (inner, behind) = optional(body, at);
                at = behind;
                let any = arguments.last().is_some_and(|rest| !rest.is_empty());
                if any {
                    let inner = Macro { params: definition.params.clone(), variadic: false, body: inner.to_vec() };
                    let tokens = self.substitute(&inner, arguments, span, site);
                    self.append(&mut out, &tokens, std::mem::take(&mut paste));
                }
                continue;
            }
            let Some(param) = position(token) else {
                self.append(&mut out, &[placed(token)], std::mem::take(&mut paste));
                continue;
            };
            let Some(argument) = arguments.get(param) else { continue };
            if paste || pastes_next {
                // `, ## rest`: the comma goes when there is no rest.
                let is_rest = definition.variadic && param + 1 == params.len();
                if paste && is_rest && out.last().is_some_and(|last| last.is(Kind::Comma)) {
                    paste = false;
                    if argument.is_empty() {
                        out.pop();
                    } else {
                        out.extend_from_slice(argument);
                    }
                    continue;
                }
                self.append(&mut out, argument, std::mem::take(&mut paste));
                continue;
            }
            let tokens = match &expanded[param] {
                Some(tokens) => Rc::clone(tokens),
                None => {
                    let tokens: Rc<[Token]> = self.expand_list(argument.as_slice().into()).into();
                    expanded[param] = Some(Rc::clone(&tokens));
                    tokens
                }
            };
            let begin = out.len();
            out.extend_from_slice(&tokens);
            if let Some(first) = out.get_mut(begin) {
                first.flags = (first.flags & !SPACE_BEFORE) | (token.flags & SPACE_BEFORE);
            }
        }
        out
    }

    /// Appends tokens, the first of them glued to the last one there when `paste`.
    fn append(&mut self, out: &mut Vec<Token>, tokens: &[Token], paste: bool) {
        let (Some((first, rest)), true) = (tokens.split_first(), paste) else {
            out.extend_from_slice(tokens);
            return;
        };
        let Some(last) = out.pop() else {
            out.extend_from_slice(tokens);
            return;
        };
        let text = format!("{}{}", self.strings.resolve(last.name), self.strings.resolve(first.name));
        let lexed = crate::lex::lex(&text);
        for raw in &lexed.tokens {
            let name = self.strings.intern(&lexed.names[raw.name as usize]);
            let flags = (last.flags & SPACE_BEFORE) | FROM_MACRO;
            out.push(Token { kind: raw.kind, flags, name, ..last });
        }
        out.extend_from_slice(rest);
    }

    /// The text of tokens as a string literal.
    fn stringify(&self, tokens: &[Token]) -> String {
        let mut text = String::from("\"");
        for (at, token) in tokens.iter().enumerate() {
            if at > 0 && token.flags & SPACE_BEFORE != 0 {
                text.push(' ');
            }
            let spelling = self.strings.resolve(token.name);
            if matches!(token.kind, Kind::Str | Kind::Char) {
                for c in spelling.chars() {
                    if matches!(c, '"' | '\\') {
                        text.push('\\');
                    }
                    text.push(c);
                }
            } else {
                text.push_str(spelling);
            }
            if text.len() > 1 << 20 {
                break;
            }
        }
        text.push('"');
        text
    }
}

/// As many arguments as there are parameters; the last takes what is left when it is variadic.
fn fit(mut arguments: Vec<Vec<Token>>, params: usize, variadic: bool) -> Vec<Vec<Token>> {
    if variadic && arguments.len() > params && params > 0 {
        let rest = arguments.split_off(params);
        for more in rest {
            if let Some(last) = arguments.last_mut() {
                let place = more.first().or(last.last()).copied().unwrap_or_else(Token::end);
                last.push(Token { kind: Kind::Comma, flags: 0, ..place });
                last.extend(more);
            }
        }
    }
    arguments.resize(params, Vec::new());
    arguments
}

/// What stands in the parentheses at `at`, and the position behind them.
fn optional(body: &[Token], at: usize) -> (&[Token], usize) {
    if !body.get(at).is_some_and(|token| token.is(Kind::LParen)) {
        return (&[], at);
    }
    let mut depth = 0_usize;
    for (offset, token) in body[at..].iter().enumerate() {
        match token.kind {
            Kind::LParen => depth += 1,
            Kind::RParen => {
                depth -= 1;
                if depth == 0 {
                    return (&body[at + 1..at + offset], at + offset + 1);
                }
            }
            _ => {}
        }
    }
    (&[], body.len())
}
