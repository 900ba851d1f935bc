use super::{parse, print};
use crate::verify;

const ALL: &str = r#"module
exports f "odd name" "\u{7f}\"\\\n\t\r"
gap @0..4 syntax "expected an expression"
gap @0..4 older_language "Python 2"
gap @0..4 construct "c"
gap @0..4 limit MAX
"#;

fn module_with(body: &str) -> String {
    let mut text = String::from("module\nfunction f0 <module> <module> module_body @0..9 @0..0\n");
    text.push_str("b0:\n  v0 = const none @0..1\n  goto b1\nb1:\n");
    text.push_str(body);
    text
}

fn check(text: &str) {
    let module = parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    assert_eq!(print(&module), text);
    let again = parse(&print(&module)).expect("what is printed can be read");
    assert_eq!(print(&again), text);
}

#[test]
fn every_operation_round_trips() {
    let operations = [
        "undefined",
        "const none",
        "const true",
        "const false",
        "const int -5",
        "const big_int \"99\"",
        "const float 7ff8000000000000",
        "const complex",
        "const str \"a \\\"b\\\" \\u{0} é\"",
        "const bytes \"\u{ff}\"",
        "const ellipsis",
        "param 3",
        "phi [b0: v0, b1: v0]",
        "phi []",
        "global _",
        "global \"\"",
        "global \"1x\"",
        "store_global a v0",
        "store_global a _",
        "load_cell f0 cell1",
        "store_cell f0 cell1 v0",
        "store_name x v0",
        "import a.b",
        "import a.b leaf",
        "import_from 2 \"\" x",
        "import_star 0 m",
        "attr v0 x",
        "store_attr v0 x v0",
        "delete_attr v0 \"a b\"",
        "item v0 v0",
        "store_item v0 v0 v0",
        "delete_item v0 v0",
        "slice v0 _ v0",
        "unpack v0 -1",
        "unpack v0 1 rest",
        "list [v0, *v0]",
        "tuple []",
        "set [v0]",
        "generator []",
        "dict {v0: v0, **v0}",
        "dict {}",
        "accumulate v0 _ v0",
        "accumulate v0 v0 v0",
        "format [\"a\", v0, v0!r, v0:v0, v0!s:v0, v0!a]",
        "template [v0]",
        "binary mat_mul v0 v0",
        "in_place shift_right v0 v0",
        "unary invert v0",
        "compare not_in v0 v0",
        "call v0 (v0, k=v0, *v0, **v0, \"k k\"=v0)",
        "call v0 ()",
        "make_function f1",
        "make_function f1 defaults (0: v0) annotations (1: v0, 2: v0) returns v0",
        "make_class c0 (v0, metaclass=v0)",
        "annotated _ v0",
        "annotated v0 v0",
        "next v0",
        "enter v0",
        "exit v0",
        "await v0",
        "yield v0",
        "yield_from v0",
        "caught [v0, v0]",
        "unknown []",
        "local t0 _ \"\"",
        "local t0 v0 buf",
        "begin v0",
        "end v0",
        "address o0",
        "load v0 t0",
        "store v0 v0 t0",
        "copy v0 v0 t0",
        "fill v0 t0",
        "fill v0 t0 zero",
        "offset v0 v0 t0",
        "member v0 t0 1",
        "distance v0 v0 t0",
        "arith shift_right v0 v0 t0",
        "test less_eq v0 v0 t0",
        "convert v0 t0 t1",
    ];
    for operation in operations {
        check(&module_with(&format!("  v1 = {operation} @1..2\n  unreachable\n")));
    }
    for end in ["goto b0", "branch v0 b0 b1", "choice [b0, b1]", "return v0", "raise v0", "reraise", "unreachable"] {
        check(&module_with(&format!("  {end}\n")));
    }
}

#[test]
fn declarations_round_trip() {
    let text = "module\nexports f \"odd name\" \"\\u{7f}\\\"\\\\\\n\\t\\r\"\ngap @0..4 syntax \"expected\"\n\
                gap @0..4 older_language \"Python 2\"\ngap @0..4 construct \"c\"\ngap @0..4 limit \"MAX\"\n\
                gap @0..4 panic \"index\"\nclass c0 C a.<locals>.C body f1 @10..40 @16..17\n\
                function f0 <module> <module> module_body @0..40 @0..0\n  cell captured\nb0:\n  unreachable\n\
                function f1 C C class_body c0 parent f0 @0..1 @0..1\nb0 handler b1:\n  goto b1\nb1:\n  reraise\n\
                function f2 m C.m named parent f1 class c0 async yields @0..1 @0..1\n\
                \x20 param a positional_only @1..2\n  param b normal default @1..2\n  param c rest @1..2\n\
                \x20 param d keyword_only default @1..2\n  param e keyword_rest @1..2\nb0:\n  unreachable\n\
                function f3 <lambda> <lambda> lambda parent f0 @0..1 @0..1\nb0:\n  unreachable\n";
    check(text);
    let module = parse(text).expect("it can be read");
    assert_eq!(verify(&module), Ok(()));
    assert!(parse(ALL).is_err(), "a limit's name is quoted");
}

#[test]
fn values_may_stand_in_any_order() {
    let text = "module\nfunction f0 m m module_body @0..9 @0..0\nb0:\n  v1 = undefined @0..0\n  v0 = undefined @0..0\n  \
                return v1\n";
    check(text);
}

#[test]
fn errors_name_their_line() {
    let cases = [
        ("", 1, "expected `module`"),
        ("module\nfoo", 2, "unexpected `foo`"),
        ("module\nfunction f1 a b named @0..0 @0..0", 2, "functions come in order"),
        ("module\nfunction f0 a b module_body @0..0 @0..0\nb0:\n  v0 = frob @0..0\n", 4, "unknown operation `frob`"),
        (
            "module\nfunction f0 a b module_body @0..0 @0..0\nb0:\n  v1 = undefined @0..0\n  reraise\n",
            5,
            "v0 is not defined once",
        ),
        ("module\nfunction f0 a b module_body @0..0 @0..0\nb0:\n", 3, "the last block has no end"),
        ("module\nfunction f0 a b module_body @0..0 @0..0\nb0:\n  goto b0 b0\n", 4, "more than expected"),
        ("module\nexports \"a", 2, "text without an end"),
        ("module\nparam x normal @0..0", 2, "outside of a function"),
        ("module\nexports \"\\u{d800}\"", 2, "no such character"),
    ];
    for (text, line, message) in cases {
        let error = parse(text).expect_err(text);
        assert_eq!((error.line, error.message.as_str()), (line, message), "{text}");
    }
}

#[test]
fn types_and_objects_round_trip() {
    let text = "module\ntype t0 unknown\ntype t1 void\ntype t2 bool\ntype t3 int 32 signed\ntype t4 int 64 unsigned\n\
                type t5 float 64\ntype t6 pointer t3\ntype t7 array t3 16\ntype t8 array t3 _\n\
                type t9 struct point 8 4 [x: t3 0, \"\": t3 4 bits 0 3, rest: t8 _]\ntype t10 union \"\" _ 1 []\n\
                type t11 function t1 (t6, t3) variadic\ntype t12 function t3 ()\n\
                object o0 main t12 external function f1 @4..8\nobject o1 f.cache t7 internal variable constant @0..0\n\
                object o2 exit t11 external noreturn @0..0\n\
                function f0 <module> <module> module_body @0..40 @0..0\nb0:\n  unreachable\n\
                function f1 main main named parent f0 signature t12 @0..1 @0..1\nb0:\n\
                \x20 v0: t6 = local t9 _ p @1..2\n  v1: t6 = member v0 t9 0 @1..2\n  v2: t3 = load v1 t3 @1..2\n  \
                return v2\n";
    check(text);
    let module = parse(text).expect("it can be read");
    assert_eq!(verify(&module), Ok(()));
    for (wrong, message) in [
        ("member v0 t9 3", "v1 is a member 3"),
        ("member v0 t7 0", "v1 is a member 0"),
        ("address o3", "o3 is not in the table"),
        ("load v0 t13", "t13 is not in the table"),
    ] {
        let module = parse(&text.replace("member v0 t9 0", wrong)).expect("it can be read");
        let error = verify(&module).expect_err(wrong);
        assert!(error.0.contains(message), "{}", error.0);
    }
}

#[test]
fn sizes_follow_from_types() {
    let text = "module\ntype t0 int 32 signed\ntype t1 array t0 16\ntype t2 array t1 3\ntype t3 array t0 _\n\
                type t4 pointer t3\ntype t5 struct s 12 4 [a: t0 0]\ntype t6 array t5 2\n\
                function f0 <module> <module> module_body @0..40 @0..0\nb0:\n  unreachable\n";
    let types = parse(text).expect("it can be read").types;
    let sizes: Vec<Option<u64>> = types.iter_enumerated().map(|(id, _)| types.size(id)).collect();
    assert_eq!(sizes, [Some(4), Some(64), Some(192), None, Some(8), Some(12), Some(24)]);
    let aligns: Vec<u64> = types.iter_enumerated().map(|(id, _)| types.align(id)).collect();
    assert_eq!(aligns, [4, 4, 4, 4, 8, 4, 4]);
}
