//! Data that goes through what the language itself runs or keeps: methods that no call names, mappings of variables and
//! of attributes, variables of functions around.

use assay_engine::{Date, NoProgress, Request, review};
use assay_source::MemorySystem;
use std::path::PathBuf;

mod support;

const HEAD: &str = "\
import dataclasses
import os
import subprocess
from flask import Flask, request

app = Flask(__name__)


";

/// The program is reported where its comments say so, and nowhere else.
#[track_caller]
fn check(program: &str) {
    let text = format!("{HEAD}{program}");
    let expected: Vec<(String, u32)> = (1..)
        .zip(text.lines())
        .filter_map(|(line, code)| Some((code.split_once("# expect: ")?.1.to_owned(), line)))
        .collect();
    let today = Date::parse("2026-01-15").expect("a day");
    let system = MemorySystem::new("/p").with_file("/p/app.py", text);
    let request = Request { jobs: Some(1), ..Request::new(vec![PathBuf::from("/p")], today) };
    let reviewed = review(&request, &system, &NoProgress).expect("the target exists");
    let open = support::open_sites(&reviewed.review).into_iter();
    let mut found: Vec<(String, u32)> = open
        .filter(|(_, check, _)| check.ends_with("-injection"))
        .map(|(_, check, line)| (check.to_owned(), line))
        .collect();
    found.sort_by_key(|(_, line)| *line);
    assert_eq!(found, expected, "{program}");
}

#[test]
fn what_a_mapping_gave_is_still_in_it() {
    check(
        r#"
@app.route("/")
def view():
    groups = {}
    groups.setdefault("a", []).append(request.args["q"])
    groups.setdefault("b", []).append("ls")
    os.system(groups["a"][0])  # expect: command-injection
    os.system(groups["b"][0])
    return ""
"#,
    );
}

#[test]
fn what_a_method_gave_is_still_in_the_object() {
    check(
        r#"
JOBS = {}


def jobs(queue):
    return JOBS.setdefault(queue, [])


class Groups:
    def __init__(self):
        self.members = {}

    def of(self, name):
        if name not in self.members:
            self.members[name] = []
        return self.members[name]

    def names(self):
        return list(self.members)

    def show(self):
        os.system(self.members["a"][0])  # expect: command-injection


@app.route("/")
def view():
    groups = Groups()
    groups.of("a").append(request.args["q"])
    groups.show()
    jobs("first").append(request.args["q"])
    os.system(JOBS["first"][0])  # expect: command-injection
    return ""
"#,
    );
}

#[test]
fn the_variables_of_a_function_are_a_mapping() {
    check(
        r#"
@app.route("/")
def view():
    name = request.args["q"]
    other = "a"
    os.system("ls %(other)s" % locals())
    os.system("ls %(name)s" % locals())  # expect: command-injection
    os.system("ls {name}".format(**locals()))  # expect: command-injection
    name = "b"
    os.system("ls %(name)s" % locals())
    return ""


def count(locals):
    os.system("ls %(name)s" % locals())
"#,
    );
}

#[test]
fn the_attributes_of_an_object_are_a_mapping() {
    check(
        r#"
class Job:
    def __init__(self, name, number):
        self.name = name
        self.number = int(number)

    def show(self):
        os.system("ls %(name)s" % self.__dict__)  # expect: command-injection
        os.system("ls %(name)s" % vars(self))  # expect: command-injection
        os.system("ls %(number)s" % vars(self))


@app.route("/")
def view():
    Job(request.args["q"], request.args["n"]).show()
    return ""
"#,
    );
}

#[test]
fn attributes_are_set_under_names_that_the_code_does_not_show() {
    check(
        r#"
class Options:
    color = "red"

    def __init__(self, **options):
        self.__dict__.update(options)


class Settings:
    def __init__(self, **options):
        for name, value in options.items():
            setattr(self, name, value)
        self.fixed = "a"


@app.route("/")
def view():
    options = Options(name=request.args["q"], kind="a")
    os.system(options.name)  # expect: command-injection
    os.system(options.kind)
    settings = Settings(name=request.args["q"])
    os.system(settings.name)  # expect: command-injection
    os.system(settings.fixed)
    return ""
"#,
    );
}

#[test]
fn stores_and_loops_run_methods() {
    check(
        r#"
class Store:
    def __init__(self):
        self.kept = {}

    def __setitem__(self, name, value):
        os.system("touch " + name)  # expect: command-injection
        os.system("echo " + value)

    def __iter__(self):
        for name in self.kept:
            yield name


class Names:
    def __init__(self, names):
        self.names = names

    def __iter__(self):
        return iter(self.names)


class Row:
    @property
    def title(self):
        return self._title

    @title.setter
    def title(self, title):
        os.system(title)  # expect: command-injection
        self._title = title


@dataclasses.dataclass
class Task:
    name: str
    user: str = "root"

    def __post_init__(self):
        os.system("run " + self.name)  # expect: command-injection
        os.system("run " + self.user)


@app.route("/")
def view():
    store = Store()
    store[request.args["q"]] = "a"
    for name in store:
        os.system(name)
    for name in Names(request.args["q"].split()):
        os.system(name)  # expect: command-injection
    Row().title = request.args["q"]
    Task(request.args["q"])
    return ""
"#,
    );
}

#[test]
fn functions_within_set_variables() {
    check(
        r#"
@app.route("/")
def view():
    name = ""
    other = ""

    def ask():
        nonlocal name
        other = request.args["q"]
        name = other

    ask()
    os.system(name)  # expect: command-injection
    os.system(other)
    return ""


def run(command):
    def start():
        return command

    start()
    return command


@app.route("/same")
def same():
    run(request.args["q"])
    os.system(run("ls"))
    return ""
"#,
    );
}

#[test]
fn classes_that_are_mixed_share_attributes() {
    check(
        r#"
class Runs:
    def run(self):
        os.system(self.command)  # expect: command-injection
        os.system(self.folder)


class Named:
    def __init__(self, command):
        self.command = command


class Job(Runs, Named):
    pass


class Other:
    def __init__(self, folder):
        self.folder = folder


@app.route("/")
def view():
    Job(request.args["q"]).run()
    Other(request.args["q"])
    return ""
"#,
    );
}

#[test]
fn options_of_a_process_are_set_by_methods() {
    check(
        r#"
def run(command, **options):
    options.setdefault("shell", True)
    return subprocess.check_output(command, **options)  # expect: command-injection


def start(command, **options):
    options.setdefault("cwd", "/")
    return subprocess.check_output([command], **options)


@app.route("/")
def view():
    run("ls " + request.args["q"])
    return ""
"#,
    );
}

#[test]
fn classes_that_are_kept_in_a_table_when_they_are_made() {
    check(
        r#"
class Plugin:
    table = {}

    def __init_subclass__(cls, name=None, **options):
        super().__init_subclass__(**options)
        Plugin.table[name or cls.__name__] = cls


class Lister(Plugin, name="list"):
    def run(self, text):
        os.system("ls " + text)  # expect: command-injection


class Kept(type):
    def __new__(mcs, name, bases, members):
        made = super().__new__(mcs, name, bases, members)
        KEPT[name] = made
        return made


class Named(type):
    table = {}

    def __init__(cls, name, bases, members):
        super().__init__(name, bases, members)
        Named.table[name] = cls


KEPT = {}


class Counter(metaclass=Kept):
    def count(self, text):
        os.system("wc " + text)  # expect: command-injection


class Sorter(metaclass=Named):
    def sort(self, text):
        os.system("sort " + text)  # expect: command-injection


@app.route("/")
def view():
    Plugin.table[request.args["name"]]().run(request.args["q"])
    KEPT["Counter"]().count(request.args["q"])
    Named.table["Sorter"]().sort(request.args["q"])
    return ""
"#,
    );
}

#[test]
fn functions_that_are_chosen_by_the_type_of_what_they_get() {
    check(
        r#"
import functools


@functools.singledispatch
def show(thing):
    return ""


@show.register
def _(thing: str):
    os.system("ls " + thing)  # expect: command-injection


@show.register(list)
def show_all(things):
    os.system("ls " + things[0])  # expect: command-injection


@app.route("/")
def view():
    show(request.args["q"])
    show(request.args.getlist("q"))
    return ""
"#,
    );
}
