//! Code of Python that calls code in C: the way goes on from one into the other.

use assay_engine::{Date, NoProgress, Request, review};
use assay_finding::StepKind;
use assay_source::MemorySystem;
use std::path::PathBuf;

mod support;

const EXTENSION: &str = r#"
#include <Python.h>

static PyObject *first(PyObject *self, PyObject *args) {
    const char *data;
    Py_ssize_t length;
    int at;
    if (!PyArg_ParseTuple(args, "y#i:first", &data, &length, &at))
        return NULL;
    return PyLong_FromLong(data[at]); // expect: out-of-bounds-read
}

static PyObject *checked(PyObject *self, PyObject *args) {
    const char *data;
    Py_ssize_t length;
    int at;
    if (!PyArg_ParseTuple(args, "y#i:checked", &data, &length, &at))
        return NULL;
    if (at < 0 || at >= length)
        return NULL;
    return PyLong_FromLong(data[at]);
}

static PyObject *keep(PyObject *self, PyObject *args) {
    char kept[16];
    Py_buffer view;
    if (!PyArg_ParseTuple(args, "y*", &view))
        return NULL;
    memcpy(kept, view.buf, view.len); // expect: buffer-overflow
    return PyBytes_FromStringAndSize(kept, 16);
}

static PyMethodDef methods[] = {
    {"first", first, METH_VARARGS, "one byte"},
    {"checked", checked, METH_VARARGS, "one byte"},
    {"keep", keep, METH_VARARGS, "a copy"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_fast", NULL, -1, methods};

PyMODINIT_FUNC PyInit__fast(void) {
    return PyModule_Create(&module);
}
"#;

const CALLER: &str = "import _fast\n\n\ndef head(data, at):\n    return _fast.first(data, at)\n";

const LIBRARY: &str = r"
static int table[8];

int pick(int at) {
    return table[at]; // expect: out-of-bounds-read
}

int pick_checked(int at) {
    if (at < 0 || at >= 8)
        return 0;
    return table[at];
}

int other(int at) {
    return table[at];
}
";

const LOADER: &str = "import ctypes\n\nlibrary = ctypes.CDLL(\"./libtable.so\")\n\n\ndef get(at):\n    return library.pick(at) + library.pick_checked(at)\n";

fn examine(files: &[(&str, &str)]) -> assay_finding::Review {
    let mut system = MemorySystem::new("/p");
    for (path, text) in files {
        system = system.with_file(format!("/p/{path}"), *text);
    }
    let today = Date::parse("2026-01-15").expect("a day");
    let request = Request { jobs: Some(1), ..Request::new(vec![PathBuf::from("/p")], today) };
    review(&request, &system, &NoProgress).expect("the target exists").review
}

/// What the comments in a text say is to be reported.
fn expected(text: &str) -> Vec<(u32, String)> {
    let marked = text.lines().zip(1..);
    marked.filter_map(|(line, number)| Some((number, line.split_once("expect: ")?.1.to_owned()))).collect()
}

fn reported(review: &assay_finding::Review, path: &str) -> Vec<(u32, String)> {
    let sites = support::open_sites(review).into_iter().filter(|(file, ..)| *file == path);
    let mut out: Vec<(u32, String)> = sites.map(|(_, check, line)| (line, check.to_owned())).collect();
    out.sort();
    out.dedup();
    out
}

#[test]
fn what_python_code_passes_to_an_extension_is_not_trusted() {
    let review = examine(&[("_fast.c", EXTENSION), ("app.py", CALLER)]);
    assert_eq!(reported(&review, "_fast.c"), expected(EXTENSION));
    let finding = review.findings.iter().find(|f| f.place.function == "first").expect("it is found");
    let step = finding.trace.first().expect("a step");
    assert_eq!((step.kind, &*review.files.get(step.place.file).path), (StepKind::Call, "app.py"));
    assert_eq!(step.place.function, "app.head");
}

#[test]
fn functions_that_ctypes_calls_are_entries() {
    let review = examine(&[("app.py", LOADER), ("table.c", LIBRARY)]);
    assert_eq!(reported(&review, "table.c"), expected(LIBRARY));
    assert_eq!(reported(&examine(&[("table.c", LIBRARY)]), "table.c"), []);
}
