//! Classes: construction, methods, order of bases, attributes.

use crate::support::{app, world};

#[test]
fn construction_runs_init_and_gives_an_instance() {
    let w = app("class A:\n    def __init__(self, x):\n        self.x = x\n    def m(self):\n        pass\n\
                 a = A(1)\na.m()\n");
    assert_eq!(w.calls("A(1)"), ["app.A.__init__"]);
    assert_eq!(w.values("A(1)"), ["a app.A"]);
    assert_eq!(w.calls("a.m()"), ["app.A.m"]);
}

#[test]
fn the_method_resolution_order_is_c3() {
    let w = app("class Top:\n    def m(self):\n        pass\n\
                 class Left(Top):\n    pass\n\
                 class Right(Top):\n    def m(self):\n        pass\n\
                 class Both(Left, Right):\n    pass\n\
                 Both().m()\nLeft().m()\n");
    assert_eq!(w.calls("Both().m()"), ["app.Right.m"]);
    assert_eq!(w.calls("Left().m()"), ["app.Top.m"]);
}

#[test]
fn super_follows_the_order_of_bases() {
    let w = app("class A:\n    def m(self):\n        pass\n\
                 class B(A):\n    def m(self):\n        super().m()\n\
                 class C(A):\n    def m(self):\n        super(C, self).m()\n");
    assert_eq!(w.calls("super().m()"), ["app.A.m"]);
    assert_eq!(w.calls("super(C, self).m()"), ["app.A.m"]);
}

#[test]
fn super_in_a_mixin_reaches_what_comes_after_it() {
    let w = app("class Mixin:\n    def m(self):\n        super().m()\n\
                 class Base:\n    def m(self):\n        pass\n\
                 class User(Mixin, Base):\n    pass\n");
    assert_eq!(w.calls("super().m()"), ["app.Base.m"]);
}

#[test]
fn a_call_on_self_reaches_what_subclasses_override() {
    let w = app("class A:\n    def run(self):\n        self.step()\n    def step(self):\n        pass\n\
                 class B(A):\n    def step(self):\n        pass\n");
    assert_eq!(w.calls("self.step()"), ["app.A.step", "app.B.step"]);
}

#[test]
fn an_instance_of_known_class_does_not_reach_overrides_of_others() {
    let w = app("class A:\n    def step(self):\n        pass\n\
                 class B(A):\n    def step(self):\n        pass\n\
                 A().step()\nB().step()\n");
    assert_eq!(w.calls("A().step()"), ["app.A.step"]);
    assert_eq!(w.calls("B().step()"), ["app.B.step"]);
}

#[test]
fn bases_that_are_imported_and_cyclic_bases() {
    let w = world(&[
        ("base.py", "class Base:\n    def m(self):\n        pass\n"),
        ("app.py", "import base\nclass A(base.Base):\n    pass\nA().m()\n"),
        ("odd.py", "class X(Y):\n    pass\nclass Y(X):\n    def m(self):\n        pass\nX().m()\n"),
    ]);
    assert_eq!(w.calls("A().m()"), ["base.Base.m"]);
    assert_eq!(w.calls("X().m()").len(), 1);
}

#[test]
fn static_and_class_methods() {
    let w = app("class A:\n    @staticmethod\n    def s(x):\n        x.t()\n    @classmethod\n    def c(cls, x):\n\
                 \x20       cls.s(x)\n        return cls()\n    def t(self):\n        pass\n\
                 A.s(A())\nA.c(A()).t()\nA().c(A())\n");
    assert_eq!(w.calls("A.s(A())"), ["app.A.s"]);
    assert_eq!(w.calls("A().c(A())"), ["app.A.c"]);
    assert_eq!(w.calls("cls.s(x)"), ["app.A.s"]);
    assert_eq!(w.calls("x.t()"), ["app.A.t"]);
    assert_eq!(w.calls("A.c(A()).t()"), ["app.A.t"]);
}

#[test]
fn properties_are_calls_without_parentheses() {
    let w = app("class Part:\n    def go(self):\n        pass\n\
                 class A:\n    @property\n    def part(self):\n        return Part()\n\
                 \x20   @part.setter\n    def part(self, value):\n        pass\n\
                 A().part.go()\n");
    assert_eq!(w.calls("A().part.go()"), ["app.Part.go"]);
    assert!(w.everything().contains("[fn"), "the getter is an implicit call");
}

#[test]
fn what_libraries_call_a_property_works_like_one() {
    let w = app(
        "from werkzeug.utils import cached_property\nfrom pyramid.decorator import reify\nclass A:\n    def m(self):\n        pass\n\
                 class B:\n    @cached_property\n    def a(self):\n        return A()\n    @reify\n    def b(self):\n        return A()\n\
                 B().a.m()\nB().b.m()\n",
    );
    assert_eq!(w.calls("B().a.m()"), ["app.A.m"]);
    assert_eq!(w.calls("B().b.m()"), ["app.A.m"]);
}

#[test]
fn attributes_are_known_per_class_whatever_method_sets_them() {
    let w = app("class Engine:\n    def start(self):\n        pass\n\
                 class Car:\n    def __init__(self):\n        self.engine = Engine()\n\
                 \x20   def go(self):\n        self.engine.start()\n\
                 class Fast(Car):\n    def race(self):\n        return self.engine.start(1)\n\
                 car = Car()\ncar.extra = Engine()\ncar.extra.start(2)\n");
    assert_eq!(w.calls("self.engine.start()"), ["app.Engine.start"]);
    assert_eq!(w.calls("self.engine.start(1)"), ["app.Engine.start"]);
    assert_eq!(w.calls("car.extra.start(2)"), ["app.Engine.start"]);
}

#[test]
fn class_variables_and_registries_of_classes() {
    let w = app("class A:\n    def m(self):\n        pass\n\
                 class B:\n    kind = A\n    table = {'a': A}\n    def f(self, name):\n\
                 \x20       self.kind().m()\n        self.table[name]().m(1)\n        B.table['a']().m(2)\n");
    assert_eq!(w.calls("self.kind().m()"), ["app.A.m"]);
    assert_eq!(w.calls("self.table[name]().m(1)"), ["app.A.m"]);
    assert_eq!(w.calls("B.table['a']().m(2)"), ["app.A.m"]);
}

#[test]
fn instances_that_are_called_and_that_are_iterated() {
    let w = app("class Item:\n    def use(self):\n        pass\n\
                 class Bag:\n    def __call__(self):\n        pass\n    def __iter__(self):\n        yield Item()\n\
                 \x20   def __getitem__(self, key):\n        return Item()\n\
                 \x20   def __enter__(self):\n        return Item()\n\
                 bag = Bag()\nbag()\nfor one in bag:\n    one.use()\nbag[0].use(1)\nwith bag as held:\n    held.use(2)\n");
    assert_eq!(w.calls("bag()"), ["app.Bag.__call__"]);
    assert_eq!(w.calls("one.use()"), ["app.Item.use"]);
    assert_eq!(w.calls("bag[0].use(1)"), ["app.Item.use"]);
    assert_eq!(w.calls("held.use(2)"), ["app.Item.use"]);
}

#[test]
fn a_class_of_an_instance() {
    let w = app("class A:\n    def m(self):\n        return type(self)()\n    def n(self):\n\
                 \x20       self.__class__().m(1)\n        self.m().n()\n");
    assert_eq!(w.calls("self.__class__().m(1)"), ["app.A.m"]);
    assert_eq!(w.calls("self.m().n()"), ["app.A.n"]);
}

#[test]
fn getattr_with_a_constant_name() {
    let w = app("class A:\n    def m(self):\n        pass\n    def n(self):\n        getattr(self, 'm')()\n");
    assert_eq!(w.calls("getattr(self, 'm')()"), ["app.A.m"]);
}

#[test]
fn a_chain_of_thousands_of_classes_is_cut() {
    let mut text = "class C0:\n    def m(self):\n        pass\n".to_owned();
    for i in 1..5000 {
        text += &["class C", &i.to_string(), "(C", &(i - 1).to_string(), "):\n    pass\n"].concat();
    }
    text += "C9().m()\nC4999().m()\n";
    let w = app(&text);
    assert_eq!(w.calls("C9().m()"), ["app.C0.m"]);
    assert!(w.calls("C4999().m()")[0].starts_with('?'), "{:?}", w.calls("C4999().m()"));
    let hierarchy = &w.resolution.hierarchy;
    let longest = w.resolution.program.classes.ids().map(|c| hierarchy.order(c).len()).max();
    assert_eq!(longest, Some(assay_text::limits::MAX_ANCESTORS));
}

#[test]
fn a_method_that_nothing_calls_is_called_as_the_one_it_overrides() {
    let w = app("class Parser:\n    def add(self):\n        pass\n\
                 class Base:\n    def fill(self, parser):\n        parser.add()\n\
                 def run():\n    Base().fill(Parser())\n\
                 class Sub(Base):\n    def fill(self, p):\n        p.add()  # here\n\
                 class Own:\n    def fill(self, q):\n        q.add()\n");
    assert_eq!(w.calls("p.add()"), ["app.Parser.add"]);
    assert!(w.calls("q.add()")[0].starts_with('?'));
}
