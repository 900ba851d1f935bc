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
