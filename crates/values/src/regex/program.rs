//! Expressions as programs for the [machine](super::machine).
//!
//! - An *instruction* is at a *place* in its program and goes on to the next one unless it says otherwise.
//! - A *register* holds a position in the text or a count. Groups have two each (start and end), counted loops two (iterations so
//!   far, and where the last one began).
//!
//! The program follows what CPython's `re` compiles to: a repetition of one character is one instruction
//! (`REPEAT_ONE`), any other one is a loop that counts and that stops when an iteration matched nothing
//! (`MAX_UNTIL`, `MIN_UNTIL`), possessive repetitions and look-arounds drop the ways that they did not take.

use super::{Anchor, CharSet, Node, Regex, Taking};

/// Instructions of a program.
const MAX_SIZE: usize = 20_000;

/// No upper limit.
pub(super) const UNBOUNDED: u32 = u32::MAX;

/// One instruction.
#[derive(Clone, Debug)]
pub(super) enum Inst {
    /// One character of a set.
    Set(u32),
    /// A place in the text.
    Anchor(Anchor),
    /// Goes on, and later at the place.
    Split(u32),
    /// Goes to a place.
    Jump(u32),
    /// Keeps the position.
    Save(u32),
    /// Characters of a set.
    Many { set: u32, min: u32, max: u32, taking: Taking },
    /// Begins a loop and goes to its end.
    LoopStart { register: u32, end: u32 },
    /// After an iteration.
    LoopEnd { register: u32, min: u32, max: u32, lazy: bool, body: u32 },
    /// One more iteration of a lazy loop, when the way out has failed.
    LoopMore { register: u32, max: u32, body: u32 },
    /// From here to the end only the first way is taken.
    AtomicStart,
    /// The end of that.
    AtomicEnd,
    /// A look: `back` characters back, and on behind its end.
    LookStart { negative: bool, back: u32, after: u32 },
    /// The end of what is looked for.
    LookEnd,
    /// The text of a group.
    BackReference(u32),
    /// Goes to a place unless the group has matched.
    Condition(u32, u32),
    /// The match is there.
    Accept,
}

/// A program.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) insts: Vec<Inst>,
    pub(super) sets: Vec<CharSet>,
    pub(super) registers: usize,
}

impl Program {
    /// Compiles an expression; `None` for one that Python refuses (a look back without a width), that holds something
    /// unknown, or that is too large.
    pub(super) fn new(regex: &Regex) -> Option<Self> {
        let registers = regex.groups as usize * 2 + 2;
        let mut compiler = Compiler { insts: Vec::new(), sets: Vec::new(), registers };
        compiler.node(&regex.root)?;
        compiler.insts.push(Inst::Accept);
        Some(Self { insts: compiler.insts, sets: compiler.sets, registers: compiler.registers })
    }
}

struct Compiler {
    insts: Vec<Inst>,
    sets: Vec<CharSet>,
    registers: usize,
}

impl Compiler {
    fn here(&self) -> u32 {
        self.insts.len() as u32
    }

    fn push(&mut self, inst: Inst) -> usize {
        self.insts.push(inst);
        self.insts.len() - 1
    }

    fn set(&mut self, set: &CharSet) -> u32 {
        if let Some(i) = self.sets.iter().position(|s| s == set) {
            return i as u32;
        }
        self.sets.push(set.clone());
        self.sets.len() as u32 - 1
    }

    fn node(&mut self, node: &Node) -> Option<()> {
        if self.insts.len() > MAX_SIZE {
            return None;
        }
        match node {
            Node::Empty => {}
            Node::Class(set) => {
                let set = self.set(set);
                self.push(Inst::Set(set));
            }
            Node::Anchor(anchor) => {
                self.push(Inst::Anchor(*anchor));
            }
            Node::Concat(items) => {
                for item in items {
                    self.node(item)?;
                }
            }
            Node::Alternate(branches) => {
                let mut ends = Vec::new();
                for (i, branch) in branches.iter().enumerate() {
                    if i + 1 == branches.len() {
                        self.node(branch)?;
                        break;
                    }
                    let split = self.push(Inst::Split(0));
                    self.node(branch)?;
                    ends.push(self.push(Inst::Jump(0)));
                    self.insts[split] = Inst::Split(self.here());
                }
                for end in ends {
                    self.insts[end] = Inst::Jump(self.here());
                }
            }
            Node::Group(None, inner) => self.node(inner)?,
            Node::Group(Some(number), inner) => {
                self.push(Inst::Save(number * 2));
                self.node(inner)?;
                self.push(Inst::Save(number * 2 + 1));
            }
            Node::Atomic(inner) => self.atomic(|this| this.node(inner))?,
            Node::Conditional { group, yes, no } => {
                let test = self.push(Inst::Condition(*group, 0));
                self.node(yes)?;
                let end = self.push(Inst::Jump(0));
                self.insts[test] = Inst::Condition(*group, self.here());
                self.node(no)?;
                self.insts[end] = Inst::Jump(self.here());
            }
            Node::Look { node, ahead, negative } => {
                let back = if *ahead { 0 } else { width(node)? };
                let start = self.push(Inst::LookEnd);
                self.node(node)?;
                self.push(Inst::LookEnd);
                self.insts[start] = Inst::LookStart { negative: *negative, back, after: self.here() };
            }
            Node::BackReference(group) => {
                self.push(Inst::BackReference(*group));
            }
            Node::Unknown => return None,
            Node::Repeat { node, min, max, taking, .. } => {
                self.repeat(node, *min, max.unwrap_or(UNBOUNDED), *taking)?;
            }
        }
        Some(())
    }

    fn atomic(&mut self, inner: impl FnOnce(&mut Self) -> Option<()>) -> Option<()> {
        self.push(Inst::AtomicStart);
        inner(self)?;
        self.push(Inst::AtomicEnd);
        Some(())
    }

    fn repeat(&mut self, node: &Node, min: u32, max: u32, taking: Taking) -> Option<()> {
        if let Some(set) = simple(node) {
            let set = self.set(set);
            self.push(Inst::Many { set, min, max, taking });
            return Some(());
        }
        if taking == Taking::Possessive {
            return self.atomic(|this| this.repeat(node, min, max, Taking::Greedy));
        }
        let register = self.registers as u32;
        self.registers += 2;
        let start = self.push(Inst::LookEnd);
        let body = self.here();
        self.node(node)?;
        let lazy = taking == Taking::Lazy;
        let end = self.push(Inst::LoopEnd { register, min, max, lazy, body });
        self.insts[start] = Inst::LoopStart { register, end: end as u32 };
        if lazy {
            let jump = self.push(Inst::Jump(0));
            self.push(Inst::LoopMore { register, max, body });
            self.insts[jump] = Inst::Jump(self.here());
        }
        Some(())
    }
}

/// The class that a node is, without a group that captures around it.
fn simple(node: &Node) -> Option<&CharSet> {
    match node {
        Node::Class(set) => Some(set),
        Node::Group(None, inner) => simple(inner),
        _ => None,
    }
}

/// The number of characters that a node takes, when it is always the same.
fn width(node: &Node) -> Option<u32> {
    match node {
        Node::Empty | Node::Anchor(_) | Node::Look { .. } => Some(0),
        Node::Class(_) => Some(1),
        Node::Concat(items) => items.iter().map(width).try_fold(0_u32, |all, w| all.checked_add(w?)),
        Node::Alternate(branches) => {
            let mut widths = branches.iter().map(width);
            let first = widths.next()??;
            widths.all(|w| w == Some(first)).then_some(first)
        }
        Node::Group(_, inner) | Node::Atomic(inner) => width(inner),
        Node::Conditional { yes, no, .. } => width(yes).filter(|w| width(no) == Some(*w)),
        Node::Repeat { node, min, max, .. } if *max == Some(*min) => width(node)?.checked_mul(*min),
        Node::Repeat { .. } | Node::BackReference(_) | Node::Unknown => None,
    }
}
