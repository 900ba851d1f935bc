//! Exceptions, clean-up and what they lead to.

use crate::check;

#[test]
fn assert_and_raise() {
    check(
        "
def f(a, b):
    assert a, b
    raise E(a) from b
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
  v2 = global E
  v3 = call v2 (v0)
  raise v3
b2:
  v4 = global AssertionError
  v5 = call v4 (v1)
  raise v5
",
    );
}

#[test]
fn try_except_else() {
    check(
        "
def f(a):
    try:
        x = a()
    except (A, B) as e:
        x = e
    except C:
        raise
    else:
        x = done(x)
    return x
",
        "
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  goto b1
b1 handler b3:
  v1 = call v0 ()
  goto b2
b2:
  v2 = global done
  v3 = call v2 (v1)
  goto b5
b3:
  choice [b4, b6, b7]
b4:
  v4 = global A
  v5 = global B
  v6 = caught [v4, v5]
  goto b5
b5:
  v7 = phi [b2: v3, b4: v6]
  v8 = returned v7
  return v7
b6:
  v9 = global C
  v10 = caught [v9]
  reraise
b7:
  reraise
",
    );
}

#[test]
fn a_handler_sees_each_state() {
    check(
        "
def f():
    x = 1
    try:
        a()
        x = 2
        b()
        x = 3
    except E:
        return x
",
        "
function f1 f f named parent f0
b0:
  v0 = const int 1
  goto b1
b1 handler b4:
  v1 = global a
  v2 = call v1 ()
  v3 = const int 2
  goto b2
b2 handler b4:
  v4 = global b
  v5 = call v4 ()
  v6 = const int 3
  goto b3
b3:
  v7 = const none
  return v7
b4:
  v8 = phi [b1: v0, b2: v3]
  choice [b5, b6]
b5:
  v9 = global E
  v10 = caught [v9]
  v11 = returned v8
  return v8
b6:
  reraise
",
    );
}

#[test]
fn catch_all() {
    check(
        "
def f():
    try:
        a()
    except:
        b()
",
        "
function f1 f f named parent f0
b0:
  goto b1
b1 handler b3:
  v0 = global a
  v1 = call v0 ()
  goto b2
b2:
  goto b4
b3:
  v2 = caught []
  v3 = global b
  v4 = call v3 ()
  goto b4
b4:
  v5 = const none
  return v5
",
    );
}

#[test]
fn finally_is_lowered_once() {
    check(
        "
def f(xs):
    for x in xs:
        try:
            if x: return x
            if not x: break
            continue
        finally:
            done()
    return 0
",
        "
function f1 f f named parent f0
  param xs normal
b0:
  v0 = undefined
  v1 = param 0
  goto b1
b1:
  v2 = phi [b0: v0, b11: v5]
  choice [b2, b13]
b2:
  v3 = next v1
  branch v3 b3 b5
b3 handler b4:
  v4 = returned v3
  goto b8
b4:
  goto b8
b5:
  branch v3 b6 b7
b6:
  goto b8
b7:
  goto b8
b8:
  v5 = phi [b3: v3, b7: v2, b6: v2, b4: v3]
  v6 = global done
  v7 = call v6 ()
  choice [b9, b10, b11, b12]
b9:
  return v5
b10:
  goto b14
b11:
  goto b1
b12:
  reraise
b13:
  goto b14
b14:
  v8 = const int 0
  v9 = returned v8
  return v8
",
    );
}

#[test]
fn nested_finally() {
    check(
        "
def f():
    try:
        try:
            return a()
        finally:
            b()
    finally:
        c()
",
        "
function f1 f f named parent f0
b0:
  goto b1
b1 handler b2:
  v0 = global a
  v1 = call v0 ()
  v2 = returned v1
  goto b3
b2:
  goto b3
b3 handler b6:
  v3 = global b
  v4 = call v3 ()
  choice [b4, b5]
b4:
  goto b7
b5 handler b6:
  reraise
b6:
  goto b7
b7:
  v5 = global c
  v6 = call v5 ()
  choice [b8, b9]
b8:
  return v1
b9:
  reraise
",
    );
}

#[test]
fn exception_groups() {
    check(
        "
def f():
    try:
        a()
    except* E as e:
        b(e)
",
        "
function f1 f f named parent f0
b0:
  goto b1
b1 handler b3:
  v0 = global a
  v1 = call v0 ()
  goto b2
b2:
  goto b5
b3:
  choice [b4, b6]
b4:
  v2 = global E
  v3 = caught [v2]
  v4 = global b
  v5 = call v4 (v3)
  goto b5
b5:
  v6 = const none
  return v6
b6:
  reraise
",
    );
}

#[test]
fn with_statements() {
    check(
        "
def f(a, b):
    with a() as x, b():
        return x
",
        "
function f1 f f named parent f0
  param a normal
  param b normal
b0:
  v0 = param 0
  v1 = param 1
  v2 = call v0 ()
  v3 = enter v2
  v4 = call v1 ()
  v5 = enter v4
  v6 = returned v3
  v7 = exit v4
  v8 = exit v2
  return v3
",
    );
}

#[test]
fn with_that_may_swallow() {
    check(
        "
def f(a):
    with a:
        raise E
    return 1
",
        "
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  goto b1
b1 handler b2:
  v1 = enter v0
  v2 = global E
  raise v2
b2:
  choice [b3, b4]
b3:
  reraise
b4:
  v3 = const int 1
  v4 = returned v3
  return v3
",
    );
}

#[test]
fn a_with_at_the_end_of_a_function_has_no_other_way_out() {
    check(
        "
def f(a):
    with a: return 1
",
        "
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  v1 = enter v0
  v2 = const int 1
  v3 = returned v2
  v4 = exit v0
  return v2
",
    );
}
