//! What holds for every module, over tricky combinations of constructs, and what is not code.

use crate::lower_checked;
use assay_ir::{GapReason, Module};
use std::fmt::Write;

/// Suites whose every combination is tried in [`FRAMES`].
const SUITES: [&str; 24] = [
    "pass",
    "return x",
    "break",
    "continue",
    "raise",
    "raise E(x) from y",
    "x = f(x)",
    "x += 1",
    "del x",
    "yield x",
    "await x",
    "x = [x := y for y in x if (z := y)]",
    "assert x, y",
    "global g; g = x",
    "import a.b as x",
    "x: T = y",
    "def g(): return x",
    "class K: x = x; y = lambda: x",
    "x = lambda y=x: (yield)",
    "(x, *y), z.a, z[x] = y",
    "x = a and b or not c if d else (e < x < g)",
    "f'{x!r:{y}}' f'{z=}'",
    "from . import *",
    "type x[T] = T",
];

/// Constructs with two suites, `1` and `2`.
const FRAMES: [&str; 16] = [
    "if x:\n 1\nelse:\n 2\n",
    "while x:\n 1\nelse:\n 2\n",
    "while True:\n 1\n 2\n",
    "for x in y:\n 1\nelse:\n 2\n",
    "async for x, y in y:\n 1\n 2\n",
    "try:\n 1\nexcept E as x:\n 2\n",
    "try:\n 1\nexcept:\n 2\nelse:\n 1\nfinally:\n 2\n",
    "try:\n 1\nfinally:\n 2\n",
    "try:\n 1\nexcept* (E, F) as x:\n 2\n",
    "with x as (x, y), z:\n 1\n 2\n",
    "async with x:\n 1\nx = 1\n",
    "match x:\n case {'a': x, **y} if x:\n  1\n case [x, *y] | A(x, z=y):\n  2\n",
    "def f(x=x, *y):\n 1\n 2\n",
    "class C(x):\n 1\n 2\n",
    "x = 1\n1\n2\nx\n",
    "for x in y:\n try:\n  1\n finally:\n  2\n",
];

fn fill(frame: &str, first: &str, second: &str) -> String {
    frame.replace('1', first).replace('2', second)
}

fn indent(text: &str) -> String {
    text.lines().flat_map(|line| [" ", line, "\n"]).collect()
}

#[test]
fn every_combination_keeps_the_rules() {
    for frame in FRAMES {
        // One module per frame: each combination is a function and a class of its own.
        let mut source = String::new();
        for first in SUITES {
            for second in SUITES {
                let code = indent(&fill(frame, first, second));
                write!(source, "async def f(x, y, z):\n{code}class C:\n{code}").expect("a string takes text");
            }
        }
        let module = lower_checked(&source);
        assert!(!module.gaps.iter().any(|g| matches!(g.reason, GapReason::Panic(_))), "{:?}", module.gaps);
    }
}

#[test]
fn nested_frames_keep_the_rules() {
    for outer in FRAMES {
        let mut source = String::new();
        for inner in FRAMES {
            for suite in ["return x", "break", "x = f(x)", "raise"] {
                let inner = fill(inner, suite, "x = y");
                let inner = indent(&indent(&inner)).trim().to_owned();
                let code =
                    outer.replace("\n  1", "\n 1").replace("\n  2", "\n 2").replace('1', &inner).replace('2', "pass");
                write!(source, "async def f(x, y, z):\n{}", indent(&code)).expect("a string takes text");
            }
        }
        lower_checked(&source);
    }
}

#[test]
fn prefixes_of_a_file_keep_the_rules() {
    let source: String = FRAMES.iter().map(|frame| fill(frame, SUITES[17], SUITES[11])).collect();
    for end in (0..source.len()).step_by(7) {
        lower_checked(&source[..end]);
    }
}

fn exports(source: &str) -> Option<Vec<String>> {
    let module = lower_checked(source);
    Some(module.exports?.iter().map(|name| module.strings.resolve(*name).to_owned()).collect())
}

#[test]
fn exports_are_read_as_far_as_they_are_literal() {
    assert_eq!(exports("x = 1"), None);
    assert_eq!(exports("__all__ = []"), Some(vec![]));
    let source = "__all__ = ['a'] + m.__all__ + ('b',)\n__all__ += ['c']\nif x:\n __all__.append('d')\n\
                  __all__.extend(['e', f])\n__all__ = __all__ + ['g']\n__all__.remove('b')\n";
    assert_eq!(exports(source), Some(["a", "c", "d", "e", "g"].map(str::to_owned).to_vec()));
}

fn older(module: &Module) -> bool {
    module.gaps.iter().any(|gap| matches!(&gap.reason, GapReason::OlderLanguage(name) if name == "Python 2"))
}

#[test]
fn python_2_is_recognised_and_the_rest_is_lowered() {
    for source in [
        "print 'x'",
        "print x, y",
        "if a: print x",
        "print",
        "exec 'x' in d",
        "try:\n a\nexcept E, e:\n b(e)",
        "raise E, 'x'",
        "x = `y`",
        "if a <> b: pass",
        "x = ur'y'",
        "x = 10L",
        "os.chmod(x, 0755)",
        "print \"%s\" % (a, b)",
    ] {
        let module = lower_checked(&format!("def f():\n return 1\n{source}\nz = 1\n"));
        assert_eq!(older(&module), source != "print", "{source}: {:?}", module.gaps);
        assert_eq!(module.functions.len(), 2);
        assert!(module.strings.lookup("z").is_some());
    }
    for source in
        ["print('x')", "try:\n a\nexcept (E, F):\n b", "try:\n a\nexcept E, F:\n b", "x = )", "print(a", "x = 'l"]
    {
        assert!(!older(&lower_checked(source)), "{source}");
    }
}

#[test]
fn statements_of_python_2_are_lowered_to_calls() {
    let sources = ["exec code in d, e", "print 'x %s' % a, b", "raise E, 'x'"];
    let expected = [
        "b0:\n  v0 = global exec\n  v1 = global code\n  v2 = global d\n  v3 = global e\n  v4 = call v0 (v1, v2, v3)\n",
        "b0:\n  v0 = global print\n  v1 = const str \"x %s\"\n  v2 = global a\n  v3 = binary mod v1 v2\n  v4 = global b\n  \
         v5 = call v0 (v3, v4)\n",
        "b0:\n  v0 = global E\n  v1 = const str \"x\"\n  v2 = call v0 (v1)\n  raise v2\n",
    ];
    for (source, expected) in sources.into_iter().zip(expected) {
        let module = lower_checked(source);
        let text = assay_ir::text_form::print_function(&module, module.functions.ids().next().expect("a body"));
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn the_rest_of_a_file_survives_a_syntax_error() {
    let module = lower_checked("def f(a):\n  return g(a)\n\nx = = 1\n\ndef h(b):\n  return f(b)\n");
    assert_eq!(module.functions.len(), 3);
    assert!(matches!(module.gaps[..], [assay_ir::Gap { reason: GapReason::Syntax(_), .. }]));
}

#[test]
fn spans_cover_the_expression() {
    let source = "def f(aa):\n  for b in aa:\n    c.d(b)[1]\n";
    let module = lower_checked(source);
    let texts: Vec<&str> = module.functions.iter().flat_map(|f| &f.insts).map(|i| i.span.slice(source)).collect();
    for text in ["aa", "b", "c.d", "c.d(b)", "c.d(b)[1]", source.trim_end()] {
        assert!(texts.contains(&text), "{text}: {texts:?}");
    }
}

#[test]
fn a_module_is_moved_when_only_places_differ() {
    let code = "import a\n\n\ndef f(x, y=1):\n    return a.g(x, [y, 'z'])\n\n\nclass C(B):\n    w = f\n";
    let moved = [
        code.replace("\n\n\n", "\n# Why.\n\n"),
        code.replace(", ", " ,   ").replace(":\n    return", ":  # Here.\n  return"),
        format!("\"\"\"Of f.\"\"\"\n{}", code.replace("    return", "    'Gives what g gives.'\n    return")),
        code.replace("[y, 'z']", "[\n  y,\n  (\"z\")\n ]"),
    ];
    let before = lower_checked(code);
    for text in moved {
        let after = lower_checked(&text);
        assert!(after.is_moved(&before) && before.is_moved(&after), "{text}");
        let mut there = before.clone();
        there.move_to(&after);
        assert!(there.functions == after.functions && there.classes == after.classes, "{text}");
    }
    for (old, new) in
        [("'z'", "'zz'"), ("y=1", "y=2"), ("x, y", "x, *, y"), ("w = f", "w = C"), ("C(B)", "C(D)"), ("    w", "w")]
    {
        assert!(!lower_checked(&code.replace(old, new)).is_moved(&before), "{new}");
    }
}
