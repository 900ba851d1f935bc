//! Branches that always go the same way.
//!
//! A condition is *decided* when it is made of numbers, texts, truth values and `None` alone. What holds variables of the
//! module is not: other code may set them.

use crate::{Context, NoOracle, constant_of};
use assay_index::Interner;
use assay_ir::{BlockId, Function, Op, Terminator, Value};

/// Operators between a condition and its literals that are followed.
const MAX_DEPTH: u32 = 8;

/// Makes a jump of each branch whose condition is decided, so that whatever is asked about the code later is asked about ways
/// that exist. Nothing is renumbered: what is left out stays behind as blocks that control cannot reach.
pub fn cut_decided_branches(function: &mut Function, strings: &Interner) {
    let decided = decided(function, strings);
    if decided.is_empty() {
        return;
    }
    for (at, taken, left) in decided {
        function.blocks[at].terminator = Terminator::Goto(taken);
        function.forget_edge(at, left);
    }
    function.forget_unreachable();
}

/// The blocks that end in a decided branch, where each goes and where it doesn't.
fn decided(function: &Function, strings: &Interner) -> Vec<(BlockId, BlockId, BlockId)> {
    let cx = Context::new(function, strings, &NoOracle);
    let mut out = Vec::new();
    for (at, block) in function.blocks.iter_enumerated() {
        let Terminator::Branch { cond, then_to, else_to } = block.terminator else { continue };
        if !is_scalar(&cx, cond, MAX_DEPTH) {
            continue;
        }
        match constant_of(&cx, cond).and_then(|constant| constant.truth()) {
            Some(true) => out.push((at, then_to, else_to)),
            Some(false) => out.push((at, else_to, then_to)),
            None => {}
        }
    }
    out
}

/// Whether a value is made of literals that nothing can change.
fn is_scalar(cx: &Context<'_>, value: Value, depth: u32) -> bool {
    if depth == 0 {
        return false;
    }
    let op = cx.op(value);
    match op {
        Op::Const(_) => true,
        Op::Annotated { value: Some(_), .. } | Op::Unary(..) | Op::Binary(..) | Op::Compare(..) | Op::Item(..) => {
            let mut all = true;
            match op {
                // The annotation decides nothing.
                Op::Annotated { value: Some(inner), .. } => all = is_scalar(cx, *inner, depth - 1),
                _ => op.for_each_operand(|operand| all &= is_scalar(cx, operand, depth - 1)),
            }
            all
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that a function still reads after the cut, in the order of its blocks.
    fn read(body: &str) -> Vec<String> {
        let text = format!("def f(p):\n{}", body.replace('|', "\n"));
        let mut module = assay_lang_python::lower_source(&text);
        let function = module.functions.iter_mut().nth(1).expect("a function");
        cut_decided_branches(function, &module.strings);
        let tree = assay_dataflow::Dominators::new(function);
        let mut out = Vec::new();
        for (at, block) in function.blocks.iter_enumerated().filter(|(at, _)| tree.is_reachable(*at)) {
            let _ = at;
            for value in &block.insts {
                if let Op::Global(name) = function.op(*value) {
                    out.push(module.strings.resolve(*name).to_owned());
                }
            }
        }
        out
    }

    #[test]
    fn arithmetic_decides() {
        assert_eq!(read("  n = 86|  if 7 * 42 - n > 200:|    a()|  else:|    b()|"), ["a"]);
        assert_eq!(read("  n = 106|  if 7 * 42 - n > 200:|    a()|  else:|    b()|"), ["b"]);
        assert_eq!(read("  if 'ABC'[1] == 'B' and not 0:|    a()|  else:|    b()|"), ["a"]);
    }

    #[test]
    fn what_can_change_does_not_decide() {
        assert_eq!(read("  n = p|  if n > 200:|    a()|  else:|    b()|"), ["a", "b"]);
        assert_eq!(read("  n = []|  fill(n)|  if n:|    a()|"), ["fill", "a"]);
        assert_eq!(read("  n = 0|  while n < 3:|    n += 1|  if n == 0:|    a()|"), ["a"]);
    }

    #[test]
    fn phis_lose_what_never_comes() {
        let text = "def f(p):\n  if 1 > 2:\n    x = p\n  else:\n    x = 'a'\n  return x\n";
        let mut module = assay_lang_python::lower_source(text);
        let function = module.functions.iter_mut().nth(1).expect("a function");
        cut_decided_branches(function, &module.strings);
        let inputs: Vec<usize> = function
            .insts
            .iter()
            .filter_map(|i| if let Op::Phi(inputs) = &i.op { Some(inputs.len()) } else { None })
            .collect();
        assert_eq!(inputs, [1]);
    }
}
