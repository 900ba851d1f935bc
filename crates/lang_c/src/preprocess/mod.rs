//! The preprocessor: from the tokens of a file, and of those it includes, to the tokens of a translation unit.
//!
//! - A *frame* is a source of tokens: a file, or what a macro became. The innermost is read first.
//! - While the tokens of a macro are read, the macro is *disabled*: its name among them is painted and stays as it is.
//! - A token from a file keeps its place. What a macro's body gives stands at the place where the macro is used.
//! - A condition is *uncertain* when it depends on what a build would have decided. A guess decides it
//!   ([`condition`]); what is left out then is kept, so that functions in it can be read besides.
//!
//! The headers of the system are not read. What they declare comes from [`crate::prelude`], name by name.

mod condition;
mod directive;
mod expand;

use crate::lex::{FROM_MACRO, Kind, LINE_START, Lexed, PAINTED};
use crate::prelude;
use crate::sources::Sources;
use crate::words::{self, Word};
use assay_index::{FxHashMap, FxHashSet, Idx, Interner, Symbol};
use assay_ir::{Gap, GapReason};
use assay_text::{FileId, Span, limits};
use std::rc::Rc;
use std::sync::Arc;

/// A token of a translation unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) flags: u8,
    /// The file it stands in, or in which the macro that it comes from is used; 0 is the unit's own.
    pub(crate) file: u16,
    pub(crate) name: Symbol,
    pub(crate) span: Span,
}

impl Token {
    /// What stands behind the last token.
    pub(crate) fn end() -> Self {
        Self { kind: Kind::End, flags: 0, file: 0, name: Symbol::new(0), span: Span::default() }
    }

    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.kind == kind
    }
}

/// A macro's definition.
#[derive(Debug)]
struct Macro {
    /// The parameters of a macro that is used like a function.
    params: Option<Vec<Symbol>>,
    /// Whether the last parameter takes all arguments that are left.
    variadic: bool,
    body: Vec<Token>,
}

/// What is known about a name as a macro.
#[derive(Clone, Default)]
enum Slot {
    /// Nobody asked yet.
    #[default]
    Unasked,
    /// It is none.
    None,
    /// It was one, or is known not to be one here.
    Undefined,
    Defined(Rc<Macro>),
}

struct FileFrame {
    file: u16,
    lexed: Arc<Lexed>,
    names: Rc<[Symbol]>,
    at: usize,
    end: usize,
    conditions: Vec<Condition>,
}

/// An `#if` whose `#endif` is still to come.
#[derive(Clone, Copy)]
struct Condition {
    /// Whether one of its branches was read.
    taken: bool,
    /// Whether what decided it is known.
    certain: bool,
}

enum Frame {
    File(FileFrame),
    Macro {
        name: Option<Symbol>,
        tokens: Rc<[Token]>,
        at: usize,
    },
    /// The end of a list that is expanded on its own.
    Barrier,
}

/// Tokens of the unit's own file, outside of all braces, that an uncertain condition left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LeftOut {
    first: usize,
    end: usize,
}

/// The preprocessor of one unit.
pub(crate) struct Preprocessor<'a> {
    sources: &'a Sources<'a>,
    /// The file that the unit begins with.
    unit: FileId,
    own: FileId,
    pub(crate) strings: Interner,
    cpp: bool,
    slots: Vec<Slot>,
    disabled: FxHashMap<Symbol, u32>,
    frames: Vec<Frame>,
    /// The files of the unit by their numbers.
    pub(crate) files: Vec<FileId>,
    names: FxHashMap<FileId, Rc<[Symbol]>>,
    once: FxHashSet<FileId>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) left_out: Vec<LeftOut>,
    /// The largest alignment of members (`#pragma pack`): from which token on it holds; 0 for none.
    pub(crate) packing: Vec<(usize, u64)>,
    /// What `#pragma pack(push)` put aside.
    packing_kept: Vec<u64>,
    /// Braces that are open in what was given out.
    braces: usize,
    /// How many tokens were given out.
    pub(crate) given: usize,
    /// How many tokens the use of a macro, which stands in a file, has become.
    expanded: usize,
    /// How many macros' arguments had no end.
    unterminated: usize,
    includes: usize,
    counter: i64,
    /// Tokens that all macros became, given out or not.
    work: usize,
    stopped: bool,
}

/// Whether a word stands in what does nothing.
fn is_nothing(word: &str) -> bool {
    matches!(word, "do" | "while" | "void" | "if" | "else")
}

impl<'a> Preprocessor<'a> {
    /// The preprocessor of the unit that begins with the file `root`, for the functions of the file `own`.
    pub(crate) fn new(sources: &'a Sources<'a>, root: FileId, own: FileId, cpp: bool) -> Self {
        let mut this = Self {
            sources,
            unit: root,
            own,
            strings: words::table(),
            cpp,
            slots: Vec::new(),
            disabled: FxHashMap::default(),
            frames: Vec::new(),
            files: Vec::new(),
            names: FxHashMap::default(),
            once: FxHashSet::default(),
            gaps: Vec::new(),
            left_out: Vec::new(),
            packing: Vec::new(),
            packing_kept: Vec::new(),
            braces: 0,
            given: 0,
            expanded: 0,
            unterminated: 0,
            includes: 0,
            counter: 0,
            work: 0,
            stopped: false,
        };
        this.command_line();
        this.enter(root);
        // What is entered last is read first.
        for file in sources.included_first(root).into_iter().rev() {
            this.enter(file);
        }
        this
    }

    /// The number of the file whose functions are wanted, when the unit includes it.
    pub(crate) fn own(&self) -> Option<u16> {
        self.files.iter().position(|file| *file == self.own).map(|at| at as u16)
    }

    /// The definitions that the build's command line makes.
    fn command_line(&mut self) {
        let (cpp, sources) = (self.cpp, self.sources);
        let lines = if cpp { prelude::CPP_MACROS } else { prelude::C_MACROS };
        for (name, value) in lines {
            self.define_text(&format!("{name} {value}"));
        }
        for (name, value) in sources.command(self.unit).map_or(&[][..], |command| &command.defines) {
            if let Some(value) = value {
                self.define_text(&format!("{name} {value}"));
            } else {
                let name = self.strings.intern(name);
                self.set_slot(name, Slot::Undefined);
            }
        }
    }

    /// Reads a definition as it stands behind `#define`.
    fn define_text(&mut self, text: &str) {
        let tokens = self.tokens_of(text);
        self.define(&tokens);
    }

    /// The tokens of a text that stands in no file.
    pub(crate) fn tokens_of(&mut self, text: &str) -> Vec<Token> {
        let lexed = crate::lex::lex(text);
        let names: Vec<Symbol> = lexed.names.iter().map(|name| self.strings.intern_shared(name)).collect();
        let token = |raw: &crate::lex::RawToken| Token {
            kind: raw.kind,
            flags: raw.flags,
            file: u16::MAX,
            name: names[raw.name as usize],
            span: Span::default(),
        };
        lexed.tokens.iter().map(token).collect()
    }

    /// The tokens of a text that stands in no file, with its macros expanded.
    pub(crate) fn expanded_text(&mut self, text: &str) -> Vec<Token> {
        let tokens = self.tokens_of(text);
        self.expanded = 0;
        self.expand_list(tokens.into())
    }

    /// Begins to read a file. Gives whether it is one that can be read.
    fn enter(&mut self, file: FileId) -> bool {
        if self.once.contains(&file) {
            return true;
        }
        let depth = self.frames.iter().filter(|frame| matches!(frame, Frame::File(_))).count();
        self.includes += 1;
        if depth >= limits::MAX_INCLUDE_DEPTH {
            self.limit("MAX_INCLUDE_DEPTH");
            return true;
        }
        if self.includes > limits::MAX_INCLUDES || self.files.len() >= usize::from(u16::MAX) - 1 {
            self.limit("MAX_INCLUDES");
            return true;
        }
        let Some(lexed) = self.sources.lexed(file) else { return false };
        let strings = &mut self.strings;
        let names = self.names.entry(file).or_insert_with(|| {
            let names: Vec<Symbol> = lexed.names.iter().map(|name| strings.intern_shared(name)).collect();
            names.into()
        });
        let names = Rc::clone(names);
        let number = match self.files.iter().position(|known| *known == file) {
            Some(at) => at,
            None => {
                self.files.push(file);
                self.files.len() - 1
            }
        };
        let end = lexed.tokens.len();
        self.frames.push(Frame::File(FileFrame {
            file: number as u16,
            lexed,
            names,
            at: 0,
            end,
            conditions: Vec::new(),
        }));
        true
    }

    /// The place where reading is, in the unit's own file.
    fn place(&self) -> Span {
        let own = self.frames.iter().find_map(|frame| match frame {
            Frame::File(file) if self.files.get(usize::from(file.file)) == Some(&self.own) => {
                file.lexed.tokens.get(file.at.saturating_sub(1))
            }
            _ => None,
        });
        own.map_or(Span::default(), |token| Span::new(token.start, token.end))
    }

    /// Records a limit, once.
    fn limit(&mut self, name: &'static str) {
        let reason = GapReason::Limit(name.into());
        if self.gaps.iter().all(|gap| gap.reason != reason) {
            let span = self.place();
            self.gaps.push(Gap { span, reason });
        }
    }

    /// The tokens of the whole unit.
    pub(crate) fn run(&mut self) -> Vec<Token> {
        let mut tokens = Vec::new();
        while let Some(token) = self.next() {
            match token.kind {
                Kind::LBrace => self.braces += 1,
                Kind::RBrace => self.braces = self.braces.saturating_sub(1),
                _ => {}
            }
            if self.given >= limits::MAX_UNIT_TOKENS {
                self.limit("MAX_UNIT_TOKENS");
                break;
            }
            self.given += 1;
            tokens.push(token);
        }
        self.frames.clear();
        tokens
    }

    /// The tokens of a part that was left out, as if its condition held.
    pub(crate) fn run_left_out(&mut self, part: LeftOut) -> Vec<Token> {
        let (Some(number), true) = (self.own(), self.frames.is_empty()) else { return Vec::new() };
        let file = self.own;
        self.stopped = false;
        // The conditions within are decided once more; nothing is left out twice.
        let left_out = std::mem::take(&mut self.left_out);
        if let (Some(lexed), Some(names)) = (self.sources.lexed(file), self.names.get(&file)) {
            let names = Rc::clone(names);
            let frame = FileFrame { file: number, lexed, names, at: part.first, end: part.end, conditions: Vec::new() };
            self.frames.push(Frame::File(frame));
        }
        let tokens = self.run();
        self.left_out = left_out;
        tokens
    }

    /// The next token with macros expanded; `None` at the end of the unit, or of a list that is expanded.
    fn next(&mut self) -> Option<Token> {
        loop {
            let token = self.next_unexpanded()?;
            if token.kind != Kind::Ident || token.flags & PAINTED != 0 {
                return Some(token);
            }
            if let Some(token) = self.expand(token) {
                return Some(token);
            }
        }
    }

    /// The next token as it stands; directives are obeyed.
    fn next_unexpanded(&mut self) -> Option<Token> {
        loop {
            match self.frames.last_mut()? {
                Frame::Barrier => return None,
                Frame::Macro { tokens, at, name } => {
                    if let Some(token) = tokens.get(*at) {
                        *at += 1;
                        return Some(*token);
                    }
                    let name = *name;
                    self.frames.pop();
                    self.enable(name);
                }
                Frame::File(file) => {
                    if self.stopped || file.at >= file.end {
                        self.frames.pop();
                        continue;
                    }
                    let raw = file.lexed.tokens[file.at];
                    if raw.kind == Kind::Hash && raw.flags & LINE_START != 0 {
                        self.directive();
                        continue;
                    }
                    file.at += 1;
                    self.expanded = 0;
                    return Some(Token {
                        kind: raw.kind,
                        flags: raw.flags,
                        file: file.file,
                        name: file.names[raw.name as usize],
                        span: Span::new(raw.start, raw.end),
                    });
                }
            }
        }
    }

    fn enable(&mut self, name: Option<Symbol>) {
        if let Some(count) = name.and_then(|name| self.disabled.get_mut(&name)) {
            *count = count.saturating_sub(1);
        }
    }

    /// What is known about a name as a macro.
    fn slot(&mut self, name: Symbol) -> Slot {
        if self.slots.len() <= name.index() {
            self.slots.resize(self.strings.len().max(name.index() + 1), Slot::Unasked);
        }
        if matches!(self.slots[name.index()], Slot::Unasked) {
            self.slots[name.index()] = Slot::None;
            // What a header makes a word in C is one in C++ itself.
            let reserved = self.cpp && words::word(name, false).is_none() && words::word(name, true).is_some();
            if !reserved && let Some(text) = prelude::macro_text(self.strings.resolve(name)) {
                self.define_text(text);
            }
        }
        self.slots[name.index()].clone()
    }

    fn set_slot(&mut self, name: Symbol, slot: Slot) {
        if self.slots.len() <= name.index() {
            self.slots.resize(self.strings.len().max(name.index() + 1), Slot::Unasked);
        }
        self.slots[name.index()] = slot;
    }

    /// Whether a macro that says by its name that it asserts something leaves out what that is, as a build for production does: what is
    /// asserted holds there all the same.
    fn is_silent_assertion(&self, name: Symbol, definition: &Macro) -> bool {
        let name = self.strings.resolve(name).to_ascii_lowercase();
        let Some(params) = &definition.params else { return false };
        // What is asserted of a program while it is compiled stands outside of functions, too.
        name.contains("assert")
            && !["static", "compile", "build", "type"].iter().any(|when| name.contains(when))
            && params.len() == 1
            && !definition.variadic
            && !definition.body.iter().any(|token| token.name == params[0])
            && definition
                .body
                .iter()
                .all(|token| token.kind != Kind::Ident || is_nothing(self.strings.resolve(token.name)))
    }

    /// Reads the tokens behind `#define`.
    fn define(&mut self, line: &[Token]) {
        let Some((name, rest)) = line.split_first() else { return };
        if name.kind != Kind::Ident || name.name == Word::Defined.symbol() {
            return;
        }
        let mut definition = Macro { params: None, variadic: false, body: Vec::new() };
        let mut body = rest;
        if let Some((open, behind)) = rest.split_first()
            && open.is(Kind::LParen)
            && open.flags & crate::lex::SPACE_BEFORE == 0
        {
            let Some(close) = behind.iter().position(|token| token.is(Kind::RParen)) else { return };
            let mut params = Vec::new();
            for token in &behind[..close] {
                match token.kind {
                    Kind::Ident => params.push(token.name),
                    Kind::Ellipsis => {
                        definition.variadic = true;
                        // `args...` names the rest; `...` alone is `__VA_ARGS__`.
                        let named = behind[..close].iter().rev().nth(1).is_some_and(|t| t.kind == Kind::Ident);
                        if !named {
                            params.push(Word::VaArgs.symbol());
                        }
                    }
                    _ => {}
                }
            }
            definition.params = Some(params);
            body = &behind[close + 1..];
        }
        definition.body = body.to_vec();
        if self.is_silent_assertion(name.name, &definition)
            && let Some(condition) = definition.params.as_ref().and_then(|params| params.first())
        {
            let condition = self.strings.resolve(*condition).to_owned();
            definition.body = self.tokens_of(&format!("assert({condition})"));
        }
        for token in &mut definition.body {
            token.flags = (token.flags & !LINE_START) | FROM_MACRO;
        }
        self.set_slot(name.name, Slot::Defined(Rc::new(definition)));
    }
}
