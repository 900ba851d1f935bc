//! Users of values.

use assay_index::Idx;
use assay_ir::{BlockId, Function, Value};

/// Something that reads a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum User {
    /// The instruction that defines this value.
    Inst(Value),
    /// The terminator of this block.
    Terminator(BlockId),
}

/// The users of each value, in the order of the code. One that reads a value twice stands there twice.
#[derive(Clone, Debug)]
pub struct UseList {
    starts: Vec<u32>,
    users: Vec<User>,
}

impl UseList {
    /// Collects the uses in a function.
    pub fn new(function: &Function) -> Self {
        let count = function.insts.len();
        let mut starts = vec![0u32; count + 1];
        for_each_use(function, |value, _| {
            if let Some(n) = starts.get_mut(value.index() + 1) {
                *n += 1;
            }
        });
        for i in 0..count {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut users = vec![User::Terminator(BlockId::new(0)); starts[count] as usize];
        for_each_use(function, |value, user| {
            if value.index() < count {
                let at = &mut next[value.index()];
                users[*at as usize] = user;
                *at += 1;
            }
        });
        Self { starts, users }
    }

    /// Who reads `value`.
    pub fn users(&self, value: Value) -> &[User] {
        let i = value.index();
        match (self.starts.get(i), self.starts.get(i + 1)) {
            (Some(&a), Some(&b)) => &self.users[a as usize..b as usize],
            _ => &[],
        }
    }

    /// The instructions that read `value`.
    pub fn insts(&self, value: Value) -> impl Iterator<Item = Value> + '_ {
        self.users(value).iter().filter_map(|u| match u {
            User::Inst(v) => Some(*v),
            User::Terminator(_) => None,
        })
    }

    /// Whether anything reads `value`.
    pub fn is_used(&self, value: Value) -> bool {
        !self.users(value).is_empty()
    }
}

fn for_each_use(function: &Function, mut f: impl FnMut(Value, User)) {
    for (id, block) in function.blocks.iter_enumerated() {
        for &value in &block.insts {
            if let Some(inst) = function.insts.get(value) {
                inst.op.for_each_operand(|operand| f(operand, User::Inst(value)));
            }
        }
        block.terminator.for_each_operand(|operand| f(operand, User::Terminator(id)));
    }
}
