//! Places in a function's code.

use assay_index::{Idx, IndexVec};
use assay_ir::{BlockId, Function, Value};

/// The place in `block` before the instruction number `index`; before the terminator when `index` is
/// the number of instructions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The block.
    pub block: BlockId,
    /// The number of instructions of the block that have been executed.
    pub index: u32,
}

impl Location {
    /// The place before the block's first instruction.
    pub fn start(block: BlockId) -> Self {
        Self { block, index: 0 }
    }

    /// The place before the block's terminator. A phi's inputs are read at the end of the
    /// predecessors they come from.
    pub fn end(function: &Function, block: BlockId) -> Self {
        let index = function.blocks.get(block).map_or(0, |b| b.insts.len() as u32);
        Self { block, index }
    }

    /// The place after the instruction that stands here.
    #[must_use]
    pub fn next(self) -> Self {
        Self { block: self.block, index: self.index.saturating_add(1) }
    }
}

impl std::fmt::Debug for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}[{}]", self.block, self.index)
    }
}

/// Where each value is defined.
#[derive(Clone, Debug)]
pub struct ValueBlocks {
    places: IndexVec<Value, Option<Location>>,
}

impl ValueBlocks {
    /// Reads the places off the blocks.
    pub fn new(function: &Function) -> Self {
        let mut places = IndexVec::from_elem(None, function.insts.len());
        for (block, data) in function.blocks.iter_enumerated() {
            for (index, &value) in data.insts.iter().enumerate() {
                if value.index() < places.len() {
                    places[value] = Some(Location { block, index: index as u32 });
                }
            }
        }
        Self { places }
    }

    /// The place before the instruction that defines `value`; `None` when it stands in no block.
    pub fn location(&self, value: Value) -> Option<Location> {
        self.places.get(value).copied().flatten()
    }

    /// The place right after the instruction that defines `value`.
    pub fn after(&self, value: Value) -> Option<Location> {
        self.location(value).map(Location::next)
    }

    /// The block that defines `value`.
    pub fn block(&self, value: Value) -> Option<BlockId> {
        self.location(value).map(|l| l.block)
    }
}
