//! Special methods, descriptors, metaclasses, and receivers that a caller knows better.

use crate::support::{app, world};

#[test]
fn an_exception_handler_knows_its_types() {
    let w = app("class Error(Exception):\n    def text(self):\n        pass\n\
                 class Other(Exception):\n    def text(self):\n        pass\n\
                 BOTH = (Error, Other)\n\
                 def f():\n    try:\n        g()\n    except Error as e:\n        e.text()\n\
                 def h():\n    try:\n        g()\n    except BOTH as both:\n        both.text()\n");
    assert_eq!(w.calls("e.text()"), ["app.Error.text"]);
    assert_eq!(w.calls("both.text()"), ["app.Error.text", "app.Other.text"]);
}

#[test]
fn a_type_test_tells_what_an_unknown_value_is() {
    let w = app("class A:\n    def m(self):\n        pass\n\
                 def f(x):\n    if isinstance(x, A):\n        x.m()\n    else:\n        x.n()\n    x.o()\n\
                 def g(y):\n    if not isinstance(y, A):\n        return\n    y.m()\n");
    assert_eq!(w.calls("x.m()"), ["app.A.m"]);
    assert_eq!(w.calls("y.m()"), ["app.A.m"]);
    assert!(w.calls("x.n()")[0].starts_with('?'));
    assert!(w.calls("x.o()")[0].starts_with('?'));
}

#[test]
fn cls_makes_an_instance_of_the_class_it_is_called_on() {
    let w = app(
        "class Base:\n    @classmethod\n    def make(cls):\n        return cls()\n    def step(self):\n        pass\n\
                 class A(Base):\n    def step(self):\n        pass\n\
                 class B(Base):\n    def step(self):\n        pass\n\
                 a = A.make()\na.step()\n\
                 def f(kind):\n    return B.make().again()\n",
    );
    assert_eq!(w.values("A.make()"), ["a app.A"]);
    assert_eq!(w.calls("a.step()"), ["app.A.step"]);
    assert_eq!(w.values("B.make()"), ["a app.B"]);
    assert_eq!(w.values("cls()"), ["some app.Base"]);
}

#[test]
fn a_method_that_gives_self_back_keeps_the_class() {
    let w = app("class Base:\n    def chain(self):\n        return self\n    def end(self):\n        pass\n\
                 class A(Base):\n    def end(self):\n        pass\n\
                 class B(Base):\n    def end(self):\n        pass\n\
                 A().chain().end()\n");
    assert_eq!(w.calls("A().chain().end()"), ["app.A.end"]);
}

#[test]
fn a_class_that_is_named_does_not_reach_what_derived_classes_override() {
    let w = app("class Base:\n    @classmethod\n    def make(cls):\n        pass\n\
                 class A(Base):\n    @classmethod\n    def make(cls):\n        pass\n\
                 Base.make()\n");
    assert_eq!(w.calls("Base.make()"), ["app.Base.make"]);
}

#[test]
fn getattr_hands_names_on() {
    let w = app("class Inner:\n    def work(self):\n        pass\n    def other(self):\n        pass\n\
                 class Proxy:\n    def __init__(self, inner):\n        self._inner = inner\n\
                 \x20   def __getattr__(self, name):\n        return getattr(self._inner, name)\n\
                 Proxy(Inner()).work()\n");
    assert_eq!(w.calls("Proxy(Inner()).work()"), ["app.Inner.work"]);
}

#[test]
fn getattr_answers_from_a_registry() {
    let w = app("class Manager:\n    def work(self):\n        pass\n\
                 class Registry:\n    def __init__(self):\n        self._all = {}\n\
                 \x20   def add(self, name, obj):\n        self._all[name] = obj\n\
                 \x20   def __getattr__(self, item):\n        return self._all[item]\n\
                 R = Registry()\nR.add('m', Manager())\nR.m.work()\n");
    assert_eq!(w.calls("R.m.work()"), ["app.Manager.work"]);
}

#[test]
fn descriptors_and_decorators_that_are_classes() {
    let w = app("class classonly(classmethod):\n    def __get__(self, instance, cls=None):\n\
                 \x20       return super().__get__(instance, cls)\n\
                 class lazy:\n    def __init__(self, func):\n        self.func = func\n\
                 \x20   def __get__(self, instance, cls=None):\n        return self.func(instance)\n\
                 class D:\n    def work(self):\n        pass\n\
                 class A:\n    @classonly\n    def make(cls):\n        return cls()\n\
                 \x20   @lazy\n    def d(self):\n        return D()\n\
                 A.make()\nA().d.work()\n");
    assert_eq!(w.calls("A.make()"), ["app.A.make"]);
    assert_eq!(w.calls("A().d.work()"), ["app.D.work"]);
}

#[test]
fn a_property_can_be_given_a_setter() {
    let w = app("class D:\n    def work(self):\n        pass\n\
                 class A:\n    @property\n    def x(self):\n        return D()\n    @x.setter\n    def x(self, value):\n\
                 \x20       pass\nA().x.work()\n");
    assert_eq!(w.calls("A().x.work()"), ["app.D.work"]);
    assert!(w.calls("x.setter").is_empty());
}

#[test]
fn metaclasses_give_attributes_to_classes() {
    let w = app("class Meta(type):\n    def create(cls):\n        pass\n\
                 class A(metaclass=Meta):\n    pass\nclass B(A):\n    pass\nB.create()\n");
    assert_eq!(w.calls("B.create()"), ["app.Meta.create"]);
}

#[test]
fn attributes_of_functions() {
    let w = app("import functools\ndef hook():\n    pass\n\
                 @functools.lru_cache(maxsize=None)\ndef f():\n    pass\nf.cache_clear()\n\
                 def g():\n    pass\ng.hook = hook\ng.hook()\n");
    assert_eq!(w.calls("f.cache_clear()"), ["functools.lru_cache()().cache_clear"]);
    assert_eq!(w.calls("g.hook()"), ["app.hook"]);
}

#[test]
fn operators_on_self_reach_what_derived_classes_define() {
    let w = app("class Base:\n    def run(self):\n        self()\n\
                 class A(Base):\n    def __call__(self):\n        pass\n");
    assert_eq!(w.calls("self()"), ["app.A.__call__"]);
}

#[test]
fn constructors_of_inherited_classes_bind_arguments_in_module_bodies() {
    let w = world(&[
        ("base.py", "class Base:\n    def __init__(self, x):\n        x.m()\n"),
        ("app.py", "import base\nclass A(base.Base):\n    pass\nclass X:\n    def m(self):\n        pass\nA(X())\n"),
    ]);
    assert_eq!(w.calls("x.m()"), ["app.X.m"]);
}

#[test]
fn bases_by_way_of_with_metaclass() {
    let w = app("import six\ndef with_metaclass(meta, *bases):\n    return meta('t', (), {})\n\
                 class Base:\n    def m(self):\n        pass\n\
                 class A(with_metaclass(type, Base)):\n    pass\nclass B(six.with_metaclass(type, Base)):\n    pass\n\
                 A().m()\nB().m()\n");
    assert_eq!(w.calls("A().m()"), ["app.Base.m"]);
    assert_eq!(w.calls("B().m()"), ["app.Base.m"]);
}

#[test]
fn an_instances_dict_holds_its_attributes() {
    let w = app("class D:\n    def m(self):\n        pass\nclass A:\n    def __init__(self):\n\
                 \x20       self.__dict__['d'] = D()\n    def f(self):\n        self.d.m()\n        self.__dict__['d'].m()\n");
    assert_eq!(w.calls("self.d.m()"), ["app.D.m"]);
    assert_eq!(w.calls("self.__dict__['d'].m()"), ["app.D.m"]);
}

#[test]
fn a_proxy_made_of_functions_over_what_it_wraps() {
    let w = app(
        "def proxy(func):\n    def inner(self, *args):\n        return func(self._wrapped, *args)\n    return inner\n\
                 class Lazy:\n    def __init__(self, make):\n        self._wrapped = make()\n    __getattr__ = proxy(getattr)\n\
                 class D:\n    def m(self):\n        pass\ndef make():\n    return D()\nLazy(make).m()\n",
    );
    assert_eq!(w.calls("Lazy(make).m()"), ["app.D.m"]);
}

#[test]
fn a_factory_of_defaults_makes_the_elements() {
    let w = app("import collections\nclass D:\n    def m(self):\n        pass\n\
                 a = collections.defaultdict(list)\na['x'].append(1)\nb = collections.defaultdict(D)\nb['x'].m()\n");
    assert_eq!(w.calls("a['x'].append(1)"), ["builtins.list().append"]);
    assert_eq!(w.calls("b['x'].m()"), ["app.D.m"]);
}

#[test]
fn declared_elements_of_containers() {
    let w = app("from typing import Dict, List, Optional\nclass D:\n    def m(self):\n        pass\n\
                 def f(a: list[D], b: Dict[str, List[D]], c: Optional[tuple[int, D]]):\n    a[0].m()\n    for x in a:\n\
                 \x20       x.n()\n        x.m()\n    b['k'][1].m()\n    c[1].m()\n    a.append(1)\n");
    for call in ["a[0].m()", "x.m()", "b['k'][1].m()", "c[1].m()"] {
        assert_eq!(w.calls(call), ["app.D.m"], "{call}");
    }
    assert_eq!(w.calls("a.append(1)"), ["builtins.list.append"]);
}
