//! In a library, what callers pass to public functions counts where it is not meant just as it is used.

use assay_engine::{Date, NoProgress, Request, review};
use assay_source::MemorySystem;
use std::path::PathBuf;

mod support;

const STORE: &str = r#"
import os


class Store:
    def __init__(self, root):
        self.root = root
        self.index = open(os.path.join(root, "index"))

    def _path(self, name):
        return os.path.join(self.root, name)

    def load(self, name):
        return open(self._path(name)).read()  # expect: path-traversal

    def remove(self, name):
        os.remove(os.path.join(self.root, name))  # expect: path-traversal

    def copy(self, name):
        return open(os.path.join(self.root, os.path.basename(name))).read()

    def restore(self, path):
        return open(path).read()


def download(folder, entry):
    target = os.path.join(folder, entry.key)
    with open(target, "wb") as handle:  # expect: path-traversal
        handle.write(entry.body)


def save(folder, name):
    with open(os.path.join(folder, name), "wb") as handle:
        handle.write(b"")


class Entry:
    def __init__(self):
        self.number = 1


def page(folder, entry):
    return open(os.path.join(folder, "%s.txt" % entry)).read()


def first(folder):
    return page(folder, Entry())
"#;

const CLIENT: &str = r#"
class Client:
    def __init__(self, transport):
        self.transport = transport

    def redirect(self, url):
        head = "HTTP/1.1 303 See Other\r\n"
        head += "Location: %s\r\n\r\n" % url
        self.transport.write(head.encode())  # expect: header-injection

    def host(self, name):
        if "\r" in name or "\n" in name:
            raise ValueError(name)
        self.transport.write(("Host: %s\r\n" % name).encode())

    def note(self, text):
        self.transport.write("%s\r\n" % text)
"#;

const DRIVER: &str = r#"
import sqlite3


class Cursor:
    def __init__(self, connection):
        self.connection = connection

    def execute(self, statement, values=None):
        return self.connection.send(statement, values)

    def fetchone(self):
        return self.connection.receive()

    def fetchall(self):
        return list(self.connection)

    def callproc(self, name, values):
        return self.execute(f"CALL {name}()", values)


def describe(database, operations, table):
    cursor = sqlite3.connect(database).cursor()
    cursor.execute("PRAGMA table_info(%s)" % operations.quote_name(table))
    return cursor.fetchall()


def count(database, table):
    cursor = sqlite3.connect(database).cursor()
    cursor.execute("SELECT COUNT(*) FROM %s" % table)  # expect: sql-injection
    return cursor.fetchall()
"#;

const SPOOL: &str = r"
import os
import tempfile


def scratch(root, name):
    return tempfile.mkdtemp(dir=os.path.join(root, name))
";

const CONVERTER: &str = r#"
import os
import subprocess
import sys


class Converter:
    def __init__(self, source):
        self.source = source

    def convert(self):
        command = ["convert"]
        command.append(self.source)
        return subprocess.call(" ".join(command), shell=True)  # expect: command-injection

    def convert_apart(self):
        command = ["convert"]
        command.append(self.source)
        return subprocess.call(command)


def start(command):
    return subprocess.call("".join([command]), shell=True)


def interpret(arguments):
    prefix = [sys.executable]
    if arguments:
        prefix += [os.path.dirname(__file__)]
    return subprocess.Popen(prefix + arguments, shell=False)
"#;

/// A server to try the library with does not make it a service.
const EXAMPLE: &str = r#"
from flask import Flask, request

from store import Store

app = Flask(__name__)


@app.route("/")
def show():
    return request.args["name"]
"#;

#[test]
fn parts_of_paths_heads_and_statements_count_and_what_is_meant_as_it_is_does_not() {
    let files = [
        ("store.py", STORE),
        ("client.py", CLIENT),
        ("driver.py", DRIVER),
        ("spool.py", SPOOL),
        ("converter.py", CONVERTER),
        ("tests_site/serve.py", EXAMPLE),
    ];
    let system = files.iter().fold(MemorySystem::new("/p"), |s, (name, text)| s.with_file(format!("/p/{name}"), *text));
    let today = Date::parse("2026-01-15").expect("a day");
    let request = Request { threat: None, ..Request::new(vec![PathBuf::from("/p")], today) };
    let reviewed = review(&request, &system, &NoProgress).expect("the target exists");
    let mut expected = Vec::new();
    for (name, text) in files {
        for (line, code) in (1u32..).zip(text.lines()) {
            if let Some((_, check)) = code.split_once("# expect: ") {
                expected.push((name, check, line));
            }
        }
    }
    let mut open: Vec<_> = support::open_sites(&reviewed.review)
        .into_iter()
        .filter(|(_, check, _)| {
            matches!(*check, "path-traversal" | "header-injection" | "sql-injection" | "command-injection")
        })
        .collect();
    open.sort_unstable();
    expected.sort_unstable();
    assert_eq!(open, expected);
}

/// A store beside code that answers requests without any framework that says who calls what.
const SERVED: &str = r#"
import sqlite3


def count(database, table):
    cursor = sqlite3.connect(database).cursor()
    cursor.execute("SELECT COUNT(*) FROM %s" % table)
    return cursor.fetchall()


def find(database, name):
    cursor = sqlite3.connect(database).cursor()
    cursor.execute("SELECT * FROM users WHERE name = '%s'" % name)
    return cursor.fetchall()
"#;

const APPLICATION: &str = r#"
from werkzeug.wrappers import Request, Response

from .served import find

HANDLERS = {}


class Application:
    def __call__(self, environ, start_response):
        request = Request(environ)
        rows = find("users.db", request.args["name"])
        return Response(str(len(rows)))(environ, start_response)
"#;

#[test]
fn a_program_that_reads_requests_is_no_library() {
    let today = Date::parse("2026-01-15").expect("a day");
    let open = |files: &[(&str, &str)]| {
        let system = MemorySystem::new("/p").with_file("/p/app/__init__.py", "");
        let system = files.iter().fold(system, |s, (name, text)| s.with_file(format!("/p/app/{name}"), *text));
        let request = Request::new(vec![PathBuf::from("/p")], today);
        let reviewed = review(&request, &system, &NoProgress).expect("the target exists");
        let open = support::open_sites(&reviewed.review).into_iter();
        open.filter(|(_, check, _)| *check == "sql-injection").map(|(_, _, line)| line).collect::<Vec<_>>()
    };
    assert_eq!(open(&[("served.py", SERVED)]), [7, 13]);
    assert_eq!(open(&[("served.py", SERVED), ("application.py", APPLICATION)]), [13]);
}

/// What a caller passes is kept in an attribute, which several functions read.
const MESSAGE: &str = r#"
import io
import struct


class Message:
    def __init__(self, content):
        self.packet = io.BytesIO(content)

    def get_int(self):
        return struct.unpack(">I", self.packet.read(4))[0]


def keys(blob):
    message = Message(blob)
    return [i for i in range(message.get_int())]


class Attributes:
    def load(self, message):
        for i in range(Message.get_int(message)):
            print(i)

    def names(self, other):
        message = Message(other.data)
        for i in range(message.get_int()):
            print(i)
"#;

#[test]
fn what_is_kept_and_read_in_several_places_is_one_finding_that_starts_where_it_comes_in() {
    let system = MemorySystem::new("/p").with_file("/p/message.py", MESSAGE);
    let today = Date::parse("2026-01-15").expect("a day");
    let request = Request { threat: None, ..Request::new(vec![PathBuf::from("/p")], today) };
    let reviewed = review(&request, &system, &NoProgress).expect("the target exists").review;
    let found: Vec<_> = reviewed.findings.iter().filter(|f| f.check == "uncontrolled-amount").collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    let sources = found[0].trace.iter().filter(|step| step.kind == assay_finding::StepKind::Source);
    assert_eq!(sources.count(), 1, "{:#?}", found[0].trace);
}

/// A tool that is installed for its command, with functions that it calls itself and one that it does not.
const TOOL: &str = r#"
import os
import pickle
import subprocess


class Operation:
    def __init__(self):
        self.parts = []


def main():
    clean(os.getcwd(), "a")
    show(Operation())


def clean(folder, name):
    os.remove(os.path.join(CACHE, name))
    subprocess.run("rm -r %s" % folder, shell=True)


def other(name):
    os.remove(os.path.join(CACHE, name))


CACHE = "/srv/cache/"
"#;

/// What a library does with objects that callers pass.
const OBJECTS: &str = r#"
import os
import pickle


class State:
    def keep(self):
        with open("/srv/state", "wb") as handle:
            pickle.dump(self.__dict__, handle)

    def again(self):
        with open("/srv/state", "rb") as handle:
            return pickle.load(handle)


class Cache:
    def __init__(self, path):
        self.path = os.path.expanduser(path)

    def keep(self):
        with open(self.path, "wb") as handle:
            pickle.dump(self.__dict__, handle)

    def again(self):
        with open(self.path, "rb") as handle:
            return pickle.load(handle)


def expand(operation, values):
    return operation.template.format(**values)


def fill(template, values):
    return template.format(**values)


def write(configuration, name):
    with open(configuration._folder + "/fonts", "wb") as handle:
        handle.write(b"")
"#;

/// The same without the function that writes.
const MODEL: &str = r#"
import pickle


def model():
    with open("/srv/model", "rb") as handle:
        return pickle.load(handle)
"#;

fn lines(files: &[(&str, &str)]) -> Vec<(String, u32)> {
    let today = Date::parse("2026-01-15").expect("a day");
    let system = files.iter().fold(MemorySystem::new("/p"), |s, (name, text)| s.with_file(format!("/p/{name}"), *text));
    let request = Request { threat: None, ..Request::new(vec![PathBuf::from("/p")], today) };
    let reviewed = review(&request, &system, &NoProgress).expect("the target exists");
    let open = support::open_sites(&reviewed.review).into_iter();
    open.map(|(_, check, line)| (check.to_owned(), line)).collect()
}

#[test]
fn what_a_command_passes_to_its_own_functions_is_not_passed_by_strangers() {
    let script = "[project]\nname = \"tool\"\n\n[project.scripts]\ntool = \"tool:main\"\n";
    let found = |files: &[(&str, &str)]| {
        let of_paths = lines(files).into_iter();
        let mut found: Vec<u32> = of_paths
            .filter(|(check, _)| matches!(check.as_str(), "path-traversal" | "command-injection"))
            .map(|(_, line)| line)
            .collect();
        found.sort_unstable();
        found
    };
    assert_eq!(found(&[("tool.py", TOOL)]), [18, 19, 23]);
    assert_eq!(found(&[("tool.py", TOOL), ("pyproject.toml", script)]), [23]);
}

#[test]
fn what_an_object_keeps_or_brings_along_is_not_what_callers_pass() {
    let found: Vec<_> = lines(&[("objects.py", OBJECTS)])
        .into_iter()
        .filter(|(check, _)| matches!(check.as_str(), "format-string" | "path-traversal" | "unsafe-deserialization"))
        .collect();
    // Where a cache lies is for those to say who make it.
    assert_eq!(found, [("unsafe-deserialization".to_owned(), 26), ("format-string".to_owned(), 34)]);
    let model = lines(&[("model.py", MODEL)]);
    assert!(model.contains(&("unsafe-deserialization".to_owned(), 7)), "{model:?}");
}
