//! Dominance, after Cooper, Harvey and Kennedy, *A Simple, Fast Dominance Algorithm*.
//!
//! The tree stands over *nodes*: each block is a node, and a block with a handler is two, its *start*
//! and its *completion*, since its instructions may have been executed in part when
//! control gets to the handler. Preorder numbers and subtree sizes answer each question in constant
//! time.

use crate::{Location, Predecessors};
use assay_index::Idx;
use assay_ir::{BlockId, Function};

const NONE: u32 = u32::MAX;

/// The dominator tree of one function.
#[derive(Clone, Debug)]
pub struct Dominators {
    /// The node of each block's completion; the block's own number when it has no handler.
    completion: Vec<u32>,
    /// Node by node: number in a preorder of the tree, `NONE` when control cannot get there.
    preorder: Vec<u32>,
    /// Node by node: the number of nodes in its subtree.
    size: Vec<u32>,
    /// Node by node: the parent in the tree; the entry's is itself.
    parent: Vec<u32>,
    /// The block of each node from the number of blocks on.
    owners: Vec<BlockId>,
    order: Vec<BlockId>,
}

impl Dominators {
    /// Computes the tree.
    pub fn new(function: &Function) -> Self {
        let blocks = function.blocks.len();
        let mut completion: Vec<u32> = (0..blocks as u32).collect();
        let mut owners = Vec::new();
        for (id, block) in function.blocks.iter_enumerated() {
            if block.handler.is_some_and(|h| h.index() < blocks) {
                completion[id.index()] = (blocks + owners.len()) as u32;
                owners.push(id);
            }
        }
        let nodes = blocks + owners.len();
        let successors = |node: usize, f: &mut dyn FnMut(usize)| {
            let owner = if node < blocks { BlockId::new(node) } else { owners[node - blocks] };
            let block = &function.blocks[owner];
            if node == completion[owner.index()] as usize {
                block.terminator.for_each_target(|to| {
                    if to.index() < blocks {
                        f(to.index());
                    }
                });
            } else {
                f(completion[node] as usize);
                if let Some(handler) = block.handler {
                    f(handler.index());
                }
            }
        };
        let postorder = postorder(nodes, &successors);
        let (parent, rank) = tree(nodes, &postorder, &successors);
        let (preorder, size) = number(nodes, &postorder, &parent, &rank);
        let order =
            postorder.iter().rev().filter(|&&n| (n as usize) < blocks).map(|&n| BlockId::new(n as usize)).collect();
        Self { completion, preorder, size, parent, owners, order }
    }

    fn node_dominates(&self, a: u32, b: u32) -> bool {
        let (a, b) = (a as usize, b as usize);
        if a == b {
            return true;
        }
        match (self.preorder.get(a), self.preorder.get(b)) {
            (Some(&pa), Some(&pb)) if pa != NONE && pb != NONE => pb.wrapping_sub(pa) < self.size[a],
            _ => false,
        }
    }

    /// Whether every way to `b` enters `a` first, or `a` is `b`. A block that control cannot reach
    /// dominates and is dominated by itself alone.
    pub fn dominates(&self, a: BlockId, b: BlockId) -> bool {
        self.node_dominates(a.index() as u32, b.index() as u32)
    }

    /// Whether every way to `b` has executed all instructions of `a` before. Unlike
    /// [`dominates`](Self::dominates) it is false for a handler that `a` itself leads to.
    pub fn completion_dominates(&self, a: BlockId, b: BlockId) -> bool {
        let Some(&completion) = self.completion.get(a.index()) else { return false };
        a != b && self.node_dominates(completion, b.index() as u32)
    }

    /// Whether every way to the place `b` has passed the place `a`, with all instructions of
    /// `a`'s block before `a` executed.
    pub fn dominates_location(&self, a: Location, b: Location) -> bool {
        if a.block == b.block {
            return a.index <= b.index;
        }
        if a.index == 0 { self.dominates(a.block, b.block) } else { self.completion_dominates(a.block, b.block) }
    }

    /// The closest block other than `block` that dominates it.
    pub fn immediate_dominator(&self, block: BlockId) -> Option<BlockId> {
        let node = block.index();
        if *self.preorder.get(node)? == NONE {
            return None;
        }
        let parent = self.parent[node] as usize;
        if parent == node {
            return None;
        }
        let blocks = self.completion.len();
        Some(if parent < blocks { BlockId::new(parent) } else { self.owners[parent - blocks] })
    }

    /// `block` and all that dominate it, from the inside out.
    pub fn ancestors(&self, block: BlockId) -> impl Iterator<Item = BlockId> + '_ {
        std::iter::successors(Some(block), |&b| self.immediate_dominator(b))
    }

    /// Whether control can get to `block`.
    pub fn is_reachable(&self, block: BlockId) -> bool {
        self.preorder.get(block.index()).is_some_and(|&p| p != NONE)
    }

    /// The reachable blocks in reverse postorder: each before the blocks it leads to, loops apart.
    pub fn reverse_postorder(&self) -> &[BlockId] {
        &self.order
    }

    /// Whether `block` is entered again from a block it dominates.
    pub fn is_loop_header(&self, predecessors: &Predecessors, block: BlockId) -> bool {
        predecessors.of(block).iter().any(|&p| self.dominates(block, p))
    }
}

type Successors<'a> = dyn Fn(usize, &mut dyn FnMut(usize)) + 'a;

/// The nodes that the entry leads to, each after those it leads to.
fn postorder(nodes: usize, successors: &Successors<'_>) -> Vec<u32> {
    let mut order = Vec::with_capacity(nodes);
    if nodes == 0 {
        return order;
    }
    let mut seen = vec![false; nodes];
    // The children of the nodes on the path lie one after the other on `pending`.
    let mut pending: Vec<u32> = Vec::new();
    let mut path: Vec<(u32, u32)> = vec![(0, 0)];
    seen[0] = true;
    successors(0, &mut |n| pending.push(n as u32));
    while let Some(&(node, base)) = path.last() {
        if pending.len() > base as usize {
            let Some(next) = pending.pop() else { break };
            if !std::mem::replace(&mut seen[next as usize], true) {
                path.push((next, pending.len() as u32));
                successors(next as usize, &mut |n| pending.push(n as u32));
            }
        } else {
            order.push(node);
            path.pop();
        }
    }
    order
}

/// The parent of each node in the tree, and each node's rank in `postorder`.
fn tree(nodes: usize, postorder: &[u32], successors: &Successors<'_>) -> (Vec<u32>, Vec<u32>) {
    let mut rank = vec![NONE; nodes];
    for (i, &n) in postorder.iter().enumerate() {
        rank[n as usize] = i as u32;
    }
    let mut parent = vec![NONE; nodes];
    let Some(&entry) = postorder.last() else { return (parent, rank) };
    parent[entry as usize] = entry;
    let intersect = |parent: &[u32], mut a: u32, mut b: u32| {
        while a != b {
            while rank[a as usize] < rank[b as usize] {
                a = parent[a as usize];
            }
            while rank[b as usize] < rank[a as usize] {
                b = parent[b as usize];
            }
        }
        a
    };
    // Pushing along edges in reverse postorder meets the same predecessors as pulling does; a
    // round that changes nothing is a fixpoint either way.
    loop {
        let mut changed = false;
        for &from in postorder.iter().rev() {
            if parent[from as usize] == NONE {
                continue;
            }
            successors(from as usize, &mut |to| {
                if to as u32 == entry {
                    return;
                }
                let old = parent[to];
                let new = if old == NONE { from } else { intersect(&parent, old, from) };
                if new != old {
                    parent[to] = new;
                    changed = true;
                }
            });
        }
        if !changed {
            return (parent, rank);
        }
    }
}

/// Preorder numbers and subtree sizes. A parent has a higher rank than its children.
fn number(nodes: usize, postorder: &[u32], parent: &[u32], rank: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut size = vec![0u32; nodes];
    for &n in postorder {
        let n = n as usize;
        size[n] += 1;
        let p = parent[n] as usize;
        if p != n {
            debug_assert!(rank[p] > rank[n], "a dominator comes first in reverse postorder");
            size[p] += size[n];
        }
    }
    let mut preorder = vec![NONE; nodes];
    let mut next = vec![0u32; nodes];
    for &n in postorder.iter().rev() {
        let n = n as usize;
        let p = parent[n] as usize;
        let number = if p == n {
            0
        } else {
            let number = next[p];
            next[p] += size[n];
            number
        };
        preorder[n] = number;
        next[n] = number + 1;
    }
    (preorder, size)
}
