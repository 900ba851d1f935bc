//! Names, scopes, definitions and imports.

use crate::{check, check_all};

#[test]
fn names_of_a_function_are_values() {
    check(
        "
def f(a):
    b = a
    return b
",
        "
function f1 f f named parent f0
  param a normal
b0:
  v0 = param 0
  v1 = returned v0
  return v0
",
    );
}

#[test]
fn module_names_are_stored_and_read_as_values() {
    check_all(
        "
x = 1
y = x
print(y, z)
",
        "
function f0 <module> <module> module_body
b0:
  v0 = const int 1
  v1 = store_global x v0
  v2 = store_global y v0
  v3 = global print
  v4 = global z
  v5 = call v3 (v0, v4)
  v6 = const none
  return v6
",
    );
}

#[test]
fn a_name_set_in_one_branch_only_may_be_the_outer_one() {
    check_all(
        "
if c:
    x = 1
use(x)
",
        "
function f0 <module> <module> module_body
b0:
  v0 = global x
  v1 = global c
  branch v1 b1 b2
b1:
  v2 = const int 1
  v3 = store_global x v2
  goto b3
b2:
  goto b3
b3:
  v4 = phi [b1: v2, b2: v0]
  v5 = global use
  v6 = call v5 (v4)
  v7 = const none
  return v7
",
    );
}

#[test]
fn deleted_names_are_read_from_outside() {
    check_all(
        "
x = 1
del x
x
",
        "
function f0 <module> <module> module_body
b0:
  v0 = const int 1
  v1 = store_global x v0
  v2 = store_global x _
  v3 = global x
  v4 = const none
  return v4
",
    );
}

#[test]
fn captured_names_live_in_cells() {
    check(
        "
def f(a):
    def g():
        return a
    a = 2
    return g
",
        "
function f1 f f named parent f0
  param a normal
  cell a
b0:
  v0 = param 0
  v1 = store_cell f1 cell0 v0
  v2 = make_function f2
  v3 = const int 2
  v4 = store_cell f1 cell0 v3
  v5 = returned v2
  return v2
function f2 g f.<locals>.g named parent f1
b0:
  v0 = load_cell f1 cell0
  v1 = returned v0
  return v0
",
    );
}

#[test]
fn nonlocal_and_global() {
    check(
        "
def f():
    n = 0
    def g():
        nonlocal n
        global m
        n = m
        m = n
",
        "
function f1 f f named parent f0
  cell n
b0:
  v0 = const int 0
  v1 = store_cell f1 cell0 v0
  v2 = make_function f2
  v3 = const none
  return v3
function f2 g f.<locals>.g named parent f1
b0:
  v0 = global m
  v1 = store_cell f1 cell0 v0
  v2 = load_cell f1 cell0
  v3 = store_global m v2
  v4 = const none
  return v4
",
    );
}

#[test]
fn class_names_are_attributes() {
    check(
        "
def f(k):
    class C(B, metaclass=M):
        a: int
        b = k
        c = b
        d = c0
        def m(self): return b
",
        "
function f1 f f named parent f0
  param k normal
  cell k
b0:
  v0 = param 0
  v1 = store_cell f1 cell0 v0
  v2 = global B
  v3 = global M
  v4 = make_class c0 (v2, metaclass=v3)
  v5 = const none
  return v5
function f2 C f.<locals>.C class_body c0 parent f1
b0:
  v0 = global int
  v1 = annotated _ v0
  v2 = store_name a v1
  v3 = load_cell f1 cell0
  v4 = store_name b v3
  v5 = store_name c v3
  v6 = global c0
  v7 = store_name d v6
  v8 = make_function f3
  v9 = store_name m v8
  v10 = const none
  return v10
function f3 m f.<locals>.C.m named parent f2 class c0
  param self normal
b0:
  v0 = param 0
  v1 = global b
  v2 = returned v1
  return v1
",
    );
}

#[test]
fn decorators_apply_from_the_inside() {
    check_all(
        "
@a
@b(1)
def f(): pass
",
        "
function f0 <module> <module> module_body
b0:
  v0 = global a
  v1 = global b
  v2 = const int 1
  v3 = call v1 (v2)
  v4 = make_function f1
  v5 = call v3 (v4)
  v6 = call v0 (v5)
  v7 = store_global f v6
  v8 = const none
  return v8
function f1 f f named parent f0
b0:
  v0 = const none
  return v0
",
    );
}

#[test]
fn parameters_of_all_kinds() {
    check_all(
        "
def f(a, /, b: T = 1, *c, d=2, e, **g) -> R: pass
",
        "
function f0 <module> <module> module_body
b0:
  v0 = const int 1
  v1 = global T
  v2 = const int 2
  v3 = global R
  v4 = make_function f1 defaults (1: v0, 3: v2) annotations (1: v1) returns v3
  v5 = store_global f v4
  v6 = const none
  return v6
function f1 f f named parent f0
  param a positional_only
  param b normal default
  param c rest
  param d keyword_only default
  param e keyword_only
  param g keyword_rest
b0:
  v0 = param 0
  v1 = param 1
  v2 = param 2
  v3 = param 3
  v4 = param 4
  v5 = param 5
  v6 = const none
  return v6
",
    );
}

#[test]
fn lambdas() {
    check_all(
        "
f = lambda x, *y, z=1: x
",
        "
function f0 <module> <module> module_body
b0:
  v0 = const int 1
  v1 = make_function f1 defaults (2: v0)
  v2 = store_global f v1
  v3 = const none
  return v3
function f1 <lambda> <lambda> lambda parent f0
  param x normal
  param y rest
  param z keyword_only default
b0:
  v0 = param 0
  v1 = param 1
  v2 = param 2
  v3 = returned v0
  return v0
",
    );
}

#[test]
fn walrus_in_a_comprehension_binds_outside() {
    check(
        "
def f(xs):
    [y := x for x in xs if x]
    return y
",
        "
function f1 f f named parent f0
  param xs normal
b0:
  v0 = undefined
  v1 = param 0
  v2 = list []
  goto b1
b1:
  v3 = phi [b0: v0, b4: v3, b3: v4]
  choice [b2, b5]
b2:
  v4 = next v1
  branch v4 b3 b4
b3:
  v5 = accumulate v2 _ v4
  goto b1
b4:
  goto b1
b5:
  v6 = returned v3
  return v3
",
    );
}

#[test]
fn a_comprehension_variable_captured() {
    check(
        "
def f(xs):
    return [lambda: x for x in xs]
",
        "
function f1 f f named parent f0
  param xs normal
  cell x
b0:
  v0 = param 0
  v1 = list []
  goto b1
b1:
  choice [b2, b3]
b2:
  v2 = next v0
  v3 = store_cell f1 cell0 v2
  v4 = make_function f2
  v5 = accumulate v1 _ v4
  goto b1
b3:
  v6 = returned v1
  return v1
function f2 <lambda> f.<locals>.<lambda> lambda parent f1
b0:
  v0 = load_cell f1 cell0
  v1 = returned v0
  return v0
",
    );
}

#[test]
fn annotations() {
    check(
        "
def f(self, a):
    x: int = a
    y: str
    self.z: T
",
        "
function f1 f f named parent f0
  param self normal
  param a normal
b0:
  v0 = param 0
  v1 = param 1
  v2 = global int
  v3 = annotated v1 v2
  v4 = global str
  v5 = annotated _ v4
  v6 = global T
  v7 = annotated _ v6
  v8 = store_attr v0 z v7
  v9 = const none
  return v9
",
    );
}

#[test]
fn deleting() {
    check(
        "
def f(a, b):
    del a.x, a[b], (a, b)
",
        "
function f1 f f named parent f0
  param a normal
  param b normal
b0:
  v0 = param 0
  v1 = param 1
  v2 = delete_attr v0 x
  v3 = delete_item v0 v1
  v4 = const none
  return v4
",
    );
}

#[test]
fn imports() {
    check_all(
        "
import a
import a.b.c
import a.b as d
from . import e
from ..g import h as i
from j import *
",
        r#"
function f0 <module> <module> module_body
b0:
  v0 = import a
  v1 = store_global a v0
  v2 = import a.b.c
  v3 = store_global a v2
  v4 = import a.b leaf
  v5 = store_global d v4
  v6 = import_from 1 "" e
  v7 = store_global e v6
  v8 = import_from 2 g h
  v9 = store_global i v8
  v10 = import_star 0 j
  v11 = const none
  return v11
"#,
    );
}

#[test]
fn conditional_imports() {
    check_all(
        "
try:
    import json
except ImportError:
    json = None
json.loads
",
        "
function f0 <module> <module> module_body
b0:
  goto b1
b1 handler b3:
  v0 = import json
  v1 = store_global json v0
  goto b2
b2:
  goto b5
b3:
  choice [b4, b6]
b4:
  v2 = global ImportError
  v3 = caught [v2]
  v4 = const none
  v5 = store_global json v4
  goto b5
b5:
  v6 = phi [b2: v0, b4: v4]
  v7 = attr v6 loads
  v8 = const none
  return v8
b6:
  reraise
",
    );
}

#[test]
fn type_parameters() {
    check_all(
        "
def f[T: int](x: T) -> T: pass
class C[T](B[T]): pass
type A[T] = list[T]
",
        r#"
function f0 <module> <module> module_body
b0:
  v0 = import_from 0 typing TypeVar
  v1 = const str "T"
  v2 = global int
  v3 = call v0 (v1, bound=v2)
  v4 = make_function f1 annotations (0: v3) returns v3
  v5 = store_global f v4
  v6 = import_from 0 typing TypeVar
  v7 = const str "T"
  v8 = call v6 (v7)
  v9 = global B
  v10 = item v9 v8
  v11 = make_class c0 (v10)
  v12 = store_global C v11
  v13 = import_from 0 typing TypeVar
  v14 = const str "T"
  v15 = call v13 (v14)
  v16 = global list
  v17 = item v16 v15
  v18 = store_global A v17
  v19 = const none
  return v19
function f1 f f named parent f0
  param x normal
b0:
  v0 = param 0
  v1 = const none
  return v1
function f2 C C class_body c0 parent f0
b0:
  v0 = const none
  return v0
"#,
    );
}

#[test]
fn super_calls() {
    check(
        "
class C:
    def m(self):
        super().m()
",
        "
function f1 C C class_body c0 parent f0
b0:
  v0 = make_function f2
  v1 = store_name m v0
  v2 = const none
  return v2
function f2 m C.m named parent f1 class c0
  param self normal
b0:
  v0 = param 0
  v1 = global super
  v2 = call v1 ()
  v3 = attr v2 m
  v4 = call v3 ()
  v5 = const none
  return v5
",
    );
}

#[test]
fn except_name_is_deleted() {
    check(
        "
def f():
    e = 1
    try: a()
    except E as e: pass
    return e
",
        "
function f1 f f named parent f0
b0:
  v0 = const int 1
  goto b1
b1 handler b3:
  v1 = global a
  v2 = call v1 ()
  goto b2
b2:
  goto b5
b3:
  choice [b4, b6]
b4:
  v3 = global E
  v4 = caught [v3]
  v5 = undefined
  goto b5
b5:
  v6 = phi [b2: v0, b4: v5]
  v7 = returned v6
  return v6
b6:
  reraise
",
    );
}

#[test]
fn quoted_annotations_are_names() {
    check_all(
        r#"
def f(a: "C", b: 'm.D | None') -> "m.D": pass
class C: pass
"#,
        r#"
function f0 <module> <module> module_body
b0:
  v0 = global C
  v1 = const str "m.D | None"
  v2 = global m
  v3 = attr v2 D
  v4 = make_function f1 annotations (0: v0, 1: v1) returns v3
  v5 = store_global f v4
  v6 = make_class c0 ()
  v7 = store_global C v6
  v8 = const none
  return v8
function f1 f f named parent f0
  param a normal
  param b normal
b0:
  v0 = param 0
  v1 = param 1
  v2 = const none
  return v2
function f2 C C class_body c0 parent f0
b0:
  v0 = const none
  return v0
"#,
    );
}
