//! Predecessors of blocks.

use assay_index::Idx;
use assay_ir::{BlockId, Function};

/// The blocks that control can come from, for each block, in the order of their numbers and each once.
/// A block in a protected region is a predecessor of its handler.
#[derive(Clone, Debug)]
pub struct Predecessors {
    starts: Vec<u32>,
    blocks: Vec<BlockId>,
}

impl Predecessors {
    /// Collects the edges of a function.
    pub fn new(function: &Function) -> Self {
        let count = function.blocks.len();
        let mut starts = vec![0u32; count + 1];
        let mut last = vec![u32::MAX; count];
        let mut each = |f: &mut dyn FnMut(usize, BlockId)| {
            last.fill(u32::MAX);
            for (from, block) in function.blocks.iter_enumerated() {
                block.for_each_successor(|to| {
                    let to = to.index();
                    if to < count && std::mem::replace(&mut last[to], from.index() as u32) != from.index() as u32 {
                        f(to, from);
                    }
                });
            }
        };
        each(&mut |to, _| starts[to + 1] += 1);
        for i in 0..count {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut blocks = vec![BlockId::new(0); starts[count] as usize];
        each(&mut |to, from| {
            blocks[next[to] as usize] = from;
            next[to] += 1;
        });
        Self { starts, blocks }
    }

    /// The predecessors of `block`.
    pub fn of(&self, block: BlockId) -> &[BlockId] {
        let i = block.index();
        match (self.starts.get(i), self.starts.get(i + 1)) {
            (Some(&a), Some(&b)) => &self.blocks[a as usize..b as usize],
            _ => &[],
        }
    }
}
