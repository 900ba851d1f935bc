//! Whether the analysis is right: random programs are run for real, and what happens must be among what it admits.
//!
//! - How a function returns must be one of the ways in its summary: the conditions hold, the number lies in the range and is
//!   the form.
//! - What goes wrong (an access outside of its object, a division by zero, a shift too far) must not be at a place that is
//!   said to be safe.
//!
//! Runs in which a sum or product overflows say nothing: the analysis takes for granted that there are none.

use crate::Run;
use crate::numbers::Range;
use crate::program::{Entity, FuncId, Program, Unit};
use crate::report::{Finding, Problem, SiteKind};
use crate::summary::{EntryForm, EntryVar, ExitVal, Summary};
use assay_frontend::Frontend;
use assay_index::{FxHashMap, Idx};
use assay_ir::{ArithOp, Comparison, Const, Function, MemoryOp, Module, Op, Terminator, Type, TypeId, Value};
use assay_text::{FileId, Language, Role, SourceFile, Span};
use proptest::prelude::*;

/// Instructions that one run may take.
const STEPS: usize = 4_000;

/// What an instruction gives in a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Concrete {
    Number(i128),
    /// An object, and the offset in bytes.
    Address(usize, i128),
}

/// How a run ends.
#[derive(PartialEq, Eq, Debug)]
enum Stop {
    /// Something goes wrong in this function at that place.
    Wrong(FuncId, Span, Problem),
    /// The run says nothing: an overflow, too many steps, a value that nothing set.
    Vague,
}

/// A machine that runs functions.
struct Machine<'p, 'a> {
    program: &'p Program<'a>,
    objects: Vec<Vec<u8>>,
    steps: usize,
}

fn limits(module: &Module, ty: TypeId) -> Option<(i128, i128)> {
    match module.types.get(ty) {
        Type::Bool => Some((0, 1)),
        Type::Int { bits, signed: true } => Some((-(1 << (bits - 1)), (1 << (bits - 1)) - 1)),
        Type::Int { bits, signed: false } => Some((0, (1 << bits) - 1)),
        _ => None,
    }
}

fn cut(number: i128, (lo, hi): (i128, i128)) -> i128 {
    (number - lo).rem_euclid(hi - lo + 1) + lo
}

impl Machine<'_, '_> {
    fn call(&mut self, f: FuncId, args: &[i128]) -> Result<i128, Stop> {
        let function = self.program.function(f);
        let mut values: FxHashMap<Value, Concrete> = FxHashMap::default();
        let (mut block, mut from) = (assay_ir::BlockId::new(0), None);
        loop {
            let code = &function.blocks[block];
            let mut set = Vec::new();
            for value in &code.insts {
                let Op::Phi(inputs) = function.op(*value) else { break };
                let input = inputs.iter().find(|(b, _)| Some(*b) == from).map(|(_, v)| *v).ok_or(Stop::Vague)?;
                // A value that nothing set may be carried around.
                if let Ok(known) = self.value(f, &values, input) {
                    set.push((*value, known));
                } else {
                    values.remove(value);
                }
            }
            values.extend(set);
            for value in &code.insts {
                self.steps += 1;
                if self.steps > STEPS {
                    return Err(Stop::Vague);
                }
                if let Some(result) = self.step(f, function, *value, &values, args)? {
                    values.insert(*value, result);
                }
            }
            from = Some(block);
            block = match &code.terminator {
                Terminator::Goto(to) => *to,
                Terminator::Branch { cond, then_to, else_to } => match self.value(f, &values, *cond)? {
                    Concrete::Number(0) => *else_to,
                    _ => *then_to,
                },
                Terminator::Return(value) => return self.number(f, &values, *value),
                _ => return Err(Stop::Vague),
            };
        }
    }

    fn value(&self, f: FuncId, values: &FxHashMap<Value, Concrete>, value: Value) -> Result<Concrete, Stop> {
        match self.program.function(f).op(value) {
            Op::Const(Const::Int(number)) => {
                let (module, function) = (self.program.module(f), self.program.function(f));
                let limits = function.insts[value].ty.and_then(|ty| limits(module, ty));
                Ok(Concrete::Number(limits.map_or(i128::from(*number), |limits| cut(i128::from(*number), limits))))
            }
            _ => values.get(&value).copied().ok_or(Stop::Vague),
        }
    }

    fn number(&self, f: FuncId, values: &FxHashMap<Value, Concrete>, value: Value) -> Result<i128, Stop> {
        match self.value(f, values, value)? {
            Concrete::Number(number) => Ok(number),
            Concrete::Address(..) => Err(Stop::Vague),
        }
    }

    fn step(
        &mut self,
        f: FuncId,
        function: &Function,
        value: Value,
        values: &FxHashMap<Value, Concrete>,
        args: &[i128],
    ) -> Result<Option<Concrete>, Stop> {
        let module = self.program.module(f);
        let span = function.insts[value].span;
        let size = |ty: TypeId| module.types.size(ty).map(i128::from).ok_or(Stop::Vague);
        Ok(Some(match function.op(value) {
            Op::Phi(_)
            | Op::Const(_)
            | Op::Undefined
            | Op::Returned(_)
            | Op::Memory(MemoryOp::Begin(_) | MemoryOp::End(_) | MemoryOp::Address(_)) => return Ok(None),
            Op::Param(index) => Concrete::Number(args[*index as usize]),
            Op::Call { func, args } => {
                let Op::Memory(MemoryOp::Address(object)) = function.op(*func) else { return Err(Stop::Vague) };
                let Entity::Function(callee) = self.program.entity(0, *object) else { return Err(Stop::Vague) };
                let args: Result<Vec<i128>, Stop> = args.iter().map(|arg| self.number(f, values, arg.value)).collect();
                Concrete::Number(self.call(callee, &args?)?)
            }
            Op::Memory(MemoryOp::Local { ty, count: None, .. }) => {
                self.objects.push(vec![0; usize::try_from(size(*ty)?).map_err(|_| Stop::Vague)?]);
                Concrete::Address(self.objects.len() - 1, 0)
            }
            Op::Memory(MemoryOp::Fill { to, ty, zero: true }) => {
                let (object, from, to) = self.bytes(f, values, *to, size(*ty)?, span, Problem::Overflow)?;
                self.objects[object][from..to].fill(0);
                return Ok(None);
            }
            Op::Memory(MemoryOp::Load { from, ty }) => {
                let (object, from, to) = self.bytes(f, values, *from, size(*ty)?, span, Problem::OverRead)?;
                let mut number = 0_i128;
                for byte in self.objects[object][from..to].iter().rev() {
                    number = number << 8 | i128::from(*byte);
                }
                Concrete::Number(cut(number, limits(module, *ty).ok_or(Stop::Vague)?))
            }
            Op::Memory(MemoryOp::Store { to, value, ty }) => {
                let (object, from, to) = self.bytes(f, values, *to, size(*ty)?, span, Problem::Overflow)?;
                let mut number = self.number(f, values, *value)?;
                for byte in &mut self.objects[object][from..to] {
                    *byte = u8::try_from(number.rem_euclid(256)).unwrap_or_default();
                    number = number.div_euclid(256);
                }
                return Ok(None);
            }
            Op::Memory(MemoryOp::Offset { base, index, element }) => {
                let Concrete::Address(object, offset) = self.value(f, values, *base)? else { return Err(Stop::Vague) };
                Concrete::Address(object, offset + self.number(f, values, *index)? * size(*element)?)
            }
            Op::Memory(MemoryOp::Arith { op, left, right, ty }) => {
                let (a, b) = (self.number(f, values, *left)?, self.number(f, values, *right)?);
                let limits = limits(module, *ty).ok_or(Stop::Vague)?;
                Concrete::Number(Self::arith(f, span, *op, a, b, limits)?)
            }
            Op::Memory(MemoryOp::Compare { op, left, right, .. }) => {
                let (a, b) = (self.number(f, values, *left)?, self.number(f, values, *right)?);
                let truth = match op {
                    Comparison::Eq => a == b,
                    Comparison::NotEq => a != b,
                    Comparison::Less => a < b,
                    Comparison::LessEq => a <= b,
                    Comparison::Greater => a > b,
                    Comparison::GreaterEq => a >= b,
                };
                Concrete::Number(i128::from(truth))
            }
            Op::Memory(MemoryOp::Convert { value, to, .. }) => match self.value(f, values, *value)? {
                Concrete::Number(number) if module.types.get(*to) == &Type::Bool => {
                    Concrete::Number(i128::from(number != 0))
                }
                Concrete::Number(number) => Concrete::Number(cut(number, limits(module, *to).ok_or(Stop::Vague)?)),
                address @ Concrete::Address(..) => address,
            },
            _ => return Err(Stop::Vague),
        }))
    }

    /// The bytes that an access touches.
    fn bytes(
        &self,
        f: FuncId,
        values: &FxHashMap<Value, Concrete>,
        address: Value,
        size: i128,
        span: Span,
        problem: Problem,
    ) -> Result<(usize, usize, usize), Stop> {
        let Concrete::Address(object, offset) = self.value(f, values, address)? else { return Err(Stop::Vague) };
        if offset < 0 || offset + size > self.objects[object].len() as i128 {
            return Err(Stop::Wrong(f, span, problem));
        }
        let bound = |number: i128| usize::try_from(number).map_err(|_| Stop::Vague);
        Ok((object, bound(offset)?, bound(offset + size)?))
    }

    fn arith(f: FuncId, span: Span, op: ArithOp, a: i128, b: i128, limits: (i128, i128)) -> Result<i128, Stop> {
        let bits = 128 - (limits.1 - limits.0).leading_zeros();
        let exact = match op {
            ArithOp::Add => a + b,
            ArithOp::Sub => a - b,
            ArithOp::Mul => a * b,
            ArithOp::Div | ArithOp::Rem if b == 0 => {
                return Err(Stop::Wrong(f, span, Problem::DivisionByZero));
            }
            ArithOp::Div => a / b,
            ArithOp::Rem => a % b,
            ArithOp::ShiftLeft | ArithOp::ShiftRight if b < 0 || b >= i128::from(bits) => {
                return Err(Stop::Wrong(f, span, Problem::Shift));
            }
            ArithOp::ShiftLeft => a << b,
            ArithOp::ShiftRight => a >> b,
            ArithOp::And => a & b,
            ArithOp::Or => a | b,
            ArithOp::Xor => a ^ b,
        };
        // A negative difference of unsigned numbers wraps around for all to see.
        let wraps = limits.0 == 0 && a >= 0 && exact < 0;
        if (exact < limits.0 || exact > limits.1) && !wraps {
            return Err(Stop::Vague);
        }
        Ok(cut(exact, limits))
    }
}

/// The value of a form, over the arguments; nothing when it speaks of more than those.
fn form_value(form: &EntryForm, args: &[i128]) -> Option<i128> {
    form.terms.iter().try_fold(form.constant, |sum, (var, k)| match var {
        EntryVar::Param(index) => Some(sum + args[*index as usize] * i128::from(*k)),
        _ => None,
    })
}

/// Whether one of the ways of returning admits the result.
fn admits(summary: &Summary, args: &[i128], result: i128) -> bool {
    let lies_in = |range: &Range| range.lo <= result && result <= range.hi;
    !summary.known
        || summary.exits.iter().any(|exit| {
            exit.conditions.iter().all(|form| form_value(form, args).is_none_or(|value| value <= 0))
                && match &exit.result {
                    ExitVal::Number { form, range, .. } => {
                        lies_in(range)
                            && form.as_ref().is_none_or(|f| form_value(f, args).is_none_or(|value| value == result))
                    }
                    _ => true,
                }
        })
}

/// Analyses a program of one file, runs its last function with all arguments, and says what does not fit.
fn examine(text: &str, arguments: &[[i128; 2]]) -> Result<(), String> {
    let file = SourceFile::new("a.c", Language::C, Role::FirstParty, text);
    let module = assay_lang_c::C.lower(&file);
    if !module.gaps.is_empty() {
        return Err(format!("not understood: {:?}", module.gaps));
    }
    let program = Program::new(vec![Unit { file: FileId::new(0), path: "a.c", module: &module }]);
    let analysis = crate::analyse(&program);
    if !analysis.failed.is_empty() {
        return Err("the analysis failed".to_owned());
    }
    let mut run = Run::new(&program);
    for f in program.functions.ids() {
        run.analyse(f);
    }
    let last = program.functions.ids().last().ok_or("no function")?;
    for args in arguments {
        let mut machine = Machine { program: &program, objects: Vec::new(), steps: 0 };
        match machine.call(last, args) {
            Ok(result) if !admits(&run.summaries[last], args, result) => {
                return Err(format!("{args:?} gives {result}, but: {:?}", run.summaries[last].exits));
            }
            Err(Stop::Wrong(f, span, problem)) => {
                let safe = analysis.sites.iter().find(|site| {
                    (site.function, site.span, site.problem) == (f, span, problem)
                        && site.kind != SiteKind::Library
                        && matches!(site.finding, Finding::Safe(_))
                });
                if let Some(site) = safe {
                    return Err(format!("{args:?} goes wrong: {problem:?}, but: {:?}", site.finding));
                }
            }
            Ok(_) | Err(Stop::Vague) => {}
        }
    }
    Ok(())
}

/// An expression over the variables of the programs below.
fn expression() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        3 => prop_oneof![Just("a"), Just("b"), Just("x"), Just("y"), Just("i"), Just("c"), Just("u")].prop_map(str::to_owned),
        2 => (-9_i32..20).prop_map(|n| n.to_string()),
        1 => prop_oneof![Just("127"), Just("128"), Just("255"), Just("65536"), Just("2147483647")].prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            4 => (inner.clone(), prop_oneof![Just("+"), Just("-"), Just("*"), Just("&"), Just("|"), Just("^")], inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            2 => (inner.clone(), prop_oneof![Just("%"), Just("/"), Just("<<"), Just(">>")], inner.clone())
                .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            1 => (prop_oneof![Just("signed char"), Just("unsigned char"), Just("short"), Just("unsigned"), Just("long")], inner.clone())
                .prop_map(|(ty, a)| format!("(({ty}){a})")),
            1 => (condition_of(inner.clone()), inner.clone(), inner.clone())
                .prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
            1 => inner.clone().prop_map(|a| format!("t[({a}) & 7]")),
            1 => (inner.clone(), inner).prop_map(|(a, b)| format!("g({a}, {b})")),
        ]
    })
    .boxed()
}

fn condition_of(inner: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = String> {
    (inner.clone(), prop_oneof![Just("<"), Just("<="), Just("=="), Just("!="), Just(">"), Just(">=")], inner)
        .prop_map(|(a, op, b)| format!("{a} {op} {b}"))
}

fn statement() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        4 => (prop_oneof![Just("x"), Just("y"), Just("c"), Just("u")], expression()).prop_map(|(v, e)| format!("{v} = {e};")),
        2 => (expression(), expression()).prop_map(|(i, e)| format!("t[{i}] = {e};")),
        2 => expression().prop_map(|i| format!("x = t[{i}];")),
        1 => (expression(), expression()).prop_map(|(i, e)| format!("p = t + ({i}); if (p >= t && p < t + 8) *p = {e};")),
        1 => Just("if (x > 40) return y;".to_owned()),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let body = proptest::collection::vec(inner, 1..4).prop_map(|all| all.join(" "));
        prop_oneof![
            (condition_of(expression()), body.clone(), body.clone())
                .prop_map(|(c, a, b)| format!("if ({c}) {{ {a} }} else {{ {b} }}")),
            (0_u8..10, body.clone()).prop_map(|(n, a)| format!("for (i = 0; i < {n}; i++) {{ {a} }}")),
            body.clone().prop_map(|a| format!("for (i = 0; i < a; i++) {{ if (i == 9) break; {a} }}")),
            (1_u8..5, body).prop_map(|(n, a)| format!("while (x > 0) {{ {a} x -= {n}; }}")),
        ]
    })
    .boxed()
}

fn program() -> impl Strategy<Value = String> {
    let body = || proptest::collection::vec(statement(), 1..5).prop_map(|all| all.join("\n    "));
    (body(), body()).prop_map(|(inner, outer)| {
        let function = |name: &str, body: &str| {
            format!(
                "int {name}(int a, int b) {{\n    int x = a, y = b, i = 0, t[8] = {{0}}; signed char c = 3; unsigned u = 7; int *p = t;\n    {body}\n    return x + (c & 15) + (int)(u & 1) + t[0] + i + (p == t);\n}}\n"
            )
        };
        let inner = function("static_g", &inner).replace("g(", "h(").replace("static_h(", "g(");
        format!("static int h(int a, int b) {{ return a < b ? b - a : a & 7; }}\nstatic {inner}{}", function("f", &outer))
    })
}

fn argument() -> impl Strategy<Value = i128> {
    prop_oneof![6 => -12_i128..24, 1 => Just(i128::from(i32::MAX)), 1 => Just(i128::from(i32::MIN)), 1 => -70_000_i128..70_000]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_happens_is_admitted(text in program(), arguments in proptest::collection::vec([argument(), argument()], 12)) {
        let checked = examine(&text, &arguments);
        prop_assert!(checked.is_ok(), "{}\n{text}", checked.unwrap_err());
    }
}

#[test]
fn the_machine_runs_what_is_written() {
    let text = "int f(int a, int b) { int t[3] = {0}, i; for (i = 0; i < 3; i++) t[i] = a * i; return t[2] - b; }";
    let file = SourceFile::new("a.c", Language::C, Role::FirstParty, text);
    let module = assay_lang_c::C.lower(&file);
    let program = Program::new(vec![Unit { file: FileId::new(0), path: "a.c", module: &module }]);
    let f = program.functions.ids().last().expect("there is one");
    let mut machine = Machine { program: &program, objects: Vec::new(), steps: 0 };
    assert_eq!(machine.call(f, &[5, 3]), Ok(7));
}

#[test]
fn an_index_that_callers_give_is_not_safe_below_the_start() {
    let text = "static int g(int a) { int t[8] = {0}; t[a] = a; return t[0]; }\nint f(int a, int b) { int i, s = b; for (i = 0; i < 1; i++) s = g(i == a ? 0 : -1); return s; }";
    assert_eq!(examine(text, &[[0, 0], [1, 0]]), Ok(()));
}
