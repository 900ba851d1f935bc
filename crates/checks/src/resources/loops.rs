//! Loops of the control flow: the blocks from which control gets back to a header that dominates them.

use assay_dataflow::{Dominators, Predecessors};
use assay_index::{FxHashMap, FxHashSet};
use assay_ir::{BlockId, Function};

/// One loop. Several ways back to the same header are one loop.
pub(super) struct Loop {
    pub(super) header: BlockId,
    /// Its blocks, the header among them.
    pub(super) body: FxHashSet<BlockId>,
    /// The blocks that lead back to the header.
    pub(super) latches: Vec<BlockId>,
}

/// The loops of a function in the order of their headers.
pub(super) fn loops(function: &Function) -> Vec<Loop> {
    if function.blocks.len() < 2 {
        return Vec::new();
    }
    let dominators = Dominators::new(function);
    let mut latches: FxHashMap<BlockId, Vec<BlockId>> = FxHashMap::default();
    for (block, code) in function.blocks.iter_enumerated() {
        if !dominators.is_reachable(block) {
            continue;
        }
        code.for_each_successor(|to| {
            if dominators.dominates(to, block) {
                latches.entry(to).or_default().push(block);
            }
        });
    }
    if latches.is_empty() {
        return Vec::new();
    }
    let predecessors = Predecessors::new(function);
    let mut headers: Vec<BlockId> = latches.keys().copied().collect();
    headers.sort_unstable();
    headers
        .into_iter()
        .map(|header| {
            let latches = latches.remove(&header).unwrap_or_default();
            let mut body = FxHashSet::default();
            body.insert(header);
            let mut work = latches.clone();
            while let Some(block) = work.pop() {
                if body.insert(block) {
                    work.extend(predecessors.of(block).iter().filter(|b| dominators.is_reachable(**b)));
                }
            }
            Loop { header, body, latches }
        })
        .collect()
}
