//! Statements.

use super::{Around, Lowerer, Slot};
use crate::tree::{Block, Expr, ExprKind, Handler, Init, LabelId, LocalId, Stmt, StmtKind};
use assay_index::Idx;
use assay_ir::{Arg, ArgKind, BlockId, Comparison, MemoryOp, Op, Terminator, Type, Value};
use assay_text::Span;

impl Lowerer<'_, '_> {
    pub(super) fn block(&mut self, block: &Block) {
        self.begin_scope();
        for statement in &block.statements {
            self.statement(statement);
        }
        let end = block.statements.last().map_or(Span::default(), |last| last.span);
        self.end_scope(end);
    }

    pub(super) fn begin_scope(&mut self) {
        self.scopes.push(Vec::new());
    }

    /// Ends the innermost scope here.
    pub(super) fn end_scope(&mut self, span: Span) {
        let depth = self.scopes.len() - 1;
        self.leave_scopes(depth, span);
        self.scopes.pop();
    }

    /// Ends the variables of the scopes from `depth` on, which stay for what else leads out of them.
    fn leave_scopes(&mut self, depth: usize, span: Span) {
        if self.builder.is_finished() || self.builder.is_dead() {
            return;
        }
        let leaving: Vec<LocalId> =
            self.scopes[depth..].iter().rev().flat_map(|scope| scope.iter().rev()).copied().collect();
        for local in leaving {
            let address = match self.slot(local) {
                Some(Slot::Memory(address)) => address,
                Some(Slot::Dynamic(variable)) => self.builder.read(variable),
                _ => continue,
            };
            self.destroy(local, address, span);
            self.memory(MemoryOp::End(address), None, span);
        }
    }

    fn destroy(&mut self, local: LocalId, address: Value, span: Span) {
        let Some(object) = self.locals[local].destructor else { return };
        let ty = self.unit.objects[object].ty;
        let pointer = self.pointer_to(ty);
        let func = self.memory(MemoryOp::Address(object), Some(pointer), span);
        let args = vec![Arg { kind: ArgKind::Positional, value: address }];
        let void = self.unit.basic.void;
        self.builder.push_typed(Op::Call { func, args }, Some(void), span);
    }

    pub(super) fn statement(&mut self, statement: &Stmt) {
        let span = statement.span;
        match &statement.kind {
            StmtKind::Empty => {}
            StmtKind::Expr(expr) => self.effect(expr),
            StmtKind::Declare(local, init) => self.declare(*local, init.as_ref(), span),
            StmtKind::Block(block) => self.block(block),
            StmtKind::If(arms, otherwise) => self.if_statement(arms, otherwise.as_deref()),
            StmtKind::While(condition, body) => self.loop_statement(Some(condition), None, body),
            StmtKind::DoWhile(body, condition) => self.do_while(body, condition),
            StmtKind::For { init, cond, step, body } => {
                self.begin_scope();
                for statement in &init.statements {
                    self.statement(statement);
                }
                self.loop_statement(cond.as_ref(), step.as_ref(), body);
                self.end_scope(span);
            }
            StmtKind::Switch { value, body, cases, has_default } => {
                self.switch(value, body, cases, *has_default, span);
            }
            StmtKind::Case(number) => {
                let Some((cases, default)) = self.cases.last() else { return };
                let block = match number {
                    Some(number) => cases.get(*number as usize).copied(),
                    None => Some(*default),
                };
                if let Some(block) = block {
                    self.builder.goto(block);
                    self.builder.switch_to(block);
                }
            }
            StmtKind::Label(label) => {
                let block = self.label(*label);
                self.builder.goto(block);
                self.builder.expect(block);
                self.builder.switch_to(block);
            }
            StmtKind::Goto(label) => {
                let block = self.label(*label);
                self.builder.goto(block);
                self.builder.start_dead();
            }
            StmtKind::GotoAny(to) => {
                self.value(to);
                let mut targets: Vec<BlockId> = Vec::new();
                for label in self.labels.ids() {
                    let block = self.label(label);
                    if !targets.contains(&block) && targets.len() < 1024 {
                        targets.push(block);
                    }
                }
                let terminator = if targets.is_empty() { Terminator::Unreachable } else { Terminator::Choice(targets) };
                self.builder.terminate(terminator);
                self.builder.start_dead();
            }
            StmtKind::Break | StmtKind::Continue => self.jump(matches!(statement.kind, StmtKind::Continue), span),
            StmtKind::Return(value) => self.return_statement(value.as_ref(), span),
            StmtKind::Gap(locals) => self.gap(locals, span),
            StmtKind::Asm(inputs, outputs) => self.asm(inputs, outputs, span),
            StmtKind::Try(body, handlers) => self.try_statement(body, handlers, span),
        }
    }

    /// The block that a label begins.
    fn label(&mut self, label: LabelId) -> BlockId {
        if let Some(Some(block)) = self.labels.get(label) {
            return *block;
        }
        let block = self.builder.new_block();
        if let Some(slot) = self.labels.get_mut(label) {
            *slot = Some(block);
        }
        block
    }

    fn jump(&mut self, is_continue: bool, span: Span) {
        let target = self.around.iter().rev().find_map(|around| {
            let to = if is_continue { around.continue_to } else { Some(around.break_to) };
            to.map(|to| (to, around.scopes))
        });
        match target {
            Some((to, scopes)) => {
                self.leave_scopes(scopes, span);
                self.builder.goto(to);
            }
            None => self.builder.terminate(Terminator::Unreachable),
        }
        self.builder.start_dead();
    }

    fn declare(&mut self, id: LocalId, init: Option<&Init>, span: Span) {
        let local = &self.locals[id];
        let ty = local.ty;
        match self.slot(id) {
            Some(Slot::Register(variable)) => {
                let value = match init {
                    Some(Init::Value(value)) => self.value(value),
                    None => self.builder.push_typed(Op::Undefined, Some(ty), local.span),
                    Some(_) => self.builder.push_typed(Op::Unknown(Vec::new()), Some(ty), span),
                };
                self.builder.write(variable, value);
            }
            Some(Slot::Memory(address)) => {
                self.memory(MemoryOp::Begin(address), None, local.span);
                if let Some(scope) = self.scopes.last_mut() {
                    scope.push(id);
                }
                if let Some(init) = init {
                    self.initialise(address, ty, init, span, false);
                }
            }
            Some(Slot::Dynamic(_)) => {
                let Some((length, element)) = &local.length else { return };
                let count = Some(self.value(length));
                let pointer = self.pointer_to(*element);
                let op = MemoryOp::Local { ty: *element, count, name: local.name };
                let address = self.memory(op, Some(pointer), local.span);
                self.builder.write(Self::variable(id), address);
                if let Some(scope) = self.scopes.last_mut() {
                    scope.push(id);
                }
            }
            None => {}
        }
    }

    fn if_statement(&mut self, arms: &[(Expr, Stmt)], otherwise: Option<&Stmt>) {
        let end = self.builder.new_block();
        for (condition, body) in arms {
            let (yes, no) = self.condition(condition);
            self.builder.switch_to(yes);
            self.statement(body);
            self.builder.goto(end);
            self.builder.switch_to(no);
        }
        if let Some(otherwise) = otherwise {
            self.statement(otherwise);
        }
        self.builder.goto(end);
        self.builder.seal(end);
        self.builder.switch_to(end);
    }

    /// Goes on in the header of a loop. Where nothing leads to it from above, a label or case within may still come back to it.
    fn begin_loop(&mut self, header: BlockId) {
        if self.builder.is_dead() || self.builder.is_finished() {
            self.builder.expect(header);
        }
        self.builder.goto(header);
        self.builder.switch_to(header);
    }

    /// `while` and `for`.
    fn loop_statement(&mut self, condition: Option<&Expr>, step: Option<&Expr>, body: &Stmt) {
        let (header, end) = (self.builder.new_block(), self.builder.new_block());
        let again = if step.is_some() { self.builder.new_block() } else { header };
        self.begin_loop(header);
        if let Some(condition) = condition {
            let (yes, no) = self.condition(condition);
            self.builder.switch_to(no);
            self.builder.goto(end);
            self.builder.switch_to(yes);
        }
        self.around.push(Around { break_to: end, continue_to: Some(again), scopes: self.scopes.len() });
        self.statement(body);
        self.around.pop();
        self.builder.goto(again);
        if let Some(step) = step {
            self.builder.seal(again);
            self.builder.switch_to(again);
            self.effect(step);
            self.builder.goto(header);
        }
        self.builder.seal(header);
        self.builder.seal(end);
        self.builder.switch_to(end);
    }

    fn do_while(&mut self, body: &Stmt, condition: &Expr) {
        let (header, again, end) = (self.builder.new_block(), self.builder.new_block(), self.builder.new_block());
        self.begin_loop(header);
        self.around.push(Around { break_to: end, continue_to: Some(again), scopes: self.scopes.len() });
        self.statement(body);
        self.around.pop();
        self.builder.goto(again);
        self.builder.seal(again);
        self.builder.switch_to(again);
        if matches!(condition.kind, ExprKind::Int(0)) {
            // `do { … } while (0)` is no loop.
            self.builder.goto(end);
        } else {
            let (yes, no) = self.condition(condition);
            self.builder.switch_to(yes);
            self.builder.goto(header);
            self.builder.switch_to(no);
            self.builder.goto(end);
        }
        self.builder.seal(header);
        self.builder.seal(end);
        self.builder.switch_to(end);
    }

    /// The cases are compared one after the other, in the order in which they stand.
    fn switch(&mut self, value: &Expr, body: &Stmt, cases: &[(i64, i64)], has_default: bool, span: Span) {
        let ty = value.ty;
        let selected = self.value(value);
        let end = self.builder.new_block();
        let default = if has_default { self.builder.new_block() } else { end };
        let blocks: Vec<BlockId> = cases.iter().map(|_| self.builder.new_block()).collect();
        let truth = if self.unit.cpp { self.unit.basic.bool } else { self.unit.basic.int };
        for ((first, last), block) in cases.iter().zip(&blocks) {
            if (*first, *last) == (i64::MIN, i64::MAX) {
                // A constant that is not known.
                let cond = self.builder.push_typed(Op::Unknown(vec![selected]), Some(truth), span);
                let (yes, no) = self.builder.branch(cond);
                self.builder.switch_to(yes);
                self.builder.goto(*block);
                self.builder.switch_to(no);
                continue;
            }
            let compare = |this: &mut Self, op, number: i64| {
                let right = this.int(number, ty, span);
                let op = MemoryOp::Compare { op, left: selected, right, ty };
                let cond = this.memory(op, Some(truth), span);
                this.builder.branch(cond)
            };
            if first == last {
                let (yes, no) = compare(self, Comparison::Eq, *first);
                self.builder.switch_to(yes);
                self.builder.goto(*block);
                self.builder.switch_to(no);
            } else {
                let (yes, below) = compare(self, Comparison::GreaterEq, *first);
                self.builder.switch_to(yes);
                let (within, above) = compare(self, Comparison::LessEq, *last);
                self.builder.switch_to(within);
                self.builder.goto(*block);
                let next = self.builder.new_block();
                for block in [below, above] {
                    self.builder.switch_to(block);
                    self.builder.goto(next);
                }
                self.builder.seal(next);
                self.builder.switch_to(next);
            }
        }
        self.builder.goto(default);
        self.builder.start_dead();
        self.around.push(Around { break_to: end, continue_to: None, scopes: self.scopes.len() });
        self.cases.push((blocks, default));
        self.statement(body);
        let popped = self.cases.pop();
        self.around.pop();
        self.builder.goto(end);
        for block in popped.iter().flat_map(|(blocks, _)| blocks) {
            self.builder.seal(*block);
        }
        self.builder.seal(default);
        self.builder.seal(end);
        self.builder.switch_to(end);
    }

    fn return_statement(&mut self, value: Option<&Expr>, span: Span) {
        let void = self.unit.basic.void;
        let value = match value {
            Some(value) if matches!(self.unit.types.get(value.ty), Type::Void) => {
                self.effect(value);
                self.builder.push_typed(Op::Undefined, Some(void), span)
            }
            Some(value) => {
                let value = self.value(value);
                self.builder.push_typed(Op::Returned(value), None, span);
                value
            }
            None => self.builder.push_typed(Op::Undefined, Some(void), span),
        };
        if self.scopes.iter().flatten().any(|local| self.locals[*local].destructor.is_some()) {
            self.leave_scopes(0, span);
        }
        self.builder.terminate(Terminator::Return(value));
        self.builder.start_dead();
    }

    /// Something that was not understood may do anything with the variables that it names.
    fn gap(&mut self, locals: &[LocalId], span: Span) {
        let mut operands = Vec::new();
        for local in locals {
            match self.slot(*local) {
                Some(Slot::Register(variable) | Slot::Dynamic(variable)) => operands.push(self.builder.read(variable)),
                Some(Slot::Memory(address)) => operands.push(address),
                None => {}
            }
        }
        self.builder.push(Op::Unknown(operands), span);
        for local in locals {
            if let Some(Slot::Register(variable)) = self.slot(*local) {
                let ty = self.locals[*local].ty;
                let value = self.builder.push_typed(Op::Unknown(Vec::new()), Some(ty), span);
                self.builder.write(variable, value);
            }
        }
    }

    fn asm(&mut self, inputs: &[Expr], outputs: &[Expr], span: Span) {
        let mut operands: Vec<Value> = inputs.iter().map(|input| self.value(input)).collect();
        for output in outputs {
            if !matches!(output.kind, ExprKind::Local(local) if matches!(self.slot(local), Some(Slot::Register(_)))) {
                operands.push(self.address(output));
            }
        }
        self.builder.push(Op::Unknown(operands), span);
        for output in outputs {
            if let ExprKind::Local(local) = output.kind
                && let Some(Slot::Register(variable)) = self.slot(local)
            {
                let value = self.builder.push_typed(Op::Unknown(Vec::new()), Some(output.ty), span);
                self.builder.write(variable, value);
            }
        }
    }

    fn try_statement(&mut self, body: &Block, handlers: &[Handler], span: Span) {
        let outer = self.builder.handler();
        let handler = self.builder.new_block();
        self.builder.set_handler(Some(handler));
        self.builder.split();
        self.block(body);
        self.builder.set_handler(outer);
        self.builder.split();
        self.builder.seal(handler);
        let end = self.builder.new_block();
        self.builder.goto(end);
        self.builder.switch_to(handler);
        let unknown = self.unit.basic.unknown;
        let caught = self.builder.push_typed(Op::Caught(Vec::new()), Some(unknown), span);
        // Which handler takes the exception is not held; one that none takes goes on.
        let blocks: Vec<BlockId> = handlers.iter().map(|_| self.builder.new_block()).collect();
        let beyond = self.builder.new_block();
        let mut targets = blocks.clone();
        targets.push(beyond);
        self.builder.terminate(Terminator::Choice(targets));
        for (handler, block) in handlers.iter().zip(blocks) {
            self.builder.seal(block);
            self.builder.switch_to(block);
            if let Some(local) = handler.local {
                self.bind_caught(local, caught, span);
            }
            self.block(&handler.body);
            self.builder.goto(end);
        }
        self.builder.seal(beyond);
        self.builder.switch_to(beyond);
        self.builder.terminate(Terminator::Raise(None));
        self.builder.seal(end);
        self.builder.switch_to(end);
    }

    fn bind_caught(&mut self, local: LocalId, caught: Value, span: Span) {
        let ty = self.locals[local].ty;
        let value = self.builder.push_typed(Op::Unknown(vec![caught]), Some(ty), span);
        match self.slot(local) {
            Some(Slot::Register(variable) | Slot::Dynamic(variable)) => self.builder.write(variable, value),
            Some(Slot::Memory(to)) => {
                self.memory(MemoryOp::Store { to, value, ty }, None, span);
            }
            None => {}
        }
        let _ = local.index();
    }
}
