//! What constructs of C become.

use crate::support::{calls, code, lower, names};
use assay_ir::{Definition, Linkage, MemoryOp, Op};
use insta::assert_snapshot;

/// The code of `f`.
fn f(text: &str) -> String {
    code(&lower(text), "f")
}

#[test]
fn scalars_are_values() {
    assert_snapshot!(
        "scalars",
        f("int f(int a, unsigned char b) { int c = a, d; c += b; d = c++ - --a; return d << 2; }\n")
    );
    assert_snapshot!("uninitialised", f("int f(int a) { int x; if (a) x = 1; return x; }\n"));
    assert_snapshot!(
        "conversions",
        f("unsigned long f(short s, unsigned u, double d) { return s + u + (int)d + (char)u; }\n")
    );
}

#[test]
fn what_has_its_address_taken_lives_in_memory() {
    assert_snapshot!(
        "address_taken",
        f("int f(void) { int x = 1; int *p = &x; *p = 2; { char b[4]; b[x] = 0; } return x; }\n")
    );
    assert_snapshot!("variable_length", f("void f(int n) { char b[n * 2]; g(b, sizeof(int)); }\n"));
}

#[test]
fn pointers_and_members() {
    assert_snapshot!(
        "pointers",
        f("struct s { int n; char name[8]; struct s *next; unsigned flag : 1; };\n\
           long f(struct s *p, char *q) { p->next->name[1] = *q++; p->flag = 1; q -= 2; return &p->name[3] - q; }\n")
    );
    assert_snapshot!(
        "aggregates",
        f("struct s { int a, b; }; struct s g(struct s);\n\
           struct s f(struct s *p) { struct s x = *p, y = { .b = 3 }; y = x; *p = g(y); return (struct s){ 1, 2 }; }\n")
    );
}

#[test]
fn control_flow() {
    assert_snapshot!(
        "switch",
        f("int f(int a) { switch (a) { case 1: a = 5; case 2 ... 4: a++; break; default: return 0; } return a; }\n")
    );
    assert_snapshot!(
        "loops",
        f(
            "int f(int n) { int s = 0; for (int i = 0; i < n; i++) { if (i == 3) continue; if (s > 9) break; s += i; } do s--; while (s); return s; }\n"
        )
    );
    assert_snapshot!("goto", f("int f(int n) { again: if (n > 9) goto out; n *= 2; goto again; out: return n; }\n"));
    assert_snapshot!("logic", f("int f(int a, char *p) { int b = a && !*p || a == 3; return b ? p[0] : (a, -1); }\n"));
}

#[test]
fn switches_into_loops_and_jumps_into_dead_code_are_sound() {
    for text in [
        "int f(int n) { switch (n) { while (n--) { case 1: n = 2; case 3: n += 4; } default: return 5; } }\n",
        "int f(int a) { goto in; for (;;) { a++; in: if (a > 4) break; } return a; }\n",
        "int f(int a) { return a; do { x: a++; if (a) goto x; } while (a); }\n",
        "int f(int a) { if (0) { for (int i = 0; i < a; i++) a--; } while (1) { l: if (a) return 1; } goto l; }\n",
        "int f(int a) { static void *t[] = { &&x, &&y }; goto *t[a]; x: a++; y: return a; }\n",
        "int f(int a) { return ({ int b = a; if (b) b = 2; b + 1; }); }\n",
        "int f(int a) { for (;;) { switch (a) { case 1: continue; case 2: break; } if (a) break; } return a; }\n",
    ] {
        assert_eq!(lower(text).gaps, [], "{text}");
    }
}

#[test]
fn calls_are_by_name_or_by_address() {
    assert_snapshot!(
        "calls",
        f("static int h(char c, ...); void exit(int);\n\
           int f(int (*p)(int), float x) { if (!p) exit(1); return h('a', x, 1L) + p(2) + (*p)(3) + strlen(\"abc\"); }\n")
    );
    let module = lower(
        "void f(char *s) { va_list a; va_start(a, s); vsnprintf(s, 3, s, a); int n = va_arg(a, int); g(n); va_end(a); }\n",
    );
    assert_eq!(calls(&module, "f"), ["va_start", "vsnprintf", "g", "va_end"]);
}

#[test]
fn variables_with_a_static_lifetime_are_objects() {
    let module = lower(
        "extern int e; static const int t[] = { 1, [3] = 4 }; int g = 7; char *names[2] = { \"a\" };\n\
         int f(void) { static int count = 3; return count++ + e + t[1] + g; }\nstatic int h(void) { return 1; }\n",
    );
    assert_snapshot!("initial_values", code(&module, "<module>"));
    let objects: Vec<(&str, Linkage, bool, bool)> = module
        .objects
        .iter()
        .map(|o| (module.strings.resolve(o.name), o.linkage, o.definition != Definition::Elsewhere, o.constant))
        .collect();
    let (external, internal) = (Linkage::External, Linkage::Internal);
    let expected = [
        ("e", external, false, false),
        ("t", internal, true, true),
        ("g", external, true, false),
        ("names", external, true, false),
        ("f", external, true, false),
        ("f.count", internal, true, false),
        ("h", internal, true, false),
    ];
    assert_eq!(objects, expected);
}

#[test]
fn declarations_of_all_kinds_are_understood() {
    let texts = [
        "int (*f(int a))(char *) { return (int (*)(char *))a; }\n",
        "int f(a, b) int a; char *b; { return a + *b; }\n",
        "f(a) { return a; }\n",
        "typedef int (*op)(int); op table[2]; int f(void) { return table[1](2); }\n",
        "enum e { A, B = 5, C }; int f(enum e x) { return x == C ? sizeof(enum e) : A; }\n",
        "int f(void) { struct { union { int i; float x; }; int y; } v = { { 1 }, .y = 2 }; return v.i + v.y; }\n",
        "int f(int n) { int a[2][3] = { 1, 2, 3, { 4 } }; return a[n][1] + sizeof a / sizeof a[0]; }\n",
        "int f(FOO_API_TYPE x, unknown_t *y) { unknown_t z; return y->a.b[x] + sizeof(other_t); }\n",
        "API_EXPORT int CALLBACK f(void) ATTR_PURE;\nAPI_EXPORT int CALLBACK f(void) { return 1; }\n",
        "__attribute__((noinline)) static inline int f(const char *restrict s) __asm__(\"g\");\nint f(const char *s) { __asm__ volatile (\"nop\" : \"=r\"(s) : \"r\"(1)); return *s; }\n",
        "int f(int x) { return _Generic(x, char: 1, int: 2, default: 3) + _Alignof(double) + __builtin_offsetof(struct { int a; int b; }, b); }\n",
        "int error(int line) { int define = line; return define; }\nint f(void) { error: return error(1); goto error; }\n",
    ];
    for text in texts {
        let module = lower(text);
        assert_eq!(module.gaps, [], "{text}");
        assert!(names(&module).contains(&"f"), "{text}");
    }
}

#[test]
fn a_statement_that_is_not_understood_costs_itself() {
    let module = lower(
        "int f(int a, int b) { b = 1; a = @ b $ 3 ?; if (a) { b = 2; } return a + b; }\nint g(void) { return 1; }\n",
    );
    assert_eq!((names(&module), module.gaps.len()), (vec!["f", "g"], 1));
    let function = &module.functions.as_slice()[1];
    assert!(function.insts.iter().any(|inst| matches!(inst.op, Op::Unknown(_))));
    assert!(function.insts.iter().any(|inst| matches!(inst.op, Op::Memory(MemoryOp::Compare { .. }))));
}
