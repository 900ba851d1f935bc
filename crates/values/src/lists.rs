//! Which element a list gives at an index after others were put in and taken out.
//!
//! A list is *followed* from where it is made, through the straight run of code after it, until something else than the methods
//! below gets hold of it.

use assay_dataflow::{Predecessors, UseList, User};
use assay_index::{FxHashMap, FxHashSet, Interner, Symbol};
use assay_ir::{ArgKind, BlockId, Collection, Const, Function, Op, Terminator, Value};

/// Elements that a list is followed up to.
const MAX_ELEMENTS: usize = 64;

/// Methods after which an element stands at another place than it was put at.
const MOVING: [&str; 3] = ["pop", "insert", "reverse"];

/// Replaces what a followed list gives at an index, and what is taken out of it, by the element itself. Lists whose elements stay where
/// they were put are left as they are.
pub fn place_list_elements(function: &mut Function, strings: &Interner) {
    let moving: FxHashSet<Symbol> = MOVING.iter().filter_map(|name| strings.lookup(name)).collect();
    let moves = |op: &Op| matches!(op, Op::Attr(_, name) if moving.contains(name));
    if !function.insts.iter().any(|inst| moves(&inst.op)) {
        return;
    }
    let uses = UseList::new(function);
    let predecessors = Predecessors::new(function);
    let mut placed = FxHashMap::default();
    for (at, block) in function.blocks.iter_enumerated() {
        for (position, &list) in block.insts.iter().enumerate() {
            if let Op::Collection(Collection::List, elements) = &function.insts[list].op
                && elements.iter().all(|element| !element.spread)
                && uses.insts(list).any(|user| moves(function.op(user)))
            {
                let elements = elements.iter().map(|element| element.value).collect();
                let mut followed = Followed { function, strings, uses: &uses, list, elements, placed: &mut placed };
                followed.run(at, position + 1, &predecessors);
            }
        }
    }
    if placed.is_empty() {
        return;
    }
    // What is taken out of one list may be put into another.
    let find = |mut value: Value| {
        for _ in 0..MAX_ELEMENTS {
            let Some(&element) = placed.get(&value) else { break };
            value = element;
        }
        value
    };
    function.insts.iter_mut().for_each(|inst| inst.op.map_operands(find));
    for block in &mut function.blocks {
        match &mut block.terminator {
            Terminator::Branch { cond: value, .. } | Terminator::Return(value) | Terminator::Raise(Some(value)) => {
                *value = find(*value);
            }
            Terminator::Goto(_) | Terminator::Choice(_) | Terminator::Raise(None) | Terminator::Unreachable => {}
        }
    }
}

/// A list on its way.
struct Followed<'a> {
    function: &'a Function,
    strings: &'a Interner,
    uses: &'a UseList,
    list: Value,
    /// What it holds now.
    elements: Vec<Value>,
    placed: &'a mut FxHashMap<Value, Value>,
}

impl Followed<'_> {
    /// Goes through the code from a position in a block on.
    fn run(&mut self, mut at: BlockId, mut position: usize, predecessors: &Predecessors) {
        let users: FxHashSet<Value> = self.uses.insts(self.list).collect();
        for _ in 0..self.function.blocks.len() {
            for &inst in &self.function.blocks[at].insts[position..] {
                let used = users.contains(&inst) || self.is_method_call(inst);
                if used && !self.step(inst) {
                    return;
                }
            }
            // Only a straight way goes on.
            let Terminator::Goto(to) = self.function.blocks[at].terminator else { return };
            if predecessors.of(to) != [at] {
                return;
            }
            (at, position) = (to, 0);
        }
    }

    /// Whether an instruction calls a method of the list.
    fn is_method_call(&self, inst: Value) -> bool {
        matches!(self.function.op(inst), Op::Call { func, .. }
            if matches!(self.function.op(*func), Op::Attr(base, _) if *base == self.list))
    }

    /// What an instruction does to the list; whether it can be followed further.
    fn step(&mut self, inst: Value) -> bool {
        match self.function.op(inst) {
            // A method is looked up only to be called.
            Op::Attr(..) => self.uses.users(inst).iter().all(|user| match user {
                User::Inst(call) => matches!(self.function.op(*call), Op::Call { func, .. } if *func == inst),
                User::Terminator(_) => false,
            }),
            Op::Item(base, index) if *base == self.list => {
                if let Some(at) = self.index(*index, self.elements.len()) {
                    self.placed.insert(inst, self.elements[at]);
                }
                true
            }
            Op::Call { func, args } => {
                let Op::Attr(_, name) = self.function.op(*func) else { return false };
                if args.iter().any(|arg| arg.kind != ArgKind::Positional || arg.value == self.list) {
                    return false;
                }
                match (self.strings.resolve(*name), &args[..]) {
                    ("append", [item]) => self.elements.push(item.value),
                    ("insert", [place, item]) => {
                        let Some(at) = self.index(place.value, self.elements.len() + 1) else { return false };
                        self.elements.insert(at, item.value);
                    }
                    ("pop", []) => match self.elements.pop() {
                        Some(element) => drop(self.placed.insert(inst, element)),
                        None => return false,
                    },
                    ("pop", [place]) => {
                        let Some(at) = self.index(place.value, self.elements.len()) else { return false };
                        let element = self.elements.remove(at);
                        self.placed.insert(inst, element);
                    }
                    ("reverse", []) => self.elements.reverse(),
                    ("index" | "count" | "copy", _) => {}
                    _ => return false,
                }
                self.elements.len() <= MAX_ELEMENTS
            }
            _ => false,
        }
    }

    /// The place of a constant index below `count`.
    fn index(&self, value: Value, count: usize) -> Option<usize> {
        let Op::Const(Const::Int(index)) = self.function.op(value) else { return None };
        usize::try_from(*index).ok().filter(|at| *at < count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parameter or text that the function returns, or what operation else.
    fn returned(body: &str) -> String {
        let text = format!("def f(p, q):\n{}", body.replace('|', "\n"));
        let mut module = assay_lang_python::lower_source(&text);
        let function = module.functions.iter_mut().nth(1).expect("a function");
        place_list_elements(function, &module.strings);
        let value = function.blocks.iter().rev().find_map(|block| match block.terminator {
            Terminator::Return(value) => Some(value),
            _ => None,
        });
        match function.op(value.expect("a return")) {
            Op::Param(0) => "p".to_owned(),
            Op::Param(1) => "q".to_owned(),
            Op::Const(Const::Str(text)) => module.strings.resolve(*text).to_owned(),
            Op::Item(..) => "an item".to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn elements_move() {
        assert_eq!(returned("  l = ['a']|  l.append(p)|  l.append('b')|  l.pop(0)|  return l[0]"), "p");
        assert_eq!(returned("  l = ['a']|  l.append(p)|  l.append('b')|  l.pop(0)|  return l[1]"), "b");
        assert_eq!(returned("  l = [p, q]|  l.reverse()|  return l[0]"), "q");
        assert_eq!(returned("  l = [p]|  l.insert(0, q)|  return l[0]"), "q");
        assert_eq!(returned("  l = [p, 'x']|  l.pop()|  return l.pop()"), "p");
        assert_eq!(returned("  l = [p, q]|  m = l|  m.pop(0)|  return l[0]"), "q");
    }

    #[test]
    fn what_others_may_change_is_left() {
        assert_eq!(returned("  l = [p, q]|  l.pop(0)|  g(l)|  return l[0]"), "an item");
        assert_eq!(returned("  l = [p, q]|  if q:|    l.pop(0)|  return l[0]"), "an item");
        assert_eq!(returned("  l = [p, q]|  while q:|    l.pop(0)|    x = l[0]|  return l[0]"), "an item");
        assert_eq!(returned("  l = [p, q]|  f = l.pop|  g(f)|  return l[0]"), "an item");
    }
}
