//! Loops that do the same in every turn.
//!
//! One turn of a loop is evaluated on abstract values, under an assumption about what comes from outside: that a stream has
//! ended, so that each read of it gives nothing ([`Premise::Ended`]), or that a length that data states is zero
//! ([`Premise::Zero`]). If control gets back to the header, and every variable that goes around the loop has the value with
//! which the turn began, the next turn is the same, and so is every turn after it.
//!
//! Where a condition depends on what does not change, the way that stays in the loop counts: an attacker chooses the
//! state. Where it depends on what changes, or a call may raise on what was read, the loop may end.

mod values;

use super::loops::Loop;
use crate::code::{Code, words};
use assay_dataflow::{Dominators, ValueBlocks};
use assay_index::{FxHashMap, FxHashSet, Symbol};
use assay_ir::{ArgKind, BinaryOp, BlockId, Const, Op, Terminator, Value};
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
