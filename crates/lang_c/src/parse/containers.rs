//! Containers of the standard library whose header is not there, of numbers and addresses.
//!
//! Such a container is a record of its own for each type of element: how many elements it has, the last that was added, and the first few. An element that is named
//! by a constant is that member; what adds an element at the end, or gives the last one, is a function of the library that knows the form of
//! the record. Every other method is one that nothing is known of, which may do anything to the elements.

use super::specifiers::{Attributes, Member};
use super::{Entity, Parser};
use crate::lex::Kind;
use crate::tree::{Expr, ExprKind, Init};
use assay_index::Symbol;
use assay_ir::{Linkage, Type, TypeId};
use assay_text::Span;

/// Containers by the position of an element.
const SEQUENCES: [&str; 5] = ["vector", "deque", "list", "stack", "queue"];
/// Containers by a key.
const KEYED: [&str; 2] = ["map", "unordered_map"];
/// Elements that are told apart.
const ELEMENTS: u64 = 64;

impl Parser<'_> {
    /// The container that a name with template arguments means which begins at a token and was read.
    pub(super) fn container(&mut self, start: usize, parts: &[Symbol]) -> Option<TypeId> {
        let (name, path) = parts.split_last()?;
        let keyed = KEYED.contains(&self.text(*name));
        let standard = match path {
            [] => self.classes.used.iter().any(|space| self.text(*space) == "std"),
            [space] => self.text(*space) == "std",
            _ => false,
        };
        if !standard || !keyed && !SEQUENCES.contains(&self.text(*name)) {
            return None;
        }
        if let Some(Entity::Type(known)) = self.resolve(parts)
            && self.types.size(known).is_some()
        {
            return None;
        }
        let end = self.input.at;
        self.input.at = start;
        while self.input.at < end && self.kind() != Kind::Lt {
            self.advance();
        }
        let outer = std::mem::replace(&mut self.classes.in_template_arguments, true);
        let mut element = None;
        if self.eat(Kind::Lt) {
            let first = self.attempt(Self::type_name);
            element = if keyed && first.is_some() && self.eat(Kind::Comma) {
                self.attempt(Self::type_name)
            } else {
                first.filter(|_| !keyed)
            };
        }
        self.classes.in_template_arguments = outer;
        let whole = self.kind() == Kind::Gt && self.input.at + 1 == end;
        self.input.at = end;
        let element = element.filter(|ty| whole && self.types.is_scalar(*ty))?;
        if let Some(known) = self.classes.containers.get(&(*name, element)) {
            return Some(*known);
        }
        let full = self.intern("std::vector");
        let ty = self.new_record(full, false);
        let elements = self.types.intern(Type::Array { element, count: Some(ELEMENTS) });
        let (count, size) = (self.intern("<count>"), self.basic.size);
        let (last, all) = (self.intern("<last>"), self.intern("<elements>"));
        let member = |name, ty| Member { name, ty, bits: None, align: None };
        let members = vec![member(count, size), member(last, element), member(all, elements)];
        self.lay_out(ty, members, false, Attributes::default());
        self.classes.containers.insert((*name, element), ty);
        self.classes.elements.insert(ty, element);
        Some(ty)
    }

    /// Whether a type is that of a container.
    pub(super) fn is_container(&self, ty: TypeId) -> bool {
        self.classes.elements.contains_key(&ty)
    }

    /// An empty container.
    pub(super) fn empty_container(&self, ty: TypeId) -> Option<Init> {
        self.is_container(ty).then(|| Init::Parts { parts: Vec::new(), all: false })
    }

    /// Whether an expression with that index names an element of a container that is told apart.
    pub(super) fn names_element(&self, base: &Expr, index: &Expr) -> bool {
        self.is_container(base.ty)
            && base.is_lvalue()
            && matches!(index.kind, ExprKind::Int(at) if u64::try_from(at).is_ok_and(|at| at < ELEMENTS))
    }

    /// That element.
    pub(super) fn container_element(&mut self, base: Expr, index: Expr, span: Span) -> Expr {
        let name = self.intern("<elements>");
        let list = self.member(base, name, span);
        let address = self.add(list, index, false, span);
        self.deref(address, span)
    }

    /// A method of a container that is known; the same expressions where it is none.
    pub(super) fn container_method(
        &mut self,
        base: Expr,
        name: Symbol,
        mut arguments: Vec<Expr>,
        span: Span,
    ) -> Result<Expr, (Expr, Vec<Expr>)> {
        let Some(element) = self.classes.elements.get(&base.ty).copied() else { return Err((base, arguments)) };
        let this = self.pointer_to(base.ty);
        let void = self.basic.void;
        match (self.text(name), &arguments[..]) {
            ("at", [index]) if self.names_element(&base, index) => {
                let index = arguments.remove(0);
                Ok(self.container_element(base, index, span))
            }
            ("front", []) if base.is_lvalue() => {
                let first = self.int(0, span);
                Ok(self.container_element(base, first, span))
            }
            // What has no positions is written at its ends alone.
            ("back" | "top", []) if base.is_lvalue() && !self.has_positions(base.ty) => {
                let last = self.intern("<last>");
                Ok(self.member(base, last, span))
            }
            ("back" | "top", []) => {
                let result = self.pointer_to(element);
                let address = self.container_call("back", base, arguments, vec![this], result, span);
                Ok(self.deref(address, span))
            }
            ("push_back" | "push" | "emplace_back", [_]) => {
                Ok(self.container_call("push_back", base, arguments, vec![this, element], void, span))
            }
            ("insert", [place, number, _]) if matches!(number.kind, ExprKind::Int(1)) && self.is_end(place) => {
                let value = arguments.split_off(2);
                Ok(self.container_call("push_back", base, value, vec![this, element], void, span))
            }
            ("end" | "size" | "empty", []) => {
                let (name, result) = (self.text(name).to_owned(), self.basic.size);
                Ok(self.container_call(&name, base, arguments, vec![this], result, span))
            }
            _ => Err((base, arguments)),
        }
    }

    /// Whether elements of a container are named by their positions.
    fn has_positions(&self, ty: TypeId) -> bool {
        let name = self.classes.containers.iter().find(|(_, known)| **known == ty).map(|((name, _), _)| *name);
        name.is_some_and(|name| matches!(self.text(name), "vector" | "deque"))
    }

    /// Whether a value is the end of a container.
    fn is_end(&self, value: &Expr) -> bool {
        let ExprKind::Call(callee, _) = &value.kind else { return false };
        let mut callee = &**callee;
        while let ExprKind::Address(inner) | ExprKind::Convert(inner) = &callee.kind {
            callee = inner;
        }
        matches!(callee.kind, ExprKind::Object(object) if self.text(self.objects[object].name) == "std::vector::end")
    }

    /// A call of a function of the library that knows the form of containers.
    fn container_call(
        &mut self,
        name: &str,
        base: Expr,
        arguments: Vec<Expr>,
        params: Vec<TypeId>,
        result: TypeId,
        span: Span,
    ) -> Expr {
        let full = self.intern(&format!("std::vector::{name}"));
        let more: Vec<TypeId> = params.iter().skip(1).copied().collect();
        let ty = self.types.intern(Type::Function { result, params, variadic: false });
        let object = self.object(full, ty, Linkage::External, Span::default());
        let callee = Self::expr(ExprKind::Object(object), ty, span);
        let callee = self.value(callee);
        let mut all = vec![self.address_of(base)];
        for (value, param) in arguments.into_iter().zip(more) {
            all.push(self.assignable(value, param));
        }
        Self::expr(ExprKind::Call(Box::new(callee), all), result, span)
    }
}
