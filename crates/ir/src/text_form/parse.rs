use super::{BINARY, COLLECTION, COMPARE, CONVERSION, PARAM_KIND, ParseError, UNARY, is_punctuation};
use crate::{
    Arg, ArgKind, Block, BlockId, Cell, CellRef, Class, Const, Conversion, Element, Function, FunctionKind, Gap,
    GapReason, Inst, Module, Op, Param, Piece, Terminator, Value,
};
use assay_index::{Idx, IndexVec, Interner, Symbol};
use assay_text::Span;
use std::borrow::Cow;

/// Reads what [`print`](super::print) writes.
///
/// # Errors
/// The first line that is not understood.
pub fn parse(text: &str) -> Result<Module, ParseError> {
    let mut parser =
        Parser { module: Module::new(IndexVec::new(), Interner::new()), values: Vec::new(), open_block: false };
    let mut lines = text.split('\n').enumerate().filter(|(_, line)| !line.is_empty());
    if lines.next().is_none_or(|(_, line)| line != "module") {
        return Err(ParseError { line: 1, message: "expected `module`".to_owned() });
    }
    let mut last = 0;
    for (number, line) in lines {
        last = number;
        let tokens = tokenize(line).map_err(|message| ParseError { line: number + 1, message })?;
        let mut line = Line { tokens: &tokens, at: 0 };
        let result = parser.line(&mut line).and_then(|()| line.end());
        result.map_err(|message| ParseError { line: number + 1, message })?;
    }
    parser.end_function().map_err(|message| ParseError { line: last + 1, message })?;
    Ok(parser.module)
}

#[derive(Debug, PartialEq)]
pub(super) enum Token<'t> {
    Word(&'t str),
    Text(String),
    Mark(char),
}

fn tokenize(line: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let mut rest = line.trim_start_matches(' ');
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            let (text, behind) = unquote(&rest[1..])?;
            tokens.push(Token::Text(text));
            rest = behind;
        } else if is_punctuation(c) {
            tokens.push(Token::Mark(c));
            rest = &rest[c.len_utf8()..];
        } else {
            let len = rest.find(|c: char| c == ' ' || c == '"' || is_punctuation(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(&rest[..len]));
            rest = &rest[len..];
        }
        rest = rest.trim_start_matches(' ');
    }
    Ok(tokens)
}

/// Reads a quoted text behind its first quote; gives the rest behind the last one too.
fn unquote(rest: &str) -> Result<(String, &str), String> {
    let mut text = String::new();
    let mut chars = rest.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((text, &rest[at + 1..])),
            '\\' => match chars.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 'r')) => text.push('\r'),
                Some((_, 't')) => text.push('\t'),
                Some((_, c @ ('"' | '\\'))) => text.push(c),
                Some((at, 'u')) => {
                    let digits = rest[at + 1..].strip_prefix('{').and_then(|r| r.split_once('}')).map(|(d, _)| d);
                    let digits = digits.ok_or("`\\u` needs `{hex}`")?;
                    let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                    text.push(code.ok_or("no such character")?);
                    chars = rest.char_indices();
                    let behind = at + digits.len() + 3;
                    chars.by_ref().take_while(|(i, _)| i + 1 < behind).for_each(drop);
                }
                _ => return Err("unknown escape".to_owned()),
            },
            c => text.push(c),
        }
    }
    Err("text without an end".to_owned())
}

/// The tokens of one line that are still to be read.
pub(super) struct Line<'t> {
    tokens: &'t [Token<'t>],
    at: usize,
}

pub(super) type Read<T> = Result<T, String>;

impl<'t> Line<'t> {
    pub(super) fn peek(&self) -> Option<&'t Token<'t>> {
        self.tokens.get(self.at)
    }

    pub(super) fn end(&self) -> Read<()> {
        if self.at < self.tokens.len() { Err("more than expected".to_owned()) } else { Ok(()) }
    }

    pub(super) fn word(&mut self) -> Read<&'t str> {
        match self.peek() {
            Some(Token::Word(word)) => {
                self.at += 1;
                Ok(word)
            }
            _ => Err("expected a word".to_owned()),
        }
    }

    pub(super) fn text(&mut self) -> Read<&'t str> {
        match self.peek() {
            Some(Token::Text(text)) => {
                self.at += 1;
                Ok(text)
            }
            _ => Err("expected a quoted text".to_owned()),
        }
    }

    /// A word, or a quoted text.
    pub(super) fn name(&mut self) -> Read<&'t str> {
        self.word().or_else(|_| self.text()).map_err(|_| "expected a name".to_owned())
    }

    pub(super) fn flag(&mut self, name: &str) -> bool {
        let found = self.peek() == Some(&Token::Word(name));
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, mark: char) -> Read<()> {
        if self.eat(mark) { Ok(()) } else { Err(format!("expected `{mark}`")) }
    }

    pub(super) fn number<T: std::str::FromStr>(&mut self) -> Read<T> {
        self.word()?.parse().map_err(|_| "expected a number".to_owned())
    }

    pub(super) fn id<I: Idx>(&mut self, prefix: &str) -> Read<I> {
        let word = self.word()?;
        let digits = word.strip_prefix(prefix).filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
        let number: Option<u32> = digits.and_then(|d| d.parse().ok());
        number.map(|n| I::new(n as usize)).ok_or_else(|| format!("expected an id `{prefix}…`, not `{word}`"))
    }

    pub(super) fn value(&mut self) -> Read<Value> {
        self.id("v")
    }

    pub(super) fn option(&mut self) -> Read<Option<Value>> {
        if self.flag("_") { Ok(None) } else { self.value().map(Some) }
    }

    pub(super) fn block(&mut self) -> Read<BlockId> {
        self.id("b")
    }

    pub(super) fn span(&mut self) -> Read<Span> {
        self.expect('@')?;
        let (start, end) = self.word()?.split_once("..").ok_or("expected a span")?;
        match (start.parse(), end.parse()) {
            (Ok(start), Ok(end)) if start <= end => Ok(Span::new(start, end)),
            _ => Err("expected a span".to_owned()),
        }
    }

    pub(super) fn one_of<T: Copy>(&mut self, table: &[(T, &'static str)]) -> Read<T> {
        let word = self.word()?;
        table.iter().find(|(_, name)| *name == word).map(|(item, _)| *item).ok_or_else(|| format!("unknown `{word}`"))
    }

    pub(super) fn list<T>(
        &mut self,
        open: char,
        close: char,
        mut each: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        self.expect(open)?;
        let mut items = Vec::new();
        while !self.eat(close) {
            if !items.is_empty() {
                self.expect(',')?;
            }
            items.push(each(self)?);
        }
        Ok(items)
    }

    pub(super) fn values(&mut self) -> Read<Vec<Value>> {
        self.list('[', ']', Self::value)
    }

    /// `name(position: value, …)`, or nothing.
    fn positions(&mut self, name: &str) -> Read<Vec<(u32, Value)>> {
        if !self.flag(name) {
            return Ok(Vec::new());
        }
        self.list('(', ')', |line| {
            let position = line.number()?;
            line.expect(':')?;
            Ok((position, line.value()?))
        })
    }
}

pub(super) struct Parser {
    pub(super) module: Module,
    /// The instructions of the function being read, by the value each defines.
    values: Vec<(Value, Inst)>,
    /// Whether the last block still needs a terminator.
    open_block: bool,
}

impl Parser {
    pub(super) fn symbol(&mut self, line: &mut Line<'_>) -> Read<Symbol> {
        line.name().map(|name| self.module.strings.intern(name))
    }

    pub(super) fn text(&mut self, line: &mut Line<'_>) -> Read<Symbol> {
        line.text().map(|text| self.module.strings.intern(text))
    }

    fn line(&mut self, line: &mut Line<'_>) -> Read<()> {
        let word = line.word()?;
        match word {
            "exports" => {
                let mut names = Vec::new();
                while line.peek().is_some() {
                    names.push(self.symbol(line)?);
                }
                self.module.exports = Some(names);
                Ok(())
            }
            "gap" => {
                let span = line.span()?;
                let (kind, text) = (line.word()?, line.text()?.to_owned());
                let reason = match kind {
                    "syntax" => GapReason::Syntax(text),
                    "older_language" => GapReason::OlderLanguage(Cow::Owned(text)),
                    "construct" => GapReason::Construct(Cow::Owned(text)),
                    "limit" => GapReason::Limit(Cow::Owned(text)),
                    "panic" => GapReason::Panic(text),
                    _ => return Err(format!("unknown kind of gap `{kind}`")),
                };
                self.module.gaps.push(Gap { span, reason });
                Ok(())
            }
            "class" => self.class(line),
            "type" => self.type_line(line),
            "object" => self.object_line(line),
            "function" => {
                self.end_function()?;
                self.function(line)
            }
            "param" => {
                let param = Param {
                    name: self.symbol(line)?,
                    kind: line.one_of(&PARAM_KIND)?,
                    has_default: line.flag("default"),
                    span: line.span()?,
                };
                self.declared()?.params.push(param);
                Ok(())
            }
            "cell" => {
                let name = self.symbol(line)?;
                self.declared()?.cells.push(Cell { name });
                Ok(())
            }
            _ if word.starts_with('b') && word[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                line.at -= 1;
                let id: BlockId = line.block()?;
                let handler = if line.flag("handler") { Some(line.block()?) } else { None };
                line.expect(':')?;
                if self.open_block {
                    return Err("the block before has no end".to_owned());
                }
                let blocks = &mut self.current()?.blocks;
                if id != blocks.next_id() {
                    return Err(format!("expected {}", blocks.next_id()));
                }
                blocks.push(Block { insts: Vec::new(), terminator: Terminator::Unreachable, handler });
                self.open_block = true;
                Ok(())
            }
            _ if !self.open_block => Err(format!("unexpected `{word}`")),
            _ if word.starts_with('v') && word[1..].starts_with(|c: char| c.is_ascii_digit()) => {
                line.at -= 1;
                let value = line.value()?;
                let ty = if line.eat(':') { Some(line.id("t")?) } else { None };
                line.expect('=')?;
                let op = self.op(line)?;
                let span = line.span()?;
                self.values.push((value, Inst { op, ty, span }));
                let blocks = &mut self.current()?.blocks;
                let last = blocks.len() - 1;
                blocks[BlockId::new(last)].insts.push(value);
                Ok(())
            }
            _ => {
                let terminator = terminator(word, line)?;
                let blocks = &mut self.current()?.blocks;
                let last = blocks.len() - 1;
                blocks[BlockId::new(last)].terminator = terminator;
                self.open_block = false;
                Ok(())
            }
        }
    }

    fn current(&mut self) -> Read<&mut Function> {
        self.module.functions.iter_mut().last().ok_or_else(|| "outside of a function".to_owned())
    }

    /// The current function, before its first block.
    fn declared(&mut self) -> Read<&mut Function> {
        let function = self.current()?;
        if function.blocks.is_empty() { Ok(function) } else { Err("stands behind a block".to_owned()) }
    }

    fn class(&mut self, line: &mut Line<'_>) -> Read<()> {
        if line.id::<crate::ClassId>("c")? != self.module.classes.next_id() {
            return Err("classes come in order".to_owned());
        }
        let (name, qualified) = (self.symbol(line)?, self.symbol(line)?);
        if !line.flag("body") {
            return Err("expected `body`".to_owned());
        }
        let class = Class { name, qualified, body: line.id("f")?, span: line.span()?, name_span: line.span()? };
        self.module.classes.push(class);
        Ok(())
    }

    fn function(&mut self, line: &mut Line<'_>) -> Read<()> {
        if line.id::<crate::FunctionId>("f")? != self.module.functions.next_id() {
            return Err("functions come in order".to_owned());
        }
        let (name, qualified) = (self.symbol(line)?, self.symbol(line)?);
        let kind = match line.word()? {
            "module_body" => FunctionKind::ModuleBody,
            "class_body" => FunctionKind::ClassBody(line.id("c")?),
            "named" => FunctionKind::Named,
            "lambda" => FunctionKind::Lambda,
            other => return Err(format!("unknown kind of function `{other}`")),
        };
        let function = Function {
            name,
            qualified,
            kind,
            parent: if line.flag("parent") { Some(line.id("f")?) } else { None },
            class: if line.flag("class") { Some(line.id("c")?) } else { None },
            params: Vec::new(),
            signature: if line.flag("signature") { Some(line.id("t")?) } else { None },
            is_async: line.flag("async"),
            is_generator: line.flag("yields"),
            cells: IndexVec::new(),
            blocks: IndexVec::new(),
            insts: IndexVec::new(),
            span: line.span()?,
            name_span: line.span()?,
        };
        self.module.functions.push(function);
        Ok(())
    }

    /// Puts the instructions of the function just read in the order of their values.
    fn end_function(&mut self) -> Read<()> {
        if self.open_block {
            return Err("the last block has no end".to_owned());
        }
        let mut values = std::mem::take(&mut self.values);
        if values.is_empty() {
            return Ok(());
        }
        values.sort_by_key(|(value, _)| *value);
        for (i, (value, _)) in values.iter().enumerate() {
            if value.index() != i {
                return Err(format!("{} is not defined once", Value::new(i)));
            }
        }
        self.current()?.insts = values.into_iter().map(|(_, inst)| inst).collect();
        Ok(())
    }

    fn args(&mut self, line: &mut Line<'_>) -> Read<Vec<Arg>> {
        line.list('(', ')', |line| {
            let kind = if line.eat('*') {
                if line.eat('*') { ArgKind::KeywordSpread } else { ArgKind::Spread }
            } else if line.tokens.get(line.at + 1) == Some(&Token::Mark('=')) {
                let name = self.symbol(line)?;
                line.expect('=')?;
                ArgKind::Keyword(name)
            } else {
                ArgKind::Positional
            };
            Ok(Arg { kind, value: line.value()? })
        })
    }

    fn pieces(&mut self, line: &mut Line<'_>) -> Read<Vec<Piece>> {
        line.list('[', ']', |line| {
            if let Ok(text) = self.text(line) {
                return Ok(Piece::Text(text));
            }
            Ok(Piece::Hole {
                value: line.value()?,
                conversion: if line.eat('!') { line.one_of(&CONVERSION)? } else { Conversion::None },
                spec: if line.eat(':') { Some(line.value()?) } else { None },
            })
        })
    }

    fn constant(&mut self, line: &mut Line<'_>) -> Read<Const> {
        Ok(match line.word()? {
            "none" => Const::None,
            "true" => Const::Bool(true),
            "false" => Const::Bool(false),
            "int" => Const::Int(line.number()?),
            "big_int" => Const::BigInt(self.text(line)?),
            "float" => Const::Float(u64::from_str_radix(line.word()?, 16).map_err(|_| "expected bits")?),
            "complex" => Const::Complex,
            "str" => Const::Str(self.text(line)?),
            "bytes" => Const::Bytes(self.text(line)?),
            "ellipsis" => Const::Ellipsis,
            other => return Err(format!("unknown constant `{other}`")),
        })
    }

    fn op(&mut self, line: &mut Line<'_>) -> Read<Op> {
        let word = line.word()?;
        if let Some((kind, _)) = COLLECTION.iter().find(|(_, name)| *name == word) {
            let elements = line.list('[', ']', |line| Ok(Element { spread: line.eat('*'), value: line.value()? }))?;
            return Ok(Op::Collection(*kind, elements));
        }
        Ok(match word {
            "undefined" => Op::Undefined,
            "const" => Op::Const(self.constant(line)?),
            "param" => Op::Param(line.number()?),
            "phi" => Op::Phi(line.list('[', ']', |line| {
                let block = line.block()?;
                line.expect(':')?;
                Ok((block, line.value()?))
            })?),
            "global" => Op::Global(self.symbol(line)?),
            "store_global" => Op::StoreGlobal(self.symbol(line)?, line.option()?),
            "load_cell" => Op::LoadCell(cell(line)?),
            "store_cell" => Op::StoreCell(cell(line)?, line.value()?),
            "store_name" => Op::StoreName(self.symbol(line)?, line.value()?),
            "import" => Op::Import { module: self.symbol(line)?, leaf: line.flag("leaf") },
            "import_from" => {
                let level = line.number()?;
                Op::ImportFrom { level, module: self.symbol(line)?, name: self.symbol(line)? }
            }
            "import_star" => Op::ImportStar { level: line.number()?, module: self.symbol(line)? },
            "attr" => Op::Attr(line.value()?, self.symbol(line)?),
            "store_attr" => Op::StoreAttr { base: line.value()?, name: self.symbol(line)?, value: line.value()? },
            "delete_attr" => Op::DeleteAttr(line.value()?, self.symbol(line)?),
            "item" => Op::Item(line.value()?, line.value()?),
            "store_item" => Op::StoreItem { base: line.value()?, key: line.value()?, value: line.value()? },
            "delete_item" => Op::DeleteItem(line.value()?, line.value()?),
            "slice" => Op::Slice(line.option()?, line.option()?, line.option()?),
            "unpack" => Op::Unpack { base: line.value()?, index: line.number()?, rest: line.flag("rest") },
            "dict" => Op::Dict(line.list('{', '}', |line| {
                if line.eat('*') {
                    line.expect('*')?;
                    return Ok((None, line.value()?));
                }
                let key = line.value()?;
                line.expect(':')?;
                Ok((Some(key), line.value()?))
            })?),
            "accumulate" => Op::Accumulate { into: line.value()?, key: line.option()?, value: line.value()? },
            "format" => Op::Format(self.pieces(line)?),
            "template" => Op::Template(self.pieces(line)?),
            "binary" => Op::Binary(line.one_of(&BINARY)?, line.value()?, line.value()?),
            "in_place" => Op::InPlace(line.one_of(&BINARY)?, line.value()?, line.value()?),
            "unary" => Op::Unary(line.one_of(&UNARY)?, line.value()?),
            "compare" => Op::Compare(line.one_of(&COMPARE)?, line.value()?, line.value()?),
            "call" => Op::Call { func: line.value()?, args: self.args(line)? },
            "make_function" => Op::MakeFunction {
                function: line.id("f")?,
                defaults: line.positions("defaults")?,
                annotations: line.positions("annotations")?,
                returns: if line.flag("returns") { Some(line.value()?) } else { None },
            },
            "make_class" => Op::MakeClass { class: line.id("c")?, bases: self.args(line)? },
            "annotated" => Op::Annotated { value: line.option()?, annotation: line.value()? },
            "next" => Op::Next(line.value()?),
            "enter" => Op::Enter(line.value()?),
            "exit" => Op::Exit(line.value()?),
            "returned" => Op::Returned(line.value()?),
            "await" => Op::Await(line.value()?),
            "yield" => Op::Yield(line.value()?),
            "yield_from" => Op::YieldFrom(line.value()?),
            "caught" => Op::Caught(line.values()?),
            "unknown" => Op::Unknown(line.values()?),
            other => Op::Memory(self.memory_op(other, line)?),
        })
    }
}

fn cell(line: &mut Line<'_>) -> Read<CellRef> {
    Ok(CellRef { owner: line.id("f")?, cell: line.id("cell")? })
}

fn terminator(word: &str, line: &mut Line<'_>) -> Read<Terminator> {
    Ok(match word {
        "goto" => Terminator::Goto(line.block()?),
        "branch" => Terminator::Branch { cond: line.value()?, then_to: line.block()?, else_to: line.block()? },
        "choice" => Terminator::Choice(line.list('[', ']', Line::block)?),
        "return" => Terminator::Return(line.value()?),
        "raise" => Terminator::Raise(Some(line.value()?)),
        "reraise" => Terminator::Raise(None),
        "unreachable" => Terminator::Unreachable,
        other => return Err(format!("unknown instruction `{other}`")),
    })
}
