//! Declarations and statements of C++.

use super::{Bail, Entity, Parsed, Parser};
use crate::lex::Kind;
use crate::tree::{Block, Expr, ExprKind, Handler, Init, Stmt, StmtKind};
use crate::words::Word;
use assay_index::Symbol;
use assay_ir::{Type, TypeId};
use assay_text::Span;

impl Parser<'_> {
    /// Whether `(` begins parameters rather than initial values.
    pub(super) fn params_ahead(&mut self) -> bool {
        let at = self.input.at;
        self.advance();
        let makes = self.kind() == Kind::Ident && self.peek(1) == Kind::LParen && self.peek(2) != Kind::Star;
        let found = matches!(self.kind(), Kind::RParen | Kind::Ellipsis) || !makes && self.starts_type(false);
        self.input.at = at;
        found
    }

    /// What may stand behind the parameters of a function.
    pub(super) fn function_qualifiers(&mut self) {
        loop {
            match self.kind() {
                Kind::Amp | Kind::AndAnd => {
                    self.advance();
                }
                Kind::Arrow => {
                    self.advance();
                    if self.attempt(Self::type_name).is_none() {
                        return;
                    }
                }
                Kind::Ident => match self.word() {
                    Some(Word::Const | Word::Volatile | Word::Override | Word::Final) => {
                        self.advance();
                    }
                    Some(Word::Noexcept | Word::Throw | Word::Attribute) => {
                        self.advance();
                        if self.kind() == Kind::LParen {
                            self.skip_balanced();
                        }
                    }
                    _ => return,
                },
                Kind::LBracket if self.peek(1) == Kind::LBracket => {
                    self.skip_balanced();
                }
                _ => return,
            }
        }
    }

    /// Skips the default value of a parameter or member.
    pub(super) fn skip_default(&mut self) {
        if self.kind() == Kind::LBrace {
            self.skip_balanced();
            return;
        }
        self.eat(Kind::Assign);
        while !matches!(self.kind(), Kind::Comma | Kind::RParen | Kind::Semi | Kind::End | Kind::RBrace) {
            match self.kind() {
                Kind::LParen | Kind::LBrace | Kind::LBracket => {
                    self.skip_balanced();
                }
                Kind::Ident if self.peek(1) == Kind::Lt => {
                    self.advance();
                    if !self.template_arguments() {
                        self.advance();
                    }
                }
                _ => {
                    self.advance();
                }
            }
        }
    }

    /// Declarations that C does not have. Gives whether one was read.
    pub(super) fn cpp_external(&mut self) -> Parsed<bool> {
        match self.word() {
            Some(Word::Namespace) => {
                self.namespace()?;
                return Ok(true);
            }
            Some(Word::Inline) if self.word_at(1) == Some(Word::Namespace) => {
                self.advance();
                self.namespace()?;
                return Ok(true);
            }
            Some(Word::Using) => {
                self.using()?;
                return Ok(true);
            }
            Some(Word::Extern) if self.word_at(1) == Some(Word::Template) => {
                while !self.eat(Kind::Semi) && !self.at_end() {
                    self.advance();
                }
                return Ok(true);
            }
            Some(Word::Template) => {
                let params = self.classes.template_params.len();
                let result = self.scoped_template();
                self.classes.template_params.truncate(params);
                result?;
                return Ok(true);
            }
            _ => {}
        }
        self.special_definition()
    }

    /// `template <…>` with the declaration behind it.
    fn scoped_template(&mut self) -> Parsed<()> {
        let head = self.input.at + 1;
        let outer = self.classes.template_params.len();
        self.template_head()?;
        let (at, defined) = (self.input.at, self.defined.len());
        let params = if outer == 0 { self.template_parameters(head, at) } else { None };
        let names = self.classes.template_params.clone();
        // What the template declares belongs to the scope around it: the parameters are taken out again.
        let saved: Vec<(Symbol, Option<Entity>)> = names
            .iter()
            .map(|name| (*name, self.scopes.last().and_then(|scope| scope.names.get(name).copied())))
            .collect();
        for name in &names {
            self.template_param(*name);
        }
        let result = self.nested(Self::external_declaration);
        if let Some(scope) = self.scopes.last_mut() {
            for (name, before) in saved {
                match before {
                    Some(entity) => scope.names.insert(name, entity),
                    None => scope.names.remove(&name),
                };
            }
        }
        if let (Ok(()), Some(params)) = (&result, params) {
            self.note_template(at, params, defined);
        }
        result
    }

    /// Declares the parameter of a template: a type of which nothing is known, or a value.
    pub(super) fn template_param(&mut self, name: Symbol) {
        let ty = self.basic.unknown;
        self.declare(name, Entity::Type(ty));
    }

    /// `template <…>`; the names of its parameters are noted.
    pub(super) fn template_head(&mut self) -> Parsed<()> {
        self.advance();
        if self.kind() != Kind::Lt {
            return Ok(());
        }
        let at = self.input.at;
        if !self.template_arguments() {
            return Err(Bail("`>`"));
        }
        let end = self.input.at;
        let mut depth = 0_usize;
        for position in at..end {
            let token = self.input.tokens[position];
            match token.kind {
                Kind::Lt | Kind::LParen => depth += 1,
                Kind::Gt | Kind::RParen => depth = depth.saturating_sub(1),
                Kind::Ident if depth == 1 && crate::words::word(token.name, true).is_none() => {
                    let next = self.input.tokens.get(position + 1).map_or(Kind::End, |t| t.kind);
                    let before = position.checked_sub(1).and_then(|p| self.input.tokens.get(p));
                    let word = before.filter(|t| t.is(Kind::Ident)).and_then(|t| crate::words::word(t.name, true));
                    let types = matches!(word, Some(Word::Typename | Word::Class))
                        || before.is_some_and(|t| t.is(Kind::Ellipsis));
                    if types && matches!(next, Kind::Comma | Kind::Gt | Kind::Assign | Kind::Shr) {
                        self.classes.template_params.push(token.name);
                    }
                }
                _ => {}
            }
        }
        if self.word() == Some(Word::Requires) {
            while !matches!(self.kind(), Kind::End) && !self.starts_type(true) {
                if self.kind() == Kind::LParen {
                    self.skip_balanced();
                } else {
                    self.advance();
                }
            }
        }
        Ok(())
    }

    fn external_declaration(&mut self) -> Parsed<()> {
        if self.word() == Some(Word::Template) {
            return self.scoped_template();
        }
        self.external()
    }

    fn namespace(&mut self) -> Parsed<()> {
        self.advance();
        self.attributes();
        let mut names = Vec::new();
        while self.kind() == Kind::Ident && self.word().is_none() {
            names.push(self.advance().name);
            if !self.eat(Kind::ColonColon) {
                break;
            }
            self.eat_word(Word::Inline);
        }
        if self.eat(Kind::Assign) {
            self.skip_default();
            self.eat(Kind::Semi);
            return Ok(());
        }
        self.unknown_attributes();
        self.expect(Kind::LBrace, "`{`")?;
        let depth = names.len();
        for name in names {
            self.path.push(name);
            let full = self.joined(&self.path.clone(), name);
            self.declare(name, Entity::Namespace(full));
        }
        // What it declares is found by its full name only.
        self.scopes.push(super::scope::Scope::default());
        self.depth += 1;
        self.externals();
        self.depth -= 1;
        self.scopes.pop();
        self.path.truncate(self.path.len() - depth);
        self.expect(Kind::RBrace, "`}`")
    }

    /// `using …;`
    pub(super) fn using(&mut self) -> Parsed<()> {
        self.advance();
        if self.eat_word(Word::Namespace) {
            if let Some(parts) = self.qualified_parts()
                && let Some((name, path)) = parts.split_last()
            {
                let full = self.joined(path, *name);
                if !self.classes.used.contains(&full) {
                    self.classes.used.push(full);
                }
            }
            return self.expect(Kind::Semi, "`;`");
        }
        if self.kind() == Kind::Ident && self.peek(1) == Kind::Assign {
            let name = self.advance().name;
            self.advance();
            let ty = self.type_name()?;
            self.declare(name, Entity::Type(ty));
            self.declare_qualified(name, Entity::Type(ty));
            return self.expect(Kind::Semi, "`;`");
        }
        self.eat_word(Word::Typename);
        if let Some(parts) = self.qualified_parts()
            && let Some(name) = parts.last()
        {
            let entity = match self.resolve(&parts) {
                Some(entity) => entity,
                None => Entity::Type(self.unknown_qualified(&parts)),
            };
            self.declare(*name, entity);
        }
        while !self.eat(Kind::Semi) && !self.at_end() {
            self.advance();
        }
        Ok(())
    }

    /// The definition of a constructor, destructor or conversion outside of its class. Gives whether one was read.
    fn special_definition(&mut self) -> Parsed<bool> {
        let at = self.input.at;
        let start = self.span();
        let file = self.token().file;
        while matches!(self.word(), Some(Word::Inline | Word::Constexpr | Word::Explicit)) {
            self.advance();
        }
        let (mut name, mut token, mut path) = (None, self.token(), Vec::new());
        let named = self.kind() == Kind::Ident || self.kind() == Kind::ColonColon;
        if !named || self.word().is_some_and(|word| word != Word::Operator) {
            self.input.at = at;
            return Ok(false);
        }
        let read = self.cpp_name(&mut name, &mut token, &mut path);
        let special = match (read, name, path.last()) {
            (Ok(()), Some(name), Some(class)) => {
                let text = self.text(name);
                name == *class || text.starts_with('~') || text.starts_with("operator ")
            }
            _ => false,
        };
        if !special || self.kind() != Kind::LParen {
            self.input.at = at;
            return Ok(false);
        }
        let Some(name) = name else { return Ok(false) };
        self.advance();
        let params = self.nested(Self::params)?;
        self.function_qualifiers();
        let types = params.list.iter().map(|param| param.ty).collect();
        let result = if self.text(name).starts_with("operator") { self.basic.unknown } else { self.basic.void };
        let ty = self.types.intern(Type::Function { result, params: types, variadic: params.variadic });
        let declared = super::declarator::Declared {
            name: Some(name),
            token,
            path,
            ty,
            params: Some(params),
            length: None,
            is_pointer: false,
            constant: false,
            has_arguments: false,
        };
        self.method_definition(declared, start, file)?;
        Ok(true)
    }

    /// A function defined with the path of its class or namespace in front.
    pub(super) fn method_definition(
        &mut self,
        mut declared: super::declarator::Declared,
        start: Span,
        file: u16,
    ) -> Parsed<()> {
        let Some(name) = declared.name else { return Err(Bail("a name")) };
        let class = match self.resolve(&declared.path.clone()) {
            Some(Entity::Type(ty)) => Some(ty),
            _ => None,
        };
        let full = self.full_name(&declared.path.clone(), name, declared.ty);
        let span = self.place(declared.token);
        // A method that its class declares as static has no object.
        let plain = declared.ty;
        let known = self.classes.overloads.get(&full).cloned().unwrap_or_default();
        let is_static = known.iter().any(|object| self.objects[*object].ty == plain);
        if let (Some(class), false) = (class, is_static)
            && let Some(params) = &mut declared.params
        {
            let mut taken = std::mem::take(params);
            declared.ty = self.with_this(class, plain, &mut taken);
            declared.params = Some(taken);
        }
        let object = self.function_object(full, declared.ty, span);
        self.unknown_attributes();
        if self.eat(Kind::Assign) {
            self.advance();
        }
        if self.eat(Kind::Semi) {
            return Ok(());
        }
        let depth = self.path.len();
        self.path.extend(declared.path.iter().copied());
        let outer = std::mem::replace(&mut self.classes.this_class, class);
        let result = self.function_definition(object, declared, start, file);
        self.classes.this_class = outer;
        self.path.truncate(depth);
        result
    }

    /// A declaration in a function that C does not have. Gives whether one was read.
    pub(super) fn cpp_declaration(&mut self, _block: &mut Block) -> Parsed<bool> {
        match self.word() {
            Some(Word::Using) => {
                self.using()?;
                Ok(true)
            }
            Some(Word::Namespace) => {
                while !self.eat(Kind::Semi) && !self.at_end() {
                    self.advance();
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Whether `[…]` with the names of parts stands here, behind `&` perhaps.
    pub(super) fn binding_ahead(&self) -> bool {
        let at = usize::from(matches!(self.kind(), Kind::Amp | Kind::AndAnd));
        self.peek(at) == Kind::LBracket && self.peek(at + 1) == Kind::Ident
    }

    /// The names in `[…]`.
    fn bound_names(&mut self) -> Parsed<Vec<Symbol>> {
        while !self.eat(Kind::LBracket) && !self.at_end() {
            self.advance();
        }
        let mut names = Vec::new();
        while self.kind() == Kind::Ident {
            names.push(self.advance().name);
            self.eat(Kind::Comma);
        }
        self.expect(Kind::RBracket, "`]`")?;
        Ok(names)
    }

    /// `auto [a, b] = value;`
    pub(super) fn structured_binding(&mut self, block: &mut Block, start: Span) -> Parsed<()> {
        let names = self.bound_names()?;
        let value = match self.kind() {
            Kind::Assign => {
                self.advance();
                self.assignment()?
            }
            Kind::LBrace | Kind::LParen => {
                self.skip_balanced();
                self.unknown(Vec::new(), start)
            }
            _ => return Err(Bail("`=`")),
        };
        let value = self.value(value);
        let span = self.since(start);
        block.statements.push(Stmt { kind: StmtKind::Expr(value), span });
        for name in names {
            self.declare(name, Entity::Unknown);
        }
        Ok(())
    }

    pub(super) fn deduced_local(&mut self, init: Option<&Init>, ty: TypeId) -> TypeId {
        // `auto *x` and `auto &x` keep what the declarator says.
        if self.is_unknown(ty) { Self::deduced_type(init, ty) } else { ty }
    }

    /// `{…}` or `(…)` behind a variable's name.
    pub(super) fn cpp_initializer(&mut self, ty: TypeId) -> Parsed<(Option<Init>, TypeId)> {
        let start = self.span();
        let target = self.classes.target;
        if self.kind() == Kind::LBrace {
            let has_constructor = self.classes.info.get(&ty).is_some_and(|info| !info.constructors.is_empty());
            if !has_constructor
                && (self.is_record(ty) && self.types.size(ty).is_some()
                    || matches!(self.types.get(ty), Type::Array { .. }))
            {
                return self.initializer(ty);
            }
        }
        let arguments = if self.kind() == Kind::LBrace {
            self.braced_arguments()?
        } else {
            self.expect(Kind::LParen, "`(`")?;
            self.nested(Self::arguments)?
        };
        let span = self.since(start);
        Ok((Some(self.construct(ty, target, arguments, span)), ty))
    }

    /// What initialises a variable from arguments.
    pub(super) fn construct(
        &mut self,
        ty: TypeId,
        target: Option<crate::tree::LocalId>,
        mut arguments: Vec<Expr>,
        span: Span,
    ) -> Init {
        if !self.is_record(ty) {
            let value = if arguments.is_empty() { self.int(0, span) } else { arguments.remove(0) };
            return Init::Value(self.assignable(value, ty));
        }
        let Some(target) = target else { return Init::Unknown };
        let target = Self::expr(ExprKind::Local(target), ty, span);
        let call = self.constructed(target, arguments, span);
        Init::Construct(vec![call])
    }

    /// `= value` for a class: nothing special when the value is of the class itself.
    pub(super) fn cpp_copy_initializer(&mut self, ty: TypeId) -> Parsed<Option<(Option<Init>, TypeId)>> {
        let known = self.classes.info.get(&ty).is_some_and(|info| !info.constructors.is_empty());
        if !known || self.classes.target.is_none() {
            return Ok(None);
        }
        let start = self.span();
        let arguments = if self.kind() == Kind::LBrace { self.braced_arguments()? } else { vec![self.assignment()?] };
        if arguments.len() == 1 && arguments[0].ty == ty {
            let value = arguments.into_iter().next();
            return Ok(value.map(|value| (Some(Init::Value(value)), ty)));
        }
        let span = self.since(start);
        let target = self.classes.target;
        Ok(Some((Some(self.construct(ty, target, arguments, span)), ty)))
    }

    /// `{ a, b }` as arguments.
    pub(super) fn braced_arguments(&mut self) -> Parsed<Vec<Expr>> {
        self.nested(|this| {
            this.expect(Kind::LBrace, "`{`")?;
            let mut arguments = Vec::new();
            while !this.eat(Kind::RBrace) {
                if this.kind() == Kind::LBrace {
                    let start = this.span();
                    let inner = this.braced_arguments()?;
                    let inner = inner.into_iter().map(|value| this.value(value)).collect();
                    let span = this.since(start);
                    arguments.push(this.unknown(inner, span));
                } else {
                    if this.kind() == Kind::Dot && this.peek(1) == Kind::Ident && this.peek(2) == Kind::Assign {
                        this.advance();
                        this.advance();
                        this.advance();
                    }
                    arguments.push(this.assignment()?);
                }
                this.eat(Kind::Ellipsis);
                if !this.eat(Kind::Comma) && this.kind() != Kind::RBrace {
                    return Err(Bail("`}`"));
                }
            }
            Ok(arguments)
        })
    }

    /// What stands in the parentheses of a condition: a declaration with its value, or an expression.
    pub(super) fn cpp_condition(&mut self) -> Parsed<Expr> {
        self.expect(Kind::LParen, "`(`")?;
        let start = self.span();
        let mut block = Block::default();
        // `if (init; condition)`
        let mut ahead = 0;
        let mut depth = 0_usize;
        let has_init = loop {
            match self.peek(ahead) {
                Kind::LParen | Kind::LBrace | Kind::LBracket => depth += 1,
                Kind::RParen | Kind::RBrace | Kind::RBracket if depth == 0 => break false,
                Kind::RParen | Kind::RBrace | Kind::RBracket => depth -= 1,
                Kind::Semi if depth == 0 => break true,
                Kind::End => break false,
                _ => {}
            }
            ahead += 1;
        };
        if has_init {
            if self.starts_type(true) {
                self.declaration(&mut block)?;
            } else {
                if self.kind() != Kind::Semi {
                    let expr = self.expression()?;
                    block.statements.push(Stmt { kind: StmtKind::Expr(expr), span: start });
                }
                self.expect(Kind::Semi, "`;`")?;
            }
        }
        let condition = if self.condition_declares() {
            let specifiers = self.specifiers()?;
            let declared = self.declarator(specifiers.ty, true)?;
            let name = declared.name.ok_or(Bail("a name"))?;
            let span = self.place(declared.token);
            self.automatic_variable(&mut block, name, declared.ty, None, specifiers, span, start)?;
            let found = self.lookup(name);
            self.entity_value(found, name, span)?
        } else {
            self.expression()?
        };
        self.expect(Kind::RParen, "`)`")?;
        let condition = self.condition(condition);
        if block.statements.is_empty() {
            return Ok(condition);
        }
        // The variables live as long as the statement.
        block.open = true;
        let (ty, span) = (condition.ty, self.since(start));
        block.statements.push(Stmt { kind: StmtKind::Expr(condition), span });
        Ok(Self::expr(ExprKind::Block(Box::new(block)), ty, span))
    }

    /// Whether a variable is declared here: what looks like a declaration is one when a value follows.
    fn condition_declares(&mut self) -> bool {
        let (mut ahead, mut depth) = (0, 0_usize);
        loop {
            match self.peek(ahead) {
                Kind::Assign | Kind::LBrace if depth == 0 => return self.starts_type(true),
                Kind::LParen | Kind::LBrace | Kind::LBracket => depth += 1,
                Kind::RParen | Kind::RBrace | Kind::RBracket if depth == 0 => return false,
                Kind::RParen | Kind::RBrace | Kind::RBracket => depth -= 1,
                Kind::End => return false,
                _ => {}
            }
            ahead += 1;
        }
    }

    /// `for (declaration : range)`; nothing is read when it is another `for`.
    pub(super) fn range_for(&mut self) -> Parsed<Option<StmtKind>> {
        let (mut ahead, mut depth) = (0, 0_usize);
        loop {
            match self.peek(ahead) {
                Kind::LParen | Kind::LBrace | Kind::LBracket => depth += 1,
                Kind::RParen | Kind::RBrace | Kind::RBracket if depth == 0 => return Ok(None),
                Kind::RParen | Kind::RBrace | Kind::RBracket => depth -= 1,
                Kind::Semi | Kind::Question if depth == 0 => return Ok(None),
                Kind::Colon if depth == 0 => break,
                Kind::End => return Ok(None),
                _ => {}
            }
            ahead += 1;
        }
        let start = self.span();
        let specifiers = self.specifiers()?;
        let mut block = Block::default();
        let (mut names, mut declared) = (Vec::new(), None);
        if specifiers.deduced && self.binding_ahead() {
            names = self.bound_names()?;
        } else {
            declared = Some(self.declarator(specifiers.ty, true)?);
        }
        self.expect(Kind::Colon, "`:`")?;
        let range = if self.kind() == Kind::LBrace {
            self.skip_balanced();
            self.unknown(Vec::new(), start)
        } else {
            self.expression()?
        };
        self.expect(Kind::RParen, "`)`")?;
        let span = self.since(start);
        let range = if range.is_lvalue() { self.address_of(range) } else { self.value(range) };
        let range_ty = range.ty;
        let holder = self.temporary(range_ty, span).ok_or(Bail("a function around it"))?;
        let init = Stmt { kind: StmtKind::Declare(holder, Some(Init::Value(range))), span };
        let again = |this: &Self| {
            let range = Self::expr(ExprKind::Local(holder), range_ty, span);
            this.unknown(vec![range], span)
        };
        if let Some(declared) = declared
            && let Some(name) = declared.name
        {
            let ty = declared.ty;
            let id = self.new_local(name, ty, self.place(declared.token)).ok_or(Bail("a function around it"))?;
            self.declare(name, Entity::Local(id));
            let element = Expr { ty, ..again(self) };
            block.statements.push(Stmt { kind: StmtKind::Declare(id, Some(Init::Value(element))), span });
        }
        for name in names {
            self.declare(name, Entity::Unknown);
        }
        let condition = Expr { ty: self.basic.bool, ..again(self) };
        let (at, body_start) = (self.input.at, self.span());
        let body = match self.nested(Self::statement) {
            Ok(body) => body,
            Err(bail) => {
                self.recover(at);
                self.not_understood(at, body_start, bail)
            }
        };
        block.statements.push(body);
        let turn = Stmt { kind: StmtKind::Block(block), span };
        let whole = Stmt { kind: StmtKind::While(condition, Box::new(turn)), span };
        Ok(Some(StmtKind::Block(Block { statements: vec![init, whole], open: false })))
    }

    pub(super) fn try_statement(&mut self) -> Parsed<StmtKind> {
        self.advance();
        let body = self.scoped(Self::compound)?;
        Ok(StmtKind::Try(body, self.handlers()?))
    }

    pub(super) fn handlers(&mut self) -> Parsed<Vec<Handler>> {
        let mut handlers = Vec::new();
        while self.eat_word(Word::Catch) {
            self.expect(Kind::LParen, "`(`")?;
            let handler = self.scoped(|this| {
                let mut local = None;
                if !this.eat(Kind::Ellipsis) {
                    let specifiers = this.specifiers()?;
                    let declared = this.declarator(specifiers.ty, false)?;
                    if let Some(name) = declared.name {
                        let span = this.place(declared.token);
                        local = this.new_local(name, declared.ty, span);
                        if let Some(id) = local {
                            this.declare(name, Entity::Local(id));
                        }
                    }
                }
                this.expect(Kind::RParen, "`)`")?;
                let body = this.compound()?;
                Ok(Handler { local, body })
            })?;
            handlers.push(handler);
        }
        if handlers.is_empty() { Err(Bail("`catch`")) } else { Ok(handlers) }
    }
}
