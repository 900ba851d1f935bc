//! `try` in all its forms.

use super::{Lowering, span_of};
use crate::scope::old_except_name;
use assay_ir::{Op, Terminator, Value};
use assay_text::Span;
use ruff_python_ast::{ExceptHandler, ExceptHandlerExceptHandler, Expr, StmtTry};

impl<'a> Lowering<'a> {
    pub(super) fn try_statement(&mut self, statement: &'a StmtTry) {
        if statement.finalbody.is_empty() {
            self.try_except(statement);
            return;
        }
        let mut finally = self.body.begin_finally();
        self.try_except(statement);
        self.body.enter_finally(&mut finally);
        self.suite(&statement.finalbody);
        self.body.leave_finally(&finally);
    }

    fn try_except(&mut self, statement: &'a StmtTry) {
        if statement.handlers.is_empty() {
            self.suite(&statement.body);
            self.suite(&statement.orelse);
            return;
        }
        let catch = self.body.begin_catch();
        self.suite(&statement.body);
        self.body.end_catch(&catch);
        self.suite(&statement.orelse);
        let mut ends = vec![self.body.current()];

        self.body.switch_to(catch.handler);
        let handlers: Vec<&ExceptHandlerExceptHandler> =
            statement.handlers.iter().map(|ExceptHandler::ExceptHandler(handler)| handler).collect();
        let catches_all = handlers.iter().any(|h| h.type_.is_none());
        // One target for each handler, and one for an exception that none of them takes.
        let count = handlers.len() + usize::from(!catches_all);
        let targets: Vec<_> = (0..count).map(|_| self.body.new_block()).collect();
        if let [only] = targets[..] {
            self.body.goto(only);
        } else {
            self.body.terminate(Terminator::Choice(targets.clone()));
        }
        for target in &targets {
            self.body.seal(*target);
        }
        for (handler, &target) in handlers.iter().zip(&targets) {
            if self.body.overflowed() {
                break;
            }
            self.body.switch_to(target);
            self.handler(handler);
            ends.push(self.body.current());
        }
        if !catches_all && let Some(&target) = targets.last() {
            self.body.switch_to(target);
            self.body.raise(None);
        }
        let after = self.gather(&ends);
        self.body.switch_to(after);
    }

    fn handler(&mut self, handler: &'a ExceptHandlerExceptHandler) {
        let mut name = handler.name.as_ref().map(|n| (n.as_str(), span_of(n)));
        let mut types = Vec::new();
        if let Some(kind) = &handler.type_ {
            match (old_except_name(kind), &**kind) {
                (Some(old), Expr::Tuple(tuple)) if name.is_none() => {
                    if let [kind, bound] = &tuple.elts[..] {
                        self.caught_types(kind, &mut types);
                        name = Some((old, span_of(bound)));
                    }
                }
                _ => self.caught_types(kind, &mut types),
            }
        }
        let start = span_of(handler).start;
        let at = match (&handler.type_, name) {
            (_, Some((_, span))) => span,
            (Some(kind), None) => span_of(&**kind),
            (None, None) => Span::new(start, start + "except".len() as u32),
        };
        let caught = self.push(Op::Caught(types), at);
        if let Some((name, span)) = name {
            self.store(name, caught, span);
        }
        self.suite(&handler.body);
        if let (Some(name), false) = (&handler.name, self.body.is_dead()) {
            self.unset(name, span_of(name));
        }
    }

    /// The classes that a handler names, a tuple taken apart.
    fn caught_types(&mut self, kind: &'a Expr, types: &mut Vec<Value>) {
        match kind {
            Expr::Tuple(tuple) => {
                for kind in &tuple.elts {
                    types.push(self.expression(kind));
                }
            }
            kind => types.push(self.expression(kind)),
        }
    }
}
