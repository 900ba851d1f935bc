//! What constructs of C++ become.

use crate::support::{calls, code, lower_cpp, names, record};

#[test]
fn methods_are_functions_of_this() {
    let module = lower_cpp(
        "class A { int n; public: A(int x) : n(x) {} ~A() { done(n); } int get() const { return n + twice(); }\n\
         int twice() const; static int make(int x) { return x; } };\nint A::twice() const { return n * 2; }\n\
         int f(A *p) { A a(3); return a.get() + p->twice() + A::make(1); }\n",
    );
    let mut all = names(&module);
    all.sort_unstable();
    assert_eq!(all, ["A::A", "A::get", "A::make", "A::twice", "A::~A", "f"]);
    assert_eq!(calls(&module, "f"), ["A::A", "A::get", "A::twice", "A::make", "A::~A"]);
    assert_eq!(calls(&module, "A::get"), ["A::twice"]);
    assert!(code(&module, "A::twice").contains("param this"));
}

#[test]
fn memory_is_asked_for_by_name() {
    let module = lower_cpp(
        "struct S { S(); ~S(); int a[4]; };\nvoid f(int n) { S *p = new S; char *b = new char[n]; delete p; delete[] b; int *i = new int(5); }\n",
    );
    assert_eq!(
        calls(&module, "f"),
        ["operator new", "S::S", "operator new[]", "S::~S", "operator delete", "operator delete[]", "operator new"]
    );
    assert!(code(&module, "f").contains("const int 16"));
}

#[test]
fn names_have_their_namespaces() {
    let module = lower_cpp(
        "namespace a { namespace b { int g(int x) { return x; } enum class E { One = 7 }; } int h() { return b::g(1); } }\n\
         using namespace a;\nint f() { return h() + a::b::g(2) + static_cast<int>(a::b::E::One); }\n",
    );
    assert_eq!(names(&module), ["a::b::g", "a::h", "f"]);
    assert_eq!(calls(&module, "f"), ["a::h", "a::b::g"]);
    assert!(code(&module, "f").contains("const int 7"));
}

#[test]
fn lambdas_take_what_they_capture() {
    let module = lower_cpp(
        "void g(int *p, int n);\nint f(int n) { int a = 1; auto fill = [&a, n](int by) { a = n + by; return a; }; auto plain = [](int x) { return x; };\n\
         auto all = [&] { g(&a, n); }; all(); return fill(2) + plain(3) + [=] { return n; }(); }\n",
    );
    assert_eq!(names(&module), ["f::<lambda 1>", "f::<lambda 2>", "f::<lambda 3>", "f::<lambda 4>", "f"]);
    let called = calls(&module, "f");
    for lambda in ["f::<lambda 1>", "f::<lambda 3>", "f::<lambda 4>"] {
        assert!(called.iter().any(|name| name == lambda), "{lambda} is called: {called:?}");
    }
    assert_eq!(calls(&module, "f::<lambda 3>"), ["g"]);
    let first = code(&module, "f::<lambda 1>");
    assert!(first.contains("param a") && first.contains("param n") && first.contains("param by"));
}

#[test]
fn templates_are_made_for_their_arguments() {
    let module = lower_cpp(
        "template <class T, int N = 4> class Cell { T value[N]; public: T first() const { return value[0]; } void set(T v); };\n\
         template <class T, int N> void Cell<T, N>::set(T v) { value[0] = v; }\n\
         template <typename T> T twice(T n) { return n + n; }\n\
         long f(const char *s) { Cell<long> a; Cell<char, 8> b; a.set(3); b.set('x'); return a.first() + twice(s[0]) + twice<long>(2); }\n",
    );
    let called = calls(&module, "f");
    assert!(called.iter().all(|name| name.contains('#')), "{called:?}");
    assert!(called.iter().filter(|name| name.starts_with("Cell::")).count() == 3);
    assert!(called.iter().any(|name| name == "twice#1") && called.iter().any(|name| name == "twice#2"));
    // The template as it is written is there, too.
    assert!(names(&module).contains(&"twice"));
}

#[test]
fn members_are_compared() {
    let module = lower_cpp("struct A { int n; bool f() { return n < 10 && n > 1; } };\n");
    assert_eq!(code(&module, "A::f").matches("member").count(), 2);
}

#[test]
fn references_are_addresses() {
    let module = lower_cpp("void g(int &x) { x = 2; }\nint f() { int a = 1; int &b = a; b++; g(a); return a; }\n");
    assert!(code(&module, "g").contains("store"));
    assert!(code(&module, "f").contains("local"));
}

#[test]
fn classes_have_bases_and_fields() {
    let module = lower_cpp(
        "struct B { long x; int base() { return 1; } }; struct D : public B { char c; };\nint f(D *d) { return d->x + d->base() + d->c; }\n",
    );
    let d = record(&module, "D");
    assert_eq!((d.size, d.fields[0].offset, d.fields[1].offset), (Some(16), Some(0), Some(8)));
    assert_eq!(calls(&module, "f"), ["B::base"]);
}

#[test]
fn overloads_are_told_apart() {
    let module = lower_cpp(
        "int g(int a) { return a; }\nint g(int a, char *b) { return a + *b; }\nint f(char *p) { return g(1) + g(2, p); }\n",
    );
    assert_eq!((names(&module), calls(&module, "f")), (vec!["g", "g#1", "f"], vec!["g".to_owned(), "g#1".to_owned()]));
}

#[test]
fn constructs_are_understood() {
    let texts = [
        "template <typename T, int N> struct V { T data[N]; T &at(int i) { return data[i]; } };\ntemplate <class T> T max(T a, T b) { return a > b ? a : b; }\nint f(V<int, 3> &v) { return v.at(1) + max<int>(2, 3); }\n",
        "#include <vector>\n#include <string>\nint f(const std::vector<std::string> &v) { int n = 0; for (const auto &s : v) { n += s.size(); } return n; }\n",
        "int f(int a) { try { if (a) throw 1; g(a); } catch (const std::exception &e) { return 2; } catch (...) { return 3; } return 0; }\n",
        "int f(int a) { auto add = [&a](int b) { return a + b; }; return add(2); }\n",
        "struct P { int x; P operator+(const P &o) const { P r; r.x = x + o.x; return r; } int &operator[](int i) { return x; } explicit operator bool() const { return x != 0; } };\nint f(P a, P b) { P c = a + b; return c[0]; }\n",
        "class A { public: virtual void g() = 0; A(const A &) = delete; friend class B; using T = int; enum { K = 3 }; private: T t_{5}; static const int k = K; };\nint f(A *a) { a->g(); return A::K; }\n",
        "extern \"C\" { int g(int); }\nint f(int x) { if (int y = g(x); y > 2) return y; return nullptr == 0 ? reinterpret_cast<long>(&x) : 0; }\n",
        "auto f(int x) -> int { std::unique_ptr<int> p(new int(x)); auto [a, b] = pair(x); return *p + a; }\n",
        "namespace n { class C; }\nclass n::C { int f(); };\nint f(std::map<int, std::vector<int>> m) { return m[1][2] >> 3; }\n",
    ];
    for text in texts {
        let module = lower_cpp(text);
        assert_eq!(module.gaps, [], "{text}");
        assert!(names(&module).contains(&"f"), "{text}");
    }
}
