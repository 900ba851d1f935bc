//! Expressions.

use super::Lowering;
use crate::expression::{Argument, Expr, Kind, Operator};
use assay_ir::template as runtime;
use assay_ir::{
    Arg, ArgKind, BinaryOp, BlockId, Collection, CompareOp, Const, Conversion, Element, Op, Piece, UnaryOp, Value,
};
use assay_text::Span;

/// Functions that are there in every template, if nothing else has their name.
const GLOBALS: [&str; 14] = [
    "_",
    "gettext",
    "ngettext",
    "pgettext",
    "npgettext",
    "url_for",
    "get_flashed_messages",
    "csrf_token",
    "range",
    "dict",
    "static",
    "url",
    "lipsum",
    "cycler",
];

impl Lowering<'_> {
    /// The value of a name.
    pub(super) fn name(&mut self, name: &str, span: Span) -> Value {
        if let Some(local) = self.frame.locals.get(name) {
            let variable = local.variable;
            return self.frame.body.read(variable);
        }
        if name == "request" && !self.frame.is_macro {
            return self.frame.request;
        }
        let key = self.text(name, span);
        let passed = self.frame.passed;
        self.push(Op::Item(passed, key), span)
    }

    pub(super) fn expression(&mut self, expr: &Expr) -> Value {
        let span = expr.span;
        match &expr.kind {
            Kind::Str(text) => self.text(text, span),
            Kind::Int(i) => self.push(Op::Const(Const::Int(*i)), span),
            Kind::Float(x) => self.push(Op::Const(Const::Float(x.to_bits())), span),
            Kind::Bool(b) => self.push(Op::Const(Const::Bool(*b)), span),
            Kind::None => self.none(span),
            Kind::Name(name) => self.name(name, span),
            Kind::Attr(base, name) => self.attribute(base, name, span),
            Kind::Item(base, key) => {
                let (base, key) = (self.expression(base), self.expression(key));
                self.push(Op::Item(base, key), span)
            }
            Kind::Call(callee, args) => self.call_expression(callee, args, span),
            Kind::Filter(base, name, args) => self.filter(base, name, args, span),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            Kind::Not(inner) => {
                let inner = self.expression(inner);
                self.push(Op::Unary(UnaryOp::Not, inner), span)
            }
            Kind::Choice(test, value, other) => {
                let (then_to, else_to) = self.condition(test);
                self.frame.body.switch_to(then_to);
                let value = self.expression(value);
                let value_end = self.frame.body.current();
                self.frame.body.switch_to(else_to);
                let other = match other {
                    Some(other) => self.expression(other),
                    None => self.none(span),
                };
                let other_end = self.frame.body.current();
                self.frame.body.join(&[(value_end, value), (other_end, other)], span)
            }
            Kind::Concat(parts) => {
                let pieces = parts
                    .iter()
                    .map(|part| Piece::Hole { value: self.expression(part), conversion: Conversion::Str, spec: None })
                    .collect();
                self.push(Op::Format(pieces), span)
            }
            Kind::List(items) => self.collection(Collection::List, items, span),
            Kind::Tuple(items) => self.collection(Collection::Tuple, items, span),
            Kind::Dict(items) => {
                let entries =
                    items.iter().map(|(key, value)| (Some(self.expression(key)), self.expression(value))).collect();
                self.push(Op::Dict(entries), span)
            }
            Kind::Parts(parts) => {
                let parts = parts.iter().map(|part| self.expression(part)).collect();
                self.push(Op::Unknown(parts), span)
            }
        }
    }

    fn collection(&mut self, kind: Collection, items: &[Expr], span: Span) -> Value {
        let elements = items.iter().map(|item| Element { value: self.expression(item), spread: false }).collect();
        self.push(Op::Collection(kind, elements), span)
    }

    fn attribute(&mut self, base: &Expr, name: &str, span: Span) -> Value {
        match &base.kind {
            Kind::Name(block) if block == "block" && name == "super" => return self.inherited_block(span),
            Kind::Name(template) if self.frame.locals.get(template).is_some_and(|local| local.imported) => {
                let own = self.own(name);
                let symbol = self.strings.intern(&own);
                let base = self.expression(base);
                return self.push(Op::Attr(base, symbol), span);
            }
            _ => {}
        }
        let base = self.expression(base);
        let symbol = self.strings.intern(name);
        self.push(Op::Attr(base, symbol), span)
    }

    /// Runs the block that the current one overrides.
    fn inherited_block(&mut self, span: Span) -> Value {
        if let (Some(block), Some(name)) = (self.frame.block.clone(), self.extends.clone()) {
            let name = self.expression(&name);
            let block = self.text(&block, span);
            let inherited = self.run(runtime::SUPER, &[name, block], span);
            let context = self.context();
            let request = self.request(span);
            self.call(inherited, &[context, request], span);
        }
        self.none(span)
    }

    /// Whether calling it runs code of templates, which puts out what it has to itself.
    pub(super) fn runs_template(&self, callee: &Expr) -> bool {
        match &callee.kind {
            Kind::Name(name) => {
                let local = self.frame.locals.contains_key(name);
                matches!(name.as_str(), "super" | "caller") || (!local && self.macros.contains(name))
            }
            Kind::Attr(base, _) => match &base.kind {
                Kind::Name(name) => name == "self" || self.frame.locals.get(name).is_some_and(|local| local.imported),
                _ => false,
            },
            _ => false,
        }
    }

    fn call_expression(&mut self, callee: &Expr, args: &[Argument], span: Span) -> Value {
        let func = match &callee.kind {
            Kind::Name(name) if !self.frame.locals.contains_key(name) => match name.as_str() {
                "super" => return self.inherited_block(span),
                "caller" => return self.none(span),
                "escape" | "xhtml_escape" if args.len() == 1 && !self.macros.contains(name) => {
                    return self.filter(&args[0].value, "escape", &[], span);
                }
                _ if self.macros.contains(name) => {
                    let own = self.own(name);
                    self.global(&own, callee.span)
                }
                _ if GLOBALS.contains(&name.as_str()) => {
                    self.global(&format!("{}{name}", runtime::GLOBALS), callee.span)
                }
                _ => self.expression(callee),
            },
            Kind::Attr(base, name) if matches!(&base.kind, Kind::Name(s) if s == "self") => {
                let own = self.own(&format!("{}{name}", runtime::BLOCK));
                let func = self.global(&own, callee.span);
                let context = self.context();
                let request = self.request(span);
                return self.call(func, &[context, request], span);
            }
            _ => self.expression(callee),
        };
        let args = self.arguments(args);
        self.push(Op::Call { func, args }, span)
    }

    fn arguments(&mut self, args: &[Argument]) -> Vec<Arg> {
        args.iter()
            .map(|argument| {
                let value = self.expression(&argument.value);
                let kind = match (&argument.name, argument.stars) {
                    (Some(name), _) => ArgKind::Keyword(self.strings.intern(name)),
                    (None, 1) => ArgKind::Spread,
                    (None, 2) => ArgKind::KeywordSpread,
                    _ => ArgKind::Positional,
                };
                Arg { kind, value }
            })
            .collect()
    }

    pub(super) fn filter(&mut self, base: &Expr, name: &str, args: &[Argument], span: Span) -> Value {
        let value = self.expression(base);
        self.apply_filter(value, name, args, span)
    }

    pub(super) fn apply_filter(&mut self, value: Value, name: &str, args: &[Argument], span: Span) -> Value {
        let func = self.global(&format!("{}{name}", runtime::FILTERS), span);
        let mut all = vec![Arg { kind: ArgKind::Positional, value }];
        all.extend(self.arguments(args));
        self.push(Op::Call { func, args: all }, span)
    }

    fn binary(&mut self, operator: Operator, left: &Expr, right: &Expr, span: Span) -> Value {
        let compare = match operator {
            Operator::And | Operator::Or => {
                let value = self.expression(left);
                let (then_to, else_to) = self.frame.body.branch(value);
                let (goes_on, ends) = if operator == Operator::And { (then_to, else_to) } else { (else_to, then_to) };
                self.frame.body.switch_to(goes_on);
                let other = self.expression(right);
                let end = self.frame.body.current();
                return self.frame.body.join(&[(ends, value), (end, other)], span);
            }
            Operator::Eq => CompareOp::Eq,
            Operator::NotEq => CompareOp::NotEq,
            Operator::Less => CompareOp::Less,
            Operator::LessEq => CompareOp::LessEq,
            Operator::Greater => CompareOp::Greater,
            Operator::GreaterEq => CompareOp::GreaterEq,
            Operator::In => CompareOp::In,
            Operator::NotIn => CompareOp::NotIn,
            Operator::Is => CompareOp::Is,
            Operator::IsNot => CompareOp::IsNot,
            arithmetic => {
                let op = match arithmetic {
                    Operator::Sub => BinaryOp::Sub,
                    Operator::Mul => BinaryOp::Mul,
                    Operator::Div => BinaryOp::Div,
                    Operator::FloorDiv => BinaryOp::FloorDiv,
                    Operator::Mod => BinaryOp::Mod,
                    Operator::Pow => BinaryOp::Pow,
                    _ => BinaryOp::Add,
                };
                let (left, right) = (self.expression(left), self.expression(right));
                return self.push(Op::Binary(op, left, right), span);
            }
        };
        let (left, right) = (self.expression(left), self.expression(right));
        self.push(Op::Compare(compare, left, right), span)
    }

    /// Tests a condition; both results are open blocks.
    pub(super) fn condition(&mut self, test: &Expr) -> (BlockId, BlockId) {
        match &test.kind {
            Kind::Not(inner) => {
                let (then_to, else_to) = self.condition(inner);
                (else_to, then_to)
            }
            Kind::Binary(operator @ (Operator::And | Operator::Or), left, right) => {
                let and = *operator == Operator::And;
                let (then_to, else_to) = self.condition(left);
                let (goes_on, first) = if and { (then_to, else_to) } else { (else_to, then_to) };
                self.frame.body.switch_to(goes_on);
                let (then_to, else_to) = self.condition(right);
                let (stays, second) = if and { (then_to, else_to) } else { (else_to, then_to) };
                self.join_blocks(&[first, second]);
                let joined = self.frame.body.current();
                if and { (stays, joined) } else { (joined, stays) }
            }
            _ => {
                let value = self.expression(test);
                self.frame.body.branch(value)
            }
        }
    }
}
