use crate::support::Tree;
use std::fmt::Write;

/// A project with something of everything: flows across modules, sites in tests, broken files.
fn project() -> Tree {
    let mut tree = Tree::new()
        .with("pyproject.toml", "[project]\nname = 'shop'\n")
        .with("shop/__init__.py", "")
        .with("shop/broken.py", "def f(:\n  pass\n\ndef g(x): return eval(x)\n")
        .with("web/app.js", "eval(location)\n");
    for module in 0..24 {
        let mut text =
            String::from("import os\nimport sqlite3\nfrom flask import Flask, request\n\napp = Flask(__name__)\n");
        for function in 0..8 {
            let other = (module + 1) % 24;
            write!(
                text,
                "\n\n@app.route('/{module}/{function}')\ndef handler_{function}():\n    \
                 from shop.m{other:02} import helper_{function}\n    name = request.args['name']\n    \
                 return helper_{function}(name)\n\n\ndef helper_{function}(value):\n    \
                 db = sqlite3.connect('x')\n    db.execute(\"select * from t where n = '\" + value + \"'\")\n    \
                 os.system('ls ' + value)\n    return open('/srv/' + value).read()\n"
            )
            .expect("writing to a string");
        }
        tree = tree.with(&format!("shop/m{module:02}.py"), &text).with(&format!("tests/test_m{module:02}.py"), &text);
    }
    tree
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let tree = project();
    for format in ["text", "json", "sarif", "markdown"] {
        let run = |jobs: &str| tree.run(&["review", "--format", format, "--jobs", jobs]);
        let (one, two, again) = (run("1"), run("2"), run("2"));
        assert_eq!(one.status, two.status);
        assert!(one.stdout.len() > 500, "{}", one.stdout);
        assert!(one.stdout == two.stdout, "{format}: --jobs 1 and --jobs 2 differ");
        assert!(two.stdout == again.stdout, "{format}: two runs differ");
    }
    let ledger = |jobs: &str| tree.run(&["ledger", "--format", "csv", "--jobs", jobs]).stdout;
    assert!(ledger("1") == ledger("2"), "the ledgers differ");
}
