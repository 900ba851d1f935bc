//! Statements other than definitions and `try`.

use super::expression::{attribute_of_dict, binary_op};
use super::{Lowering, span, span_of};
use assay_ir::{Arg, ArgKind, GapReason, Op, Value};
use assay_text::Span;
use ruff_python_ast::{
    Alias, Expr, ExprName, Stmt, StmtAnnAssign, StmtAssert, StmtAssign, StmtAugAssign, StmtFor, StmtIf, StmtImport,
    StmtImportFrom, StmtRaise, StmtWhile, StmtWith,
};

impl<'a> Lowering<'a> {
    pub(super) fn suite(&mut self, statements: &'a [Stmt]) {
        let mut rest = statements.iter().peekable();
        while let Some(statement) = rest.next() {
            // Beyond the limit nothing more is added, blocks included.
            if self.body.overflowed() {
                return;
            }
            if let Some((name, operand)) = rest.peek().and_then(|next| self.python2_statement(statement, next)) {
                rest.next();
                self.nested(span_of(statement), |this| this.python2_call(name, operand));
                continue;
            }
            self.nested(span_of(statement), |this| this.statement(statement));
        }
    }

    /// `print x` and `exec x`, which the parser takes for two statements on one line.
    fn python2_statement(&self, statement: &'a Stmt, next: &'a Stmt) -> Option<(&'a ExprName, &'a Expr)> {
        let (Stmt::Expr(first), Stmt::Expr(second)) = (statement, next) else { return None };
        let Expr::Name(name) = &*first.value else { return None };
        if !matches!(name.id.as_str(), "print" | "exec") {
            return None;
        }
        let between = Span::new(span_of(name).end, span_of(next).start).slice(self.source);
        between.bytes().all(|b| matches!(b, b' ' | b'\t')).then_some((name, &*second.value))
    }

    /// The call that a `print` or `exec` statement stands for.
    fn python2_call(&mut self, name: &'a ExprName, operand: &'a Expr) {
        let func = self.load(&name.id, span_of(name));
        // `exec code in globals, locals`
        let (first, rest) = match operand {
            Expr::Tuple(tuple) if !tuple.parenthesized => match &tuple.elts[..] {
                [first, rest @ ..] => (first, rest),
                [] => (operand, &[][..]),
            },
            operand => (operand, &[][..]),
        };
        let mut parts = Vec::with_capacity(rest.len() + 2);
        match first {
            Expr::Compare(compare) if name.id.as_str() == "exec" => {
                parts.push(&*compare.left);
                parts.extend(&compare.comparators);
            }
            first => parts.push(first),
        }
        parts.extend(rest);
        let args = parts.into_iter().map(|e| Arg { kind: ArgKind::Positional, value: self.expression(e) }).collect();
        self.push(Op::Call { func, args }, span_of(name).cover(span_of(operand)));
    }

    fn statement(&mut self, statement: &'a Stmt) {
        match statement {
            // A text alone documents what is around it.
            Stmt::Expr(statement) if statement.value.is_string_literal_expr() => {}
            Stmt::Expr(statement) => {
                self.expression(&statement.value);
            }
            Stmt::Assign(assign) => self.assignment(assign),
            Stmt::Return(statement) => {
                let value = match &statement.value {
                    Some(value) => {
                        let value = self.expression(value);
                        self.push(Op::Returned(value), span_of(statement));
                        value
                    }
                    None => self.constant(assay_ir::Const::None, span_of(statement)),
                };
                self.body.return_value(value);
            }
            Stmt::If(statement) => self.if_statement(statement),
            Stmt::FunctionDef(def) => self.function_definition(def),
            Stmt::ClassDef(def) => self.class_definition(def),
            Stmt::For(statement) => self.for_statement(statement),
            Stmt::While(statement) => self.while_statement(statement),
            Stmt::With(with) => self.with_statement(with, statement),
            Stmt::Try(statement) => self.try_statement(statement),
            Stmt::AugAssign(assign) => self.augmented_assignment(assign),
            Stmt::AnnAssign(assign) => self.annotated_assignment(assign),
            Stmt::Raise(statement) => self.raise_statement(statement),
            Stmt::Assert(statement) => self.assert_statement(statement),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            Stmt::Delete(statement) => statement.targets.iter().for_each(|target| self.delete(target)),
            Stmt::Match(statement) => self.match_statement(statement),
            Stmt::TypeAlias(alias) => self.type_alias(alias),
            Stmt::Break(_) => self.body.break_loop(),
            Stmt::Continue(_) => self.body.continue_loop(),
            Stmt::Global(_) | Stmt::Nonlocal(_) | Stmt::Pass(_) => {}
            Stmt::IpyEscapeCommand(command) => {
                let at = span_of(command);
                self.gap(at, GapReason::Construct("IPython command".into()));
                self.push(Op::Unknown(Vec::new()), at);
            }
        }
    }

    fn assignment(&mut self, assign: &'a StmtAssign) {
        // `a, b = x, y` assigns pairwise, so that neither value is taken for the other.
        if let ([target], Expr::Tuple(values)) = (&assign.targets[..], &*assign.value)
            && let Expr::Tuple(ruff_python_ast::ExprTuple { elts: targets, .. })
            | Expr::List(ruff_python_ast::ExprList { elts: targets, .. }) = target
            && targets.len() == values.elts.len()
            && !targets.iter().chain(&values.elts).any(Expr::is_starred_expr)
        {
            let values: Vec<Value> = values.elts.iter().map(|value| self.expression(value)).collect();
            for (target, value) in targets.iter().zip(values) {
                self.assign(target, value);
            }
            return;
        }
        let value = self.expression(&assign.value);
        for target in &assign.targets {
            self.assign(target, value);
        }
    }

    /// Assigns a value to a target of any form.
    pub(super) fn assign(&mut self, target: &'a Expr, value: Value) {
        let at = span_of(target);
        match target {
            Expr::Name(name) => self.store(&name.id, value, at),
            Expr::Attribute(attribute) => {
                let base = self.expression(&attribute.value);
                let name = self.intern(&attribute.attr);
                self.push(Op::StoreAttr { base, name, value }, at);
            }
            Expr::Subscript(subscript) => {
                if let Some((object, name)) = attribute_of_dict(subscript) {
                    let base = self.expression(object);
                    let name = self.intern(name);
                    self.push(Op::StoreAttr { base, name, value }, at);
                    return;
                }
                let base = self.expression(&subscript.value);
                let key = self.expression(&subscript.slice);
                self.push(Op::StoreItem { base, key, value }, at);
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, value, at),
            Expr::List(list) => self.unpack(&list.elts, value, at),
            Expr::Starred(starred) => self.assign(&starred.value, value),
            // Anything else is a syntax error; what it reads is kept.
            other => {
                let read = self.expression(other);
                self.push(Op::Unknown(vec![read, value]), at);
            }
        }
    }

    fn unpack(&mut self, targets: &'a [Expr], base: Value, at: Span) {
        self.nested(at, |this| {
            let star = targets.iter().position(Expr::is_starred_expr);
            for (i, target) in targets.iter().enumerate() {
                let index = unpack_index(i, targets.len(), star);
                let rest = star == Some(i);
                let element = this.push(Op::Unpack { base, index, rest }, span_of(target));
                this.assign(target, element);
            }
        });
    }

    fn augmented_assignment(&mut self, assign: &'a StmtAugAssign) {
        let at = span_of(assign);
        let op = binary_op(assign.op);
        match &*assign.target {
            Expr::Name(name) => {
                let before = self.load(&name.id, span_of(name));
                let operand = self.expression(&assign.value);
                let value = self.push(Op::InPlace(op, before, operand), at);
                self.store(&name.id, value, at);
            }
            Expr::Attribute(attribute) => {
                let base = self.expression(&attribute.value);
                let name = self.intern(&attribute.attr);
                let before = self.push(Op::Attr(base, name), span_of(attribute));
                let operand = self.expression(&assign.value);
                let value = self.push(Op::InPlace(op, before, operand), at);
                self.push(Op::StoreAttr { base, name, value }, at);
            }
            Expr::Subscript(subscript) => {
                let base = self.expression(&subscript.value);
                let key = self.expression(&subscript.slice);
                let before = self.push(Op::Item(base, key), span_of(subscript));
                let operand = self.expression(&assign.value);
                let value = self.push(Op::InPlace(op, before, operand), at);
                self.push(Op::StoreItem { base, key, value }, at);
            }
            other => {
                let before = self.expression(other);
                let operand = self.expression(&assign.value);
                self.push(Op::InPlace(op, before, operand), at);
            }
        }
    }

    fn annotated_assignment(&mut self, assign: &'a StmtAnnAssign) {
        let value = assign.value.as_ref().map(|value| self.expression(value));
        let annotation = self.annotation(&assign.annotation);
        let at = span_of(assign);
        let annotated = self.push(Op::Annotated { value, annotation }, at);
        match (&*assign.target, value) {
            (target, Some(_)) => self.assign(target, annotated),
            // A bare declaration in a class body declares an attribute without binding the name.
            (Expr::Name(name), None) => {
                let name = self.intern(&name.id);
                if matches!(self.scopes.place(self.scope, name), crate::scope::Place::Class(_)) {
                    self.push(Op::StoreName(name, annotated), at);
                }
            }
            // `self.x: T` declares the attribute.
            (Expr::Attribute(attribute), None) => {
                let base = self.expression(&attribute.value);
                let name = self.intern(&attribute.attr);
                self.push(Op::StoreAttr { base, name, value: annotated }, at);
            }
            _ => {}
        }
    }

    fn delete(&mut self, target: &'a Expr) {
        let at = span_of(target);
        match target {
            Expr::Name(name) => self.unset(&name.id, at),
            Expr::Attribute(attribute) => {
                let base = self.expression(&attribute.value);
                let name = self.intern(&attribute.attr);
                self.push(Op::DeleteAttr(base, name), at);
            }
            Expr::Subscript(subscript) => {
                let base = self.expression(&subscript.value);
                let key = self.expression(&subscript.slice);
                self.push(Op::DeleteItem(base, key), at);
            }
            Expr::Tuple(ruff_python_ast::ExprTuple { elts, .. })
            | Expr::List(ruff_python_ast::ExprList { elts, .. }) => {
                self.nested(at, |this| elts.iter().for_each(|target| this.delete(target)));
            }
            other => {
                self.expression(other);
            }
        }
    }

    fn if_statement(&mut self, statement: &'a StmtIf) {
        let mut ends = Vec::with_capacity(statement.elif_else_clauses.len() + 1);
        let (yes, mut no) = self.condition(&statement.test);
        self.body.switch_to(yes);
        self.suite(&statement.body);
        ends.push(self.body.current());
        self.body.switch_to(no);
        for clause in &statement.elif_else_clauses {
            if self.body.overflowed() {
                break;
            }
            if let Some(test) = &clause.test {
                let yes;
                (yes, no) = self.condition(test);
                self.body.switch_to(yes);
                self.suite(&clause.body);
                ends.push(self.body.current());
                self.body.switch_to(no);
            } else {
                self.suite(&clause.body);
            }
        }
        ends.push(self.body.current());
        let after = self.gather(&ends);
        self.body.switch_to(after);
    }

    fn for_statement(&mut self, statement: &'a StmtFor) {
        let iterable = self.expression(&statement.iter);
        let the_loop = self.begin_iteration(iterable, &statement.target, statement.is_async);
        self.suite(&statement.body);
        self.end_iteration(the_loop);
        self.suite(&statement.orelse);
        self.body.close_loop(the_loop);
    }

    fn while_statement(&mut self, statement: &'a StmtWhile) {
        let the_loop = self.body.begin_loop();
        let done = if is_always_true(&statement.test) {
            let (inside, done) = (self.body.new_block(), self.body.new_block());
            self.body.goto(inside);
            self.body.seal(inside);
            self.body.seal(done);
            self.body.switch_to(inside);
            done
        } else {
            let (yes, no) = self.condition(&statement.test);
            self.body.switch_to(yes);
            no
        };
        self.suite(&statement.body);
        self.body.end_loop_body(the_loop);
        self.body.switch_to(done);
        self.suite(&statement.orelse);
        self.body.close_loop(the_loop);
    }

    fn with_statement(&mut self, statement: &'a StmtWith, whole: &'a Stmt) {
        // A manager may swallow exceptions. Where the suite cannot end in another way, what follows is
        // reached by that.
        let is_last = self.last_statement.is_some_and(|last| std::ptr::eq(last, whole));
        if is_last {
            self.last_statement = statement.body.last();
        }
        let catch = (!is_last && ends_by_jump(&statement.body)).then(|| self.body.begin_catch());
        let mut managers = Vec::with_capacity(statement.items.len());
        for item in &statement.items {
            let at = span_of(&item.context_expr);
            let manager = self.expression(&item.context_expr);
            let mut entered = self.push(Op::Enter(manager), at);
            if statement.is_async {
                entered = self.push(Op::Await(entered), at);
            }
            self.body.begin_resource(manager, statement.is_async, at);
            managers.push((manager, at));
            if let Some(target) = &item.optional_vars {
                self.assign(target, entered);
            }
        }
        self.suite(&statement.body);
        for _ in &managers {
            self.body.end_resource();
        }
        if let Some(catch) = catch {
            self.body.end_catch(&catch);
            let ended = self.body.current();
            self.body.switch_to(catch.handler);
            let targets = [self.body.new_block(), self.body.new_block()];
            self.body.terminate(assay_ir::Terminator::Choice(targets.to_vec()));
            for target in targets {
                self.body.seal(target);
            }
            self.body.switch_to(targets[0]);
            self.body.raise(None);
            let after = self.gather(&[ended, targets[1]]);
            self.body.switch_to(after);
        }
    }

    fn raise_statement(&mut self, statement: &'a StmtRaise) {
        let exception = statement.exc.as_ref().map(|exception| match &**exception {
            // `raise Class, argument`, as before Python 3.
            Expr::Tuple(tuple) if !tuple.parenthesized && tuple.elts.len() > 1 => {
                let func = self.expression(&tuple.elts[0]);
                let value = self.expression(&tuple.elts[1]);
                let args = vec![Arg { kind: ArgKind::Positional, value }];
                self.push(Op::Call { func, args }, span_of(tuple))
            }
            exception => self.expression(exception),
        });
        if let Some(cause) = statement.cause.as_ref().filter(|c| !c.is_none_literal_expr()) {
            self.expression(cause);
        }
        self.body.raise(exception);
    }

    fn assert_statement(&mut self, statement: &'a StmtAssert) {
        let (yes, no) = self.condition(&statement.test);
        self.body.switch_to(no);
        let at = span_of(statement);
        let func = self.builtin("AssertionError", at);
        let mut args = Vec::new();
        if let Some(message) = &statement.msg {
            args.push(Arg { kind: ArgKind::Positional, value: self.expression(message) });
        }
        let error = self.push(Op::Call { func, args }, at);
        self.body.raise(Some(error));
        self.body.switch_to(yes);
    }

    fn import(&mut self, import: &'a StmtImport) {
        for alias in &import.names {
            let at = span(alias.range);
            let module = self.intern(&alias.name);
            let value = self.push(Op::Import { module, leaf: alias.asname.is_some() }, at);
            let (name, name_span) = bound_name(alias);
            self.store(name, value, name_span);
        }
    }

    fn import_from(&mut self, import: &'a StmtImportFrom) {
        let module = self.intern(import.module.as_ref().map_or("", |m| m.as_str()));
        let level = import.level;
        for alias in &import.names {
            let at = span(alias.range);
            if &alias.name == "*" {
                self.push(Op::ImportStar { module, level }, at);
                continue;
            }
            let name = self.intern(&alias.name);
            let value = self.push(Op::ImportFrom { module, level, name }, at);
            let (name, name_span) = match &alias.asname {
                Some(name) => (name.as_str(), span_of(name)),
                None => (alias.name.as_str(), span_of(&alias.name)),
            };
            self.store(name, value, name_span);
        }
    }
}

/// The index of [`Op::Unpack`] for part `i` of `count`; parts behind the star count from the back.
pub(super) fn unpack_index(i: usize, count: usize, star: Option<usize>) -> i32 {
    let from_back = star.is_some_and(|star| i > star);
    let distance = i32::try_from(if from_back { count - i } else { i }).unwrap_or(i32::MAX);
    if from_back { -distance } else { distance }
}

/// The name that `import x.y` or `import x.y as z` binds.
fn bound_name(alias: &Alias) -> (&str, Span) {
    if let Some(name) = &alias.asname {
        (name.as_str(), span_of(name))
    } else {
        let whole = alias.name.as_str();
        (whole.split('.').next().unwrap_or(whole), span_of(&alias.name))
    }
}

fn is_always_true(test: &Expr) -> bool {
    match test {
        Expr::BooleanLiteral(literal) => literal.value,
        Expr::NumberLiteral(number) => {
            matches!(&number.value, ruff_python_ast::Number::Int(value) if value.as_u64().is_some_and(|v| v != 0))
        }
        _ => false,
    }
}

/// Whether control surely does not reach the end of the suite.
fn ends_by_jump(suite: &[Stmt]) -> bool {
    match suite.last() {
        Some(Stmt::Return(_) | Stmt::Raise(_) | Stmt::Break(_) | Stmt::Continue(_)) => true,
        Some(Stmt::With(with)) => ends_by_jump(&with.body),
        Some(Stmt::If(statement)) => {
            statement.elif_else_clauses.last().is_some_and(|c| c.test.is_none())
                && ends_by_jump(&statement.body)
                && statement.elif_else_clauses.iter().all(|c| ends_by_jump(&c.body))
        }
        _ => false,
    }
}
