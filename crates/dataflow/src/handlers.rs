//! Handlers of exceptions: what each is tried for, and how it ends.

use crate::Dominators;
use assay_index::Idx;
use assay_ir::{BlockId, Function, Op, Terminator, Value};

/// Blocks that are looked through for the handlers behind the end of a `try`.
const MAX_CHAIN: usize = 8;

/// An `except` clause.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handler {
    /// What it catches: an [`Op::Caught`].
    pub caught: Value,
    /// The block where it begins.
    pub block: BlockId,
    /// Where control gets when something in the `try` raises: the block before all of its handlers.
    pub entry: BlockId,
    /// The blocks of the `try`.
    pub tried: Vec<BlockId>,
    /// The blocks that run only because of it.
    pub blocks: Vec<BlockId>,
    /// How it ends.
    pub ends: Vec<HandlerEnd>,
}

/// How a handler ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HandlerEnd {
    /// It raises: this, or what it caught.
    Raises(Option<Value>),
    /// It returns this.
    Returns(Value),
    /// It goes on in a block that runs without it as well; the first block is its own.
    Goes(BlockId, BlockId),
    /// It calls something that never returns.
    Exits,
}

/// The handlers of a function, in the order of their blocks.
pub fn handlers(function: &Function) -> Vec<Handler> {
    let mut entries: Vec<BlockId> = Vec::new();
    for block in &function.blocks {
        if let Some(handler) = block.handler
            && !entries.contains(&handler)
        {
            entries.push(handler);
        }
    }
    if entries.is_empty() {
        return Vec::new();
    }
    entries.sort_unstable_by_key(|b| b.index());
    let dominators = Dominators::new(function);
    let mut out = Vec::new();
    for entry in entries {
        let tried: Vec<BlockId> =
            function.blocks.iter_enumerated().filter(|(_, b)| b.handler == Some(entry)).map(|(id, _)| id).collect();
        for (block, caught) in catching(function, entry) {
            let blocks: Vec<BlockId> = function
                .blocks
                .ids()
                .filter(|b| dominators.is_reachable(*b) && dominators.dominates(block, *b))
                .collect();
            let ends = ends(function, &blocks);
            out.push(Handler { caught, block, entry, tried: tried.clone(), blocks, ends });
        }
    }
    out
}

/// The clauses behind the end of a `try`.
fn catching(function: &Function, entry: BlockId) -> Vec<(BlockId, Value)> {
    let (mut out, mut seen) = (Vec::new(), vec![entry]);
    let mut at = 0;
    while let Some(&block) = seen.get(at) {
        at += 1;
        let Some(code) = function.blocks.get(block) else { continue };
        if let Some(caught) = code.insts.iter().copied().find(|v| matches!(function.op(*v), Op::Caught(_))) {
            out.push((block, caught));
            continue;
        }
        // A long choice of handlers is looked at as a whole.
        if at <= MAX_CHAIN || block == entry {
            code.terminator.for_each_target(|to| {
                if !seen.contains(&to) {
                    seen.push(to);
                }
            });
        }
    }
    out
}

fn ends(function: &Function, blocks: &[BlockId]) -> Vec<HandlerEnd> {
    let mut out = Vec::new();
    for &block in blocks {
        let code = &function.blocks[block];
        let returned = code.insts.iter().rev().find_map(|v| match function.op(*v) {
            Op::Returned(value) => Some(*value),
            _ => None,
        });
        if let Some(value) = returned {
            out.push(HandlerEnd::Returns(value));
            continue;
        }
        match code.terminator {
            Terminator::Return(value) => out.push(HandlerEnd::Returns(value)),
            Terminator::Raise(error) => out.push(HandlerEnd::Raises(error)),
            Terminator::Unreachable => out.push(HandlerEnd::Exits),
            _ => code.terminator.for_each_target(|to| {
                if !blocks.contains(&to) {
                    out.push(HandlerEnd::Goes(block, to));
                }
            }),
        }
    }
    out
}
