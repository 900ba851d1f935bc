//! The parser, which also finds out what names mean and what types expressions have.
//!
//! C cannot be parsed without knowing which names are types, so that parsing and typing are one pass: declarations fill
//! the scopes while they are read, and expressions are typed as they are put together.
//!
//! Where a name is not known (its header is not there), its use tells what it is: see `starts_type`. What
//! cannot be parsed costs the smallest statement or declaration around it, and is a gap.

mod class;
mod constant;
mod construct;
mod containers;
mod convert;
mod cpp_declarations;
mod cpp_expressions;
mod cpp_names;
mod declarator;
mod expression;
mod external;
mod initializer;
mod lambda;
mod member;
mod overload;
mod scope;
mod specifiers;
mod statement;
mod template;
mod unary;

use crate::lex::Kind;
use crate::prelude;
use crate::preprocess::{Preprocessor, Token};
use crate::sources::Sources;
use crate::tree::{Body, Expr, ExprKind, LocalId};
use crate::words::{self, Word};
use assay_index::{FxHashMap, FxHashSet, IndexVec, Symbol};
use assay_ir::{Definition, Gap, GapReason, Linkage, Object, ObjectId, Type, TypeId, Types};
use assay_text::{FileId, Span, limits};

pub(crate) use external::{Defined, GlobalInit};
pub(crate) use scope::Entity;

/// Something that cannot be parsed: what was expected.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bail(&'static str);

pub(crate) type Parsed<T> = Result<T, Bail>;

/// Types that are needed again and again.
#[derive(Clone, Copy)]
pub(crate) struct Basic {
    pub(crate) unknown: TypeId,
    pub(crate) void: TypeId,
    pub(crate) bool: TypeId,
    pub(crate) char: TypeId,
    pub(crate) int: TypeId,
    pub(crate) unsigned: TypeId,
    pub(crate) long: TypeId,
    pub(crate) size: TypeId,
    pub(crate) float: TypeId,
    pub(crate) double: TypeId,
    pub(crate) void_pointer: TypeId,
    pub(crate) char_pointer: TypeId,
}

impl Basic {
    fn new(types: &mut Types) -> Self {
        let mut int = |bits, signed| types.intern(Type::Int { bits, signed });
        let (char, plain, unsigned, long, size) =
            (int(8, true), int(32, true), int(32, false), int(64, true), int(64, false));
        let unknown = types.intern(Type::Unknown);
        let void = types.intern(Type::Void);
        Self {
            unknown,
            void,
            bool: types.intern(Type::Bool),
            char,
            int: plain,
            unsigned,
            long,
            size,
            float: types.intern(Type::Float { bits: 32 }),
            double: types.intern(Type::Float { bits: 64 }),
            void_pointer: types.intern(Type::Pointer(void)),
            char_pointer: types.intern(Type::Pointer(char)),
        }
    }
}

/// What is being parsed now, to be put back when something else was parsed in between.
struct Input {
    tokens: Vec<Token>,
    at: usize,
    /// The number of the first token among those that the preprocessor gave out; none for what stands in no file.
    first: Option<usize>,
}

/// The function that is being parsed.
#[derive(Default)]
pub(crate) struct Current {
    pub(crate) name: String,
    pub(crate) body: Body,
    result: Option<TypeId>,
    /// The type of the first value that is returned where the function does not say it.
    returned: Option<TypeId>,
    labels: FxHashMap<Symbol, crate::tree::LabelId>,
    /// The switches around the current statement.
    switches: Vec<statement::Cases>,
    /// How many static variables of each name it has.
    statics: FxHashMap<Symbol, u32>,
    /// The numbers that its constant variables are.
    constants: FxHashMap<LocalId, i64>,
}

/// The parser of one unit.
pub(crate) struct Parser<'a> {
    pub(crate) preprocessor: Preprocessor<'a>,
    pub(crate) cpp: bool,
    /// The number of the file whose functions are parsed.
    own: u16,
    input: Input,
    pub(crate) types: Types,
    pub(crate) basic: Basic,
    scopes: Vec<scope::Scope>,
    pub(crate) objects: IndexVec<ObjectId, Object>,
    by_name: FxHashMap<Symbol, ObjectId>,
    /// The numbers that constant objects are.
    constants: FxHashMap<ObjectId, i64>,
    /// Pointer types that are references.
    references: FxHashSet<TypeId>,
    /// Names that the prelude was asked for.
    asked: FxHashSet<String>,
    pub(crate) gaps: Vec<Gap>,
    depth: usize,
    current: Option<Current>,
    pub(crate) defined: Vec<Defined>,
    pub(crate) initial: Vec<GlobalInit>,
    /// How many values of variables with a static lifetime were read.
    initializers: usize,
    /// The namespaces and classes around what is being parsed.
    path: Vec<Symbol>,
    classes: class::Classes,
    /// The bodies of methods, to be parsed when their class is complete.
    pending: Vec<class::Pending>,
}

impl<'a> Parser<'a> {
    /// The parser of a unit that begins with the file `root`, for the functions of the file `own`.
    pub(crate) fn new(sources: &'a Sources<'a>, root: FileId, own: FileId, cpp: bool) -> Self {
        let mut types = Types::default();
        let basic = Basic::new(&mut types);
        Self {
            preprocessor: Preprocessor::new(sources, root, own, cpp),
            cpp,
            own: 0,
            input: Input { tokens: Vec::new(), at: 0, first: None },
            types,
            basic,
            scopes: vec![scope::Scope::default()],
            objects: IndexVec::new(),
            by_name: FxHashMap::default(),
            constants: FxHashMap::default(),
            references: FxHashSet::default(),
            asked: FxHashSet::default(),
            gaps: Vec::new(),
            depth: 0,
            current: None,
            defined: Vec::new(),
            initial: Vec::new(),
            initializers: 0,
            path: Vec::new(),
            classes: class::Classes::default(),
            pending: Vec::new(),
        }
    }

    /// Parses the whole unit. Gives whether the file whose functions are wanted is a part of it.
    pub(crate) fn run(&mut self) -> bool {
        let tokens = self.preprocessor.run();
        let Some(own) = self.preprocessor.own() else { return false };
        self.own = own;
        self.parse_tokens(tokens, 0);
        let left_out = self.preprocessor.left_out.clone();
        for part in left_out {
            let first = self.preprocessor.given;
            let tokens = self.preprocessor.run_left_out(part);
            self.parse_left_out(tokens, first);
        }
        self.gaps.append(&mut self.preprocessor.gaps);
        true
    }

    pub(crate) fn text(&self, symbol: Symbol) -> &str {
        self.preprocessor.strings.resolve(symbol)
    }

    pub(crate) fn intern(&mut self, text: &str) -> Symbol {
        self.preprocessor.strings.intern(text)
    }

    fn peek_token(&self, ahead: usize) -> Token {
        self.input.tokens.get(self.input.at + ahead).copied().unwrap_or_else(Token::end)
    }

    fn token(&self) -> Token {
        self.peek_token(0)
    }

    fn kind(&self) -> Kind {
        self.token().kind
    }

    fn peek(&self, ahead: usize) -> Kind {
        self.peek_token(ahead).kind
    }

    fn word_at(&self, ahead: usize) -> Option<Word> {
        let token = self.peek_token(ahead);
        if token.kind == Kind::Ident { words::word(token.name, self.cpp) } else { None }
    }

    fn word(&self) -> Option<Word> {
        self.word_at(0)
    }

    fn advance(&mut self) -> Token {
        let token = self.token();
        if self.input.at < self.input.tokens.len() {
            self.input.at += 1;
        }
        token
    }

    fn at_end(&self) -> bool {
        self.input.at >= self.input.tokens.len()
    }

    fn eat(&mut self, kind: Kind) -> bool {
        let found = self.kind() == kind && !self.at_end();
        self.input.at += usize::from(found);
        found
    }

    fn eat_word(&mut self, word: Word) -> bool {
        let found = self.word() == Some(word);
        self.input.at += usize::from(found);
        found
    }

    fn expect(&mut self, kind: Kind, what: &'static str) -> Parsed<()> {
        if self.eat(kind) { Ok(()) } else { Err(Bail(what)) }
    }

    /// The place of a token: where it stands in the file whose functions are parsed, else nowhere.
    fn place(&self, token: Token) -> Span {
        if token.file == self.own { token.span } else { Span::default() }
    }

    fn span(&self) -> Span {
        self.place(self.token())
    }

    fn last_span(&self) -> Span {
        let at = self.input.at.checked_sub(1);
        at.and_then(|at| self.input.tokens.get(at)).map_or(Span::default(), |token| self.place(*token))
    }

    /// From the start of one place to where reading is.
    fn since(&self, start: Span) -> Span {
        let end = self.last_span();
        if end.end >= start.start && end != Span::default() { start.cover(end) } else { start }
    }

    /// The largest alignment that members have where reading is (`#pragma pack`).
    fn packing(&self) -> Option<u64> {
        let at = self.input.first? + self.input.at;
        let known = &self.preprocessor.packing;
        let before = known.partition_point(|(from, _)| *from <= at);
        known[..before].last().map(|(_, most)| *most).filter(|most| *most > 0)
    }

    /// Records a gap; one in another file is that file's own.
    pub(crate) fn gap(&mut self, span: Span, reason: GapReason) {
        if span == Span::default() && !matches!(reason, GapReason::Limit(_)) {
            return;
        }
        let same = self.gaps.iter().rev().take(4).any(|gap| gap.span == span && gap.reason == reason);
        if !same {
            self.gaps.push(Gap { span, reason });
        }
    }

    fn syntax_gap(&mut self, start: Span, bail: Bail) {
        let span = self.since(start);
        if bail.0 == "MAX_NESTING" || bail.0 == "MAX_OPERATOR_CHAIN" {
            self.gap(span, GapReason::Limit(bail.0.into()));
        } else {
            self.gap(span, GapReason::Syntax(format!("expected {}", bail.0)));
        }
    }

    /// Runs `f` one level deeper.
    fn nested<T>(&mut self, f: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= limits::MAX_NESTING {
            return Err(Bail("MAX_NESTING"));
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        result
    }

    /// Tries `f`; when it fails, nothing was read.
    fn attempt<T>(&mut self, f: impl FnOnce(&mut Self) -> Parsed<T>) -> Option<T> {
        let at = self.input.at;
        let result = f(self);
        if result.is_err() {
            self.input.at = at;
        }
        result.ok()
    }

    /// Skips a balanced pair of brackets that begins here. Gives whether it had an end.
    fn skip_balanced(&mut self) -> bool {
        let mut depth = 0_usize;
        loop {
            match self.kind() {
                Kind::End => return false,
                Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
                Kind::RParen | Kind::RBracket | Kind::RBrace => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.advance();
                        return true;
                    }
                }
                _ => {}
            }
            self.advance();
            if depth == 0 {
                return true;
            }
        }
    }

    /// Parses what a text declares, in the outermost scope, when it stands in no file.
    fn parse_prelude(&mut self, key: &str) -> bool {
        if self.asked.contains(key) {
            return false;
        }
        let Some(text) = prelude::declaration(key) else { return false };
        self.asked.insert(key.to_owned());
        let tokens = self.preprocessor.expanded_text(text);
        let input = std::mem::replace(&mut self.input, Input { tokens, at: 0, first: None });
        let scopes = self.scopes.split_off(1);
        let path = std::mem::take(&mut self.path);
        let current = self.current.take();
        let depth = std::mem::take(&mut self.depth);
        self.externals();
        self.depth = depth;
        self.current = current;
        self.path = path;
        self.scopes.extend(scopes);
        self.input = input;
        true
    }

    fn expr(kind: ExprKind, ty: TypeId, span: Span) -> Expr {
        Expr { kind, ty, span }
    }

    pub(crate) fn pointer_to(&mut self, ty: TypeId) -> TypeId {
        self.types.intern(Type::Pointer(ty))
    }

    /// The object of this name, added when it is new.
    fn object(&mut self, name: Symbol, ty: TypeId, linkage: Linkage, span: Span) -> ObjectId {
        if let Some(id) = self.by_name.get(&name) {
            return *id;
        }
        let definition = Definition::Elsewhere;
        let object = Object { name, ty, linkage, definition, constant: false, noreturn: false, span };
        let id = self.objects.push(object);
        self.by_name.insert(name, id);
        id
    }

    fn local(&mut self, id: LocalId) -> Option<&mut crate::tree::Local> {
        self.current.as_mut().and_then(|current| current.body.locals.get_mut(id))
    }
}
