//! Names that are put together or filled in elsewhere.

use crate::support::{app, world};

#[test]
fn a_plug_in_loader_offers_functions_by_module_and_name() {
    let w = world(&[
        ("salt/modules/cmdmod.py", "__virtualname__ = 'cmd'\ndef run(x):\n    return x.split()\n"),
        ("salt/modules/disk.py", "def list_():\n    pass\n"),
        (
            "salt/states/thing.py",
            "def present(name):\n    __salt__['cmd.run'](name)\n    __salt__['disk.list']()\n    __opts__.get('x')\n\
             \x20   __salt__[name]()\n",
        ),
    ]);
    assert_eq!(w.calls("__salt__['cmd.run'](name)"), ["salt.modules.cmdmod.run"]);
    assert_eq!(w.calls("__salt__['disk.list']()"), ["salt.modules.disk.list_"]);
    assert_eq!(w.calls("__opts__.get('x')"), ["builtins.dict.get"]);
    assert!(w.calls("__salt__[name]()")[0].starts_with('?'));
}

#[test]
fn a_variable_of_the_module_itself_is_no_table() {
    let w = app("__salt__ = {'cmd.run': len}\n__salt__['cmd.run']([])\n");
    assert_eq!(w.calls("__salt__['cmd.run']([])"), ["builtins.len"]);
}

#[test]
fn classes_that_are_registered_as_members_of_a_module() {
    let w = world(&[
        ("pkg/objects/__init__.py", "def register_all():\n    __import__('pkg.objects.net')\n"),
        ("pkg/objects/base.py", "from pkg import objects\ndef hook(cls):\n    setattr(objects, cls.name(), cls)\n"),
        (
            "pkg/objects/net.py",
            "class Net:\n    @classmethod\n    def get(cls):\n        return cls()\n    def up(self):\n        pass\n",
        ),
        ("pkg/api.py", "from pkg import objects\nn = objects.Net.get()\nn.up()\nobjects.Nothing()\n"),
    ]);
    assert_eq!(w.calls("objects.Net.get()"), ["pkg.objects.net.Net.get"]);
    assert_eq!(w.calls("n.up()"), ["pkg.objects.net.Net.up"]);
    assert!(w.calls("objects.Nothing()")[0].starts_with('?'));
}

#[test]
fn a_module_that_nothing_fills_has_no_further_members() {
    let w = world(&[
        ("pkg/objects/__init__.py", ""),
        ("pkg/objects/net.py", "class Net:\n    pass\n"),
        ("pkg/api.py", "from pkg import objects\nobjects.Net()\n"),
    ]);
    assert!(w.calls("objects.Net()")[0].starts_with('?'));
}

#[test]
fn attributes_set_and_asked_for_by_name() {
    let w = app(
        "class A:\n    def m(self):\n        pass\nclass B:\n    def __init__(self):\n        setattr(self, 'a', A())\n\
                 \x20   def f(self):\n        self.a.m()\n",
    );
    assert_eq!(w.calls("self.a.m()"), ["app.A.m"]);
}

#[test]
fn names_of_a_shape_reach_the_methods_of_that_shape() {
    let w = app("class Shell:\n    def run(self, name):\n        getattr(self, 'do_' + name)()\n\
                 \x20       getattr(self, f'on_{name}_event')()\n        getattr(self, 'do_%s' % name, None)()\n\
                 \x20       getattr(self, name)()\n\
                 \x20   def do_this(self):\n        pass\n    def on_x_event(self):\n        pass\n\
                 class More(Shell):\n    def do_that(self):\n        pass\n");
    let both = ["app.More.do_that", "app.Shell.do_this"];
    assert_eq!(w.calls("getattr(self, 'do_' + name)()"), both);
    assert_eq!(w.calls("getattr(self, 'do_%s' % name, None)()"), both);
    assert_eq!(w.calls("getattr(self, f'on_{name}_event')()"), ["app.Shell.on_x_event"]);
    assert!(w.calls("getattr(self, name)()")[0].starts_with('?'));
}

#[test]
fn attributes_of_computed_names_are_what_is_set_there() {
    let w = app("class Style:\n    pass\ndef paint(text):\n    return text\ndef make(roles):\n    style = Style()\n\
                 \x20   for role in roles:\n        setattr(style, role, paint)\n    style.ERROR('x')\n    return style\n\
                 class Plain:\n    pass\nPlain().ERROR('y')\n");
    assert_eq!(w.calls("style.ERROR('x')"), ["app.paint"]);
    assert!(w.calls("Plain().ERROR('y')")[0].starts_with('?'));
}

#[test]
fn a_class_that_gets_anything_by_computed_names_says_nothing_of_them() {
    let w = app("class Bag:\n    def __init__(self, **values):\n        for name, value in values.items():\n\
                 \x20           setattr(self, name, value)\n\
                 def a(): pass\ndef b(): pass\ndef c(): pass\ndef d(): pass\ndef e(): pass\n\
                 bag = Bag(a=a, b=b, c=c, d=d, e=e)\nbag.x()\n");
    assert!(w.calls("bag.x()")[0].starts_with('?'));
}

#[test]
fn modules_of_computed_names() {
    let driver = "class Driver:\n    def open(self):\n        pass\n";
    let w = world(&[
        ("pkg/__init__.py", ""),
        ("pkg/drivers/__init__.py", ""),
        ("pkg/drivers/one/base.py", driver),
        ("pkg/drivers/two/base.py", driver),
        ("pkg/drivers/two/other.py", driver),
        ("elsewhere/base.py", driver),
        (
            "pkg/load.py",
            "import importlib\ndef by_parts(name):\n    m = importlib.import_module('pkg.drivers.%s.base' % name)\n\
             \x20   m.Driver().open()\n    m.missing()\n\
             def relative(name):\n    r = importlib.import_module('.drivers.' + name, package=__package__)\n\
             \x20   r.Driver().open()\n\
             def constant():\n    c = importlib.import_module('pkg.drivers.two.other')\n    c.Driver().open()\n",
        ),
    ]);
    assert_eq!(w.calls("m.Driver().open()"), ["pkg.drivers.one.base.Driver.open", "pkg.drivers.two.base.Driver.open"]);
    assert!(w.calls("m.missing()")[0].starts_with('?'));
    assert_eq!(w.calls("r.Driver().open()").len(), 3);
    assert_eq!(w.calls("c.Driver().open()"), ["pkg.drivers.two.other.Driver.open"]);
}

#[test]
fn a_module_of_an_unknown_name_is_one_that_makes_what_is_asked_of_it() {
    let w = world(&[
        ("pkg/plugin.py", "class Migration:\n    def apply(self):\n        pass\n"),
        ("pkg/user.py", "from pkg.plugin import Migration\n"),
        ("pkg/load.py", "import importlib\ndef f(name):\n    importlib.import_module(name).Migration().apply()\n"),
    ]);
    assert_eq!(w.calls("importlib.import_module(name).Migration().apply()"), ["pkg.plugin.Migration.apply"]);
}

#[test]
fn members_named_by_a_dotted_text() {
    let w = world(&[
        ("pkg/auth.py", "class Backend:\n    def login(self):\n        pass\n"),
        (
            "pkg/load.py",
            "from django.utils.module_loading import import_string\n\
             backend = import_string('pkg.auth.Backend')()\nbackend.login()\n",
        ),
    ]);
    assert_eq!(w.calls("backend.login()"), ["pkg.auth.Backend.login"]);
}
