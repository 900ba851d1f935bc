//! Flows through a program: each mechanism of the taint analysis by a program of a few lines.
//!
//! `source()` stands for data of a request, `sink(…)` for a database call; a program is a file or several.

use assay_engine::{Date, NoProgress, Request, review};
use assay_finding::{Outcome, Review};
use assay_source::MemorySystem;
use std::path::PathBuf;

/// What the review says of the database calls of a program, in order: outcome and reason.
fn outcomes(files: &[(&str, &str)]) -> Vec<(Outcome, String)> {
    let review = reviewed(files);
    let sites = review.sites.iter().filter(|s| s.check == "sql-injection");
    sites.map(|s| (s.outcome, s.reason.code.clone())).collect()
}

fn reviewed(files: &[(&str, &str)]) -> Review {
    const HEAD: &str = "import re\nimport sqlite3\nfrom flask import Flask, request\napp = Flask(__name__)\ndb = sqlite3.connect('x').cursor()\n";
    let mut system = MemorySystem::new("/p");
    for (name, code) in files {
        system = system.with_file(format!("/p/{name}"), format!("{HEAD}{code}"));
    }
    let today = Date::parse("2026-01-15").expect("a day");
    let request = Request { jobs: Some(1), ..Request::new(vec![PathBuf::from("/p")], today) };
    review(&request, &system, &NoProgress).expect("the target exists").review
}

#[track_caller]
fn check(code: &str, expected: &[(Outcome, &str)]) {
    let found = outcomes(&[("app.py", code)]);
    let found: Vec<(Outcome, &str)> = found.iter().map(|(o, r)| (*o, r.as_str())).collect();
    assert_eq!(found, expected, "{code}");
}

const DEFECT: (Outcome, &str) = (Outcome::Defect, "untrusted-data");

#[test]
fn data_goes_through_calls_and_comes_back() {
    check(
        "def build(x):\n    return 'SELECT * FROM t WHERE a = ' + x\ndef run(sql):\n    db.execute(sql)\n@app.route('/')\ndef view():\n    run(build(request.args['q']))\n",
        &[DEFECT],
    );
}

#[test]
fn only_the_tainted_part_of_an_object_counts() {
    check(
        "@app.route('/')\ndef view():\n    d = {'good': 'a', 'bad': request.args['q']}\n    db.execute('SELECT ' + d['good'])\n    db.execute('SELECT ' + d['bad'])\n",
        &[(Outcome::Safe, "not-reachable-from-untrusted-input"), DEFECT],
    );
}

#[test]
fn attributes_keep_data_between_methods() {
    check(
        "class Job:\n    def __init__(self, name):\n        self.name = name\n    def run(self):\n        db.execute('DELETE FROM t WHERE a = ' + self.name)\n@app.route('/')\ndef view():\n    Job(request.args['q']).run()\n",
        &[DEFECT],
    );
}

#[test]
fn closures_carry_what_they_capture() {
    check(
        "@app.route('/')\ndef view():\n    name = request.args['q']\n    def run():\n        db.execute('SELECT ' + name)\n    return run()\n",
        &[DEFECT],
    );
}

#[test]
fn what_has_several_definitions_is_shown_as_it_is_passed() {
    let code = "@app.route('/')\ndef view():\n    sql = 'SELECT 1'\n    if 'q' in request.args:\n        sql = 'SELECT ' + request.args['q']\n    db.execute(sql, ('a', 1))\n";
    let found = reviewed(&[("app.py", code)]);
    let messages: Vec<&str> = found.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(messages.iter().any(|message| message.contains(" as `sql`.")), "{messages:?}");
}

#[test]
fn a_refusal_on_a_variable_is_named_by_itself() {
    let code = "from flask import abort\n@app.route('/')\ndef view():\n    allowed = False\n    if 'a' in request.args:\n        allowed = request.args['a'] == 'b'\n    if not allowed:\n        abort(403)\n    return 'x'\n";
    let found = reviewed(&[("app.py", code)]);
    let guards = found.surface.iter().flat_map(|entry| &entry.guards).map(|guard| guard.name.as_str());
    assert_eq!(guards.collect::<Vec<_>>(), ["abort(403)"]);
}

#[test]
fn a_bound_parameter_is_safe() {
    check(
        "@app.route('/')\ndef view():\n    db.execute('SELECT a FROM t WHERE b = ?', (request.args['q'],))\n",
        &[(Outcome::Safe, "bound-parameter")],
    );
}

#[test]
fn a_number_is_safe() {
    check(
        "@app.route('/')\ndef view():\n    db.execute('SELECT a FROM t LIMIT %d' % int(request.args['q']))\n",
        &[(Outcome::Safe, "sanitised-by")],
    );
}

#[test]
fn a_check_counts_where_it_dominates() {
    check(
        "@app.route('/')\ndef view():\n    q = request.args['q']\n    if q not in ('a', 'b'):\n        raise ValueError\n    db.execute('SELECT ' + q)\n",
        &[(Outcome::Safe, "validated-by")],
    );
    check(
        "@app.route('/')\ndef view():\n    q = request.args['q']\n    if q in ('a', 'b'):\n        print(q)\n    db.execute('SELECT ' + q)\n",
        &[DEFECT],
    );
}

#[test]
fn a_validator_of_the_project_is_read_off_its_body() {
    let validator = "def fine(x):\n    return re.fullmatch('[a-z]+', x) is not None\n";
    let view =
        "@app.route('/')\ndef view():\n    q = request.args['q']\n    if fine(q):\n        db.execute('SELECT ' + q)\n";
    check(&format!("{validator}{view}"), &[(Outcome::Safe, "validated-by")]);
    let lax = "def fine(x):\n    return re.match('[a-z]+', x) is not None\n";
    check(&format!("{lax}{view}"), &[DEFECT]);
}

#[test]
fn a_flow_crosses_modules() {
    let found = outcomes(&[
        ("store.py", "def find(name):\n    db.execute(f'SELECT * FROM t WHERE n = {name}')\n"),
        ("web.py", "import store\n@app.route('/')\ndef view():\n    store.find(request.args['q'])\n"),
    ]);
    assert_eq!(found, [(Outcome::Defect, "untrusted-data".to_owned())]);
}

#[test]
fn what_stands_under_a_name_in_something_unknown_is_not_the_name() {
    let view = |made: &str| {
        format!(
            "from unknown import store\n@app.route('/')\ndef view(given):\n    made = store.{made}\n    db.execute(f'SELECT {{made}}')\n"
        )
    };
    for (made, expected) in [
        ("tables[0].get(request.args['q'])", Outcome::NotObserved),
        ("tables[0].get('q', request.args['q'])", Outcome::Potential),
        ("tables[0].convert(request.args['q'])", Outcome::Potential),
    ] {
        let found: Vec<Outcome> = outcomes(&[("web.py", &view(made))]).iter().map(|(o, _)| *o).collect();
        assert_eq!(found, [expected], "{made}");
    }
}

#[test]
fn a_parameter_of_a_narrow_type_is_no_text_whatever_its_default_says_of_it() {
    let view = |given: &str| {
        format!(
            "from uuid import UUID\nfrom fastapi import FastAPI, Path, Query\napi = FastAPI()\n@api.get('/{{given}}')\ndef view({given}):\n    db.execute(f'SELECT {{given}}')\n"
        )
    };
    for (given, expected) in [
        ("given: UUID = Path(description='x')", Outcome::Safe),
        ("given: UUID", Outcome::Safe),
        ("given: str = Query('x')", Outcome::Defect),
    ] {
        let found: Vec<Outcome> = outcomes(&[("web.py", &view(given))]).iter().map(|(o, _)| *o).collect();
        assert_eq!(found, [expected], "{given}");
    }
}

#[test]
fn what_fills_a_parameter_is_found_behind_a_name_of_another_module() {
    let types = "from typing import Annotated\nfrom fastapi import Depends, Request\nfrom sqlalchemy.orm import Session\ndef opened():\n    with Session() as session:\n        yield session\ndef asked(request: Request):\n    return request.query_params['name']\nSessionDep = Annotated[Session, Depends(opened, scope='function')]\nNameDep = Annotated[str, Depends(asked)]\n";
    let view = |name: &str| {
        format!(
            "from fastapi import FastAPI\nfrom types_of import {name}\napi = FastAPI()\n@api.get('/')\ndef view(given: {name}):\n    db.execute(f'SELECT {{given}}')\n"
        )
    };
    for (name, expected) in [
        ("SessionDep", (Outcome::Safe, "not-reachable-from-untrusted-input")),
        ("NameDep", (Outcome::Potential, "untrusted-data")),
    ] {
        let found = outcomes(&[("types_of.py", types), ("web.py", &view(name))]);
        let found: Vec<(Outcome, &str)> = found.iter().map(|(o, r)| (*o, r.as_str())).collect();
        assert_eq!(found, [expected], "{name}");
    }
}

#[test]
fn recursion_comes_to_an_end() {
    check(
        "def a(x, n):\n    return x if n == 0 else b(x, n - 1)\ndef b(x, n):\n    return a(x + 'y', n)\n@app.route('/')\ndef view():\n    db.execute('SELECT ' + a(request.args['q'], 3))\n",
        &[DEFECT],
    );
}

#[test]
fn constructors_without_a_definition_fill_fields_in_the_order_of_declaration() {
    check(
        "from dataclasses import dataclass\n@dataclass\nclass Base:\n    table: str\n@dataclass\nclass Query(Base):\n    column: str\n@app.route('/')\ndef view():\n    q = Query('t', request.args['q'])\n    db.execute('SELECT ' + q.table)\n    db.execute('SELECT ' + q.column)\n",
        &[(Outcome::Safe, "not-reachable-from-untrusted-input"), DEFECT],
    );
}

#[test]
fn what_a_handler_returns_is_the_answer() {
    let page = "@app.route('/<int:number>/<name>')\ndef view(number, name):\n    return f'<p>{number}</p>' if number else f'<p>{name}</p>', 200\n";
    let mut system = MemorySystem::new("/p");
    system = system.with_file("/p/app.py", format!("from flask import Flask\napp = Flask(__name__)\n{page}"));
    let today = Date::parse("2026-01-15").expect("a day");
    let reviewed =
        review(&Request { jobs: Some(1), ..Request::new(vec![PathBuf::from("/p")], today) }, &system, &NoProgress)
            .expect("the target exists");
    let pages: Vec<_> = reviewed.review.sites.iter().filter(|s| s.check == "cross-site-scripting").collect();
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0].outcome, Outcome::Defect);
    let source = &reviewed.review.findings[0].trace[0];
    assert!(source.message.contains("`name`"), "{}", source.message);
}

#[test]
fn an_object_of_the_program_does_not_come_in_from_outside() {
    check(
        "class Store:\n    table = 't'\n@app.route('/')\ndef view(name=None, store=None):\n    db.execute('SELECT * FROM ' + store.table)\n    db.execute('SELECT * FROM ' + name)\ndef start():\n    view('a', Store())\n",
        &[(Outcome::Safe, "constant"), DEFECT],
    );
}

#[test]
fn errors_carry_data_to_the_handlers_of_their_classes() {
    let program = |handled: &str| {
        format!(
            "class Odd(ValueError):\n    pass\nclass Other(Exception):\n    pass\ndef check(x):\n    raise Odd('not ' + x)\ndef again(x):\n    try:\n        check(x)\n    except KeyError as e:\n        db.execute('SELECT ' + str(e))\n    except Odd:\n        raise\n@app.route('/')\ndef view():\n    try:\n        again(request.args['q'])\n    except {handled} as e:\n        db.execute('SELECT ' + str(e))\n"
        )
    };
    let unknown = (Outcome::NotObserved, "exception-unknown");
    for handled in ["Odd", "ValueError", "Exception", "(Other, Odd)"] {
        check(&program(handled), &[unknown, DEFECT]);
    }
    for handled in ["Other", "KeyError"] {
        check(&program(handled), &[unknown, unknown]);
    }
}

#[test]
fn the_text_of_an_object_holds_what_its_method_shows() {
    check(
        "class Note:\n    def __init__(self, text, time):\n        self.text = text\n        self.time = time\n    def __str__(self):\n        return self.text\nclass Line(Note):\n    def __str__(self):\n        return self.time\n@app.route('/')\ndef view():\n    note = Note(request.args['q'], 'now')\n    db.execute('SELECT %s' % note)\n    db.execute('SELECT ' + str(note))\n    db.execute('SELECT %s' % Line('x', 'now'))\n",
        &[DEFECT, DEFECT, (Outcome::Safe, "not-reachable-from-untrusted-input")],
    );
}

#[test]
fn a_framework_describes_what_its_own_functions_make() {
    let found = outcomes(&[
        ("sanic/__init__.py", "from sanic.app import Sanic\n"),
        (
            "sanic/app.py",
            "class Sanic:\n    def route(self, uri):\n        def response(handler):\n            self.handler = handler\n            return handler\n        return response\n    def static(self, uri):\n        def _handler(request, name=None):\n            db.execute('SELECT ' + name)\n        self.route(uri)(_handler)\n",
        ),
    ]);
    assert_eq!(found, [(Outcome::Defect, "untrusted-data".to_owned())]);
}

#[test]
fn a_copy_of_a_library_of_one_module_is_the_library() {
    let names = ["abort", "run", "static_file", "template", "view", "redirect", "html_escape", "auth_basic"];
    let application = "from .bottle import route\n@route('/<name>')\ndef go(name):\n    db.execute('SELECT ' + name)\n";
    let copy = |names: &[&str]| {
        let functions: String =
            ["def ", &names.join("(first=None):\n    pass\ndef "), "(first=None):\n    pass\n"].concat();
        let bottle = format!("{functions}def route(path):\n    return lambda function: function\n");
        outcomes(&[("tool/__init__.py", ""), ("tool/bottle.py", &bottle), ("tool/app.py", application)])
    };
    assert_eq!(copy(&names), [(Outcome::Defect, "untrusted-data".to_owned())]);
    let library = (Outcome::Potential, "untrusted-data".to_owned());
    assert_eq!(copy(&names[..4]), [library], "a module that only has the name of one");
}

#[test]
fn attributes_are_set_by_constant_names() {
    check(
        "class Job:\n    pass\n@app.route('/')\ndef view():\n    job = Job()\n    setattr(job, 'name', request.args['q'])\n    setattr(job, 'kind', 'a')\n    db.execute('SELECT ' + job.name)\n    db.execute('SELECT ' + job.kind)\n",
        &[DEFECT, (Outcome::Safe, "not-reachable-from-untrusted-input")],
    );
}

#[test]
fn fields_of_named_tuples_are_told_apart() {
    let clean = (Outcome::Safe, "not-reachable-from-untrusted-input");
    check(
        "import collections\nimport typing\nPair = collections.namedtuple('Pair', 'good bad')\nclass Typed(typing.NamedTuple):\n    good: str\n    bad: str\n@app.route('/')\ndef view():\n    pair = Pair('a', request.args['q'])\n    db.execute('SELECT ' + pair.good)\n    db.execute('SELECT ' + pair.bad)\n    good, bad = pair\n    db.execute('SELECT ' + good)\n    db.execute('SELECT ' + bad)\n    typed = Typed(bad=request.args['q'], good='a')\n    db.execute('SELECT ' + typed.good)\n    db.execute('SELECT ' + typed.bad)\n",
        &[clean, DEFECT, clean, DEFECT, clean, DEFECT],
    );
}

#[test]
fn functions_of_a_library_that_are_handed_on_pass_data_on() {
    check(
        "@app.route('/')\ndef view():\n    for name in map(str.strip, [request.args['q']]):\n        db.execute('SELECT ' + name)\n",
        &[DEFECT],
    );
}

#[test]
fn what_is_kept_once_and_read_in_many_places_is_one_finding() {
    let code = "class Job:\n    def __init__(self, name, other):\n        self.name = name\n        self.other = other\n    def run(self):\n        db.execute('DELETE FROM t WHERE a = ' + self.name)\n    def show(self):\n        db.execute('SELECT * FROM t WHERE a = ' + self.name)\n    def count(self):\n        db.execute('SELECT * FROM t WHERE b = ' + self.other)\n@app.route('/')\ndef view():\n    job = Job(request.args['q'], request.form['o'])\n    job.run()\n    job.show()\n    job.count()\n";
    let head =
        "import sqlite3\nfrom flask import Flask, request\napp = Flask(__name__)\ndb = sqlite3.connect('x').cursor()\n";
    let system = MemorySystem::new("/p").with_file("/p/app.py", format!("{head}{code}"));
    let today = Date::parse("2026-01-15").expect("a day");
    let request = Request { jobs: Some(1), ..Request::new(vec![PathBuf::from("/p")], today) };
    let review = review(&request, &system, &NoProgress).expect("the target exists").review;
    let open = review.sites.iter().filter(|s| s.check == "sql-injection" && s.outcome == Outcome::Defect);
    let mut findings: Vec<_> = open.map(|site| site.finding).collect();
    assert_eq!(findings.len(), 3);
    findings.dedup();
    assert_eq!(findings.len(), 2);
}
