//! Dominance, predecessors and uses against direct definitions, on random graphs.

use assay_dataflow::{Dominators, Location, Predecessors, UseList, User, ValueBlocks, forward_fixpoint};
use assay_index::{Idx, IndexVec, Symbol};
use assay_ir::{BinaryOp, Block, BlockId, Const, Function, FunctionKind, Inst, Op, Terminator, Value};
use assay_text::Span;
use proptest::prelude::*;

/// One block: the kind of its terminator, two targets, and a handler for some.
type Shape = (u8, usize, usize, Option<usize>);

fn function(shapes: &[Shape]) -> Function {
    let count = shapes.len();
    let mut insts = IndexVec::new();
    let mut blocks = IndexVec::new();
    for &(kind, a, b, handler) in shapes {
        let first: Value = insts.push(Inst { op: Op::Const(Const::Int(1)), ty: None, span: Span::default() });
        let second: Value =
            insts.push(Inst { op: Op::Binary(BinaryOp::Add, first, first), ty: None, span: Span::default() });
        let (a, b) = (BlockId::new(a % count), BlockId::new(b % count));
        let terminator = match kind % 6 {
            0 | 1 => Terminator::Goto(a),
            2 if a != b => Terminator::Branch { cond: second, then_to: a, else_to: b },
            3 => Terminator::Choice(vec![a, b]),
            4 => Terminator::Raise(None),
            _ => Terminator::Return(second),
        };
        blocks.push(Block {
            insts: vec![first, second],
            terminator,
            handler: handler.map(|h| BlockId::new(h % count)),
        });
    }
    Function {
        blocks,
        insts,
        ..Function::empty(Symbol::new(0), Symbol::new(0), FunctionKind::Named, None, Span::default(), Span::default())
    }
}

fn shapes() -> impl Strategy<Value = Vec<Shape>> {
    prop::collection::vec((any::<u8>(), 0..12usize, 0..12usize, prop::option::weighted(0.3, 0..12usize)), 1..12)
}

/// Places that control can be at one step after `at`; control leaves for the handler before any instruction.
fn steps(f: &Function, at: Location) -> Vec<Location> {
    let block = &f.blocks[at.block];
    let mut next = Vec::new();
    if (at.index as usize) < block.insts.len() {
        next.push(at.next());
    } else {
        block.terminator.for_each_target(|t| next.push(Location::start(t)));
    }
    next.extend(block.handler.map(Location::start));
    next
}

/// The places that control can get to without passing `avoid`.
fn reachable(f: &Function, avoid: Option<Location>) -> Vec<Location> {
    let start = Location::start(BlockId::new(0));
    let mut seen = Vec::new();
    let mut stack = vec![start];
    while let Some(at) = stack.pop() {
        if Some(at) == avoid || seen.contains(&at) {
            continue;
        }
        seen.push(at);
        stack.extend(steps(f, at));
    }
    seen
}

proptest! {
    #[test]
    fn dominance_of_places_is_what_its_definition_says(shapes in shapes()) {
        let f = function(&shapes);
        let d = Dominators::new(&f);
        let places: Vec<Location> =
            f.blocks.ids().flat_map(|block| (0..=2).map(move |index| Location { block, index })).collect();
        let all = reachable(&f, None);
        for &a in &places {
            let without = reachable(&f, Some(a));
            for &b in &places {
                let expected = if all.contains(&a) && all.contains(&b) {
                    !without.contains(&b)
                } else {
                    a.block == b.block && a.index <= b.index
                };
                prop_assert_eq!(d.dominates_location(a, b), expected, "{:?} {:?}", a, b);
            }
        }
    }

    #[test]
    fn the_immediate_dominator_is_the_closest(shapes in shapes()) {
        let f = function(&shapes);
        let d = Dominators::new(&f);
        for b in f.blocks.ids() {
            let strict: Vec<BlockId> = f.blocks.ids().filter(|&a| a != b && d.dominates(a, b)).collect();
            match d.immediate_dominator(b) {
                None => prop_assert!(strict.is_empty()),
                Some(i) => {
                    prop_assert!(strict.contains(&i));
                    prop_assert!(strict.iter().all(|&a| d.dominates(a, i)));
                }
            }
            prop_assert_eq!(d.ancestors(b).count(), strict.len() + 1);
        }
    }

    #[test]
    fn reverse_postorder_holds_each_reachable_block_once_after_its_dominators(shapes in shapes()) {
        let f = function(&shapes);
        let d = Dominators::new(&f);
        let order = d.reverse_postorder();
        for b in f.blocks.ids() {
            prop_assert_eq!(order.iter().filter(|&&o| o == b).count(), usize::from(d.is_reachable(b)));
        }
        for (i, &b) in order.iter().enumerate() {
            if let Some(a) = d.immediate_dominator(b) {
                prop_assert!(order[..i].contains(&a));
            }
        }
    }

    #[test]
    fn predecessors_invert_successors(shapes in shapes()) {
        let f = function(&shapes);
        let p = Predecessors::new(&f);
        for to in f.blocks.ids() {
            let expected: Vec<BlockId> = f.blocks.ids().filter(|&from| {
                let mut leads = false;
                f.blocks[from].for_each_successor(|t| leads |= t == to);
                leads
            }).collect();
            prop_assert_eq!(p.of(to), &expected[..]);
        }
    }

    #[test]
    fn every_use_is_listed_once(shapes in shapes()) {
        let f = function(&shapes);
        let uses = UseList::new(&f);
        let places = ValueBlocks::new(&f);
        for (block, data) in f.blocks.iter_enumerated() {
            let (first, second) = (data.insts[0], data.insts[1]);
            prop_assert_eq!(uses.users(first), &[User::Inst(second), User::Inst(second)]);
            let mut read = Vec::new();
            data.terminator.for_each_operand(|v| read.push(v));
            let expected: Vec<User> = read.iter().map(|_| User::Terminator(block)).collect();
            prop_assert_eq!(uses.users(second), &expected[..]);
            prop_assert_eq!(places.after(first), places.location(second));
            prop_assert_eq!(places.block(second), Some(block));
        }
    }

    #[test]
    fn a_fixpoint_of_reachability_visits_what_is_reachable(shapes in shapes()) {
        let f = function(&shapes);
        let d = Dominators::new(&f);
        let mut visited = vec![false; f.blocks.len()];
        let done = forward_fixpoint(&f, d.reverse_postorder(), 10_000, |block, changed| {
            if !std::mem::replace(&mut visited[block.index()], true) {
                f.blocks[block].for_each_successor(&mut *changed);
            }
        });
        prop_assert!(done);
        for b in f.blocks.ids() {
            prop_assert_eq!(visited[b.index()], d.is_reachable(b));
        }
    }
}

#[test]
fn what_a_block_did_is_uncertain_in_its_handler() {
    // 0: try body with handler 1, goes to 2; 1 returns; 2 returns.
    let f = function(&[(0, 2, 0, Some(1)), (5, 0, 0, None), (5, 0, 0, None)]);
    let d = Dominators::new(&f);
    let [body, handler, after] = [0, 1, 2].map(BlockId::new);
    assert!(d.dominates(body, handler) && d.dominates(body, after));
    assert!(!d.completion_dominates(body, handler));
    assert!(d.completion_dominates(body, after));
    let called = Location { block: body, index: 1 };
    assert!(d.dominates_location(called, Location::start(after)));
    assert!(!d.dominates_location(called, Location::start(handler)));
    assert!(d.dominates_location(called, Location::end(&f, body)));
}

#[test]
fn an_empty_function_has_no_dominators() {
    let mut f = function(&[(5, 0, 0, None)]);
    f.blocks = IndexVec::new();
    let d = Dominators::new(&f);
    let (a, b) = (BlockId::new(0), BlockId::new(1));
    assert!(!d.dominates(a, b) && !d.is_reachable(a));
    assert_eq!(d.immediate_dominator(a), None);
    assert!(d.reverse_postorder().is_empty());
}
