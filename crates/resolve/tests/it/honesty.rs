//! What is not known is not called resolved.

use crate::support::app;

#[test]
fn an_element_is_a_librarys_only_when_a_model_says_so() {
    let w = app(
        "import json, re\ndef f(s):\n    rows = json.loads(s)\n    rows['a']['b'].go()\n    'a b'.split()[0].upper()\n",
    );
    assert!(w.calls("rows['a']['b'].go()")[0].starts_with('?'));
    assert_eq!(w.calls("'a b'.split()[0].upper()"), ["builtins.str.upper"]);
}

#[test]
fn what_a_library_hands_on_is_not_its_own() {
    let w = app("def f(d: dict, k):\n    d.get(k).go()\n    next(d).go()\n    getattr(d, k)()\n");
    for call in ["d.get(k).go()", "next(d).go()", "getattr(d, k)()"] {
        assert!(w.calls(call)[0].starts_with('?'), "{call}");
    }
}

#[test]
fn a_built_in_type_has_no_members_but_its_own() {
    let w = app("class A:\n    def m(self):\n        pass\ndef f(x=''):\n    x.m()\n    x.upper()\nf(A())\n");
    assert_eq!(w.calls("x.m()"), ["app.A.m"]);
    assert_eq!(w.calls("x.upper()"), ["builtins.str.upper"]);
}
