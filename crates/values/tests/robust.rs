//! Nothing panics or runs on, whatever the representation holds, rules of its own broken included.

use assay_dataflow::{Dominators, Location, ValueBlocks};
use assay_index::{Idx, IndexVec, Interner};
use assay_ir::{
    Arg, ArgKind, BinaryOp, Block, BlockId, Collection, CompareOp, Const, Element, Function, FunctionKind, Inst, Op,
    Piece, Terminator, UnaryOp, Value,
};
use assay_text::Span;
use assay_values::guards::{ArgumentRef, At, GuardIndex, after_call, assumed, judge_all};
use assay_values::shapes::{path_shapes, shapes};
use assay_values::{Context, NoOracle, constant_of, key_of};
use proptest::prelude::*;

const NAMES: &[&str] = &[
    "startswith",
    "format",
    "join",
    "re",
    "match",
    "x",
    "isinstance",
    "%s %(a)d",
    "{} {a!r}",
    "^[a-z]+$",
    "get",
    "all",
    "os",
    "path",
    "realpath",
    "replace",
    "strip",
    "..",
    "str",
    "parents",
    "netloc",
    "urlparse",
    "append",
];

fn op(kind: u8, operands: (usize, usize), seed: usize, strings: &mut Interner) -> Op {
    let (left, right) = (Value::new(operands.0), Value::new(operands.1));
    let name = strings.intern(NAMES[seed % NAMES.len()]);
    let args = |n: usize| {
        (0..n).map(|i| Arg { kind: ArgKind::Positional, value: Value::new((operands.1 + i) % 20) }).collect()
    };
    match kind % 24 {
        0 => Op::Const(Const::Str(name)),
        1 => Op::Const(Const::Int(i64::from(seed as u32) - 3)),
        2 => Op::Param(seed as u32 % 3),
        3 => Op::Phi(vec![(BlockId::new(operands.0 % 8), left), (BlockId::new(operands.1 % 8), right)]),
        4 => Op::Global(name),
        5 | 6 => Op::Attr(left, name),
        7 => Op::Item(left, right),
        8 => Op::Collection(Collection::Tuple, vec![Element { value: left, spread: seed.is_multiple_of(5) }; seed % 4]),
        9 => Op::Collection(Collection::Generator, Vec::new()),
        10 => Op::Accumulate { into: left, key: None, value: right },
        11 => Op::Format(vec![
            Piece::Text(name),
            Piece::Hole { value: left, conversion: assay_ir::Conversion::None, spec: Some(right) },
        ]),
        12 => Op::Binary([BinaryOp::Add, BinaryOp::Mod, BinaryOp::Mul, BinaryOp::Div][seed % 4], left, right),
        13 => Op::InPlace(BinaryOp::Add, left, right),
        14 => Op::Unary(UnaryOp::Not, left),
        15 => Op::Compare([CompareOp::In, CompareOp::Eq, CompareOp::Is, CompareOp::Less][seed % 4], left, right),
        16..=19 => Op::Call { func: left, args: args(seed % 3) },
        20 => Op::Next(left),
        21 => Op::Annotated { value: Some(left), annotation: right },
        22 => Op::StoreAttr { base: left, name, value: right },
        _ => Op::Dict(vec![(Some(left), right), (None, right)]),
    }
}

type Code = (Vec<(u8, usize, usize, usize)>, Vec<(u8, usize, usize, Option<usize>)>);

fn code() -> impl Strategy<Value = Code> {
    (
        prop::collection::vec((any::<u8>(), 0..20usize, 0..20usize, 0..40usize), 1..18),
        prop::collection::vec((any::<u8>(), 0..8usize, 0..8usize, prop::option::weighted(0.2, 0..8usize)), 1..8),
    )
}

fn build(code: &Code, strings: &mut Interner) -> Function {
    let name = strings.intern("f");
    let insts: IndexVec<Value, Inst> = code
        .0
        .iter()
        .map(|&(k, a, b, c)| Inst { op: op(k, (a, b), c, strings), ty: None, span: Span::default() })
        .collect();
    let count = code.1.len();
    let blocks = code.1.iter().enumerate().map(|(i, &(kind, a, b, handler))| Block {
        insts: insts.ids().filter(|v| v.index() * count / insts.len() == i).collect(),
        terminator: match kind % 4 {
            0 => Terminator::Goto(BlockId::new(a % count)),
            1 => Terminator::Choice(vec![BlockId::new(a % count), BlockId::new(b % count)]),
            2 => Terminator::Return(Value::new(a)),
            _ => Terminator::Branch {
                cond: Value::new(a),
                then_to: BlockId::new(a % count),
                else_to: BlockId::new(b % count),
            },
        },
        handler: handler.map(|h| BlockId::new(h % count)),
    });
    let blocks = blocks.collect();
    Function {
        blocks,
        insts,
        ..Function::empty(name, name, FunctionKind::Named, None, Span::default(), Span::default())
    }
}

fn survived(code: &Code) -> Result<(), TestCaseError> {
    let mut strings = Interner::new();
    let function = build(code, &mut strings);
    let cx = Context::new(&function, &strings, &NoOracle);
    let dominators = Dominators::new(&function);
    let places = ValueBlocks::new(&function);
    let mut index = GuardIndex::new(&cx, &dominators, &places);
    for value in function.insts.ids() {
        index.add(after_call(&cx, &places, &index.keys().clone(), value, ArgumentRef::Positional(0)));
        let entry = At::Edge(BlockId::new(0));
        index.add(assumed(&cx, &dominators, &places, &index.keys().clone(), value, true, entry));
    }
    let first = index.facts().to_vec();
    prop_assert!(first.is_sorted_by_key(|f| f.key));
    for value in function.insts.ids() {
        let _ = (constant_of(&cx, value), key_of(&function, &strings, value), cx.callee(value));
        for shape in shapes(&cx, value).into_iter().chain(path_shapes(&cx, value)) {
            prop_assert!(shape.pieces.len() <= assay_text::limits::MAX_SHAPE_PIECES);
            let _ = (shape.display(&cx), shape.reads_as_sql());
        }
        for block in function.blocks.ids() {
            let facts: Vec<_> = index.at(&dominators, value, Location::end(&function, block)).collect();
            for kind in ["sql-injection", "path-injection", "request-forgery", "log-injection"] {
                let _ = judge_all(&cx, facts.iter().copied(), kind, &|v| v.index() % 2 == 0);
            }
        }
    }
    let again = GuardIndex::new(&cx, &dominators, &places);
    let once_more = GuardIndex::new(&cx, &dominators, &places);
    prop_assert_eq!(again.facts(), once_more.facts());
    Ok(())
}

/// Two branches meet that a condition tells apart which is its own negation: no program is lowered to it, and no
/// analysis may follow it for ever.
#[test]
fn a_condition_that_negates_itself_is_survived() {
    let insts = vec![(0, 0, 0, 0), (14, 1, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0)];
    let blocks = vec![(3, 1, 2, None), (0, 3, 0, None), (0, 3, 0, None), (2, 1, 0, None)];
    survived(&(insts, blocks)).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn any_code_is_survived(code in code()) {
        survived(&code)?;
    }
}
