//! Names across modules.

use crate::support::world;

#[test]
fn absolute_and_relative_imports_find_the_same_function() {
    let w = world(&[
        ("pkg/__init__.py", ""),
        ("pkg/tools.py", "def work():\n    pass\n"),
        ("pkg/sub/__init__.py", ""),
        (
            "pkg/sub/user.py",
            "import pkg.tools\nimport pkg.tools as t\nfrom pkg import tools\nfrom .. import tools as up\n\
             from ..tools import work\nfrom pkg.tools import work as alias\n\
             pkg.tools.work()\nt.work(1)\ntools.work(2)\nup.work(3)\nwork(4)\nalias(5)\n",
        ),
    ]);
    for call in ["pkg.tools.work()", "t.work(1)", "tools.work(2)", "up.work(3)", "work(4)", "alias(5)"] {
        assert_eq!(w.calls(call), ["pkg.tools.work"], "{call}");
    }
}

#[test]
fn a_script_called_as_a_library_is_meant_beside_it_only() {
    let files = [
        ("p//app/__init__.py", ""),
        ("p//app/main.py", "import yaml\nyaml.load(1)\n"),
        ("p/tools//yaml.py", "def own():\n    pass\n"),
        ("p/tools//helper.py", "def work():\n    pass\n"),
        ("p//app/other.py", "import helper\nhelper.work()\n"),
    ];
    let apart = world(&files);
    assert_eq!(apart.calls("yaml.load(1)"), ["yaml.load"]);
    assert_eq!(apart.values("yaml"), ["yaml"]);
    assert_eq!(apart.values("helper"), ["module helper"], "no library is known by that name");
    let mut beside = files;
    beside[1] = ("p/tools//main.py", "import yaml\nyaml.own()\n");
    assert_eq!(world(&beside).values("yaml"), ["module yaml"]);
}

#[test]
fn the_folder_of_a_file_decides_between_modules_of_one_name() {
    let w = world(&[
        ("a//app/__init__.py", ""),
        ("a//app/db.py", "def run():\n    pass\n"),
        ("a//app/main.py", "from app.db import run\nrun(1)\n"),
        ("b/app/__init__.py", ""),
        ("b/app/db.py", "def run():\n    pass\n"),
        ("b/app/main.py", "from app.db import run\nrun(2)\nimport app.db\napp.db.run(3)\n"),
        ("c/tools/db.py", "def run():\n    pass\n"),
        ("c/main.py", "from tools.db import run\nrun(4)\nimport tools.db\ntools.db.run(5)\n"),
    ]);
    assert_eq!(w.calls("run(1)"), ["app.db.run"]);
    assert_eq!(w.calls("run(2)"), ["b.app.db.run"]);
    assert_eq!(w.calls("app.db.run(3)"), ["b.app.db.run"]);
    assert_eq!(w.calls("run(4)"), ["c.tools.db.run"]);
    assert_eq!(w.calls("tools.db.run(5)"), ["c.tools.db.run"]);
}

#[test]
fn dunder_import_gives_the_package_or_the_module() {
    let w = world(&[
        ("pkg/__init__.py", ""),
        ("pkg/db.py", "def run():\n    pass\n"),
        ("main.py", "a = __import__('pkg.db')\na.db.run(1)\nb = __import__('pkg.db', fromlist=['run'])\nb.run(2)\n"),
    ]);
    assert_eq!(w.calls("a.db.run(1)"), ["pkg.db.run"]);
    assert_eq!(w.calls("b.run(2)"), ["pkg.db.run"]);
}

#[test]
fn a_package_reexports_and_its_init_counts_one_level() {
    let w = world(&[
        ("pkg/__init__.py", "from .impl import run\nfrom . import impl as inner\n"),
        ("pkg/impl.py", "def run():\n    pass\n"),
        ("main.py", "import pkg\npkg.run()\npkg.inner.run()\npkg.impl.run()\n"),
    ]);
    for call in ["pkg.run()", "pkg.inner.run()", "pkg.impl.run()"] {
        assert_eq!(w.calls(call), ["pkg.impl.run"], "{call}");
    }
}

#[test]
fn folders_without_init_are_packages() {
    let w = world(&[
        ("space/one/mod.py", "def f():\n    pass\n"),
        ("main.py", "import space.one.mod\nfrom space.one import mod\nspace.one.mod.f()\nmod.f()\n"),
    ]);
    assert_eq!(w.calls("space.one.mod.f()"), ["space.one.mod.f"]);
    assert_eq!(w.calls("mod.f()"), ["space.one.mod.f"]);
}

#[test]
fn star_imports_chain_and_end_in_cycles() {
    let w = world(&[
        ("a.py", "from b import *\nfrom c import *\n"),
        ("b.py", "from a import *\n"),
        ("c.py", "def deep():\n    pass\n"),
        ("main.py", "from a import *\ndeep()\nmissing()\n"),
    ]);
    assert_eq!(w.calls("deep()"), ["c.deep"]);
    assert_eq!(w.calls("missing()"), ["? a name that nothing defines"]);
}

#[test]
fn a_package_means_its_own_module_by_a_name_that_comes_back_to_it() {
    let w = world(&[
        ("pkg/__init__.py", "from pkg.user import *\nfrom pkg.other import *\n"),
        ("pkg/fields.py", "def text():\n    pass\n"),
        ("pkg/user.py", "from pkg import fields\nfrom pkg import shared\nfields.text()\nshared.run(1)\n"),
        ("pkg/other.py", "from . import fields\nclass shared:\n    def run(self):\n        pass\nfields.text(2)\n"),
        ("pkg/shared.py", "def run():\n    pass\n"),
    ]);
    assert_eq!(w.calls("fields.text()"), ["pkg.fields.text"]);
    assert_eq!(w.calls("fields.text(2)"), ["pkg.fields.text"]);
    // What a module that the package takes everything of defines itself stands for the name.
    assert_eq!(w.calls("shared.run(1)"), ["pkg.other.shared.run"]);
}

#[test]
fn modules_that_import_each_other() {
    let w = world(&[("a.py", "import b\ndef f():\n    b.g()\n"), ("b.py", "from a import f\ndef g():\n    f()\n")]);
    assert_eq!(w.calls("b.g()"), ["b.g"]);
    assert_eq!(w.calls("f()"), ["a.f"]);
}

#[test]
fn an_import_within_a_function_and_one_under_try() {
    let w = world(&[
        ("fast.py", "def go():\n    pass\n"),
        ("slow.py", "def go():\n    pass\n"),
        (
            "main.py",
            "try:\n    from fast import go\nexcept ImportError:\n    from slow import go\n\
             def f():\n    import fast as quick\n    quick.go()\n    go(1)\n",
        ),
    ]);
    assert_eq!(w.calls("quick.go()"), ["fast.go"]);
    assert_eq!(w.calls("go(1)"), ["fast.go", "slow.go"]);
}

#[test]
fn what_is_not_in_the_program_is_a_library() {
    let w = world(&[("main.py", "import unheard.of\nfrom nowhere import thing\nunheard.of.f()\nthing.g()\n")]);
    assert_eq!(w.calls("unheard.of.f()"), ["unheard.of.f"]);
    assert_eq!(w.calls("thing.g()"), ["nowhere.thing.g"]);
}

#[test]
fn an_import_beyond_the_top_is_no_panic() {
    let w = world(&[("main.py", "from ..... import x\nfrom .... import *\nx()\ny()\n")]);
    assert!(w.calls("x()")[0].starts_with('?'), "{:?}", w.calls("x()"));
    assert!(w.calls("y()")[0].starts_with('?'));
}

#[test]
fn modules_that_all_star_import_each_other_are_searched_once() {
    let names: Vec<String> = (0..24).map(|i| format!("m{i}.py")).collect();
    let stars: String = (0..24).map(|i| ["from m", &i.to_string(), " import *\n"].concat()).collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), stars.as_str())).collect();
    files.push(("last.py", "def found():\n    pass\n"));
    let with_last = format!("{stars}from last import *\n");
    files[23].1 = &with_last;
    files.push(("main.py", "from m0 import *\nnowhere()\nfound()\n"));
    let w = world(&files);
    assert_eq!(w.calls("nowhere()"), ["? a name that nothing defines"]);
    assert_eq!(w.calls("found()"), ["last.found"]);
}
