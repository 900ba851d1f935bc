//! What limits how much of a peer's data is kept.

use super::pieces::{Given, Piece};
use crate::code::{Code, words};
use crate::resources::loops::loops;
use assay_dataflow::ValueBlocks;
use assay_index::{FxHashSet, Symbol};
use assay_ir::{ArgKind, BinaryOp, CompareOp, Const, Op, Value};
use assay_resolve::{ClsId, FuncId, Object};

/// The least constant that says how much is too much; smaller ones say what is needed to go on.
const LEAST: i64 = 64;
/// Values on the way from one to what it comes from.
const MAX_STEPS: usize = 32;
/// Words in the names of limits.
const LIMITS: [&str; 14] = [
    "max",
    "maximum",
    "limit",
    "limits",
    "bound",
    "threshold",
    "cap",
    "capacity",
    "quota",
    "budget",
    "allowed",
    "maxlen",
    "maxsize",
    "highwater",
];
/// Methods that take something out of a container.
const REMOVES: [&str; 7] = ["pop", "popleft", "clear", "remove", "get", "get_nowait", "discard"];
/// Methods that are called when an object begins its work.
const BEGINS: [&str; 8] =
    ["__init__", "connection_made", "connectionMade", "setup", "open", "start", "makeConnection", "on_open"];

/// Whether what is added to a container stays there: not in one of a fixed size, nor in what only takes note of it.
pub(super) fn holds_all(code: &Code<'_>, f: FuncId, base: Value, method: &str) -> bool {
    let names: Vec<String> = code
        .objects(f, base)
        .iter()
        .map(|o| match o {
            Object::Api(api) => code.api(*api).to_ascii_lowercase(),
            Object::Container(..) => "container".to_owned(),
            _ => "other".to_owned(),
        })
        .collect();
    if names.iter().any(|n| n == "other") {
        return false;
    }
    let is = |what: &[&str]| names.iter().any(|n| what.iter().any(|w| n.contains(w)));
    match method {
        "write" => is(&["bytesio", "stringio"]),
        "put" | "put_nowait" => is(&["queue"]),
        "add" => is(&["container", "builtins.set", "set()"]),
        _ => is(&["container", "bytearray", "list", "deque"]),
    }
}

/// What limits an attribute in which pieces are kept.
pub(super) fn of_attribute(
    code: &Code<'_>,
    f: FuncId,
    class: ClsId,
    name: Symbol,
    added: bool,
    piece: &Piece,
) -> Option<String> {
    let order = code.res.hierarchy.order(class);
    let related = |c: ClsId| order.contains(&c) || code.res.hierarchy.order(c).contains(&class);
    let program = &code.res.program;
    let methods = program.functions.ids().filter(|g| program.functions[*g].class.is_some_and(related));
    let methods: Vec<FuncId> = methods.collect();
    if let Some(detail) = short_lengths(code, &methods, name) {
        return Some(detail);
    }
    // Whoever hands over pieces of something that has a length knows how many there are.
    if piece.given == Given::Pushed && !waits_for_an_end(code, &methods, name) {
        return Some("whoever hands over the pieces knows where they end".to_owned());
    }
    if let Some(detail) = limited_by_callers(code, f, piece) {
        return Some(detail);
    }
    let raw = !matches!(code.op(f, piece.value), Op::Call { .. }) || matches!(piece.given, Given::Read(_));
    for g in &methods {
        if let Some(limit) = compares(code, *g, true) {
            return Some(code.shown_value(*g, limit));
        }
        for (value, inst) in code.function(*g).insts.iter_enumerated() {
            let of = |v: Value| matches!(code.op(*g, code.plain(*g, v)), Op::Attr(_, n) if *n == name);
            let found = match &inst.op {
                Op::StoreAttr { name: n, value, .. } if *n == name => {
                    has_size(code, *g, *value)
                        || cut_to_size(code, *g, *value)
                        || !BEGINS.contains(&code.function_name(*g)) && added && !raw
                        || *g == f && is_empty(code, f, *value) && always_follows(code, f, *value)
                }
                Op::Call { func, .. } => match code.op(*g, *func) {
                    Op::Attr(base, method) => added && REMOVES.contains(&code.text(*method)) && of(*base),
                    _ => false,
                },
                Op::DeleteItem(base, key) => {
                    of(*base)
                        && (added && !matches!(code.op(*g, *key), Op::Slice(None, Some(_), None))
                            || cuts(code, *g, *key))
                }
                _ => false,
            };
            if found {
                return Some(code.shown_value(*g, value));
            }
        }
    }
    None
}

/// Whether the class looks for an end in what it keeps.
fn waits_for_an_end(code: &Code<'_>, methods: &[FuncId], name: Symbol) -> bool {
    methods.iter().any(|&g| {
        let looks = |v: Value| piece_or_kept(code, g, name, v);
        code.function(g).insts.iter().any(|inst| match &inst.op {
            Op::Call { func, .. } => matches!(code.op(g, *func), Op::Attr(base, method)
                if matches!(code.text(*method), "find" | "split" | "partition" | "index" | "endswith" | "rfind" | "splitlines" | "rpartition")
                    && looks(*base)),
            Op::Compare(CompareOp::In | CompareOp::NotIn, _, b) => looks(*b),
            _ => false,
        })
    })
}

/// Whether a value is what an attribute keeps, or is put together from it.
fn piece_or_kept(code: &Code<'_>, g: FuncId, name: Symbol, value: Value) -> bool {
    comes_from(code, g, value, |value, work| match code.op(g, value) {
        Op::Attr(_, n) => *n == name,
        Op::Binary(BinaryOp::Add, a, b) | Op::InPlace(BinaryOp::Add, a, b) => {
            work.extend([*a, *b]);
            false
        }
        Op::Annotated { value: Some(v), .. } | Op::Item(v, _) => {
            work.push(*v);
            false
        }
        _ => false,
    })
}

/// Whether `found` holds of a value, or of one that it may be or that `found` lists for it.
fn comes_from(code: &Code<'_>, f: FuncId, value: Value, mut found: impl FnMut(Value, &mut Vec<Value>) -> bool) -> bool {
    let mut seen: FxHashSet<Value> = FxHashSet::default();
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        if seen.len() > MAX_STEPS || !seen.insert(value) {
            continue;
        }
        if let Op::Phi(inputs) = code.op(f, value) {
            work.extend(inputs.iter().map(|(_, v)| *v));
        } else if found(value, &mut work) {
            return true;
        }
    }
    false
}

/// Lengths of at most two bytes, by which the class takes messages off the front of what is kept, and nothing else.
fn short_lengths(code: &Code<'_>, methods: &[FuncId], name: Symbol) -> Option<String> {
    let mut found = None;
    for &g in methods {
        for (value, inst) in code.function(g).insts.iter_enumerated() {
            let Op::Call { func, args } = &inst.op else { continue };
            let of_kept = |v: Value| matches!(code.op(g, code.plain(g, v)), Op::Attr(_, n) if *n == name);
            if let Op::Attr(base, method) = code.op(g, *func)
                && matches!(code.text(*method), "find" | "split" | "partition" | "index" | "endswith" | "rfind")
                && of_kept(*base)
            {
                return None;
            }
            let callee = code.callee(g, value);
            if matches!(callee.as_str(), "struct.unpack" | "struct.unpack_from") {
                let format = args.first().and_then(|a| code.string(g, a.value))?;
                if format.chars().any(|c| matches!(c, 'I' | 'i' | 'L' | 'l' | 'Q' | 'q')) {
                    return None;
                }
                found = Some(code.shown_value(g, value));
            }
        }
    }
    found
}

/// A comparison with a limit in what hands over the pieces.
fn limited_by_callers(code: &Code<'_>, f: FuncId, piece: &Piece) -> Option<String> {
    if !matches!(piece.given, Given::Pushed) {
        return None;
    }
    code.callers(f).iter().find_map(|c| compares(code, c.function, false).map(|v| code.shown_value(c.function, v)))
}

/// What limits a variable of a module in which pieces are kept.
pub(super) fn of_global(code: &Code<'_>, f: FuncId, name: Symbol) -> Option<String> {
    let program = &code.res.program;
    let module = program.functions[f].module;
    for g in program.functions.ids().filter(|g| program.functions[*g].module == module) {
        for (value, inst) in code.function(g).insts.iter_enumerated() {
            let of = |v: Value| matches!(code.op(g, code.plain(g, v)), Op::Global(n) if *n == name);
            let found = match &inst.op {
                Op::StoreGlobal(n, Some(value)) if *n == name => {
                    has_size(code, g, *value) || code.function(g).is_callable()
                }
                Op::Call { func, args } => match code.op(g, *func) {
                    // A queue whose consumer is slower than those who fill it grows all the same.
                    Op::Attr(base, method) => {
                        let method = code.text(*method);
                        REMOVES.contains(&method) && !method.starts_with("get") && of(*base)
                    }
                    _ => code.callee(g, value) == "len" && args.first().is_some_and(|a| of(a.value)),
                },
                Op::DeleteItem(base, _) => of(*base),
                _ => false,
            };
            if found {
                return Some(code.shown_value(g, value));
            }
        }
    }
    None
}

/// What limits how often a loop adds a piece.
pub(super) fn of_loop(code: &Code<'_>, f: FuncId, at: Value, piece: &Piece) -> Option<String> {
    let function = code.function(f);
    let blocks = ValueBlocks::new(function);
    let read = piece.at()?;
    let within = |value: Value, l: &super::Loop| blocks.block(value).is_some_and(|b| l.body.contains(&b));
    let all = loops(function);
    let around: Vec<&super::Loop> = all.iter().filter(|l| within(at, l) && within(read, l)).collect();
    // A size that depends on what is left to read.
    if let Op::Call { args, .. } = function.op(read)
        && let Some(size) = args.iter().find(|a| counts_down(code, f, a.value))
    {
        return Some(code.shown_value(f, size.value));
    }
    for l in around {
        let mut body: Vec<_> = l.body.iter().copied().collect();
        body.sort_unstable();
        for value in body.iter().flat_map(|b| &function.blocks[*b].insts) {
            if let Op::Compare(op, a, b) = function.op(*value)
                && is_ordered(*op)
                && (is_size(code, f, *a) || is_size(code, f, *b) || is_limit(code, f, *a) || is_limit(code, f, *b))
            {
                return Some(code.shown_value(f, *value));
            }
        }
        // A loop over a range, or one that a number counts down.
        if let assay_ir::Terminator::Branch { cond, .. } = function.blocks[l.header].terminator
            && counts_down(code, f, cond)
        {
            return Some(code.shown_value(f, cond));
        }
        let over = function.blocks[l.header].insts.iter().find_map(|v| match function.op(*v) {
            Op::Next(over) => Some(*over),
            _ => None,
        });
        if let Some(over) = over.filter(|over| code.callee(f, *over).contains("range")) {
            return Some(code.shown_value(f, over));
        }
    }
    compares(code, f, true).map(|v| code.shown_value(f, v))
}

/// A comparison of a function with a limit; with those of the functions that it calls.
fn compares(code: &Code<'_>, f: FuncId, further: bool) -> Option<Value> {
    let function = code.function(f);
    let own = function.insts.iter_enumerated().find(|(_, inst)| match &inst.op {
        Op::Compare(op, a, b) => is_ordered(*op) && (is_limit(code, f, *a) || is_limit(code, f, *b)),
        _ => false,
    });
    if let Some((value, _)) = own {
        return Some(value);
    }
    let checks = |name: &str| {
        words(name).iter().any(|w| {
            matches!(
                w.as_str(),
                "check"
                    | "limit"
                    | "size"
                    | "max"
                    | "ensure"
                    | "enforce"
                    | "validate"
                    | "bound"
                    | "too"
                    | "append"
                    | "add"
            )
        })
    };
    let mut calls = code.res.calls(f).iter().filter(|_| further);
    calls
        .find(|(_, targets)| {
            targets
                .functions
                .iter()
                .any(|t| checks(code.function_name(t.function)) && compares(code, t.function, false).is_some())
        })
        .map(|(call, _)| *call)
}

fn is_ordered(op: CompareOp) -> bool {
    matches!(op, CompareOp::Less | CompareOp::LessEq | CompareOp::Greater | CompareOp::GreaterEq)
}

/// Whether a value is a number of some size, or is named for a limit.
fn is_limit(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let named = |name: &str| words(name).iter().any(|w| LIMITS.contains(&w.as_str()));
    match code.op(f, code.plain(f, value)) {
        Op::Const(Const::Int(i)) => *i >= LEAST,
        Op::Const(Const::BigInt(_)) => true,
        Op::Binary(op, a, b) => {
            let number = |v: Value| matches!(code.op(f, v), Op::Const(Const::Int(_)));
            matches!(op, BinaryOp::ShiftLeft | BinaryOp::Pow | BinaryOp::Mul) && number(*a) && number(*b)
                || is_limit(code, f, *a)
                || is_limit(code, f, *b)
                || is_power(code, f, value)
        }
        Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => {
            named(code.text(*name))
                || matches!(assay_taint::constant(code.res, f, value), Some(assay_values::ConstValue::Int(i)) if i >= LEAST)
        }
        Op::Param(i) => code
            .function(f)
            .params
            .get(*i as usize)
            .is_some_and(|p| named(code.text(p.name)) || matches!(code.text(p.name), "m" | "n")),
        Op::Call { func, args } => {
            matches!(code.op(f, *func), Op::Attr(_, name) | Op::Global(name) if named(code.text(*name)))
                || args.iter().any(|a| is_limit(code, f, a.value))
        }
        Op::Phi(inputs) => {
            inputs.iter().any(|(_, v)| *v != value && matches!(code.op(f, *v), Op::Const(Const::Int(i)) if *i >= LEAST))
        }
        _ => false,
    }
}

fn is_power(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    matches!(assay_taint::constant(code.res, f, value), Some(assay_values::ConstValue::Int(i)) if i >= LEAST)
}

/// Whether a value is a length, or counts from turn to turn.
fn is_size(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let value = code.plain(f, value);
    match code.op(f, value) {
        Op::Call { .. } => {
            matches!(code.callee(f, value).rsplit('.').next(), Some("len" | "tell" | "qsize" | "time" | "monotonic"))
        }
        Op::Binary(BinaryOp::Add | BinaryOp::Sub, a, b) | Op::InPlace(BinaryOp::Add | BinaryOp::Sub, a, b) => {
            is_size(code, f, *a) || is_size(code, f, *b) || is_counter(code, f, value)
        }
        Op::Phi(_) => is_counter(code, f, value),
        _ => false,
    }
}

/// Whether a number is one that a loop adds to.
fn is_counter(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    comes_from(code, f, value, |value, _| match code.op(f, value) {
        Op::InPlace(BinaryOp::Add | BinaryOp::Sub, _, by) | Op::Binary(BinaryOp::Add | BinaryOp::Sub, _, by) => {
            matches!(code.op(f, *by), Op::Const(Const::Int(_)) | Op::Phi(_)) || code.callee(f, *by) == "len"
        }
        _ => false,
    })
}

/// Whether a number gets smaller by what was read.
fn counts_down(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    comes_from(code, f, value, |value, work| {
        match code.op(f, value) {
            Op::InPlace(BinaryOp::Sub, ..) | Op::Binary(BinaryOp::Sub, ..) => return true,
            Op::Call { args, .. } if code.callee(f, value) == "min" => work.extend(args.iter().map(|a| a.value)),
            Op::Compare(_, a, b) => work.extend([*a, *b]),
            Op::Unary(_, a) => work.push(*a),
            _ => {}
        }
        false
    })
}

/// Whether a container is made with a size that it keeps.
fn has_size(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let Op::Call { args, .. } = code.op(f, code.plain(f, value)) else { return false };
    let callee = code.callee(f, value);
    let fixed = |name: &str| matches!(name, "maxlen" | "maxsize" | "max_size" | "limit");
    let named = args.iter().any(|a| matches!(a.kind, ArgKind::Keyword(n) if fixed(code.text(n))));
    named
        || callee.ends_with("Queue") && args.iter().any(|a| a.kind == ArgKind::Positional)
        || callee.ends_with("deque") && args.len() > 1
}

/// Whether a value is the end of another one: `data[-1024:]`.
fn cut_to_size(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, code.plain(f, value)) {
        Op::Item(_, key) => match code.op(f, *key) {
            Op::Slice(Some(from), None, None) => is_negative(code, f, *from),
            Op::Slice(None, Some(to), None) => !is_negative(code, f, *to) && is_limit(code, f, *to),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a part that is deleted leaves the end of it only: `del data[:-100]`.
fn cuts(code: &Code<'_>, f: FuncId, key: Value) -> bool {
    matches!(code.op(f, key), Op::Slice(None, Some(to), None) if is_negative(code, f, *to))
}

fn is_negative(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, value) {
        Op::Const(Const::Int(i)) => *i < 0,
        Op::Unary(assay_ir::UnaryOp::Minus, _) => true,
        _ => false,
    }
}

/// Whether a value is a text or container without anything in it.
fn is_empty(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, code.plain(f, value)) {
        Op::Const(Const::None) => true,
        Op::Const(Const::Str(s) | Const::Bytes(s)) => code.text(*s).is_empty(),
        Op::Collection(_, elements) => elements.is_empty(),
        Op::Dict(entries) => entries.is_empty(),
        Op::Call { args, .. } => {
            let callee = code.callee(f, value);
            args.is_empty()
                && matches!(
                    callee.rsplit('.').next(),
                    Some("bytes" | "bytearray" | "list" | "deque" | "str" | "BytesIO" | "StringIO")
                )
        }
        _ => false,
    }
}

/// Whether every way out of a function goes through the block of a value.
fn always_follows(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let function = code.function(f);
    let dominators = assay_dataflow::Dominators::new(function);
    let blocks = ValueBlocks::new(function);
    let Some(block) = blocks.block(value) else { return false };
    function.blocks.iter_enumerated().all(|(b, code)| {
        !dominators.is_reachable(b)
            || !matches!(code.terminator, assay_ir::Terminator::Return(_))
            || dominators.dominates(block, b)
    })
}
