//! `match`: each pattern becomes tests and assignments; a test that fails leads to the next case.

use super::statement::unpack_index;
use super::{Lowering, span, span_of};
use assay_ir::{Arg, ArgKind, BlockId, CompareOp, Const, Op, Terminator, Value};
use assay_text::Span;
use ruff_python_ast::{Expr, Pattern, PatternMatchClass, PatternMatchMapping, Singleton, StmtMatch};

/// Built-in classes whose one positional pattern matches the subject itself.
const SELF_MATCHING: [&str; 11] =
    ["bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"];

impl<'a> Lowering<'a> {
    pub(super) fn match_statement(&mut self, statement: &'a StmtMatch) {
        let subject = self.expression(&statement.subject);
        let mut ends = Vec::with_capacity(statement.cases.len() + 1);
        for case in &statement.cases {
            if self.body.overflowed() {
                break;
            }
            let mut failed = Vec::new();
            self.pattern(&case.pattern, subject, &mut failed);
            if let Some(guard) = &case.guard {
                let (yes, no) = self.condition(guard);
                failed.push(no);
                self.body.switch_to(yes);
            }
            self.suite(&case.body);
            ends.push(self.body.current());
            let next = self.gather(&failed);
            self.body.switch_to(next);
        }
        ends.push(self.body.current());
        let after = self.gather(&ends);
        self.body.switch_to(after);
    }

    /// Tests `subject` against a pattern and goes on where it matches; blocks where it does not are
    /// added to `failed`.
    fn pattern(&mut self, pattern: &'a Pattern, subject: Value, failed: &mut Vec<BlockId>) {
        self.nested(span_of(pattern), |this| this.pattern_inner(pattern, subject, failed));
    }

    fn pattern_inner(&mut self, pattern: &'a Pattern, subject: Value, failed: &mut Vec<BlockId>) {
        let at = span_of(pattern);
        match pattern {
            Pattern::MatchValue(p) => {
                let value = self.expression(&p.value);
                self.test(Op::Compare(CompareOp::Eq, subject, value), at, failed);
            }
            Pattern::MatchSingleton(p) => {
                let value = match p.value {
                    Singleton::None => Const::None,
                    Singleton::True => Const::Bool(true),
                    Singleton::False => Const::Bool(false),
                };
                let value = self.constant(value, at);
                self.test(Op::Compare(CompareOp::Is, subject, value), at, failed);
            }
            Pattern::MatchSequence(p) => {
                self.may_fail(failed);
                let star = p.patterns.iter().position(Pattern::is_match_star);
                for (i, part) in p.patterns.iter().enumerate() {
                    let index = unpack_index(i, p.patterns.len(), star);
                    let element = self.push(Op::Unpack { base: subject, index, rest: star == Some(i) }, span_of(part));
                    self.pattern(part, element, failed);
                }
            }
            Pattern::MatchMapping(p) => self.mapping(p, subject, failed),
            Pattern::MatchClass(p) => self.class_pattern(p, subject, failed),
            Pattern::MatchStar(p) => {
                p.name.iter().for_each(|name| self.store(name, subject, span_of(name)));
            }
            Pattern::MatchAs(p) => {
                if let Some(inner) = &p.pattern {
                    self.pattern(inner, subject, failed);
                }
                p.name.iter().for_each(|name| self.store(name, subject, span_of(name)));
            }
            Pattern::MatchOr(p) => {
                let mut matched = Vec::with_capacity(p.patterns.len());
                for (i, alternative) in p.patterns.iter().enumerate() {
                    let mut no = Vec::new();
                    self.pattern(alternative, subject, &mut no);
                    matched.push(self.body.current());
                    if i + 1 == p.patterns.len() {
                        failed.append(&mut no);
                    } else {
                        let next = self.gather(&no);
                        self.body.switch_to(next);
                    }
                }
                let after = self.gather(&matched);
                self.body.switch_to(after);
            }
        }
    }

    fn test(&mut self, op: Op, at: Span, failed: &mut Vec<BlockId>) {
        let value = self.push(op, at);
        let (yes, no) = self.body.branch(value);
        failed.push(no);
        self.body.switch_to(yes);
    }

    /// A test of the subject's shape that no operation stands for.
    fn may_fail(&mut self, failed: &mut Vec<BlockId>) {
        let (yes, no) = (self.body.new_block(), self.body.new_block());
        self.body.terminate(Terminator::Choice(vec![yes, no]));
        self.body.seal(yes);
        self.body.seal(no);
        failed.push(no);
        self.body.switch_to(yes);
    }

    fn mapping(&mut self, p: &'a PatternMatchMapping, subject: Value, failed: &mut Vec<BlockId>) {
        self.may_fail(failed);
        for (key, part) in p.keys.iter().zip(&p.patterns) {
            let at = span_of(key);
            let key = self.expression(key);
            self.test(Op::Compare(CompareOp::In, key, subject), at, failed);
            let value = self.push(Op::Item(subject, key), span_of(part));
            self.pattern(part, value, failed);
        }
        if let Some(rest) = &p.rest {
            let at = span_of(rest);
            let func = self.builtin("dict", at);
            let args = vec![Arg { kind: ArgKind::Positional, value: subject }];
            let value = self.push(Op::Call { func, args }, at);
            self.store(rest, value, at);
        }
    }

    fn class_pattern(&mut self, p: &'a PatternMatchClass, subject: Value, failed: &mut Vec<BlockId>) {
        let at = span(p.range);
        let func = self.builtin("isinstance", at);
        let class = self.expression(&p.cls);
        let args = [subject, class].map(|value| Arg { kind: ArgKind::Positional, value }).to_vec();
        self.test(Op::Call { func, args }, at, failed);
        let whole = matches!(&*p.cls, Expr::Name(name) if SELF_MATCHING.contains(&name.id.as_str()));
        for part in &p.arguments.patterns {
            // Which attribute a position means is known to the class only.
            let value = if whole { subject } else { self.push(Op::Unknown(vec![subject]), span_of(part)) };
            self.pattern(part, value, failed);
        }
        for keyword in &p.arguments.keywords {
            let name = self.intern(&keyword.attr);
            let value = self.push(Op::Attr(subject, name), span_of(&keyword.attr));
            self.pattern(&keyword.pattern, value, failed);
        }
    }
}
