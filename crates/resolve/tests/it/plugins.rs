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
