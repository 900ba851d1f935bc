//! What of C is one finding, though it stands in several functions or is compiled several times.

use assay_engine::{Date, NoProgress, Request, review};
use assay_source::MemorySystem;
use std::path::PathBuf;

/// The functions of the findings of a check in some files.
fn functions(files: &[(&str, &str)], check: &str) -> Vec<String> {
    let mut system = MemorySystem::new("/p");
    for (path, text) in files {
        system = system.with_file(format!("/p/{path}"), *text);
    }
    let today = Date::parse("2026-01-15").expect("a day");
    let request = Request { jobs: Some(1), ..Request::new(vec![PathBuf::from("/p")], today) };
    let review = review(&request, &system, &NoProgress).expect("the target exists").review;
    let of_check = review.findings.iter().filter(|finding| finding.check == check);
    of_check.map(|finding| finding.place.function.clone()).collect()
}

#[test]
fn uses_of_a_result_that_nothing_looks_at() {
    let text = "#include <stdlib.h>
struct region { int left, right; };
static struct region *region_new(int left) {
    struct region *region = malloc(sizeof *region);
    if (!region) return NULL;
    region->left = left;
    return region;
}
int width(void) { struct region *region = region_new(1); int out = region->left; free(region); return out; }
int middle(void) { struct region *region = region_new(2); int out = region->left; free(region); return out; }
int other(void) { int *other = malloc(4); *other = 1; int out = *other; free(other); return out; }
";
    assert_eq!(functions(&[("a.c", text)], "null-dereference"), ["width", "other"]);
}

#[test]
fn a_file_that_is_included_several_times() {
    let template =
        "int NAME(int kind) { static const int sizes[4] = {1, 2, 3, 4}; return kind == 4 ? sizes[kind] : 0; }\n";
    let text = "#define NAME first\n#include \"pick.h\"\n#undef NAME\n#define NAME second\n#include \"pick.h\"\n";
    assert_eq!(functions(&[("a.c", text), ("pick.h", template)], "out-of-bounds-read").len(), 1);
}

#[test]
fn what_one_helper_takes_in_and_checks_is_one_finding_whoever_asks_it() {
    let text = "from flask import Flask, redirect, request\napp = Flask(__name__)\n
def valid(url):
    return url if not url.startswith('//') else '/'

def back():
    return valid(request.args['next'])

@app.route('/a')
def first():
    return redirect(back())

@app.route('/b')
def second():
    return redirect(back())

@app.route('/c')
def other():
    return redirect(request.args['other'])
";
    assert_eq!(functions(&[("web.py", text)], "open-redirect"), ["web.first", "web.other"]);
}

#[test]
fn paths_that_one_helper_puts_together_are_one_finding_whoever_opens_them() {
    let text = "import os\nfrom flask import Flask, request\napp = Flask(__name__)\n
class Store:
    def __init__(self, root):
        self.root = root

    def path(self, name):
        return os.path.join(self.root, name)

    def read(self, name):
        return open(self.path(name)).read()

    def remove(self, name):
        os.remove(self.path(name))

store = Store('/srv')

@app.route('/a')
def first():
    return store.read(request.args['a'])

@app.route('/b')
def second():
    store.remove(request.args['b'])

@app.route('/c')
def other():
    return open('/srv/' + request.args['c']).read()
";
    assert_eq!(functions(&[("web.py", text)], "path-traversal"), ["web.Store.read", "web.other"]);
}

#[test]
fn a_key_that_is_used_in_several_places_is_one_finding() {
    let text = "import hmac
class Api:
    KEY = b'x8Kq2vTz91LmWn4sPq'
    OTHER = b'k2Wn4sPqx8Kq2vTz91'
    def sign(self, text):
        first = hmac.new(self.KEY, text, 'sha256').digest()
        second = hmac.new(self.KEY, first, 'sha256').digest()
        return hmac.new(self.OTHER, second, 'sha256').digest()
";
    assert_eq!(functions(&[("api.py", text)], "hard-coded-secret").len(), 2);
}

#[test]
fn keys_that_many_clients_carry_for_their_services_are_one_finding() {
    let common = "import requests
class Client:
    def ask(self, url, key):
        return requests.get(url, headers={'X-Key': key}, timeout=5).json()
";
    let client = |service: &str, key: &str| {
        format!(
            "from .common import Client
class {service}(Client):
    api_key = '{key}'
    def items(self):
        return self.ask('https://{service}.example/items', self.api_key)
"
        )
    };
    let (first, second) = (client("One", "x8Kq2vTz91LmWn4sPq"), client("Two", "k2Wn4sPqx8Kq2vTz91"));
    let (third, fourth) = (client("Three", "Wn4sPqx8Kq2vTz91Lm"), client("Four", "z91LmWn4sPqx8Kq2vT"));
    let mut files = vec![
        ("pkg/__init__.py", ""),
        ("pkg/common.py", common),
        ("pkg/a.py", first.as_str()),
        ("pkg/b.py", second.as_str()),
        ("pkg/c.py", third.as_str()),
    ];
    assert_eq!(functions(&files, "hard-coded-secret").len(), 3);
    files.push(("pkg/d.py", fourth.as_str()));
    assert_eq!(functions(&files, "hard-coded-secret"), ["pkg.a.One"]);
}
