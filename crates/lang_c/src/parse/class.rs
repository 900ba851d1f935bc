//! Classes of C++, and the members of records in both languages.
#![expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "C++ is still to come")]

use super::specifiers::{Attributes, Member, Specifiers, Storage};
use super::{Bail, Entity, Parsed, Parser};
use crate::lex::Kind;
use crate::words::Word;
use assay_index::{FxHashMap, Symbol};
use assay_ir::{ObjectId, Type, TypeId};
use assay_text::Span;

/// What is known about classes and namespaces.
#[derive(Default)]
pub(super) struct Classes {
    /// The reference to each type.
    pub(super) references: FxHashMap<TypeId, TypeId>,
    /// Whether `>` ends a list of template arguments here.
    pub(super) in_template_arguments: bool,
}

/// A method whose body is still to be parsed.
pub(super) struct Pending;

impl Parser<'_> {
    /// The members of a record, with the braces.
    pub(super) fn class_body(
        &mut self,
        ty: TypeId,
        _name: Option<Symbol>,
        _name_span: Span,
        union: bool,
        attributes: Attributes,
    ) -> Parsed<()> {
        self.expect(Kind::LBrace, "`{`")?;
        let mut members = Vec::new();
        while !self.eat(Kind::RBrace) {
            if self.at_end() {
                return Err(Bail("`}`"));
            }
            let (at, start) = (self.input.at, self.span());
            if let Err(bail) = self.member_declaration(&mut members) {
                self.syntax_gap(start, bail);
                self.input.at = at;
                self.skip_member();
            }
            if self.input.at == at {
                self.advance();
            }
        }
        let mut attributes = attributes;
        attributes.merge(self.attributes());
        self.lay_out(ty, members, union, attributes);
        Ok(())
    }

    /// Goes on behind the `;` of a member that was not understood.
    fn skip_member(&mut self) {
        while !matches!(self.kind(), Kind::RBrace | Kind::End) {
            match self.kind() {
                Kind::Semi => {
                    self.advance();
                    return;
                }
                Kind::LBrace | Kind::LParen | Kind::LBracket => {
                    self.skip_balanced();
                }
                _ => {
                    self.advance();
                }
            }
        }
    }

    fn member_declaration(&mut self, members: &mut Vec<Member>) -> Parsed<()> {
        if self.eat(Kind::Semi) {
            return Ok(());
        }
        if matches!(self.word(), Some(Word::StaticAssert_ | Word::StaticAssert)) {
            return self.static_assert();
        }
        let specifiers = self.specifiers()?;
        let empty = self.intern("");
        if self.eat(Kind::Semi) {
            // An anonymous record, whose members are those of the record around it.
            if self.is_record(specifiers.ty) {
                members.push(Member { name: empty, ty: specifiers.ty, bits: None, align: specifiers.attributes.align });
            }
            return Ok(());
        }
        loop {
            let (mut name, mut ty) = (empty, specifiers.ty);
            let mut align = specifiers.attributes.align;
            if self.kind() != Kind::Colon {
                let declared = self.declarator(specifiers.ty, false)?;
                name = declared.name.ok_or(Bail("a member"))?;
                ty = declared.ty;
            }
            let bits = if self.eat(Kind::Colon) {
                let width = self.constant_expression()?;
                Some(width.and_then(|width| u64::try_from(width).ok()).unwrap_or(1))
            } else {
                None
            };
            align = align.max(self.attributes().align);
            if specifiers.storage != Storage::Typedef && !matches!(self.types.get(ty), Type::Function { .. }) {
                members.push(Member { name, ty, bits, align });
            }
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::Semi, "`;`")
    }

    pub(super) fn is_base(&self, _record: TypeId, _field: usize) -> bool {
        false
    }

    pub(super) fn declare_class(&mut self, _name: Symbol, _ty: TypeId) {}
    pub(super) fn declare_qualified(&mut self, _name: Symbol, _entity: Entity) {}
    pub(super) fn declare_member_constant(
        &mut self,
        _path: Option<Symbol>,
        _name: Option<Symbol>,
        _constant: Symbol,
        _entity: Entity,
    ) {
    }
    pub(super) fn full_name(&mut self, _path: &[Symbol], name: Symbol, _ty: TypeId) -> Symbol {
        name
    }
    pub(super) fn parse_pending(&mut self) {
        self.pending.clear();
    }
    pub(super) fn lookup_qualified(&mut self, _name: Symbol) -> Option<Entity> {
        None
    }
    pub(super) fn qualified_type_ahead(&mut self, _in_statement: bool) -> bool {
        false
    }
    pub(super) fn is_cpp_type_word(&self, _word: Word) -> bool {
        false
    }
    pub(super) fn qualified_type(&mut self) -> Parsed<Option<TypeId>> {
        Ok(None)
    }
    pub(super) fn template_arguments(&mut self) {}
    pub(super) fn member_pointer_ahead(&self) -> bool {
        false
    }
    pub(super) fn cpp_name(
        &mut self,
        _name: &mut Option<Symbol>,
        _token: &mut crate::preprocess::Token,
        _path: &mut Vec<Symbol>,
    ) -> Parsed<()> {
        Ok(())
    }
    pub(super) fn params_ahead(&mut self) -> bool {
        true
    }
    pub(super) fn function_qualifiers(&mut self) {}
    pub(super) fn skip_default(&mut self) {}
    pub(super) fn cpp_external(&mut self) -> Parsed<bool> {
        Ok(false)
    }
    pub(super) fn cpp_function_body(&mut self) -> Parsed<crate::tree::Block> {
        self.compound()
    }
    pub(super) fn cpp_initializer(&mut self, ty: TypeId) -> Parsed<(Option<crate::tree::Init>, TypeId)> {
        self.initializer(ty)
    }
    pub(super) fn cpp_copy_initializer(&mut self, _ty: TypeId) -> Parsed<Option<(Option<crate::tree::Init>, TypeId)>> {
        Ok(None)
    }
    pub(super) fn throw(&mut self) -> Parsed<crate::tree::Expr> {
        Err(Bail("an expression"))
    }
    pub(super) fn overloaded(&mut self, _operator: Kind, _operand: &crate::tree::Expr) -> Option<ObjectId> {
        None
    }
    pub(super) fn overloaded_two(
        &mut self,
        _operator: Kind,
        _left: &crate::tree::Expr,
        _right: &crate::tree::Expr,
    ) -> Option<ObjectId> {
        None
    }
    pub(super) fn operator_call(
        &mut self,
        _call: ObjectId,
        left: crate::tree::Expr,
        _right: Option<crate::tree::Expr>,
        _span: Span,
    ) -> crate::tree::Expr {
        left
    }
    pub(super) fn new_or_delete(&mut self, _start: Span) -> Parsed<crate::tree::Expr> {
        Err(Bail("an expression"))
    }
    pub(super) fn cpp_member(
        &mut self,
        expr: crate::tree::Expr,
        _arrow: bool,
        _start: Span,
    ) -> Parsed<crate::tree::Expr> {
        Ok(expr)
    }
    pub(super) fn cpp_callee(&mut self, _callee: &crate::tree::Expr) -> Option<ObjectId> {
        None
    }
    pub(super) fn cpp_call(
        &mut self,
        _call: ObjectId,
        callee: crate::tree::Expr,
        _arguments: Vec<crate::tree::Expr>,
        _span: Span,
    ) -> crate::tree::Expr {
        callee
    }
    pub(super) fn fold_expression(&mut self) -> bool {
        false
    }
    pub(super) fn cpp_primary(&mut self, _start: Span) -> Parsed<Option<crate::tree::Expr>> {
        Ok(None)
    }
    pub(super) fn lambda(&mut self, _start: Span) -> Parsed<crate::tree::Expr> {
        Err(Bail("an expression"))
    }
    pub(super) fn qualified_name(&mut self, _start: Span) -> Parsed<crate::tree::Expr> {
        Err(Bail("an expression"))
    }
    pub(super) fn cpp_declaration(&mut self, _block: &mut crate::tree::Block) -> Parsed<bool> {
        Ok(false)
    }
    pub(super) fn structured_binding(&mut self, _block: &mut crate::tree::Block, _start: Span) -> Parsed<()> {
        Ok(())
    }
    pub(super) fn deduced_local(&mut self, init: Option<&crate::tree::Init>, ty: TypeId) -> TypeId {
        Self::deduced_type(init, ty)
    }
    pub(super) fn default_constructed(&mut self, _ty: TypeId, _span: Span) -> Option<crate::tree::Init> {
        None
    }
    pub(super) fn set_destructor(&mut self, _id: crate::tree::LocalId) {}
    pub(super) fn try_statement(&mut self) -> Parsed<crate::tree::StmtKind> {
        Err(Bail("a statement"))
    }
    pub(super) fn cpp_condition(&mut self) -> Parsed<crate::tree::Expr> {
        self.parenthesised()
    }
    pub(super) fn range_for(&mut self) -> Parsed<Option<crate::tree::StmtKind>> {
        Ok(None)
    }
    #[expect(dead_code, reason = "for later")]
    fn nothing(_: Specifiers) {}
}
