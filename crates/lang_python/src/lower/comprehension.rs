//! Comprehensions: loops that fill a collection, with variables of their own.

use super::{Lowering, span_of};
use assay_frontend::Loop;
use assay_ir::{Collection, Op, Terminator, Value};
use assay_text::Span;
use ruff_python_ast::{Comprehension, Expr, ExprDictComp};

impl<'a> Lowering<'a> {
    pub(super) fn list_comprehension<N>(
        &mut self,
        kind: Collection,
        node: &N,
        element: &'a Expr,
        generators: &'a [Comprehension],
        at: Span,
    ) -> Value {
        let first = generators.first().map(|g| self.expression(&g.iter));
        let into = self.push(Op::Collection(kind, Vec::new()), at);
        self.in_scope(node, |this| {
            let loops = this.generators(first, generators);
            let op = match element {
                Expr::Starred(starred) => {
                    let value = this.expression(&starred.value);
                    let element = this.push(Op::Next(value), span_of(starred));
                    Op::Accumulate { into, key: None, value: element }
                }
                element => Op::Accumulate { into, key: None, value: this.expression(element) },
            };
            this.push(op, span_of(element));
            this.close_generators(loops);
        });
        into
    }

    pub(super) fn dict_comprehension(&mut self, node: &'a ExprDictComp, at: Span) -> Value {
        let first = node.generators.first().map(|g| self.expression(&g.iter));
        let into = self.push(Op::Dict(Vec::new()), at);
        self.in_scope(node, |this| {
            let loops = this.generators(first, &node.generators);
            let key = node.key.as_ref().map(|key| this.expression(key));
            let value = this.expression(&node.value);
            let span = node.key.as_ref().map_or_else(|| span_of(&*node.value), |key| span_of(&**key));
            this.push(Op::Accumulate { into, key, value }, span.cover(span_of(&*node.value)));
            this.close_generators(loops);
        });
        into
    }

    /// Opens the loops; goes on in the innermost one where all conditions hold.
    fn generators(&mut self, first: Option<Value>, generators: &'a [Comprehension]) -> Vec<Loop> {
        let mut loops = Vec::with_capacity(generators.len());
        for (i, generator) in generators.iter().enumerate() {
            let iterable = match first {
                Some(value) if i == 0 => value,
                _ => self.expression(&generator.iter),
            };
            let the_loop = self.begin_iteration(iterable, &generator.target, generator.is_async);
            for test in &generator.ifs {
                let (yes, no) = self.condition(test);
                self.body.switch_to(no);
                self.body.goto(the_loop.header);
                self.body.switch_to(yes);
            }
            loops.push(the_loop);
        }
        loops
    }

    fn close_generators(&mut self, loops: Vec<Loop>) {
        for the_loop in loops.into_iter().rev() {
            self.end_iteration(the_loop);
            self.body.close_loop(the_loop);
        }
    }

    /// Begins a loop over `iterable`: goes on in its body with the target assigned.
    pub(super) fn begin_iteration(&mut self, iterable: Value, target: &'a Expr, is_async: bool) -> Loop {
        let the_loop = self.body.begin_loop();
        let (inside, done) = (self.body.new_block(), self.body.new_block());
        self.body.terminate(Terminator::Choice(vec![inside, done]));
        self.body.seal(inside);
        self.body.seal(done);
        self.iterations.push(done);
        self.body.switch_to(inside);
        let mut element = self.push(Op::Next(iterable), span_of(target));
        if is_async {
            element = self.push(Op::Await(element), span_of(target));
        }
        self.assign(target, element);
        the_loop
    }

    /// Ends the body of a loop over an iterable; goes on where no element is left.
    pub(super) fn end_iteration(&mut self, the_loop: Loop) {
        self.body.end_loop_body(the_loop);
        if let Some(done) = self.iterations.pop() {
            self.body.switch_to(done);
        }
    }
}
