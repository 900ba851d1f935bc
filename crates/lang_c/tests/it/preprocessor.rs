//! The preprocessor, seen through what is lowered.

use crate::support::{calls, code, lower, lower_in, names};
use assay_text::Span;

/// The constants that a variable is initialised with.
fn values(text: &str) -> Vec<String> {
    let module = lower(&format!("{text}\nvoid f(void) {{ g(X); }}\n"));
    let code = code(&module, "f");
    code.lines().filter_map(|line| line.split_once("const ").map(|(_, value)| value.to_owned())).collect()
}

#[test]
fn macros_are_expanded() {
    assert_eq!(values("#define X 1, 2"), ["int 1", "int 2"]);
    assert_eq!(values("#define A(x) x + 1\n#define X A(A(2))"), ["int 4"]);
    assert_eq!(values("#define A(x, y) x##y\n#define X A(1, 2)"), ["int 12"]);
    assert_eq!(values("#define A(x) #x\n#define X A(a \"b\\n\" +  c)"), ["bytes \"a \\\"b\\\\n\\\" + c\""]);
    assert_eq!(values("#define A(...) __VA_ARGS__\n#define X A(1, 2)"), ["int 1", "int 2"]);
    assert_eq!(values("#define A(f, ...) f, ##__VA_ARGS__\n#define X A(1)"), ["int 1"]);
    assert_eq!(values("#define A(f, r...) f, ##r\n#define X A(1, 2, 3)"), ["int 1", "int 2", "int 3"]);
    assert_eq!(
        values("#define A(f, ...) f __VA_OPT__(,) __VA_ARGS__\n#define X A(1), A(2, 3)"),
        ["int 1", "int 2", "int 3"]
    );
    assert_eq!(values("#define X Y\n#define Y 7\n#undef Y\n#define Y 8"), ["int 8"]);
    assert_eq!(values("#define E() 5\n#define A E\n#define X A ()"), ["int 5"]);
    assert_eq!(values("#define X __LINE__, __COUNTER__, __COUNTER__"), ["int 2", "int 0", "int 1"]);
}

#[test]
fn a_macro_does_not_expand_itself() {
    let module =
        lower("int f(int f) { return f; }\n#define h(x) (1 + h(x))\nint h(int x);\nint k(void) { return h(2); }\n");
    assert_eq!(calls(&module, "k"), ["h"]);
}

#[test]
fn conditions_are_decided() {
    assert_eq!(
        values("#if 1 + 1 == 2 && !defined(N) && (3 > 2 ? 1 : 0)\n#define X 1\n#else\n#define X 2\n#endif"),
        ["int 1"]
    );
    assert_eq!(values("#ifdef __linux__\n#define X 1\n#elif 1\n#define X 2\n#endif"), ["int 1"]);
    assert_eq!(
        values("#ifdef _WIN32\n#define X 1\n#elif defined(__GNUC__)\n#define X 2\n#else\n#define X 3\n#endif"),
        ["int 2"]
    );
    assert_eq!(values("#if 0\n#if 1\n#else\n#endif\n'\n#else\n#define X 4\n#endif"), ["int 4"]);
    assert_eq!(values("#if HAVE_MEMCPY\n#define X 1\n#else\n#define X 2\n#endif"), ["int 1"]);
    assert_eq!(values("#ifndef MY_CONFIG_H\n#define MY_CONFIG_H\n#define X 3\n#endif"), ["int 3"]);
    assert_eq!(values("#ifndef USE_SIZE\n#define USE_SIZE 5\n#endif\n#define X USE_SIZE"), ["int 5"]);
    for condition in ["LIBFOO_VERSION_NUMBER >= 0x30000000L", "3 < FOO_VERSION", "FOO_CHECK_VERSION(2, 40, 0)"] {
        assert_eq!(
            values(&format!("#if {condition}\n#define X 1\n#else\n#define X 2\n#endif")),
            ["int 1"],
            "{condition}"
        );
    }
    for condition in ["LIBRESSL_VERSION_NUMBER >= 0x2000", "FOO_VERSION", "FOO_CONVERSION > 2"] {
        assert_eq!(
            values(&format!("#if {condition}\n#define X 1\n#else\n#define X 2\n#endif")),
            ["int 2"],
            "{condition}"
        );
    }
    assert_eq!(values("#if ULONG_MAX > 0xffffffff\n#define X 8\n#else\n#define X 4\n#endif"), ["int 8"]);
}

#[test]
fn functions_of_branches_that_are_not_taken_are_read_too() {
    let module = lower(
        "#ifdef SPECIAL\nint a(void) { return 1; }\nint b(void) { return 2; }\n#else\nint a(void) { return 3; }\n#endif\n#if 0\nint c(void) { return 4; }\n#endif\n#ifdef _WIN32\nint d(void) { return 5; }\n#endif\n",
    );
    assert_eq!(names(&module), ["a", "b"]);
    assert!(code(&module, "a").contains("const int 3"));
}

#[test]
fn included_files_declare_and_their_own_modules_define() {
    let header = "#ifndef H\n#define H\nstruct p { int x; };\n#define LIMIT 9\nstatic inline int twice(int x) { return 2 * x; }\nint outer(struct p *p);\n#endif\n";
    let files = [
        ("inc/h.h", header),
        ("src/m.c", "#include \"h.h\"\nint f(struct p *p) { return twice(p->x) + outer(p) + LIMIT; }\n"),
    ];
    let module = lower_in(&files, "src/m.c");
    assert_eq!((names(&module), calls(&module, "f")), (vec!["f"], vec!["twice".to_owned(), "outer".to_owned()]));
    assert!(code(&module, "f").contains("const int 9"));
    let module = lower_in(&files, "inc/h.h");
    assert_eq!(names(&module), ["twice"]);
}

#[test]
fn a_header_is_read_as_its_includer_sees_it() {
    let files = [
        ("a.h", "static T get(S *s) { return s->t; }\n"),
        ("m.c", "typedef long T; typedef struct { T t; } S;\n#include \"a.h\"\n"),
    ];
    let module = lower_in(&files, "a.h");
    assert!(code(&module, "get").contains("member v0 t1 0") || module.gaps.is_empty());
    assert_eq!(names(&module), ["get"]);
}

#[test]
fn a_unit_that_a_program_collects_is_read_by_itself() {
    let unit = |name: &str| format!("#include \"all.h\"\nAPI void {name}(void) {{ other(); }}\n");
    let (one, two, three) = (unit("one"), unit("two"), unit("three"));
    let files = [
        ("all.h", "#ifdef ALL\n#define API static\n#else\n#define API extern\n#endif\nvoid other(void);\n"),
        ("build/all.c", "#define ALL\n#include \"one.c\"\n#include \"two.c\"\n#include \"three.c\"\n"),
        ("one.c", one.as_str()),
        ("two.c", two.as_str()),
        ("three.c", three.as_str()),
    ];
    let module = lower_in(&files, "two.c");
    let function = module.objects.iter().find(|object| module.strings.resolve(object.name) == "two");
    assert_eq!(function.map(|object| object.linkage), Some(assay_ir::Linkage::External));
}

#[test]
fn what_is_asserted_is_not_left_out() {
    let text = "#define DEBUG_ASSERT(x) do { } while (0)\n#define STATIC_ASSERT(x)\nSTATIC_ASSERT(sizeof(int) == 4)\n\
                void f(int n) { DEBUG_ASSERT(n > 0); }\n";
    assert_eq!(calls(&lower(text), "f"), ["__assert_fail"]);
}

#[test]
fn places_are_those_of_the_use() {
    let text = "#define CALL(x) g(x, 1)\nvoid f(int a) { CALL(a + 2); }\n";
    let module = lower(text);
    let function = module.functions.iter().nth(1).expect("a function");
    let at = |word: &str| {
        let start = text.rfind(word).expect("it is there") as u32;
        Span::new(start, start + word.len() as u32)
    };
    let call = function.insts.iter().find(|inst| matches!(inst.op, assay_ir::Op::Call { .. })).expect("a call");
    assert_eq!(call.span, at("CALL(a + 2)"));
    let sum =
        function.insts.iter().find(|inst| matches!(inst.op, assay_ir::Op::Memory(assay_ir::MemoryOp::Arith { .. })));
    assert_eq!(sum.expect("a sum").span, at("a + 2"));
}

#[test]
fn a_build_says_where_headers_are_and_what_is_defined() {
    let database =
        r#"[{"directory": "/src/p/out", "file": "../m.c", "command": "cc -I../b -DLIMIT=7 -DWIDE -c ../m.c"}]"#;
    let code_of = |database: &str| {
        let files = [
            ("a/h.h", "#define SIDE 1\n"),
            ("b/h.h", "#define SIDE 2\n"),
            ("m.c", "#include <h.h>\n#ifdef WIDE\nint f(void) { return 100 * SIDE + LIMIT; }\n#endif\n"),
            ("out/compile_commands.json", database),
        ];
        code(&lower_in(&files, "m.c"), "f")
    };
    assert!(code_of(database).contains("const int 207"), "{}", code_of(database));
    assert!(!code_of("[").contains("const int 207"));
}
