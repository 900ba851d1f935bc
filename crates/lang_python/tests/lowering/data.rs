//! Expressions and assignments.

use crate::{check, check_all};

#[test]
fn comprehensions() {
    check(
        "
def f(xs):
    return {k: v for k, vs in xs for v in vs}, {x for x in xs}, (x async for x in xs)
",
        "
function f1 f f named parent f0
  param xs normal
b0:
  v0 = param 0
  v1 = dict {}
  goto b1
b1:
  choice [b2, b6]
b2:
  v2 = next v0
  v3 = unpack v2 0
  v4 = unpack v2 1
  goto b3
b3:
  choice [b4, b5]
b4:
  v5 = next v4
  v6 = accumulate v1 v3 v5
  goto b3
b5:
  goto b1
b6:
  v7 = set []
  goto b7
b7:
  choice [b8, b9]
b8:
  v8 = next v0
  v9 = accumulate v7 _ v8
  goto b7
b9:
  v10 = generator []
  goto b10
b10:
  choice [b11, b12]
b11:
  v11 = next v0
  v12 = await v11
  v13 = accumulate v10 _ v12
  goto b10
b12:
  v14 = tuple [v1, v7, v10]
  v15 = returned v14
  return v14
",
    );
}

#[test]
fn assignment_targets() {
    check(
        "
def f(a, b):
    a.x = b[1:2] = [c, (d, *e, g)] = b
    a, b = b, a
    return a, c
",
        "
function f1 f f named parent f0
  param a normal
  param b normal
b0:
  v0 = param 0
  v1 = param 1
  v2 = store_attr v0 x v1
  v3 = const int 1
  v4 = const int 2
  v5 = slice v3 v4 _
  v6 = store_item v1 v5 v1
  v7 = unpack v1 0
  v8 = unpack v1 1
  v9 = unpack v8 0
  v10 = unpack v8 1 rest
  v11 = unpack v8 -1
  v12 = tuple [v1, v7]
  v13 = returned v12
  return v12
",
    );
}

#[test]
fn augmented_assignment() {
    check(
        "
def f(a, b):
    a += b
    a.x -= b
    a[b] **= b
    return a
",
        "
function f1 f f named parent f0
  param a normal
  param b normal
b0:
  v0 = param 0
  v1 = param 1
  v2 = in_place add v0 v1
  v3 = attr v2 x
  v4 = in_place sub v3 v1
  v5 = store_attr v2 x v4
  v6 = item v2 v1
  v7 = in_place pow v6 v1
  v8 = store_item v2 v1 v7
  v9 = returned v2
  return v2
",
    );
}

#[test]
fn f_strings() {
    check(
        r#"
def f(a, w):
    return f"x{a!r:>{w}}y" "z" f"{a}" f"{{", f"{a=}", f"plain"
"#,
        r#"
function f1 f f named parent f0
  param a normal
  param w normal
b0:
  v0 = param 0
  v1 = param 1
  v2 = format [">", v1]
  v3 = format ["x", v0!r:v2, "yz", v0, "{"]
  v4 = format ["a=", v0!r]
  v5 = const str "plain"
  v6 = tuple [v3, v4, v5]
  v7 = returned v6
  return v6
"#,
    );
}

#[test]
fn template_strings() {
    check(
        r#"
def f(a):
    return t"x{a}"
"#,
        r#"
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  v1 = template ["x", v0]
  v2 = returned v1
  return v1
"#,
    );
}

#[test]
fn literals() {
    check_all(
        r#"
x = [1, 0x1F, 99999999999999999999, 1.5, 2j, True, None, ..., "a" "b", b"\xff", *y, {**z, 1: 2}, {1}]
"#,
        r#"
function f0 <module> <module> module_body
b0:
  v0 = const int 1
  v1 = const int 31
  v2 = const big_int "99999999999999999999"
  v3 = const float 3ff8000000000000
  v4 = const complex
  v5 = const true
  v6 = const none
  v7 = const ellipsis
  v8 = const str "ab"
  v9 = const bytes "ÿ"
  v10 = global y
  v11 = global z
  v12 = const int 1
  v13 = const int 2
  v14 = dict {**v11, v12: v13}
  v15 = const int 1
  v16 = set [v15]
  v17 = list [v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, *v10, v14, v16]
  v18 = store_global x v17
  v19 = const none
  return v19
"#,
    );
}

#[test]
fn calls() {
    check(
        "
def f(a):
    return a.b(1, *a, k=2, **a)
",
        "
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  v1 = attr v0 b
  v2 = const int 1
  v3 = const int 2
  v4 = call v1 (v2, *v0, k=v3, **v0)
  v5 = returned v4
  return v4
",
    );
}

#[test]
fn slices() {
    check(
        "
def f(a):
    return a[1:], a[:, ::2], a[*a]
",
        "
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  v1 = const int 1
  v2 = slice v1 _ _
  v3 = item v0 v2
  v4 = slice _ _ _
  v5 = const int 2
  v6 = slice _ _ v5
  v7 = tuple [v4, v6]
  v8 = item v0 v7
  v9 = tuple [*v0]
  v10 = item v0 v9
  v11 = tuple [v3, v8, v10]
  v12 = returned v11
  return v11
",
    );
}

#[test]
fn unpacking_calls_of_print() {
    check_all(
        "
print(*a, sep='')
",
        r#"
function f0 <module> <module> module_body
b0:
  v0 = global print
  v1 = global a
  v2 = const str ""
  v3 = call v0 (*v1, sep=v2)
  v4 = const none
  return v4
"#,
    );
}

#[test]
fn starred_in_return() {
    check(
        "
def f(a): return *a, 1
",
        "
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  v1 = const int 1
  v2 = tuple [*v0, v1]
  v3 = returned v2
  return v2
",
    );
}
