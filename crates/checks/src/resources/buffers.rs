//! What a peer sends and the program keeps until there is enough of it.
//!
//! - A *piece* is what one read of a connection gives, or one call by which a framework hands over data. Its size has a limit of its
//!   own; how many pieces come is up to the peer.
//! - An *accumulation* adds a piece to what is kept of earlier ones: in an attribute from call to call, or in a variable from turn to
//!   turn of a loop.
//! - A *limit* is a comparison with a constant, or with something that is named for it (`max_line`, `limit`), where the pieces are
//!   kept. A length that the peer states is none.

mod limits;
mod pieces;

use super::loops::{Loop, loops};
use crate::code::{Code, Defect};
use crate::{Check, Examined, check};
use assay_dataflow::ValueBlocks;
use assay_finding::{Confidence, Outcome, StepKind};
use assay_index::{FxHashSet, Symbol};
use assay_ir::{BinaryOp, Op, Value};
use assay_resolve::{ClsId, FuncId};
use pieces::{Given, Piece, piece_in};

/// Methods that add to a container.
const ADDS: [&str; 8] = ["append", "extend", "write", "appendleft", "put", "put_nowait", "add", "insert"];

/// Where pieces are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kept {
    /// In an attribute of the object that they are handed to.
    Attribute(ClsId, Symbol),
    /// In a variable of the module.
    Global(Symbol),
    /// In a variable of the function.
    Local,
}

/// An operation that adds a piece to those that were kept before.
struct Accumulation {
    at: Value,
    piece: Piece,
    kept: Kept,
    /// Where the container is, if it is one that was added to.
    container: Option<Value>,
}

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("unbounded-buffer") else { return };
    for f in code.res.program.functions.ids() {
        if code.res.program.module_of(f).template || !code.function(f).is_callable() {
            continue;
        }
        let mut seen: Vec<Kept> = Vec::new();
        let mut found = accumulations(code, f);
        // What is cut off for the next time says less than what is kept whole.
        let is_cut = |a: &Accumulation| match code.op(f, a.at) {
            Op::StoreAttr { value, .. } => matches!(code.op(f, *value), Op::Item(..)),
            _ => false,
        };
        found.sort_by_key(is_cut);
        for found in found {
            if seen.contains(&found.kept) && found.kept != Kept::Local {
                continue;
            }
            seen.push(found.kept);
            out.push(judged(code, check, f, &found));
        }
        for (call, targets) in code.res.calls(f) {
            if let Some(piece) = pieces::read_whole(code, f, *call, targets) {
                out.push(whole(code, check, f, *call, &piece));
            }
        }
    }
}

/// The accumulations of a function.
fn accumulations(code: &Code<'_>, f: FuncId) -> Vec<Accumulation> {
    let function = code.function(f);
    let class = code.res.program.functions[f].class;
    let mut out = Vec::new();
    let mut around: Option<(ValueBlocks, Vec<Loop>)> = None;
    for (at, inst) in function.insts.iter_enumerated() {
        match &inst.op {
            // `self.buffer = self.buffer + data`, cut or split in between.
            Op::StoreAttr { base, name, value } if matches!(function.op(*base), Op::Param(0)) => {
                let Some(class) = class else { continue };
                if let Some(piece) = added_to(code, f, *name, *value) {
                    out.push(Accumulation { at, piece, kept: Kept::Attribute(class, *name), container: None });
                }
            }
            Op::InPlace(BinaryOp::Add, before, added) | Op::Binary(BinaryOp::Add, before, added) => {
                if !goes_round(code, f, at, *before) {
                    continue;
                }
                let (blocks, loops) = around.get_or_insert_with(|| (ValueBlocks::new(function), loops(function)));
                if let Some(piece) = piece_in(code, f, *added, true)
                    && in_one_loop(blocks, loops, at, &piece)
                {
                    out.push(Accumulation { at, piece, kept: Kept::Local, container: None });
                }
            }
            Op::Call { func, args } => {
                let Op::Attr(base, method) = function.op(*func) else { continue };
                let method = code.text(*method);
                let Some(arg) = args.last().filter(|_| ADDS.contains(&method)) else { continue };
                let Some(piece) = piece_in(code, f, arg.value, true) else { continue };
                if !limits::holds_all(code, f, *base, method) {
                    continue;
                }
                let kept = match (function.op(code.plain(f, *base)), class) {
                    (Op::Attr(this, name), Some(class)) if matches!(function.op(*this), Op::Param(0)) => {
                        Kept::Attribute(class, *name)
                    }
                    (Op::Global(name), _) => Kept::Global(*name),
                    _ => Kept::Local,
                };
                if kept == Kept::Local {
                    let (blocks, loops) = around.get_or_insert_with(|| (ValueBlocks::new(function), loops(function)));
                    let made = blocks.block(*base);
                    let outlives = |l: &&Loop| made.is_none_or(|b| !l.body.contains(&b));
                    let around: Vec<&Loop> = loops.iter().filter(outlives).collect();
                    if !around.iter().any(|l| within(blocks, l, at) && piece.at().is_some_and(|p| within(blocks, l, p)))
                    {
                        continue;
                    }
                }
                out.push(Accumulation { at, piece, kept, container: Some(*base) });
            }
            _ => {}
        }
    }
    out
}

fn within(blocks: &ValueBlocks, l: &Loop, value: Value) -> bool {
    blocks.block(value).is_some_and(|b| l.body.contains(&b))
}

/// Whether each turn of a loop reads a piece and adds it.
fn in_one_loop(blocks: &ValueBlocks, loops: &[Loop], at: Value, piece: &Piece) -> bool {
    piece.at().is_some_and(|read| loops.iter().any(|l| within(blocks, l, at) && within(blocks, l, read)))
}

/// Whether what is added to is, by way of variables that differ from turn to turn, what came of an earlier addition.
fn goes_round(code: &Code<'_>, f: FuncId, sum: Value, before: Value) -> bool {
    let mut seen: FxHashSet<Value> = FxHashSet::default();
    let mut work = vec![before];
    while let Some(value) = work.pop() {
        if value == sum {
            return true;
        }
        if seen.len() > 64 || !seen.insert(value) {
            continue;
        }
        match code.op(f, value) {
            Op::Phi(inputs) => work.extend(inputs.iter().map(|(_, v)| *v)),
            Op::Annotated { value: Some(v), .. } => work.push(*v),
            // What is left when a part is taken off the front.
            Op::Item(base, _) if seen.len() > 1 => work.push(*base),
            _ => {}
        }
    }
    false
}

/// The piece that a value adds to what an attribute holds.
fn added_to(code: &Code<'_>, f: FuncId, name: Symbol, value: Value) -> Option<Piece> {
    let mut seen: FxHashSet<Value> = FxHashSet::default();
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        if seen.len() > 64 || !seen.insert(value) {
            continue;
        }
        match code.op(f, value) {
            Op::Binary(BinaryOp::Add, a, b) | Op::InPlace(BinaryOp::Add, a, b) => {
                let kept = |v: Value| is_kept(code, f, name, v);
                for (before, added) in [(*a, *b), (*b, *a)] {
                    if kept(before)
                        && let Some(piece) = piece_in(code, f, added, true)
                    {
                        return Some(piece);
                    }
                }
                work.extend([*a, *b]);
            }
            Op::Phi(inputs) => work.extend(inputs.iter().map(|(_, v)| *v)),
            Op::Item(base, _) | Op::Unpack { base, .. } | Op::Annotated { value: Some(base), .. } => work.push(*base),
            Op::Call { func, args } => {
                if let Op::Attr(base, method) = code.op(f, *func)
                    && matches!(
                        code.text(*method),
                        "pop"
                            | "split"
                            | "partition"
                            | "rpartition"
                            | "rsplit"
                            | "splitlines"
                            | "lstrip"
                            | "strip"
                            | "join"
                    )
                {
                    work.push(*base);
                    work.extend(args.iter().map(|a| a.value));
                }
            }
            Op::Collection(_, elements) => work.extend(elements.iter().map(|e| e.value)),
            _ => {}
        }
    }
    None
}

/// Whether a value is what an attribute of the object holds.
fn is_kept(code: &Code<'_>, f: FuncId, name: Symbol, value: Value) -> bool {
    let mut at = value;
    for _ in 0..8 {
        match code.op(f, at) {
            Op::Attr(base, n) => return *n == name && matches!(code.op(f, *base), Op::Param(0)),
            Op::Annotated { value: Some(v), .. } => at = *v,
            Op::Phi(inputs) => return inputs.iter().any(|(_, v)| *v != value && is_attribute(code, f, name, *v)),
            _ => return false,
        }
    }
    false
}

fn is_attribute(code: &Code<'_>, f: FuncId, name: Symbol, value: Value) -> bool {
    matches!(code.op(f, value), Op::Attr(base, n) if *n == name && matches!(code.op(f, *base), Op::Param(0)))
}

fn judged(code: &Code<'_>, check: &'static Check, f: FuncId, found: &Accumulation) -> Examined {
    let span = code.span(f, found.at);
    let limit = match found.kept {
        Kept::Attribute(class, name) => {
            limits::of_attribute(code, f, class, name, found.container.is_some(), &found.piece)
        }
        Kept::Global(name) => limits::of_global(code, f, name),
        Kept::Local => limits::of_loop(code, f, found.at, &found.piece),
    };
    let api = "kept input";
    if let Some(detail) = limit {
        return code.closed(check, f, span, api, Outcome::Safe, "bounded-by", detail);
    }
    let shown = code.shown(f, span);
    let from = found.piece.in_words(code, f);
    let title = format!("`{shown}` keeps all that a peer sends");
    let until = match found.kept {
        Kept::Attribute(..) => "from call to call",
        Kept::Global(_) => "for as long as the program runs",
        Kept::Local => "from turn to turn of the loop",
    };
    let message = format!(
        "`{shown}` adds {from} to what was kept before, {until}, and nothing compares the size of what is kept with a limit: a peer that goes on sending, and never sends the end, fills the memory."
    );
    let mut defect = Defect::new("unbounded", title, message);
    defect.confidence = Confidence::Medium;
    if found.piece.given == Given::Pushed {
        defect.outcome = Outcome::Potential;
        defect.assumptions.push(format!("who calls `{}` passes on what a peer sends", code.function_name(f)));
    }
    if let Some(read) = found.piece.at() {
        defect.lead(StepKind::Source, code.place(f, code.span(f, read)), "a piece of what a peer sends");
    }
    "is kept with all that came before".clone_into(&mut defect.step);
    defect.value.clone_from(&shown);
    defect.false_if.push("the peer is trusted, or something else limits how much it may send".to_owned());
    code.defect(check, f, span, api, defect)
}

/// A read that gives all that a peer sends, up to an end that the peer chooses.
fn whole(code: &Code<'_>, check: &'static Check, f: FuncId, call: Value, piece: &Piece) -> Examined {
    let span = code.span(f, call);
    let shown = code.shown(f, span);
    let title = format!("`{shown}` reads all that a peer sends");
    let message = format!(
        "`{shown}` gives {} up to an end that the peer chooses, however much that is: a peer that never sends the end fills the memory.",
        piece.in_words(code, f)
    );
    let mut defect = Defect::new("unbounded", title, message);
    defect.confidence = Confidence::Medium;
    "is read whole".clone_into(&mut defect.step);
    defect.value.clone_from(&shown);
    defect.false_if.push("the peer is trusted, or something else limits how much it may send".to_owned());
    code.defect(check, f, span, "kept input", defect)
}
