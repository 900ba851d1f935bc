//! Values of libraries, and functions that libraries call.

use crate::support::{app, world};

#[test]
fn a_library_value_is_known_by_the_path_that_made_it() {
    let w = app("import sqlite3\nfrom subprocess import Popen as P\nimport os.path\n\
                 sqlite3.connect('db').cursor().execute('x')\nP('ls').wait()\nos.path.join('a', 'b')\n");
    assert_eq!(w.calls("sqlite3.connect('db').cursor().execute('x')"), ["sqlite3.Cursor.execute"]);
    assert_eq!(w.values("sqlite3.connect('db').cursor()"), ["sqlite3.Cursor"]);
    assert_eq!(w.calls("os.path.join('a', 'b')"), ["os.path.join"]);
    assert_eq!(w.calls("P('ls')"), ["subprocess.Popen"]);
}

#[test]
fn library_values_travel_through_attributes_and_calls() {
    let w = app("import sqlite3\nclass Store:\n    def __init__(self):\n        self.db = sqlite3.connect('x')\n\
                 \x20   def cursor(self):\n        return self.db.cursor()\n\
                 def use(store: Store):\n    with store.cursor() as c:\n        c.execute('q')\n\
                 def other(cur):\n    cur.executemany('q')\nother(Store().cursor())\n");
    assert_eq!(w.calls("cur.executemany('q')"), ["sqlite3.Cursor.executemany"]);
    assert_eq!(w.calls("c.execute('q')").len(), 1);
    assert!(w.calls("c.execute('q')")[0].starts_with("sqlite3.Cursor"), "{:?}", w.calls("c.execute('q')"));
}

#[test]
fn awaiting_a_library_value_is_a_step_that_models_may_know() {
    let w = app("import asyncio\nimport unheard\nasync def f():\n\
                 \x20   p = await asyncio.create_subprocess_exec('ls')\n    await p.wait()\n\
                 \x20   u = await unheard.get()\n    u.read()\n");
    assert_eq!(w.calls("p.wait()"), ["asyncio.Process.wait"]);
    assert_eq!(w.calls("u.read()"), ["unheard.get().read"]);
}

#[test]
fn methods_inherited_from_a_library() {
    let w = app("import threading\nclass Worker(threading.Thread):\n    def go(self):\n        self.start()\n\
                 \x20       super().join()\nWorker().start()\n");
    for call in ["self.start()", "Worker().start()"] {
        assert_eq!(w.calls(call), ["threading.Thread.start"], "{call}");
    }
    assert_eq!(w.calls("super().join()"), ["threading.Thread.join"]);
}

#[test]
fn methods_of_literals_are_those_of_the_built_in_types() {
    let w = app("'a'.join(['b'])\nf'{1}'.encode()\n[].sort()\n{}.items()\nlen('x')\n");
    assert_eq!(w.calls("'a'.join(['b'])"), ["builtins.str.join"]);
    assert_eq!(w.calls("f'{1}'.encode()"), ["builtins.str.encode"]);
    assert_eq!(w.calls("[].sort()"), ["builtins.list.sort"]);
    assert_eq!(w.calls("{}.items()"), ["builtins.dict.items"]);
    assert_eq!(w.calls("len('x')"), ["builtins.len"]);
}

#[test]
fn a_module_variable_hides_the_built_in() {
    let w = app("def open(x):\n    pass\nopen('f')\nprint('f')\n");
    assert_eq!(w.calls("open('f')"), ["app.open"]);
    assert_eq!(w.calls("print('f')"), ["builtins.print"]);
}

#[test]
fn a_flask_route_is_an_entry_point() {
    let w = app("import flask\napp = flask.Flask(__name__)\nbp = flask.Blueprint('b', __name__)\n\
                 @app.route('/')\ndef index():\n    return 'x'\n\
                 @bp.route('/<name>', methods=['POST'])\ndef named(name):\n    return name\n\
                 def plain():\n    pass\n\
                 app.add_url_rule('/p', view_func=plain)\ndef helper():\n    pass\n");
    let entries = w.entries();
    let names: Vec<&str> = entries.iter().filter_map(|e| e.split(' ').next()).collect();
    assert_eq!(names, ["app.index", "app.named", "app.plain"]);
}

#[test]
fn methods_of_message_endpoints_are_entry_points() {
    let w = world(&[(
        "app.py",
        "import oslo_messaging\nclass Api:\n    def create(self, context, item):\n        pass\n\
             \x20   def _helper(self):\n        pass\n\
             class Base(Api):\n    def update(self, context):\n        pass\n\
             endpoints = [Base()]\n\
             server = oslo_messaging.get_rpc_server(None, None, endpoints)\n",
    )]);
    let entries = w.entries();
    assert!(entries.iter().any(|e| e.starts_with("app.Api.create ")), "{entries:?}");
    assert!(entries.iter().any(|e| e.starts_with("app.Base.update ")), "{entries:?}");
    assert!(!entries.iter().any(|e| e.contains("_helper")), "{entries:?}");
}

#[test]
fn methods_of_a_handler_class_are_entry_points() {
    let w = app("from http.server import BaseHTTPRequestHandler\nclass H(BaseHTTPRequestHandler):\n\
                 \x20   def do_GET(self):\n        self.path.lower()\n    def other(self):\n        pass\n");
    let entries = w.entries();
    assert_eq!(entries.len(), 1, "{entries:?}");
    assert!(entries[0].starts_with("app.H.do_GET "), "{entries:?}");
}

#[test]
fn library_functions_pass_elements_on() {
    let w = app("def one():\n    pass\ndef two():\n    pass\ntable = {'a': one, 'b': two}\n\
                 for name, f in table.items():\n    f(name)\nfor f2 in table.values():\n    f2()\n\
                 for i, g in enumerate([one]):\n    g()\nfor h, k in zip([one], (two,)):\n    h()\n    k()\n\
                 for m in sorted([two]):\n    m()\ncopy = dict(table)\ncopy['b']()\ntable.get('a')(1)\n");
    // What the models say of the container's type is found besides.
    let found = |call: &str, target: &str| assert!(w.calls(call).contains(&target.to_owned()), "{:?}", w.calls(call));
    for call in ["f(name)", "f2()"] {
        found(call, "app.one");
        found(call, "app.two");
    }
    for (call, target) in [("g()", "app.one"), ("h()", "app.one"), ("k()", "app.two"), ("m()", "app.two")] {
        found(call, target);
    }
    found("copy['b']()", "app.two");
    found("table.get('a')(1)", "app.one");
}

#[test]
fn library_functions_call_what_they_are_given() {
    let w = app("class A:\n    def m(self):\n        return self\n\
                 list(map(lambda x: x.m(), [A()]))\nsorted([A()], key=lambda y: y.m())\n\
                 def turn(z):\n    return z.m()\nfor r in map(turn, [A()]):\n    r.m()\n");
    assert_eq!(w.calls("x.m()"), ["app.A.m"]);
    assert_eq!(w.calls("y.m()"), ["app.A.m"]);
    assert_eq!(w.calls("z.m()"), ["app.A.m"]);
    assert!(w.calls("r.m()").contains(&"app.A.m".to_owned()), "{:?}", w.calls("r.m()"));
}

#[test]
fn an_element_stored_later_is_seen_by_an_earlier_read() {
    let w = app(
        "handlers = {}\ndef run(name):\n    handlers[name]()\ndef register(name, f):\n    handlers[name] = f\n\
                 def work():\n    pass\nregister('w', work)\nplugins = []\ndef all_of():\n    for p in plugins:\n        p()\n\
                 plugins.append(work)\nplugins += [run]\n",
    );
    assert_eq!(w.calls("handlers[name]()"), ["app.work"]);
    assert!(w.calls("p()").contains(&"app.work".to_owned()), "{:?}", w.calls("p()"));
}

#[test]
fn what_a_framework_hands_out_is_of_the_class_that_the_program_derives() {
    let w = app("import flask\nfrom flask import current_app\nclass Store:\n    def read(self):\n        pass\n\
                 class App(flask.Flask):\n    def __init__(self):\n        super().__init__('x')\n        self.store = Store()\n\
                 \x20   def own(self):\n        pass\n\
                 class Odd(flask.Flask):\n    def both(self):\n        pass\nclass Even(flask.Flask):\n    def both(self):\n        pass\n\
                 def view():\n    current_app.store.read()\n    current_app.own()\n    current_app.both()\n\
                 \x20   current_app.register_blueprint(None)\n");
    assert_eq!(w.calls("current_app.store.read()"), ["app.Store.read"]);
    assert_eq!(w.calls("current_app.own()"), ["app.App.own"]);
    assert_eq!(w.calls("current_app.both()"), ["flask.Flask.both"], "two classes have it");
    assert_eq!(w.calls("current_app.register_blueprint(None)"), ["flask.Flask.register_blueprint"]);
}
