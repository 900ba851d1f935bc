//! Input that wants to do harm: the result is well-formed, limits are recorded, and what stands behind is still read.

use crate::support::{lower, lower_in};
use assay_ir::{GapReason, Module};

fn has_limit(module: &Module, name: &str) -> bool {
    module.gaps.iter().any(|gap| matches!(&gap.reason, GapReason::Limit(limit) if limit == name))
}

fn defines(module: &Module, name: &str) -> bool {
    module.functions.iter().any(|function| module.strings.resolve(function.name) == name)
}

/// Texts one after the other.
fn many(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect::<Vec<_>>().concat()
}

#[test]
fn nothing_has_to_end() {
    let whole = "#define A(x) x\n#if A(1)\nstruct s { int a[2]; } t = { { 1, 2 } };\nint f(int n) { char b[n + 1]; \
                 switch (n) { case 1: if (n) { while (n--) b[n] = 'c'; } default: return sizeof \"x\" /* y */; } }\n#endif\n";
    for end in 0..whole.len() {
        lower(&whole[..end]);
    }
    for start in 0..whole.len() {
        lower(&whole[start..]);
    }
}

#[test]
fn nesting_is_bounded() {
    for (open, close) in [("(", ")"), ("{", "}"), ("[", "]"), ("if (1) ", ""), ("*", ""), ("-", ""), ("a ? ", " : 0")] {
        let text = format!("int f(int a) {{ a = {}a{}; return a; }}\n", open.repeat(50_000), close.repeat(50_000));
        let module = lower(&format!("{text}int after(void) {{ return 1; }}\n"));
        assert!(!module.gaps.is_empty(), "{open}");
    }
    let pointers = format!("int {} p;\nint after(void) {{ return 1; }}\n", "*".repeat(50_000));
    assert!(defines(&lower(&pointers), "after"));
    let deep =
        format!("int f(void) {{ {} {} }}\nint after(void) {{ return 1; }}\n", "{".repeat(50_000), "}".repeat(50_000));
    let module = lower(&deep);
    assert!(defines(&module, "after") && has_limit(&module, "MAX_NESTING"));
}

#[test]
fn chains_are_no_nesting() {
    let sum = format!("int f(int a) {{ return a{}; }}\n", " + a".repeat(5_000));
    assert_eq!(lower(&sum).gaps, []);
    let ifs = format!("int f(int a) {{ {} a = 0; return a; }}\n", "if (a == 1) a = 2; else ".repeat(5_000));
    assert_eq!(lower(&ifs).gaps, []);
    let cases = many(3_000, |n| format!("case {n}: "));
    let switch = format!("int f(int a) {{ switch (a) {{ {cases} return 1; }} return 0; }}\n");
    assert_eq!(lower(&switch).gaps, []);
}

#[test]
fn macros_that_explode_are_cut() {
    let bombs = many(30, |n| match n.checked_sub(1) {
        None => "#define M0 1+1+1+1+1+1+1+1\n".to_owned(),
        Some(m) => format!("#define M{n} M{m}+M{m}+M{m}+M{m}+M{m}+M{m}+M{m}+M{m}\n"),
    });
    let text = bombs + "int before(void) { return 1; }\nint x = M29;\nint after(void) { return 1; }\n";
    let module = lower(&text);
    assert!(has_limit(&module, "MAX_MACRO_TOKENS"));
    assert!(defines(&module, "before") && defines(&module, "after"));
    let calls = "#define F(x) F(x x) F(x x)\n#define G(x) x x x x\nint a = F(1);\nint b = G(G(G(G(G(G(G(G(G(G(G(G(1))))))))))));\n";
    assert!(defines(&lower(&format!("{calls}int after(void) {{ return 1; }}\n")), "after"));
    let deep = many(5_000, |n| format!("#define D{n}(x) D{}(x)\n", n + 1));
    lower(&format!("{deep}int a = D0(1);\nint after(void) {{ return 1; }}\n"));
    let open = "#define F(x) x\n".to_owned() + &"F(\n".repeat(20_000);
    lower(&open);
}

#[test]
fn files_that_include_each_other_end() {
    let a = "#include \"b.h\"\nint in_a(void) { return 1; }\n";
    let b = "#include \"a.h\"\nint in_b(void);\n";
    let module = lower_in(
        &[("a.h", a), ("b.h", b), ("m.c", "#include \"a.h\"\nint f(void) { return in_a() + in_b(); }\n")],
        "m.c",
    );
    assert!(defines(&module, "f") && has_limit(&module, "MAX_INCLUDE_DEPTH"));
    let twice = "#include \"self.c\"\n#include \"self.c\"\nint f(void) { return 1; }\n";
    let module = lower_in(&[("self.c", twice)], "self.c");
    assert!(has_limit(&module, "MAX_INCLUDE_DEPTH") || has_limit(&module, "MAX_INCLUDES"));
}

#[test]
fn a_function_of_100_000_lines_is_cut() {
    let text = format!(
        "int f(int a) {{\n{}return a;\n}}\nint after(void) {{ return 1; }}\n",
        "a = a * 3 + 1;\n".repeat(100_000)
    );
    let module = lower(&text);
    assert!(has_limit(&module, "MAX_FUNCTION_INSTRUCTIONS") && defines(&module, "after"));
}

#[test]
fn odd_bytes_are_read() {
    for text in [
        "int f??(void??) ??< ??>\n",
        "#\n##\n#if\n#elif\n#else\n#endif\n#endif\n",
        "\0\u{1}int a;\u{7f}",
        "#define\n#define 1\n#undef\n#include\n#include <\n#include \"\n",
        "\u{feff}int a;",
        "é = ü;",
        "#if 1/0\n#elif 1%0\n#endif\n",
        "int a[-1]; int b[99999999999999999999]; int c[1L<<62][1L<<62];",
        "struct s { struct s s; } x = {{{{{{}}}}}};",
        "int f(void) { case 1: break; continue; goto nowhere; return f(f)(f)[f].f->f; }",
        "typedef t t; t t(t t);",
        "enum e { A = B, B = A, C = 1 << 99 } e;",
        "int a = sizeof(struct none) + sizeof a[9];",
        "struct { unsigned x : 99; int : 0; int y : -3; } s;",
    ] {
        lower(text);
    }
}
