//! Dominance. The tree is found by semidominators, in time that hardly exceeds the number of edges even
//! for the long chains of generated code.
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
        let walk = Walk::new(nodes, &successors);
        let dominator = walk.dominators(&successors);
        let mut parent = vec![NONE; nodes];
        let mut size = vec![0u32; nodes];
        let mut preorder = vec![NONE; nodes];
        // A dominator is entered before what it dominates.
        let mut sizes = vec![1u32; dominator.len()];
        for w in (1..dominator.len()).rev() {
            sizes[dominator[w] as usize] += sizes[w];
        }
        let mut next = vec![0u32; dominator.len()];
        for (w, &node) in walk.entered.iter().enumerate() {
            let node = node as usize;
            let above = dominator[w] as usize;
            parent[node] = walk.entered[above];
            size[node] = sizes[w];
            // The first free number of a node comes after its own and those given away below it.
            let number = if w == 0 { 0 } else { next[above] };
            next[above] += sizes[w];
            next[w] = number + 1;
            preorder[node] = number;
        }
        let order =
            walk.left.iter().rev().filter(|&&n| (n as usize) < blocks).map(|&n| BlockId::new(n as usize)).collect();
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

/// A depth-first walk from the entry.
struct Walk {
    /// The nodes in the order they were entered; the index is a node's *entry number*.
    entered: Vec<u32>,
    /// The entry number of the node that each was entered from, by entry number.
    parent: Vec<u32>,
    /// The entry number of each node, `NONE` where the walk did not get to.
    number: Vec<u32>,
    /// The nodes in the order they were left.
    left: Vec<u32>,
}

impl Walk {
    fn new(nodes: usize, successors: &Successors<'_>) -> Self {
        let mut walk = Self {
            entered: Vec::new(),
            parent: Vec::new(),
            number: vec![NONE; nodes],
            left: Vec::with_capacity(nodes),
        };
        if nodes == 0 {
            return walk;
        }
        // What the nodes on the path lead to lies one after the other on `pending`.
        let mut pending: Vec<u32> = Vec::new();
        let mut path: Vec<(u32, usize)> = Vec::new();
        walk.enter(0, 0, &mut path, &mut pending, successors);
        while let Some(&(node, base)) = path.last() {
            match if pending.len() > base { pending.pop() } else { None } {
                Some(next) if walk.number[next as usize] == NONE => {
                    let from = walk.number[node as usize];
                    walk.enter(next, from, &mut path, &mut pending, successors);
                }
                Some(_) => {}
                None => {
                    walk.left.push(node);
                    path.pop();
                }
            }
        }
        walk
    }

    fn enter(
        &mut self,
        node: u32,
        from: u32,
        path: &mut Vec<(u32, usize)>,
        pending: &mut Vec<u32>,
        successors: &Successors<'_>,
    ) {
        self.number[node as usize] = self.entered.len() as u32;
        self.entered.push(node);
        self.parent.push(from);
        path.push((node, pending.len()));
        successors(node as usize, &mut |n| pending.push(n as u32));
    }

    /// The parent of each node in the dominator tree, all by entry number, after Georgiadis's *Semi-NCA*.
    fn dominators(&self, successors: &Successors<'_>) -> Vec<u32> {
        let count = self.entered.len();
        let mut starts = vec![0u32; count + 1];
        for &node in &self.entered {
            successors(node as usize, &mut |to| starts[self.number[to] as usize + 1] += 1);
        }
        for i in 0..count {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut predecessors = vec![0u32; starts[count] as usize];
        for (from, &node) in self.entered.iter().enumerate() {
            successors(node as usize, &mut |to| {
                let at = &mut next[self.number[to] as usize];
                predecessors[*at as usize] = from as u32;
                *at += 1;
            });
        }
        let mut forest = Forest {
            ancestor: self.parent.clone(),
            label: (0..count as u32).collect(),
            semi: (0..count as u32).collect(),
            stack: Vec::new(),
        };
        for w in (1..count).rev() {
            let mut semi = self.parent[w];
            for &from in &predecessors[starts[w] as usize..starts[w + 1] as usize] {
                let best = forest.evaluate(from, w as u32 + 1);
                semi = semi.min(forest.semi[best as usize]);
            }
            forest.semi[w] = semi;
        }
        let mut dominator = self.parent.clone();
        for w in 1..count {
            let mut at = dominator[w];
            while at > forest.semi[w] {
                at = dominator[at as usize];
            }
            dominator[w] = at;
        }
        dominator
    }
}

/// The nodes with an entry number from some number on, linked to what they were entered from.
struct Forest {
    ancestor: Vec<u32>,
    label: Vec<u32>,
    semi: Vec<u32>,
    stack: Vec<u32>,
}

impl Forest {
    /// The node with the smallest semidominator on the way from `v` up to the first node below `linked`,
    /// that node excluded. Shortens the way.
    fn evaluate(&mut self, v: u32, linked: u32) -> u32 {
        let mut at = v as usize;
        while self.ancestor[at] >= linked {
            self.stack.push(at as u32);
            at = self.ancestor[at] as usize;
        }
        while let Some(below) = self.stack.pop() {
            let below = below as usize;
            self.ancestor[below] = self.ancestor[at];
            if self.semi[self.label[at] as usize] < self.semi[self.label[below] as usize] {
                self.label[below] = self.label[at];
            }
            at = below;
        }
        self.label[at]
    }
}
