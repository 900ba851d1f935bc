//! Functions as values: decorators, partials, closures, containers, callbacks, annotations.

use crate::support::{app, world};
use std::fmt::Write as _;

const TARGETS: &str = "def one():\n    pass\ndef two():\n    pass\n";

fn with_targets(text: &str) -> crate::support::World {
    app(&format!("{TARGETS}{text}"))
}

#[test]
fn a_decorator_leaves_the_function_callable() {
    let w = app("import functools\nimport unheard\n\
                 def wrap(f):\n    @functools.wraps(f)\n    def inner(*args):\n        return f(*args)\n    return inner\n\
                 def factory(level):\n    def wrap(f):\n        return f\n    return wrap\n\
                 @wrap\ndef a():\n    pass\n@factory(3)\ndef b():\n    pass\n@unheard.mark\ndef c():\n    pass\n\
                 a()\nb()\nc()\n");
    assert!(w.calls("a()").contains(&"app.a".to_owned()), "{:?}", w.calls("a()"));
    assert!(w.calls("b()").contains(&"app.b".to_owned()), "{:?}", w.calls("b()"));
    assert!(w.calls("c()").contains(&"app.c".to_owned()), "{:?}", w.calls("c()"));
    // What the decorator is given is known in its body.
    assert_eq!(w.calls("f(*args)"), ["app.a"]);
}

#[test]
fn a_decorated_method_keeps_its_self() {
    let w = app("def wrap(f):\n    def inner(*args):\n        return f(*args)\n    return inner\n\
                 class A:\n    @wrap\n    def m(self, x):\n        x.n()\n    def n(self):\n        self.m(self)\n");
    assert_eq!(w.calls("self.m(self)"), ["app.A.m"]);
    assert_eq!(w.calls("x.n()"), ["app.A.n"]);
}

#[test]
fn partial_binds_the_first_arguments() {
    let w = with_targets(
        "from functools import partial\ndef call(f, x, y):\n    f()\n    x()\n    y()\n\
         class A:\n    def m(self, g):\n        g()\n\
         p = partial(call, one)\np(two, y=one)\nq = partial(A().m)\nq(two)\n",
    );
    assert_eq!(w.calls("p(two, y=one)"), ["app.call"]);
    assert_eq!(w.calls("f()"), ["app.one"]);
    assert_eq!(w.calls("x()"), ["app.two"]);
    assert_eq!(w.calls("y()"), ["app.one"]);
    assert_eq!(w.calls("q(two)"), ["app.A.m"]);
    assert_eq!(w.calls("g()"), ["app.two"]);
}

#[test]
fn functions_in_containers() {
    let w = with_targets(
        "table = {'a': one, 'b': two}\ndef f(key):\n    table[key]()\n    table['a']()\n\
         items = [one]\nitems.append(two)\nfor item in items:\n    item()\n\
         pair = (one, two)\nfirst, second = pair\nfirst()\nsecond()\npair[1](3)\n\
         more = {}\nmore['x'] = two\nmore['x']()\n[made() for made in items]\n",
    );
    assert_eq!(w.calls("table['a']()"), ["app.one"]);
    assert_eq!(w.calls("table[key]()"), ["app.one", "app.two"]);
    assert_eq!(w.calls("item()"), ["app.one", "app.two"]);
    assert_eq!(w.calls("made()"), ["app.one", "app.two"]);
    assert_eq!(w.calls("first()"), ["app.one"]);
    assert_eq!(w.calls("second()"), ["app.two"]);
    assert_eq!(w.calls("pair[1](3)"), ["app.two"]);
    assert_eq!(w.calls("more['x']()"), ["app.two"]);
}

#[test]
fn closures_see_what_is_captured() {
    let w = with_targets(
        "def outer(f):\n    g = two\n    def inner():\n        f()\n        g()\n    return inner\nouter(one)()\n\
         run = lambda h: h()\nrun(one)\n",
    );
    assert_eq!(w.calls("outer(one)()"), ["app.outer.<locals>.inner"]);
    assert_eq!(w.calls("f()"), ["app.one"]);
    assert_eq!(w.calls("g()"), ["app.two"]);
    assert_eq!(w.calls("h()"), ["app.one"]);
}

#[test]
fn arguments_bind_by_position_name_default_and_spread() {
    let w = with_targets(
        "def f(a, b=one, *rest, c=two, **named):\n    a()\n    b()\n    rest[0]()\n    c()\n    named['d']()\n\
         f(one, two, one, d=two)\n\
         def g(x, y):\n    x()\n    y()\n\
         args = (one, two)\ng(*args)\n\
         def h(k):\n    k()\noptions = {'k': two}\nh(**options)\n",
    );
    assert_eq!(w.calls("a()"), ["app.one"]);
    assert_eq!(w.calls("b()"), ["app.one", "app.two"]);
    assert_eq!(w.calls("rest[0]()"), ["app.one"]);
    assert_eq!(w.calls("c()"), ["app.two"]);
    assert_eq!(w.calls("named['d']()"), ["app.two"]);
    assert!(w.calls("x()").contains(&"app.one".to_owned()), "{:?}", w.calls("x()"));
    assert!(w.calls("y()").contains(&"app.two".to_owned()), "{:?}", w.calls("y()"));
    assert_eq!(w.calls("k()"), ["app.two"]);
}

#[test]
fn annotations_say_what_parameters_hold() {
    let w = app("from typing import Optional, Union, List\n\
                 class A:\n    def m(self):\n        pass\nclass B:\n    def m(self):\n        pass\n\
                 def f(a: A, b: Optional[A], c: 'A', d: A | None, e: Union[A, B]) -> B:\n\
                 \x20   a.m(1)\n    b.m(2)\n    c.m(3)\n    d.m(4)\n    e.m(5)\n\
                 def g(x):\n    f(x, x, x, x, x).m(6)\n    y: A = x\n    y.m(7)\n");
    for call in ["a.m(1)", "b.m(2)", "c.m(3)", "d.m(4)", "y.m(7)"] {
        assert_eq!(w.calls(call), ["app.A.m"], "{call}");
    }
    assert_eq!(w.calls("e.m(5)"), ["app.A.m", "app.B.m"]);
    assert_eq!(w.calls("f(x, x, x, x, x).m(6)"), ["app.B.m"]);
}

#[test]
fn results_flow_to_callers_and_through_recursion() {
    let w = app("class A:\n    def m(self):\n        pass\n\
                 def make(n):\n    return A() if n else make(n - 1)\nmake(3).m()\n\
                 async def later():\n    return A()\nasync def user():\n    (await later()).m(1)\n    x = await later()\n    x.m(2)\n");
    assert_eq!(w.calls("make(3).m()"), ["app.A.m"]);
    assert_eq!(w.calls("x.m(2)"), ["app.A.m"]);
}

#[test]
fn generators_hand_out_what_they_yield() {
    let w = app("import contextlib\nclass A:\n    def m(self):\n        pass\n\
                 def each():\n    yield A()\ndef all_of():\n    yield from each()\n\
                 for a in each():\n    a.m(1)\nfor b in all_of():\n    b.m(2)\nfor c in (x for x in each()):\n    c.m(3)\n\
                 @contextlib.contextmanager\ndef opened():\n    yield A()\nwith opened() as d:\n    d.m(4)\n");
    for call in ["a.m(1)", "b.m(2)", "c.m(3)", "d.m(4)"] {
        assert_eq!(w.calls(call), ["app.A.m"], "{call}");
    }
}

#[test]
fn what_tests_pass_does_not_flow_into_the_program() {
    let w = world(&[
        ("app.py", "def f(x):\n    x.run()\n"),
        ("tests/t.py", "import app\nclass Fake:\n    def run(self):\n        pass\napp.f(Fake())\n"),
    ]);
    assert_eq!(w.calls("app.f(Fake())"), ["app.f"]);
    assert_eq!(w.calls("x.run()"), ["? on a parameter whose callers are unknown"]);
}

#[test]
fn what_tests_pass_in_a_mapping_or_put_into_a_list_does_not_either() {
    let w = world(&[
        (
            "app.py",
            "table = []\ndef f(x=None, **options):\n    x.run()\ndef g():\n    for each in table:\n        each()\n",
        ),
        (
            "tests/t.py",
            "import app\nclass Fake:\n    def run(self):\n        pass\noptions = {'x': Fake()}\napp.f(**options)\n\
             app.table.append(Fake)\nfor own in app.table:\n    own(1)\n",
        ),
    ]);
    assert_eq!(w.calls("x.run()"), ["? on a parameter whose callers are unknown"]);
    assert_eq!(w.calls("each()"), ["? on an element of something unknown"]);
}

#[test]
fn each_unresolved_call_has_its_reason() {
    let w =
        app("class A:\n    pass\ndef f(p):\n    p()\n    p.q.r()\n    p()()\n    p[0]()\n    A().none()\n    (-p)()\n");
    assert_eq!(w.calls("p.q.r()"), ["? on a parameter whose callers are unknown"]);
    assert_eq!(w.calls("p()()"), ["? on the result of an unresolved call"]);
    assert_eq!(w.calls("p[0]()"), ["? on an element of something unknown"]);
    assert_eq!(w.calls("A().none()"), ["? an attribute that nothing seen sets"]);
    assert_eq!(w.calls("(-p)()"), ["? on a value of unknown type"]);
}

#[test]
fn too_many_objects_are_cut_and_counted() {
    let mut text = String::new();
    for i in 0..200 {
        writeln!(text, "def f{i}():\n    pass").expect("text grows");
    }
    text += "table = [";
    for i in 0..200 {
        write!(text, "f{i}, ").expect("text grows");
    }
    text += "]\nfor f in table:\n    f()\n";
    let w = app(&text);
    assert_eq!(w.calls("f()").len(), assay_text::limits::MAX_POINTS_TO);
    assert!(w.resolution.saturated > 0);
}

#[test]
fn the_same_program_gives_the_same_result() {
    let text = "import flask\nimport sqlite3\napp = flask.Flask(__name__)\n\
                class A:\n    def m(self, x):\n        self.x = x\n        return [self, x]\n\
                class B(A):\n    def m(self, x):\n        return super().m(self.x)\n\
                @app.route('/')\ndef view():\n    for v in B().m(A()):\n        v.m(sqlite3.connect('x').cursor())\n";
    let first = app(text).everything();
    assert!(first.lines().count() > 20);
    assert_eq!(first, app(text).everything());
}
