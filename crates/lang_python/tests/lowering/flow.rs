//! Control flow.

use crate::{check, check_all};

#[test]
fn control_flow_of_boolean_operators() {
    check(
        "
def f(a, b, c):
    if a and not b or c:
        return 1
    return 2
",
        "
function f1 f f named parent f0
  param a normal
  param b normal
  param c normal
b0:
  v0 = param 0
  v1 = param 1
  v2 = param 2
  branch v0 b1 b4
b1:
  branch v1 b2 b3
b2:
  goto b5
b3:
  goto b7
b4:
  goto b5
b5:
  branch v2 b6 b8
b6:
  goto b7
b7:
  v3 = const int 1
  v4 = returned v3
  return v3
b8:
  v5 = const int 2
  v6 = returned v5
  return v5
",
    );
}

#[test]
fn boolean_operators_as_values() {
    check(
        "
def f(a, b, c):
    return a and b or c
",
        "
function f1 f f named parent f0
  param a normal
  param b normal
  param c normal
b0:
  v0 = param 0
  v1 = param 1
  v2 = param 2
  branch v0 b1 b2
b1:
  goto b3
b2:
  goto b3
b3:
  v3 = phi [b2: v0, b1: v1]
  branch v3 b4 b5
b4:
  goto b6
b5:
  goto b6
b6:
  v4 = phi [b4: v3, b5: v2]
  v5 = returned v4
  return v4
",
    );
}

#[test]
fn chained_comparisons() {
    check(
        "
def f(a, b, c):
    x = a < b <= c
    if a is b is not c:
        return x
",
        "
function f1 f f named parent f0
  param a normal
  param b normal
  param c normal
b0:
  v0 = param 0
  v1 = param 1
  v2 = param 2
  v3 = compare less v0 v1
  branch v3 b1 b2
b1:
  v4 = compare less_eq v1 v2
  goto b3
b2:
  goto b3
b3:
  v5 = phi [b2: v3, b1: v4]
  v6 = compare is v0 v1
  branch v6 b4 b7
b4:
  v7 = compare is_not v1 v2
  branch v7 b5 b6
b5:
  v8 = returned v5
  return v5
b6:
  goto b8
b7:
  goto b8
b8:
  v9 = const none
  return v9
",
    );
}

#[test]
fn conditional_expressions() {
    check(
        "
def f(a, b):
    return 1 if a else 2 if b else 3
",
        "
function f1 f f named parent f0
  param a normal
  param b normal
b0:
  v0 = param 0
  v1 = param 1
  branch v0 b1 b2
b1:
  v2 = const int 1
  goto b5
b2:
  branch v1 b3 b4
b3:
  v3 = const int 2
  goto b5
b4:
  v4 = const int 3
  goto b5
b5:
  v5 = phi [b1: v2, b3: v3, b4: v4]
  v6 = returned v5
  return v5
",
    );
}

#[test]
fn while_with_else() {
    check(
        "
def f(a):
    while a():
        if b: break
        if c: continue
        d()
    else:
        e()
    return a
",
        "
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  goto b1
b1:
  v1 = call v0 ()
  branch v1 b2 b7
b2:
  v2 = global b
  branch v2 b3 b4
b3:
  goto b8
b4:
  v3 = global c
  branch v3 b5 b6
b5:
  goto b1
b6:
  v4 = global d
  v5 = call v4 ()
  goto b1
b7:
  v6 = global e
  v7 = call v6 ()
  goto b8
b8:
  v8 = returned v0
  return v0
",
    );
}

#[test]
fn endless_loop() {
    check(
        "
def f():
    while True:
        if a(): return 1
",
        "
function f1 f f named parent f0
b0:
  goto b1
b1:
  v0 = global a
  v1 = call v0 ()
  branch v1 b2 b3
b2:
  v2 = const int 1
  v3 = returned v2
  return v2
b3:
  goto b1
",
    );
}

#[test]
fn for_with_else() {
    check(
        "
def f(xs):
    for x, *y in xs:
        if x: break
    else:
        y = 0
    return y
",
        "
function f1 f f named parent f0
  param xs normal
b0:
  v0 = param 0
  goto b1
b1:
  choice [b2, b5]
b2:
  v1 = next v0
  v2 = unpack v1 0
  v3 = unpack v1 1 rest
  branch v2 b3 b4
b3:
  goto b6
b4:
  goto b1
b5:
  v4 = const int 0
  goto b6
b6:
  v5 = phi [b3: v3, b5: v4]
  v6 = returned v5
  return v5
",
    );
}

#[test]
fn async_code() {
    check(
        "
async def f(a):
    async with a as x:
        async for y in x:
            await y
",
        "
function f1 f f named parent f0 async
  param a normal
b0:
  v0 = param 0
  v1 = enter v0
  v2 = await v1
  goto b1
b1:
  choice [b2, b3]
b2:
  v3 = next v2
  v4 = await v3
  v5 = await v4
  goto b1
b3:
  v6 = exit v0
  v7 = await v6
  v8 = const none
  return v8
",
    );
}

#[test]
fn generators() {
    check(
        "
def f(a):
    x = yield a
    yield
    yield from x
",
        "
function f1 f f named parent f0 yields
  param a normal
b0:
  v0 = param 0
  v1 = yield v0
  v2 = const none
  v3 = yield v2
  v4 = yield_from v1
  v5 = const none
  return v5
",
    );
}

#[test]
fn match_values_and_guards() {
    check(
        r#"
def f(a):
    match a:
        case 1 | "x" | None: return 1
        case b if b > 2: return b
        case M.N: return 3
        case _: return 4
"#,
        r#"
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  v1 = const int 1
  v2 = compare eq v0 v1
  branch v2 b1 b2
b1:
  goto b6
b2:
  v3 = const str "x"
  v4 = compare eq v0 v3
  branch v4 b3 b4
b3:
  goto b6
b4:
  v5 = const none
  v6 = compare is v0 v5
  branch v6 b5 b7
b5:
  goto b6
b6:
  v7 = const int 1
  v8 = returned v7
  return v7
b7:
  v9 = const int 2
  v10 = compare greater v0 v9
  branch v10 b8 b9
b8:
  v11 = returned v0
  return v0
b9:
  v12 = global M
  v13 = attr v12 N
  v14 = compare eq v0 v13
  branch v14 b10 b11
b10:
  v15 = const int 3
  v16 = returned v15
  return v15
b11:
  v17 = const int 4
  v18 = returned v17
  return v17
"#,
    );
}

#[test]
fn match_structures() {
    check(
        r#"
def f(a):
    match a:
        case [x, *y, z]: return x, y, z
        case {"k": v, **rest}: return v, rest
        case Point(p, q=1): return p
        case str(s) as t: return s, t
"#,
        r#"
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  choice [b1, b2]
b1:
  v1 = unpack v0 0
  v2 = unpack v0 1 rest
  v3 = unpack v0 -1
  v4 = tuple [v1, v2, v3]
  v5 = returned v4
  return v4
b2:
  choice [b3, b6]
b3:
  v6 = const str "k"
  v7 = compare in v6 v0
  branch v7 b4 b5
b4:
  v8 = item v0 v6
  v9 = global dict
  v10 = call v9 (v0)
  v11 = tuple [v8, v10]
  v12 = returned v11
  return v11
b5:
  goto b7
b6:
  goto b7
b7:
  v13 = global isinstance
  v14 = global Point
  v15 = call v13 (v0, v14)
  branch v15 b8 b11
b8:
  v16 = unknown [v0]
  v17 = attr v0 q
  v18 = const int 1
  v19 = compare eq v17 v18
  branch v19 b9 b10
b9:
  v20 = returned v16
  return v16
b10:
  goto b12
b11:
  goto b12
b12:
  v21 = global isinstance
  v22 = global str
  v23 = call v21 (v0, v22)
  branch v23 b13 b14
b13:
  v24 = tuple [v0, v0]
  v25 = returned v24
  return v24
b14:
  v26 = const none
  return v26
"#,
    );
}

#[test]
fn code_after_a_jump_is_dropped() {
    check(
        "
def f():
    return 1
    a()
",
        "
function f1 f f named parent f0
b0:
  v0 = const int 1
  v1 = returned v0
  return v0
",
    );
}

#[test]
fn loop_variables_join() {
    check(
        "
def f(xs):
    s = ''
    for x in xs:
        s = s + x
    return s
",
        r#"
function f1 f f named parent f0
  param xs normal
b0:
  v0 = param 0
  v1 = const str ""
  goto b1
b1:
  v2 = phi [b0: v1, b2: v4]
  choice [b2, b3]
b2:
  v3 = next v0
  v4 = binary add v2 v3
  goto b1
b3:
  v5 = returned v2
  return v2
"#,
    );
}

#[test]
fn yield_in_a_lambda() {
    check_all(
        "
f = lambda: (yield)
",
        "
function f0 <module> <module> module_body
b0:
  v0 = make_function f1
  v1 = store_global f v0
  v2 = const none
  return v2
function f1 <lambda> <lambda> lambda parent f0 yields
b0:
  v0 = const none
  v1 = yield v0
  v2 = returned v1
  return v1
",
    );
}
