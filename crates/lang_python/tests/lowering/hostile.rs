//! Input meant to exhaust the stack, the time or the patience of an analysis.

use crate::lower_checked;
use assay_ir::{GapReason, Module, Op};
use assay_text::limits;
use std::fmt::Write;

/// Whether the module's body sets `name`: what stands behind the hostile part was read.
fn sets(module: &Module, name: &str) -> bool {
    let Some(name) = module.strings.lookup(name) else { return false };
    module.body().insts.iter().any(|inst| matches!(inst.op, Op::StoreGlobal(n, Some(_)) if n == name))
}

fn hits_limit(module: &Module, limit: &str) -> bool {
    module.gaps.iter().any(|gap| matches!(&gap.reason, GapReason::Limit(name) if name == limit))
}

#[test]
fn nested_brackets() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{", "}"), ("f(", ")"), ("a[", "]"), ("lambda: (", ")")] {
        for depth in [100, 10_000] {
            let source = format!("before = {}{}\nafter = 1\n", open.repeat(depth), close.repeat(depth));
            let module = lower_checked(&source);
            assert!(sets(&module, "after"), "{open}");
            assert_eq!(hits_limit(&module, "MAX_NESTING"), depth > limits::MAX_NESTING, "{open}");
        }
        let module = lower_checked(&format!("x = {}\nafter = 1\n", open.repeat(10_000)));
        assert!(hits_limit(&module, "MAX_NESTING"));
    }
}

#[test]
fn long_chains() {
    for link in [".a", " + 1", "()", "[0]", " and b", " < 1", " if b else c", " ** 2", " or b and c", ", *d"] {
        let module = lower_checked(&format!("before = a{}\nafter = 1\n", link.repeat(10_000)));
        assert!(sets(&module, "after") && sets(&module, "before"), "{link}");
        assert!(!hits_limit(&module, "MAX_OPERATOR_CHAIN"), "{link}");
        let module = lower_checked(&format!("before = a{}\nafter = 1\n", link.repeat(60_000)));
        assert!(sets(&module, "after") || hits_limit(&module, "MAX_FUNCTION_INSTRUCTIONS"), "{link}");
    }
    for prefix in ["not ", "-", "lambda: ", "await ", "b := ", "yield ", "*", "f'{", "x = ", "@", "async "] {
        lower_checked(&format!("before = {}a\nafter = 1\n", prefix.repeat(10_000)));
        lower_checked(&format!("{}a\nafter = 1\n", prefix.repeat(10_000)));
    }
}

#[test]
fn many_branches() {
    let mut source = String::from("if a: x = 0\n");
    for i in 0..5_000 {
        writeln!(source, "elif a == {i}: x = {i}").expect("a string takes text");
    }
    source.push_str("after = x\n");
    let module = lower_checked(&source);
    assert!(sets(&module, "after") && module.gaps.is_empty());

    let source = format!("def f(a):\n x = 0\n{} return x\n", " if a: x = a\n".repeat(10_000));
    assert!(lower_checked(&source).gaps.is_empty());
    let source = format!("def f(a):\n x = 0\n{} return x\n", " while a: x = a\n".repeat(5_000));
    assert!(lower_checked(&source).gaps.is_empty());
}

#[test]
fn a_function_beyond_the_limit_is_cut() {
    let line = "  x = f(x, a)\n  y = g(y)\n";
    let source = format!("def f(a):\n x = y = 0\n try:\n{} except E:\n  return x, y\nafter = 1\n", line.repeat(20_000));
    let module = lower_checked(&source);
    assert!(hits_limit(&module, "MAX_FUNCTION_INSTRUCTIONS") && sets(&module, "after"));
    let largest = module.functions.iter().map(|f| f.insts.len()).max();
    assert!(largest.is_some_and(|n| n <= limits::MAX_FUNCTION_INSTRUCTIONS * 2), "{largest:?}");
}

#[test]
fn a_handler_of_a_thousand_variables_stays_within_bounds() {
    let mut source = String::from("def f():\n try:\n");
    for i in 0..4_000 {
        writeln!(source, "  v{i} = f()").expect("a string takes text");
    }
    source.push_str(" except E:\n  return (");
    for i in 0..4_000 {
        write!(source, "v{i}, ").expect("a string takes text");
    }
    source.push_str(")\n");
    lower_checked(&source);
}

#[test]
fn nested_statements() {
    let mut source = String::new();
    for i in 0..2_000 {
        writeln!(source, "{}if a:", " ".repeat(i)).expect("a string takes text");
    }
    source.push_str("after = 1\n");
    let module = lower_checked(&source);
    assert!(hits_limit(&module, "MAX_NESTING") && sets(&module, "after"));

    for statement in ["if a", "while a", "for a in b", "with a", "try", "def f()", "class A", "match a", "case a"] {
        let mut source = String::new();
        for i in 0..300 {
            writeln!(source, "{}{statement}:", " ".repeat(i)).expect("a string takes text");
        }
        lower_checked(&format!("{source}{}pass\nafter = 1\n", " ".repeat(300)));
        lower_checked(&format!("{statement}: ").repeat(3_000));
    }
}

#[test]
fn nested_patterns_and_targets() {
    for (open, close) in [("[", "]"), ("A(", ")"), ("A(a=", ")"), ("{1: ", "}"), ("(1 | ", ")")] {
        for depth in [300, 10_000] {
            let pattern = format!("{}_{}", open.repeat(depth), close.repeat(depth));
            let module = lower_checked(&format!("match a:\n case {pattern}: pass\nafter = 1\n"));
            assert!(sets(&module, "after"), "{open}");
        }
    }
    for depth in [300, 10_000] {
        let target = format!("{}a,{}", "(".repeat(depth), "),".repeat(depth));
        lower_checked(&format!("{target} = b\nfor {target} in b: pass\ndel {target}\n"));
    }
}

#[test]
fn broken_text() {
    let cases = [
        "\0\0\0",
        "\u{feff}x = 1\n",
        "x = '\u{0}'\n",
        "\u{fffd}\u{fffd} = 1\n",
        "\"\"\"",
        "f'''{",
        "f\"{a!",
        "f'{a:{b",
        "if x:\n\t\ty\n        z\n  w\n",
        "\\",
        "\\\n\\\n",
        "x = \\\r\r\n",
        "\u{c}\u{c}def f(): pass\n",
        "def",
        "class",
        "@",
        "lambda",
        "match",
        "match x:\n",
        "match x:\n case",
        "try:\n",
        "try:\n pass\n",
        "try:\n pass\nexcept",
        "with",
        "for",
        "while",
        "import",
        "from",
        "from . import",
        "from .. import *",
        "del",
        "return 1",
        "yield",
        "break",
        "continue",
        "nonlocal x",
        "global x\nx = 1",
        "async",
        "await x",
        "x: ",
        "*a = b",
        "(a, b) += 1",
        "f() = 1",
        "a := 1",
        "def f(a, a): a",
        "def f(a=, b): pass",
        "class A(**b, *c): pass",
        "x = {**a, b}",
        "x if y",
        "1 if 2",
        "[x for]",
        "[for x in y]",
        "{x: for x in y}",
        "case _: pass",
        "type X = ",
        "type X[T: ",
        "def f[T, *U, **V](): T",
        "except E as e: e",
        "finally: pass",
        "else: pass",
        "elif a: pass",
        "()()()",
        "a.1",
        "a..b",
        "0777",
        "0x",
        "1__0",
        "1e400",
        "b'é'",
        "'\\N{BULLET}' f'\\N{BULLET}{x}'",
        "'\\ud800'",
        "?x",
        "!ls",
        "%magic",
        "$x",
        "a ? b : c",
        "print 'x'",
        "print >>f, 'x'",
        "exec 'x' in d",
        "raise E, 'x'",
        "`x`",
        "a <> b",
        "ur'x'",
        "10L",
        "try:\n a\nexcept E, e:\n b",
        "def f((a, b)): pass",
        "lambda (a, b): a",
    ];
    for source in cases {
        lower_checked(source);
        lower_checked(&format!("def f():\n {source}\n"));
        lower_checked(&format!("try:\n {source}\nfinally:\n {source}\nafter = 1\n"));
    }
}

#[test]
fn a_file_beyond_all_limits_of_size() {
    lower_checked(&"x = 1\n".repeat(100_000));
    lower_checked(&format!("x = [{}]\n", "1, ".repeat(100_000)));
    lower_checked(&format!("x = '{}'\n", "a".repeat(2_000_000)));
    lower_checked(&"(".repeat(1_000_000));
    lower_checked(&"[{(".repeat(300_000));
    lower_checked(&")".repeat(1_000_000));
    lower_checked(&"f'{".repeat(30_000));
    lower_checked(&"if a:0\n".repeat(100_000));
    lower_checked(&"try:0\nexcept:0\n".repeat(50_000));
    lower_checked(&"a if b else ".repeat(100_000));
}
