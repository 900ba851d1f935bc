//! Statements.

use super::specifiers::Storage;
use super::{Bail, Entity, Parsed, Parser};
use crate::lex::Kind;
use crate::tree::{Block, Expr, ExprKind, LabelId, Stmt, StmtKind};
use crate::words::Word;
use assay_index::Symbol;
use assay_ir::{Definition, Linkage, Type};
use assay_text::{Span, limits};

/// The cases of a switch.
#[derive(Default)]
pub(super) struct Cases {
    cases: Vec<(i64, i64)>,
    has_default: bool,
}

impl Parser<'_> {
    /// `{ … }`; the scope is the caller's.
    pub(super) fn compound(&mut self) -> Parsed<Block> {
        self.expect(Kind::LBrace, "`{`")?;
        let mut block = Block::default();
        while self.kind() != Kind::RBrace {
            if self.at_end() {
                let span = self.last_span();
                self.syntax_gap(span, Bail("`}`"));
                return Ok(block);
            }
            self.block_item(&mut block);
        }
        self.advance();
        Ok(block)
    }

    /// A declaration or statement of a block. What is not understood stands for itself.
    fn block_item(&mut self, block: &mut Block) {
        let (at, start) = (self.input.at, self.span());
        let before = block.statements.len();
        let scopes = self.scopes.len();
        let switches = self.current.as_ref().map_or(0, |current| current.switches.len());
        let depth = self.depth;
        let result = self.nested(|this| this.declaration_or_statement(block));
        if let Err(bail) = result {
            self.scopes.truncate(scopes);
            self.depth = depth;
            self.classes.in_template_arguments = false;
            if let Some(current) = &mut self.current {
                current.switches.truncate(switches);
            }
            block.statements.truncate(before);
            self.recover(at);
            let gap = self.not_understood(at, start, bail);
            block.statements.push(gap);
        }
        if self.input.at == at {
            self.advance();
        }
    }

    /// Goes on behind the statement that begins at `start`: behind its `;` or its block.
    pub(super) fn recover(&mut self, start: usize) {
        self.input.at = start;
        while !self.at_end() {
            match self.kind() {
                Kind::Semi => {
                    self.advance();
                    return;
                }
                Kind::RBrace => return,
                Kind::LBrace => {
                    self.skip_balanced();
                    if self.word() != Some(Word::Else) && self.word() != Some(Word::While) {
                        if self.kind() == Kind::Semi {
                            self.advance();
                        }
                        return;
                    }
                }
                Kind::LParen | Kind::LBracket => {
                    self.skip_balanced();
                }
                _ => {
                    self.advance();
                }
            }
        }
    }

    fn declaration_or_statement(&mut self, block: &mut Block) -> Parsed<()> {
        let label = self.kind() == Kind::Ident && self.peek(1) == Kind::Colon && self.word().is_none();
        if !label && self.word() == Some(Word::Label) {
            while !self.eat(Kind::Semi) && !self.at_end() {
                self.advance();
            }
            return Ok(());
        }
        if matches!(self.word(), Some(Word::StaticAssert_ | Word::StaticAssert)) {
            return self.static_assert();
        }
        if self.cpp && !label && self.cpp_declaration(block)? {
            return Ok(());
        }
        if self.kind() == Kind::LBracket && self.peek(1) == Kind::LBracket {
            self.attributes();
        }
        if !label && self.starts_type(true) && self.word() != Some(Word::Extension) {
            return self.declaration(block);
        }
        if self.word() == Some(Word::Extension) {
            self.advance();
            return self.nested(|this| this.declaration_or_statement(block));
        }
        let statement = self.statement()?;
        block.statements.push(statement);
        Ok(())
    }

    /// A declaration within a function.
    pub(super) fn declaration(&mut self, block: &mut Block) -> Parsed<()> {
        let start = self.span();
        let specifiers = self.specifiers()?;
        if self.eat(Kind::Semi) {
            return Ok(());
        }
        loop {
            if self.cpp && specifiers.deduced && self.binding_ahead() {
                self.structured_binding(block, start)?;
                break;
            }
            let declared = self.declarator(specifiers.ty, true)?;
            let mut attributes = specifiers.attributes;
            attributes.merge(self.unknown_attributes());
            let name = declared.name.ok_or(Bail("a name"))?;
            let span = self.place(declared.token);
            if specifiers.storage == Storage::Typedef {
                self.declare_type(name, declared.ty, attributes);
            } else if matches!(self.types.get(declared.ty), Type::Function { .. }) && declared.params.is_some() {
                self.declare_function(&declared, specifiers, attributes);
            } else if specifiers.storage == Storage::Static || specifiers.storage == Storage::Extern {
                self.static_variable(name, declared.ty, specifiers, span)?;
            } else {
                let length = declared.length;
                self.automatic_variable(block, name, declared.ty, length, specifiers, span, start)?;
            }
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::Semi, "`;`")
    }

    #[expect(clippy::too_many_arguments, reason = "all of them describe one variable")]
    pub(super) fn automatic_variable(
        &mut self,
        block: &mut Block,
        name: Symbol,
        ty: assay_ir::TypeId,
        length: Option<Box<Expr>>,
        specifiers: super::specifiers::Specifiers,
        span: Span,
        start: Span,
    ) -> Parsed<()> {
        let id = self.new_local(name, ty, span).ok_or(Bail("a function around it"))?;
        if let Some(length) = length {
            let element = self.types.pointee(ty).unwrap_or(self.basic.unknown);
            let length = self.index(*length);
            if let Some(local) = self.local(id) {
                local.length = Some((Box::new(length), element));
                local.in_memory = true;
            }
        }
        self.declare(name, Entity::Local(id));
        let initialised =
            self.kind() == Kind::Assign || self.cpp && (self.kind() == Kind::LBrace || self.kind() == Kind::LParen);
        self.classes.target = Some(id);
        let init = if initialised {
            let (init, mut ty) = self.variable_initializer(ty)?;
            if specifiers.deduced {
                ty = self.deduced_local(init.as_ref(), ty);
            }
            let in_memory = matches!(self.types.get(ty), Type::Array { .. } | Type::Record(_));
            if let Some(local) = self.local(id) {
                local.ty = ty;
                local.in_memory |= in_memory;
            }
            if let Some(value) = self.constant_value(specifiers.constant, ty, init.as_ref())
                && let Some(current) = &mut self.current
            {
                current.constants.insert(id, value);
            }
            init
        } else if self.cpp {
            let init = self.default_constructed(ty, span);
            if let Some(local) = self.local(id) {
                local.unset = init.is_none();
            }
            init
        } else {
            None
        };
        self.classes.target = None;
        if self.cpp {
            self.set_destructor(id);
        }
        let span = self.since(start);
        block.statements.push(Stmt { kind: StmtKind::Declare(id, init), span });
        Ok(())
    }

    fn static_variable(
        &mut self,
        name: Symbol,
        ty: assay_ir::TypeId,
        specifiers: super::specifiers::Specifiers,
        span: Span,
    ) -> Parsed<()> {
        if specifiers.storage == Storage::Extern {
            let object = self.object(name, ty, Linkage::External, Span::default());
            self.declare(name, Entity::Object(object));
            if self.kind() == Kind::Assign {
                return Err(Bail("`;`"));
            }
            return Ok(());
        }
        let count = match &mut self.current {
            Some(current) => {
                let count = current.statics.entry(name).or_insert(0);
                *count += 1;
                *count
            }
            None => 1,
        };
        let function = self.current.as_ref().map_or("", |current| current.name.as_str());
        let more = if count > 1 { format!(".{count}") } else { String::new() };
        let full = format!("{function}.{}{more}", self.text(name));
        let full = self.intern(&full);
        let object = self.object(full, ty, Linkage::Internal, span);
        self.objects[object].definition = Definition::Variable;
        self.objects[object].constant = specifiers.constant && !self.is_pointer(ty);
        self.declare(name, Entity::Object(object));
        let initialised =
            self.kind() == Kind::Assign || self.cpp && (self.kind() == Kind::LBrace || self.kind() == Kind::LParen);
        if initialised {
            // Variables of the function may be asked for their size; that is all that can be done with them here.
            let (init, ty) = self.variable_initializer(ty)?;
            self.objects[object].ty = ty;
            if let Some(value) = self.constant_value(specifiers.constant, ty, init.as_ref()) {
                self.constants.insert(object, value);
            }
            if let Some(init) = init {
                self.initial.push(super::GlobalInit { object, init, span, body: crate::tree::Body::default() });
            }
        }
        Ok(())
    }

    /// A statement, or a gap in its place.
    fn body(&mut self) -> Parsed<Stmt> {
        let (at, start) = (self.input.at, self.span());
        let scopes = self.scopes.len();
        match self.nested(|this| this.scoped(Self::statement)) {
            Ok(statement) => Ok(statement),
            Err(bail) if bail.0 == "MAX_NESTING" => Err(bail),
            Err(bail) => {
                self.scopes.truncate(scopes);
                self.recover(at);
                Ok(self.not_understood(at, start, bail))
            }
        }
    }

    pub(super) fn parenthesised(&mut self) -> Parsed<Expr> {
        self.expect(Kind::LParen, "`(`")?;
        let expr = self.expression()?;
        self.expect(Kind::RParen, "`)`")?;
        Ok(self.condition(expr))
    }

    pub(super) fn statement(&mut self) -> Parsed<Stmt> {
        let start = self.span();
        let kind = self.statement_kind(start)?;
        Ok(Stmt { kind, span: self.since(start) })
    }

    fn statement_kind(&mut self, start: Span) -> Parsed<StmtKind> {
        if self.kind() == Kind::LBrace {
            return Ok(StmtKind::Block(self.scoped(Self::compound)?));
        }
        if self.eat(Kind::Semi) {
            return Ok(StmtKind::Empty);
        }
        if self.is_label() {
            return self.labelled();
        }
        let Some(word) = self.word() else { return self.expression_statement() };
        match word {
            Word::If => self.if_statement(),
            Word::While => {
                self.advance();
                self.scoped(|this| {
                    let condition = this.condition_or_declaration()?;
                    let body = this.body()?;
                    Ok(StmtKind::While(condition, Box::new(body)))
                })
            }
            Word::Do => {
                self.advance();
                let body = self.body()?;
                if !self.eat_word(Word::While) {
                    return Err(Bail("`while`"));
                }
                let condition = self.parenthesised()?;
                self.eat(Kind::Semi);
                Ok(StmtKind::DoWhile(Box::new(body), condition))
            }
            Word::For => self.scoped(Self::for_statement),
            Word::Switch => self.switch_statement(),
            Word::Break => self.end_with(StmtKind::Break),
            Word::Continue => self.end_with(StmtKind::Continue),
            Word::Return | Word::CoReturn => self.return_statement(start),
            Word::Goto => {
                self.advance();
                if self.eat(Kind::Star) {
                    let to = self.expression()?;
                    let to = self.value(to);
                    self.expect(Kind::Semi, "`;`")?;
                    return Ok(StmtKind::GotoAny(to));
                }
                let token = self.advance();
                let label = self.label(token.name);
                self.expect(Kind::Semi, "`;`")?;
                Ok(StmtKind::Goto(label))
            }
            Word::Asm | Word::Asm2 | Word::Asm3 => self.asm(),
            Word::Attribute | Word::Attribute2 => {
                self.attributes();
                self.nested(|this| this.statement_kind(start))
            }
            Word::Try if self.cpp => self.try_statement(),
            _ => self.expression_statement(),
        }
    }

    fn end_with(&mut self, kind: StmtKind) -> Parsed<StmtKind> {
        self.advance();
        self.expect(Kind::Semi, "`;`")?;
        Ok(kind)
    }

    fn expression_statement(&mut self) -> Parsed<StmtKind> {
        // A macro that means nothing known, alone on its line.
        let ends_line = self.peek_token(1).flags & crate::lex::LINE_START != 0;
        if self.kind() == Kind::Ident && self.word().is_none() && ends_line && self.is_macro_like() {
            self.advance();
            return Ok(StmtKind::Empty);
        }
        let expr = self.expression()?;
        if !self.eat(Kind::Semi) {
            // A macro that is not known may stand without `;`.
            let call = matches!(expr.kind, ExprKind::Call(..)) && self.token().flags & crate::lex::LINE_START != 0;
            let last = self.kind() == Kind::RBrace && self.token().flags & crate::lex::FROM_MACRO != 0;
            if !call && !last {
                return Err(Bail("`;`"));
            }
        }
        Ok(StmtKind::Expr(expr))
    }

    /// Whether a label, `case` or `default` stands here.
    fn is_label(&self) -> bool {
        match self.word() {
            Some(Word::Case) => true,
            Some(Word::Default) => self.peek(1) == Kind::Colon,
            Some(_) => false,
            None => self.kind() == Kind::Ident && self.peek(1) == Kind::Colon,
        }
    }

    /// Labels, and the statement behind them.
    fn labelled(&mut self) -> Parsed<StmtKind> {
        let mut block = Block::default();
        while self.is_label() {
            let start = self.span();
            let kind = match self.word() {
                Some(Word::Case) => self.case()?,
                Some(_) => {
                    self.advance();
                    self.advance();
                    if let Some(cases) = self.current.as_mut().and_then(|current| current.switches.last_mut()) {
                        cases.has_default = true;
                    }
                    StmtKind::Case(None)
                }
                None => {
                    let name = self.advance().name;
                    self.advance();
                    self.attributes();
                    StmtKind::Label(self.label(name))
                }
            };
            block.statements.push(Stmt { kind, span: self.since(start) });
        }
        if self.kind() != Kind::RBrace && !self.starts_type(true) {
            let (at, start) = (self.input.at, self.span());
            let statement = match self.nested(Self::statement) {
                Ok(statement) => statement,
                Err(bail) if bail.0 == "MAX_NESTING" => return Err(bail),
                Err(bail) => {
                    self.recover(at);
                    self.not_understood(at, start, bail)
                }
            };
            block.statements.push(statement);
        }
        Ok(StmtKind::Block(block))
    }

    /// The label of this name in the current function.
    pub(super) fn label(&mut self, name: Symbol) -> LabelId {
        match &mut self.current {
            Some(current) => {
                let labels = &mut current.body.labels;
                *current.labels.entry(name).or_insert_with(|| labels.push(name))
            }
            None => assay_index::Idx::new(0),
        }
    }

    fn if_statement(&mut self) -> Parsed<StmtKind> {
        let mut arms = Vec::new();
        loop {
            self.advance();
            if self.cpp {
                self.eat_word(Word::Constexpr);
            }
            let arm = self.scoped(|this| {
                let condition = this.condition_or_declaration()?;
                let body = this.body()?;
                Ok((condition, body))
            })?;
            arms.push(arm);
            if arms.len() > limits::MAX_OPERATOR_CHAIN {
                return Err(Bail("MAX_OPERATOR_CHAIN"));
            }
            if !self.eat_word(Word::Else) {
                return Ok(StmtKind::If(arms, None));
            }
            if self.word() != Some(Word::If) {
                let otherwise = self.body()?;
                return Ok(StmtKind::If(arms, Some(Box::new(otherwise))));
            }
        }
    }

    /// What stands in the parentheses of a condition.
    pub(super) fn condition_or_declaration(&mut self) -> Parsed<Expr> {
        if self.cpp { self.cpp_condition() } else { self.parenthesised() }
    }

    fn for_statement(&mut self) -> Parsed<StmtKind> {
        self.advance();
        self.expect(Kind::LParen, "`(`")?;
        let mut init = Block::default();
        if self.cpp
            && let Some(statement) = self.range_for()?
        {
            return Ok(statement);
        }
        if self.starts_type(true) {
            self.declaration(&mut init)?;
        } else if !self.eat(Kind::Semi) {
            let start = self.span();
            let expr = self.expression()?;
            self.expect(Kind::Semi, "`;`")?;
            init.statements.push(Stmt { kind: StmtKind::Expr(expr), span: self.since(start) });
        }
        let cond = if self.kind() == Kind::Semi { None } else { Some(self.expression()?) };
        let cond = cond.map(|cond| self.condition(cond));
        self.expect(Kind::Semi, "`;`")?;
        let step = if self.kind() == Kind::RParen { None } else { Some(self.expression()?) };
        self.expect(Kind::RParen, "`)`")?;
        let body = self.body()?;
        Ok(StmtKind::For { init: Box::new(init), cond, step, body: Box::new(body) })
    }

    fn switch_statement(&mut self) -> Parsed<StmtKind> {
        self.advance();
        self.scoped(|this| {
            let value = this.condition_or_declaration()?;
            let value = this.promote(value);
            if let Some(current) = &mut this.current {
                current.switches.push(Cases::default());
            }
            let body = this.body();
            let cases = this.current.as_mut().and_then(|current| current.switches.pop()).unwrap_or_default();
            let Cases { cases, has_default } = cases;
            Ok(StmtKind::Switch { value, body: Box::new(body?), cases, has_default })
        })
    }

    fn case(&mut self) -> Parsed<StmtKind> {
        self.advance();
        let first = self.constant_expression()?;
        let last = if self.eat(Kind::Ellipsis) { self.constant_expression()? } else { first };
        self.expect(Kind::Colon, "`:`")?;
        let Some(cases) = self.current.as_mut().and_then(|current| current.switches.last_mut()) else {
            return Err(Bail("a switch around it"));
        };
        // A constant that is not known: any value may lead here.
        let range = match (first, last) {
            (Some(first), Some(last)) => (first, last),
            _ => (i64::MIN, i64::MAX),
        };
        cases.cases.push(range);
        Ok(StmtKind::Case(Some(cases.cases.len() as u32 - 1)))
    }

    fn return_statement(&mut self, start: Span) -> Parsed<StmtKind> {
        self.advance();
        if self.eat(Kind::Semi) {
            return Ok(StmtKind::Return(None));
        }
        let result = self.current.as_ref().and_then(|current| current.result);
        let value = if self.cpp && self.kind() == Kind::LBrace {
            let ty = result.unwrap_or(self.basic.unknown);
            let (init, ty) = self.initializer(ty)?;
            let span = self.since(start);
            self.initialised_temporary(ty, init, span)
        } else {
            self.expression()?
        };
        self.expect(Kind::Semi, "`;`")?;
        let value = match result {
            Some(ty) if !matches!(self.types.get(ty), Type::Void) => self.assignable(value, ty),
            _ => self.value(value),
        };
        if let Some(current) = &mut self.current {
            current.returned.get_or_insert(value.ty);
        }
        Ok(StmtKind::Return(Some(value)))
    }

    /// `asm volatile ("…" : outputs : inputs : clobbers);`
    fn asm(&mut self) -> Parsed<StmtKind> {
        self.advance();
        while self.kind() == Kind::Ident {
            self.advance();
        }
        self.expect(Kind::LParen, "`(`")?;
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        let mut section = 0;
        while !matches!(self.kind(), Kind::RParen | Kind::End) {
            match self.kind() {
                Kind::Colon => {
                    section += 1;
                    self.advance();
                }
                Kind::ColonColon => {
                    section += 2;
                    self.advance();
                }
                Kind::LParen if section == 1 || section == 2 => {
                    self.advance();
                    let expr = self.expression()?;
                    self.expect(Kind::RParen, "`)`")?;
                    if section == 1 && expr.is_lvalue() {
                        outputs.push(expr);
                    } else {
                        let expr = self.value(expr);
                        inputs.push(expr);
                    }
                }
                Kind::LParen | Kind::LBracket => {
                    self.skip_balanced();
                }
                _ => {
                    self.advance();
                }
            }
        }
        self.expect(Kind::RParen, "`)`")?;
        self.eat(Kind::Semi);
        Ok(StmtKind::Asm(inputs, outputs))
    }
}
