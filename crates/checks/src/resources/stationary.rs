//! Loops that do the same in every turn.
//!
//! One turn of a loop is evaluated on abstract values, under an assumption about what comes from outside: that a stream has
//! ended, so that each read of it gives nothing ([`Premise::Ended`]), or that a length that data states is zero
//! ([`Premise::Zero`]). If control gets back to the header, and every variable that goes around the loop has the value with
//! which the turn began, the next turn is the same, and so is every turn after it.
//!
//! Where a condition depends on what does not change, the way that stays in the loop counts: an attacker chooses the
//! state. Where it depends on what changes, or a call may raise on what was read, the loop may end.

use super::loops::Loop;
use crate::code::{Code, words};
use assay_dataflow::{Dominators, ValueBlocks};
use assay_index::{FxHashMap, FxHashSet, Symbol};
use assay_ir::{ArgKind, BinaryOp, BlockId, CompareOp, Const, Op, Terminator, UnaryOp, Value};
use assay_resolve::{FuncId, Object};

/// Turns that are evaluated until the variables settle.
const MAX_TURNS: usize = 7;
/// Operations that a value is followed through.
const MAX_DEPTH: u32 = 24;
/// Blocks of a loop that is looked at.
const MAX_BLOCKS: usize = 400;

/// What is assumed of the outside.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Premise {
    /// The stream that is read has ended.
    Ended,
    /// A length that stands in the data is zero.
    Zero,
}

/// A loop that may never end.
pub(super) struct Endless {
    pub(super) premise: Premise,
    /// The read that gives nothing, or the length that is zero.
    pub(super) cause: Value,
}

/// What is known of a value within a turn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Abs {
    /// What reading gives at the end: a text, bytes or list without elements.
    Empty,
    Int(i64),
    Bool(bool),
    None,
    /// The value that this one had when the turn began, or has outside of the loop.
    Same(Value),
    /// A number that the data states, so that an attacker chooses it; the operation that reads it.
    Stated(Value),
    /// Something that is the same in each turn.
    Still,
    /// Something that may differ from turn to turn.
    Changing,
}

/// How a turn goes on.
enum Flow {
    On,
    /// It ends in an exception.
    Raises,
    /// It cannot be said.
    Unknown,
}

/// Methods by which streams and sockets are read.
const READS: [&str; 6] = ["read", "readline", "read1", "recv", "readchunk", "recv_bytes"];
/// Methods of texts that give a text without characters for one.
const KEEP_EMPTY: [&str; 20] = [
    "strip",
    "rstrip",
    "lstrip",
    "lower",
    "upper",
    "decode",
    "encode",
    "replace",
    "split",
    "splitlines",
    "title",
    "removeprefix",
    "removesuffix",
    "join",
    "translate",
    "expandtabs",
    "casefold",
    "rsplit",
    "copy",
    "tobytes",
];
/// Methods of texts that answer no for one without characters.
const DENY_EMPTY: [&str; 11] = [
    "isspace",
    "isdigit",
    "isalpha",
    "isalnum",
    "isnumeric",
    "isdecimal",
    "isupper",
    "islower",
    "isidentifier",
    "startswith",
    "endswith",
];
/// Methods whose result nothing depends on and that take anything.
const EFFECTS: [&str; 16] = [
    "append",
    "extend",
    "add",
    "write",
    "update",
    "debug",
    "info",
    "warning",
    "warn",
    "error",
    "insert",
    "appendleft",
    "setdefault",
    "flush",
    "log",
    "writelines",
];
/// Functions that give the same for the same.
const PURE: [&str; 16] = [
    "min",
    "max",
    "abs",
    "str",
    "bytes",
    "bool",
    "isinstance",
    "repr",
    "round",
    "list",
    "tuple",
    "set",
    "bytearray",
    "print",
    "hex",
    "type",
];

/// Whether a loop may never end, and why.
pub(super) fn endless(code: &Code<'_>, f: FuncId, the_loop: &Loop, premise: Premise) -> Option<Endless> {
    if the_loop.body.len() > MAX_BLOCKS {
        return None;
    }
    let mut zero: FxHashSet<Value> = FxHashSet::default();
    loop {
        let before = zero.len();
        let settled = Turns::new(code, f, the_loop, premise, zero.clone()).settle()?;
        zero.extend(settled.needed);
        match premise {
            Premise::Ended => return settled.read.map(|cause| Endless { premise, cause }),
            Premise::Zero if zero.len() == before => {
                return zero.iter().min().map(|cause| Endless { premise, cause: *cause });
            }
            Premise::Zero => {}
        }
    }
}

/// A loop whose turns are all the same.
struct Settled {
    /// A read that gives nothing.
    read: Option<Value>,
    /// Lengths that must be zero for that.
    needed: FxHashSet<Value>,
}

struct Turns<'c, 'a> {
    code: &'c Code<'a>,
    f: FuncId,
    the_loop: &'c Loop,
    premise: Premise,
    blocks: ValueBlocks,
    order: Vec<BlockId>,
    /// What the variables of the header are when a turn begins.
    assumed: FxHashMap<Value, Abs>,
    values: FxHashMap<Value, Abs>,
    taken: FxHashSet<(BlockId, BlockId)>,
    /// The ways that the turn before took.
    before: Option<FxHashSet<(BlockId, BlockId)>>,
    stored: FxHashSet<Symbol>,
    /// Lengths that are zero.
    zero: FxHashSet<Value>,
    /// Lengths that must be zero for the turn to change nothing.
    needed: FxHashSet<Value>,
    reads: Option<Value>,
}

impl<'c, 'a> Turns<'c, 'a> {
    fn new(code: &'c Code<'a>, f: FuncId, the_loop: &'c Loop, premise: Premise, zero: FxHashSet<Value>) -> Self {
        let function = code.function(f);
        let dominators = Dominators::new(function);
        let order = dominators.reverse_postorder().iter().copied().filter(|b| the_loop.body.contains(b)).collect();
        let mut stored = FxHashSet::default();
        for block in &the_loop.body {
            for value in &function.blocks[*block].insts {
                match function.op(*value) {
                    Op::StoreAttr { name, .. } | Op::DeleteAttr(_, name) | Op::StoreGlobal(name, _) => {
                        stored.insert(*name);
                    }
                    _ => {}
                }
            }
        }
        Self {
            code,
            f,
            the_loop,
            premise,
            blocks: ValueBlocks::new(function),
            order,
            assumed: FxHashMap::default(),
            values: FxHashMap::default(),
            taken: FxHashSet::default(),
            before: None,
            stored,
            zero,
            needed: FxHashSet::default(),
            reads: None,
        }
    }

    /// Evaluates turns until the variables of the header stay as they are; `None` when the loop may end.
    fn settle(mut self) -> Option<Settled> {
        let function = self.code.function(self.f);
        let header = self.the_loop.header;
        for _ in 0..MAX_TURNS {
            if !self.turn() {
                return None;
            }
            let back: Vec<BlockId> =
                self.the_loop.latches.iter().copied().filter(|b| self.taken.contains(&(*b, header))).collect();
            if back.is_empty() {
                return None;
            }
            let mut stable = true;
            for value in &function.blocks[header].insts {
                let Op::Phi(inputs) = function.op(*value) else { continue };
                let mut next = None;
                for (_, input) in inputs.iter().filter(|(from, _)| back.contains(from)) {
                    let abs = self.eval(*input, MAX_DEPTH);
                    next = Some(next.map_or(abs, |have| join(have, abs)));
                }
                let next = match next {
                    Some(Abs::Same(v)) if v == *value => Abs::Same(*value),
                    Some(Abs::Same(_) | Abs::Still | Abs::Stated(_)) => Abs::Still,
                    Some(other) => other,
                    None => return None,
                };
                if self.assumed.get(value).copied().unwrap_or(Abs::Same(*value)) != next {
                    stable = false;
                    self.assumed.insert(*value, next);
                }
            }
            // What inner loops bring back is known from the turn before, so that must have been the same one.
            let settled = self.before.as_ref() == Some(&self.taken);
            self.before = Some(self.taken.clone());
            if stable && settled {
                if self.assumed.values().any(|abs| *abs == Abs::Changing) && self.premise == Premise::Zero {
                    return None;
                }
                return Some(Settled { read: self.reads, needed: self.needed });
            }
        }
        None
    }

    /// One turn from the header on; whether it stays in the loop, as far as can be said.
    fn turn(&mut self) -> bool {
        let function = self.code.function(self.f);
        self.values.clear();
        self.taken.clear();
        let mut entered: FxHashSet<BlockId> = FxHashSet::default();
        entered.insert(self.the_loop.header);
        for at in 0..self.order.len() {
            let block = self.order[at];
            if !entered.contains(&block) {
                continue;
            }
            let code = &function.blocks[block];
            let mut raises = false;
            for value in &code.insts {
                match self.step(*value) {
                    Flow::On => {}
                    Flow::Unknown => return false,
                    Flow::Raises => {
                        raises = true;
                        break;
                    }
                }
            }
            let mut go = |this: &mut Self, to: BlockId| {
                if this.the_loop.body.contains(&to) {
                    this.taken.insert((block, to));
                    entered.insert(to);
                    true
                } else {
                    false
                }
            };
            if raises {
                if let Some(handler) = code.handler {
                    go(self, handler);
                }
                continue;
            }
            match &code.terminator {
                Terminator::Goto(to) => {
                    go(self, *to);
                }
                Terminator::Branch { cond, then_to, else_to } => {
                    let cond = self.eval(*cond, MAX_DEPTH);
                    match truth(cond) {
                        Some(true) => {
                            go(self, *then_to);
                        }
                        Some(false) => {
                            go(self, *else_to);
                        }
                        None => {
                            let stays = [go(self, *then_to), go(self, *else_to)];
                            if cond == Abs::Changing && stays.contains(&false) {
                                return false;
                            }
                        }
                    }
                }
                Terminator::Choice(targets) => {
                    for to in targets {
                        if !go(self, *to) {
                            return false;
                        }
                    }
                }
                Terminator::Return(_) | Terminator::Raise(_) | Terminator::Unreachable => {}
            }
        }
        true
    }

    /// What an instruction does to the turn.
    fn step(&mut self, value: Value) -> Flow {
        let op = self.code.op(self.f, value);
        match op {
            Op::Call { .. } => self.call_step(value),
            Op::Yield(_) | Op::YieldFrom(_) | Op::Enter(_) | Op::DeleteItem(..) => Flow::Unknown,
            Op::Item(base, key) if !matches!(self.code.op(self.f, *key), Op::Slice(..)) => {
                if self.eval(*base, MAX_DEPTH) == Abs::Empty { Flow::Raises } else { Flow::On }
            }
            Op::Unpack { base, .. } if self.eval(*base, MAX_DEPTH) == Abs::Empty => Flow::Raises,
            Op::Binary(BinaryOp::Mod, text, _) if self.eval(*text, MAX_DEPTH) == Abs::Empty => Flow::Unknown,
            _ => Flow::On,
        }
    }

    fn call_step(&mut self, call: Value) -> Flow {
        let Op::Call { func, args } = self.code.op(self.f, call) else { return Flow::On };
        if self.is_read(call) {
            // In a loop that takes data apart, a read gets further; in one that reads, that is the question.
            return if self.premise == Premise::Ended { Flow::On } else { Flow::Unknown };
        }
        let callee = self.code.callee(self.f, call);
        let last = callee.rsplit('.').next().unwrap_or(&callee);
        let method = matches!(self.code.op(self.f, *func), Op::Attr(..));
        let mut empty = false;
        for arg in args {
            if matches!(arg.kind, ArgKind::Spread | ArgKind::KeywordSpread) {
                return Flow::Unknown;
            }
            empty |= self.eval(arg.value, MAX_DEPTH) == Abs::Empty;
        }
        if matches!(last, "ord" | "int" | "float" | "unpack" | "unpack_from") && empty {
            return Flow::Raises;
        }
        if self.is_stating(call) {
            return Flow::On;
        }
        let receiver =
            if let Op::Attr(base, _) = self.code.op(self.f, *func) { Some(self.eval(*base, MAX_DEPTH)) } else { None };
        let known = if method {
            EFFECTS.contains(&last)
                || KEEP_EMPTY.contains(&last)
                || DENY_EMPTY.contains(&last)
                || last == "from_bytes"
                || matches!(last, "find" | "rfind" | "count" | "get" | "tell" | "seek" | "format" | "keys")
        } else {
            PURE.contains(&last) || last == "len" || last == "ord"
        };
        if known {
            return if matches!(last, "seek" | "tell") && self.premise == Premise::Zero {
                Flow::Unknown
            } else {
                Flow::On
            };
        }
        // What may wait, or raise on what it is given, may be how the loop is meant to go.
        if empty || receiver == Some(Abs::Empty) || self.may_end(call, &callee) { Flow::Unknown } else { Flow::On }
    }

    /// Whether a call may leave the loop by an exception, or is there to wait.
    fn may_end(&self, call: Value, callee: &str) -> bool {
        let waits = ["sleep", "wait", "select", "poll", "join", "yield", "switch", "idle", "next", "get"];
        if words(callee).iter().any(|w| waits.contains(&w.as_str())) {
            return true;
        }
        let Some(targets) = self.code.res.call(self.f, call) else { return true };
        if targets.functions.is_empty() {
            return true;
        }
        targets.functions.iter().any(|target| {
            let function = self.code.function(target.function);
            let raises = function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Raise(_)));
            let calls = self.code.res.calls(target.function).len() > 6;
            raises || calls || function.is_generator
        })
    }

    /// Whether a call reads a stream that gives nothing at its end.
    fn is_read(&self, call: Value) -> bool {
        let Some(targets) = self.code.res.call(self.f, call) else { return false };
        let Op::Call { func, args } = self.code.op(self.f, call) else { return false };
        if targets.apis.iter().any(|api| self.code.api(*api) == "os.read") {
            return true;
        }
        let Op::Attr(base, name) = self.code.op(self.f, *func) else { return false };
        let name = self.code.text(*name);
        if !READS.contains(&name) {
            return false;
        }
        // Queues, connections between processes and sockets of web frameworks raise when they are closed.
        if name.starts_with("recv") && args.is_empty() {
            return false;
        }
        // A read of the project's own may raise at the end.
        let raises = |f: FuncId| {
            let function = self.code.function(f);
            function.blocks.iter().any(|b| matches!(b.terminator, Terminator::Raise(_)))
                || self.code.res.calls(f).len() > 12
                || returns_none(function)
        };
        if targets.functions.iter().any(|t| raises(t.function)) {
            return false;
        }
        let odd = self.code.res.objects(self.f, *base).any(|o| match o {
            Object::Api(api) => {
                let name = self.code.api(api);
                ["serial.", "websocket", "configparser", "multiprocessing", "zmq", "usb."]
                    .iter()
                    .any(|p| name.starts_with(p))
            }
            Object::Module(_) => true,
            _ => false,
        });
        !odd
    }

    /// Whether a call gives a number that data states.
    fn is_stating(&self, call: Value) -> bool {
        if self.premise != Premise::Zero {
            return false;
        }
        states(self.code, self.f, call, 2)
    }

    fn inside(&self, value: Value) -> bool {
        self.blocks.block(value).is_some_and(|b| self.the_loop.body.contains(&b))
    }

    fn eval(&mut self, value: Value, depth: u32) -> Abs {
        if let Some(known) = self.values.get(&value) {
            return *known;
        }
        if depth == 0 {
            return Abs::Changing;
        }
        self.values.insert(value, Abs::Changing);
        let abs = self.evaluate(value, depth - 1);
        self.values.insert(value, abs);
        abs
    }

    fn evaluate(&mut self, value: Value, depth: u32) -> Abs {
        let function = self.code.function(self.f);
        let op = function.op(value);
        if let Op::Const(constant) = op {
            return match constant {
                Const::None => Abs::None,
                Const::Bool(b) => Abs::Bool(*b),
                Const::Int(i) => Abs::Int(*i),
                Const::Str(s) | Const::Bytes(s) if self.code.text(*s).is_empty() => Abs::Empty,
                _ => Abs::Same(value),
            };
        }
        if !self.inside(value) {
            return Abs::Same(value);
        }
        match op {
            Op::Phi(_) if self.blocks.block(value) == Some(self.the_loop.header) => {
                self.assumed.get(&value).copied().unwrap_or(Abs::Same(value))
            }
            Op::Phi(inputs) => self.merge(value, inputs, depth),
            Op::Annotated { value: Some(inner), .. } | Op::Await(inner) | Op::Unary(UnaryOp::Plus, inner) => {
                self.eval(*inner, depth)
            }
            Op::Global(name) => {
                if self.stored.contains(name) {
                    Abs::Changing
                } else {
                    Abs::Still
                }
            }
            Op::Attr(base, name) => {
                if self.stored.contains(name) {
                    return Abs::Changing;
                }
                match self.eval(*base, depth) {
                    Abs::Changing => Abs::Changing,
                    _ if self.has_own_calls() => Abs::Changing,
                    _ => Abs::Still,
                }
            }
            Op::Item(base, key) => self.item(value, *base, *key, depth),
            Op::Unpack { base, .. } => match self.eval(*base, depth) {
                Abs::Stated(_) => self.stated(value),
                Abs::Changing => Abs::Changing,
                _ => Abs::Still,
            },
            Op::Binary(op, a, b) | Op::InPlace(op, a, b) => {
                let (a, b) = (self.eval(*a, depth), self.eval(*b, depth));
                self.arithmetic(*op, a, b)
            }
            Op::Unary(UnaryOp::Not, inner) => {
                let inner = self.eval(*inner, depth);
                match truth(inner) {
                    Some(t) => Abs::Bool(!t),
                    None if inner == Abs::Changing => Abs::Changing,
                    None => Abs::Still,
                }
            }
            Op::Compare(op, a, b) => self.compare(*op, *a, *b, depth),
            Op::Call { .. } => self.call(value, depth),
            Op::Collection(_, elements) => {
                let mut out = Abs::Still;
                for element in elements {
                    if self.eval(element.value, depth) == Abs::Changing {
                        out = Abs::Changing;
                    }
                }
                out
            }
            Op::Slice(..) | Op::Format(_) | Op::Unary(..) | Op::Dict(_) | Op::MakeFunction { .. } => {
                let mut operands = Vec::new();
                op.for_each_operand(|v| operands.push(v));
                let changing = operands.into_iter().any(|v| self.eval(v, depth) == Abs::Changing);
                if changing { Abs::Changing } else { Abs::Still }
            }
            Op::Import { .. } | Op::ImportFrom { .. } => Abs::Still,
            _ => Abs::Changing,
        }
    }

    /// Whether the loop calls functions of the project, which may change what is loaded.
    fn has_own_calls(&self) -> bool {
        let function = self.code.function(self.f);
        self.the_loop.body.iter().flat_map(|b| &function.blocks[*b].insts).any(|value| {
            matches!(function.op(*value), Op::Call { .. })
                && self.code.res.call(self.f, *value).is_none_or(|t| !t.functions.is_empty())
        })
    }

    /// What several ways bring together, of those that the turn took.
    fn merge(&mut self, value: Value, inputs: &[(BlockId, Value)], depth: u32) -> Abs {
        let Some(block) = self.blocks.block(value) else { return Abs::Changing };
        let position = |b: BlockId, order: &[BlockId]| order.iter().position(|o| *o == b);
        let own = position(block, &self.order);
        let mut out = None;
        for (from, input) in inputs {
            // An inner loop brings back what it made.
            if self.the_loop.body.contains(from) && position(*from, &self.order) >= own {
                if self.before.as_ref().is_none_or(|before| !before.contains(&(*from, block))) {
                    continue;
                }
                if *input == value || self.eval(*input, depth) == Abs::Same(value) {
                    continue;
                }
                return Abs::Changing;
            }
            if !self.taken.contains(&(*from, block)) {
                continue;
            }
            let abs = self.eval(*input, depth);
            out = Some(out.map_or(abs, |have| join(have, abs)));
        }
        out.unwrap_or(Abs::Changing)
    }

    fn stated(&self, value: Value) -> Abs {
        if self.zero.contains(&value) { Abs::Int(0) } else { Abs::Stated(value) }
    }

    fn item(&mut self, value: Value, base: Value, key: Value, depth: u32) -> Abs {
        let whole = self.eval(base, depth);
        let slice = match self.code.op(self.f, key) {
            Op::Slice(start, end, step) => Some((*start, *end, *step)),
            _ => None,
        };
        match (whole, slice) {
            (Abs::Changing, _) => Abs::Changing,
            (Abs::Empty, Some(_)) => Abs::Empty,
            // What is left behind a start of zero is all of it.
            (Abs::Same(v), Some((Some(start), None, None))) => match self.eval(start, depth) {
                Abs::Int(0) => Abs::Same(v),
                Abs::Stated(length) => {
                    self.needed.insert(length);
                    Abs::Same(v)
                }
                Abs::Changing => Abs::Changing,
                _ => Abs::Still,
            },
            (Abs::Stated(_), None) => self.stated(value),
            _ => {
                if self.eval(key, depth) == Abs::Changing {
                    return Abs::Changing;
                }
                if slice.is_none() && self.premise == Premise::Zero && self.is_bytes(base) {
                    return self.stated(value);
                }
                Abs::Still
            }
        }
    }

    fn is_bytes(&self, value: Value) -> bool {
        self.code.res.objects(self.f, value).any(|o| match o {
            Object::Api(api) => matches!(self.code.api(api), "bytes" | "bytearray" | "memoryview"),
            _ => false,
        })
    }

    #[expect(clippy::match_same_arms, reason = "a table of rules, in the order in which they apply")]
    fn arithmetic(&mut self, op: BinaryOp, a: Abs, b: Abs) -> Abs {
        match (op, a, b) {
            (BinaryOp::Add, x, Abs::Empty | Abs::Int(0)) | (BinaryOp::Sub, x, Abs::Int(0)) => x,
            (BinaryOp::Add, Abs::Empty | Abs::Int(0), x) => x,
            (_, Abs::Changing, _) | (_, _, Abs::Changing) => Abs::Changing,
            (BinaryOp::Add | BinaryOp::Sub, Abs::Same(v), Abs::Stated(length)) => {
                self.needed.insert(length);
                Abs::Same(v)
            }
            (BinaryOp::Add, Abs::Stated(length), Abs::Same(v)) => {
                self.needed.insert(length);
                Abs::Same(v)
            }
            (BinaryOp::Add, Abs::Int(a), Abs::Int(b)) => a.checked_add(b).map_or(Abs::Still, Abs::Int),
            (BinaryOp::Sub, Abs::Int(a), Abs::Int(b)) => a.checked_sub(b).map_or(Abs::Still, Abs::Int),
            _ => Abs::Still,
        }
    }

    #[expect(clippy::match_same_arms, reason = "a table of rules, in the order in which they apply")]
    fn compare(&mut self, op: CompareOp, a: Value, b: Value, depth: u32) -> Abs {
        let (left, right) = (self.eval(a, depth), self.eval(b, depth));
        let text = |v: Value| self.code.literal(self.f, v).map(str::to_owned);
        let answer = match (op, left, right) {
            (CompareOp::Is | CompareOp::Eq, Abs::Empty | Abs::Int(_) | Abs::Bool(_), Abs::None) => Some(false),
            (CompareOp::IsNot | CompareOp::NotEq, Abs::Empty | Abs::Int(_) | Abs::Bool(_), Abs::None) => Some(true),
            (CompareOp::Is | CompareOp::Eq, Abs::None, Abs::None) => Some(true),
            (CompareOp::IsNot | CompareOp::NotEq, Abs::None, Abs::None) => Some(false),
            (CompareOp::Eq, Abs::Empty, Abs::Empty) => Some(true),
            (CompareOp::NotEq, Abs::Empty, Abs::Empty) => Some(false),
            (CompareOp::Eq | CompareOp::Is, Abs::Empty, Abs::Same(_)) if text(b).is_some() => Some(false),
            (CompareOp::NotEq | CompareOp::IsNot, Abs::Empty, Abs::Same(_)) if text(b).is_some() => Some(true),
            (CompareOp::Eq, Abs::Same(_), Abs::Empty) if text(a).is_some() => Some(false),
            (CompareOp::NotEq, Abs::Same(_), Abs::Empty) if text(a).is_some() => Some(true),
            (CompareOp::In | CompareOp::NotIn, Abs::Empty, _) => {
                match self.holds_empty(b) {
                    Some(found) => Some(found == (op == CompareOp::In)),
                    // Few collections hold a text without characters.
                    None if op == CompareOp::In => Some(false),
                    None => return Abs::Changing,
                }
            }
            (CompareOp::In, _, Abs::Empty) => Some(false),
            (CompareOp::NotIn, _, Abs::Empty) => Some(true),
            (_, Abs::Int(a), Abs::Int(b)) => match op {
                CompareOp::Eq | CompareOp::Is => Some(a == b),
                CompareOp::NotEq | CompareOp::IsNot => Some(a != b),
                CompareOp::Less => Some(a < b),
                CompareOp::LessEq => Some(a <= b),
                CompareOp::Greater => Some(a > b),
                CompareOp::GreaterEq => Some(a >= b),
                CompareOp::In | CompareOp::NotIn => None,
            },
            _ => None,
        };
        match answer {
            Some(answer) => Abs::Bool(answer),
            None if left == Abs::Changing || right == Abs::Changing => Abs::Changing,
            None => Abs::Still,
        }
    }

    /// Whether a container holds a text without characters; every text does.
    fn holds_empty(&self, container: Value) -> Option<bool> {
        match assay_taint::constant(self.code.res, self.f, container)? {
            assay_values::ConstValue::Str(_) | assay_values::ConstValue::Bytes(_) => Some(true),
            assay_values::ConstValue::Sequence(items) | assay_values::ConstValue::Mapping(items) => {
                Some(items.iter().any(|i| i.as_str().is_some_and(str::is_empty)))
            }
            _ => None,
        }
    }

    fn call(&mut self, call: Value, depth: u32) -> Abs {
        let Op::Call { func, args } = self.code.op(self.f, call) else { return Abs::Changing };
        if self.is_read(call) {
            if self.premise == Premise::Ended {
                self.reads.get_or_insert(call);
                return Abs::Empty;
            }
            return Abs::Changing;
        }
        let mut abs = Vec::with_capacity(args.len());
        for arg in args {
            abs.push(self.eval(arg.value, depth));
        }
        let changing = abs.contains(&Abs::Changing);
        if self.is_stating(call) {
            return if changing { Abs::Changing } else { self.stated(call) };
        }
        let callee = self.code.callee(self.f, call);
        let last = callee.rsplit('.').next().unwrap_or(&callee).to_owned();
        let last = last.as_str();
        if let Op::Attr(base, _) = self.code.op(self.f, *func) {
            let receiver = self.eval(*base, depth);
            return match (last, receiver) {
                ("join", _) if abs.first() == Some(&Abs::Empty) => Abs::Empty,
                (_, Abs::Empty) if KEEP_EMPTY.contains(&last) && last != "join" => Abs::Empty,
                (_, Abs::Empty) if DENY_EMPTY.contains(&last) => Abs::Bool(false),
                ("find" | "rfind", Abs::Empty) => Abs::Int(-1),
                ("count", Abs::Empty) => Abs::Int(0),
                ("from_bytes", _) if abs.first() == Some(&Abs::Empty) => Abs::Int(0),
                _ if EFFECTS.contains(&last) => Abs::Still,
                (_, Abs::Changing) => Abs::Changing,
                _ if changing => Abs::Changing,
                _ if KEEP_EMPTY.contains(&last) || DENY_EMPTY.contains(&last) => Abs::Still,
                ("find" | "rfind" | "count" | "get" | "format" | "keys", _) => Abs::Still,
                _ => Abs::Changing,
            };
        }
        match (last, abs.first()) {
            ("len", Some(Abs::Empty)) => Abs::Int(0),
            ("str" | "bytes" | "list" | "tuple" | "set" | "bytearray", Some(Abs::Empty)) => Abs::Empty,
            ("bool", Some(first)) => truth(*first).map_or(*first, Abs::Bool),
            ("len", Some(_)) if !changing => Abs::Still,
            _ if PURE.contains(&last) && !changing => Abs::Still,
            _ => Abs::Changing,
        }
    }
}

/// Whether a call gives a number that stands in data: by itself, or as what a function of the project returns.
fn states(code: &Code<'_>, f: FuncId, call: Value, depth: u32) -> bool {
    let Some(targets) = code.res.call(f, call) else { return false };
    let stating = |name: &str| {
        matches!(name, "struct.unpack" | "struct.unpack_from" | "int.from_bytes" | "ord")
            || name.starts_with("struct.Struct") && name.contains("unpack")
    };
    if targets.apis.iter().any(|api| stating(code.api(*api))) {
        return true;
    }
    depth > 0
        && !targets.functions.is_empty()
        && targets.functions.iter().all(|target| {
            let function = code.function(target.function);
            let returned = function.blocks.iter().filter_map(|b| match b.terminator {
                Terminator::Return(value) => Some(value),
                _ => None,
            });
            let mut any = false;
            for value in returned {
                let mut at = value;
                while let Op::Item(base, _) | Op::Unpack { base, .. } | Op::Annotated { value: Some(base), .. } =
                    function.op(at)
                {
                    at = *base;
                }
                if !matches!(function.op(at), Op::Call { .. }) || !states(code, target.function, at, depth - 1) {
                    return false;
                }
                any = true;
            }
            any
        })
}

/// Whether a function says by `None` that there is no more.
fn returns_none(function: &assay_ir::Function) -> bool {
    function.insts.iter().any(|inst| match inst.op {
        Op::Returned(value) => matches!(function.op(value), Op::Const(Const::None)),
        _ => false,
    })
}

fn truth(abs: Abs) -> Option<bool> {
    match abs {
        Abs::Empty | Abs::None => Some(false),
        Abs::Int(i) => Some(i != 0),
        Abs::Bool(b) => Some(b),
        _ => None,
    }
}

fn join(a: Abs, b: Abs) -> Abs {
    match (a, b) {
        (a, b) if a == b => a,
        (Abs::Changing, _) | (_, Abs::Changing) => Abs::Changing,
        _ => Abs::Still,
    }
}
