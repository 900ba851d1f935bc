//! Checks in Python source, and whether each makes the value harmless at the sink.

mod support;

use assay_dataflow::ValueBlocks;
use assay_index::Idx;
use assay_ir::{BlockId, Op, Value};
use assay_values::Context;
use assay_values::guards::{
    ArgumentRef, At, Judgement, Made, Test, after_call, assumed, harmless_by_construction, judge_all, judge_made,
    may_undo_checks,
};
use support::Fixture;

/// How the first argument of the last `sink(…)` is judged. The attacker has a hand in the first parameter.
fn judge(kind: &str, source: &str) -> Judgement {
    let fixture = Fixture::new(source);
    let (place, value) = *fixture.sinks().last().expect("a sink");
    fixture.with_guards(|cx, index, dominators| {
        let facts: Vec<_> = index.at(dominators, value, place).collect();
        judge_all(cx, facts, kind, &|v| comes_from_attacker(cx, v, 8))
    })
}

fn comes_from_attacker(cx: &Context<'_>, value: Value, depth: u32) -> bool {
    let mut found = matches!(cx.op(value), Op::Param(0));
    cx.op(value).for_each_operand(|v| found |= depth > 0 && comes_from_attacker(cx, v, depth - 1));
    found
}

fn body(lines: &str) -> String {
    let head =
        "import os, re\nALLOWED = {'a', 'b'}\nWORD = re.compile(r'^[a-z]+$')\nSAFE = re.compile(r'\\A[\\w]+\\Z')\n";
    let mut out = format!("{head}def f(x, other, base):\n");
    for line in lines.lines() {
        out.push_str("    ");
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[track_caller]
fn validates(kind: &str, lines: &str) {
    assert_eq!(judge(kind, &body(lines)), Judgement::Validates, "{kind}\n{lines}");
}

#[track_caller]
fn insufficient(kind: &str, lines: &str, part: &str) {
    match judge(kind, &body(lines)) {
        Judgement::Insufficient { reason, .. } => assert!(reason.contains(part), "{reason}\n{lines}"),
        other => panic!("{other:?} for {kind}\n{lines}"),
    }
}

#[track_caller]
fn irrelevant(kind: &str, lines: &str) {
    assert_eq!(judge(kind, &body(lines)), Judgement::Irrelevant, "{kind}\n{lines}");
}

#[test]
fn allow_lists() {
    for kind in ["sql-injection", "command-injection", "path-injection", "request-forgery", "log-injection"] {
        validates(kind, "if x in ALLOWED:\n    sink(x)");
        validates(kind, "if x not in ('a', 'b'):\n    raise ValueError\nsink(x)");
        validates(kind, "if not (x in ALLOWED):\n    return\nsink(x)");
        validates(kind, "if x in other:\n    sink(x)");
        validates(kind, "if x == 'asc' or x == 'desc':\n    sink(x)");
        validates(kind, "ok = x in ALLOWED\nif ok:\n    sink(x)");
        validates(kind, "ok = x in ALLOWED and other\nif not ok:\n    return\nsink(x)");
        validates(kind, "assert x in ALLOWED\nsink(x)");
        validates(kind, "match x:\n    case 'a':\n        sink(x)");
        irrelevant(kind, "if x in ALLOWED:\n    pass\nsink(x)");
        irrelevant(kind, "if x in ALLOWED or other:\n    sink(x)");
        irrelevant(kind, "try:\n    if x in ALLOWED:\n        other()\nfinally:\n    pass\nsink(x)");
        insufficient(kind, "if x not in ['rm', 'dd']:\n    sink(x)", "forbidden");
        irrelevant(kind, "x = g(x)\nif other in ALLOWED:\n    sink(x)");
    }
    validates("sql-injection", "if x.lower() in ('asc', 'desc'):\n    sink(x)");
    validates("sql-injection", "if x.strip() in ALLOWED:\n    sink(x)");
    insufficient("header-injection", "if x.strip() in ALLOWED:\n    sink(x)", "line breaks");
    insufficient("sql-injection", "if x.split()[0] in ALLOWED:\n    sink(x)", "part");
    insufficient("path-injection", "if os.path.splitext(x)[1] in ALLOWED:\n    sink(x)", "extension");
}

#[test]
fn the_untrusted_side_of_a_comparison_checks_nothing() {
    irrelevant("sql-injection", "if other == x:\n    sink(other)");
    insufficient("sql-injection", "if other in x:\n    sink(other)", "untrusted");
    validates("sql-injection", "if x == other:\n    sink(x)");
}

#[test]
fn types() {
    for kind in ["sql-injection", "command-injection", "path-injection"] {
        validates(kind, "if isinstance(x, int):\n    sink(x)");
        validates(kind, "if not isinstance(x, (int, float)):\n    raise TypeError\nsink(x)");
        validates(kind, "if type(x) is int:\n    sink(x)");
        validates(kind, "if type(x) in (int, bool):\n    sink(x)");
        validates(kind, "if isinstance(x, uuid.UUID):\n    sink(x)");
        irrelevant(kind, "if isinstance(x, str):\n    sink(x)");
        irrelevant(kind, "if isinstance(x, int):\n    pass\nelse:\n    sink(x)");
        validates(kind, "if x is None:\n    sink(x)");
        validates(kind, "if not x:\n    sink(x)");
        irrelevant(kind, "if x:\n    sink(x)");
    }
    validates("nosql-injection", "if isinstance(x, str):\n    sink(x)");
}

#[test]
fn character_classes() {
    for kind in ["sql-injection", "command-injection", "html-injection", "header-injection", "path-injection"] {
        validates(kind, "if x.isalnum():\n    sink(x)");
        validates(kind, "if not x.isdigit():\n    return\nsink(x)");
        validates(kind, "if all(c.isalnum() or c == '_' for c in x):\n    sink(x)");
        validates(kind, "if not any(c not in 'abcdef' for c in x):\n    sink(x)");
        validates(kind, "for c in x:\n    if not c.isalnum():\n        return\nsink(x)");
        irrelevant(kind, "for c in x:\n    if not c.isalnum():\n        break\nsink(x)");
        irrelevant(kind, "for c in x:\n    if other and not c.isalnum():\n        return\nsink(x)");
        validates(kind, "if set(x) <= set('abc'):\n    sink(x)");
        irrelevant(kind, "if not x.isalnum():\n    sink(x)");
        irrelevant(kind, "if all(c.isalnum() for c in x if c != other):\n    sink(x)");
    }
    validates("sql-injection", "if x.replace('_', '').isalnum():\n    sink(x)");
    validates("log-injection", "if x.isprintable():\n    sink(x)");
    validates("path-injection", "if x.isidentifier():\n    sink(x)");
}

#[test]
fn patterns() {
    validates(
        "sql-injection",
        r"if re.fullmatch(r'[a-z_]+', x):
    sink(x)",
    );
    validates(
        "sql-injection",
        r"if re.match(r'^[a-z_]+\Z', x):
    sink(x)",
    );
    validates(
        "sql-injection",
        r"if SAFE.match(x):
    sink(x)",
    );
    validates(
        "sql-injection",
        r"if re.compile(r'[0-9]+').fullmatch(x):
    sink(x)",
    );
    validates(
        "sql-injection",
        r"m = re.fullmatch('[0-9a-f]{8}-[0-9a-f]{4}', x)
if m is None:
    raise ValueError
sink(x)",
    );
    validates(
        "sql-injection",
        r"if not (m := re.fullmatch('[0-9]*', x)):
    return
sink(x)",
    );
    insufficient("sql-injection", "if re.match('[a-z]+', x):\n    sink(x)", "end");
    insufficient(
        "sql-injection",
        r"if re.search(r'[a-z]+\Z', x):
    sink(x)",
        "start",
    );
    insufficient("header-injection", "if WORD.match(x):\n    sink(x)", "trailing newline");
    insufficient("sql-injection", "if WORD.match(x):\n    sink(x)", "trailing newline");
    insufficient("sql-injection", "if re.fullmatch('[a-z ]+', x):\n    sink(x)", "admits");
    insufficient("sql-injection", "if re.fullmatch('[0-9a-f-]{36}', x):\n    sink(x)", "admits");
    validates(
        "command-injection",
        r"if re.fullmatch(r'[\w.-]+', x):
    sink(x)",
    );
    insufficient(
        "argument-injection",
        r"if re.fullmatch(r'[\w.-]+', x):
    sink(x)",
        "admits",
    );
    validates(
        "argument-injection",
        r"if re.fullmatch(r'\w[\w.-]*', x):
    sink(x)",
    );
    validates(
        "html-injection",
        r"if not re.search(r'[^a-z]', x):
    sink(x)",
    );
    validates(
        "header-injection",
        r"if re.search(r'[\r\n\0]', x):
    raise ValueError
sink(x)",
    );
    insufficient(
        "header-injection",
        r"if re.search(r'\n', x):
    raise ValueError
sink(x)",
        "pass",
    );
    insufficient("sql-injection", "if re.fullmatch(other, x):\n    sink(x)", "not known");
    validates(
        "path-injection",
        r"if re.fullmatch(r'(?!.*\.\.)[\w.-]+', x):
    sink(x)",
    );
    insufficient(
        "path-injection",
        r"if re.fullmatch(r'[\w./]+', x):
    sink(x)",
        "admits",
    );
    validates(
        "path-injection",
        r"if re.fullmatch(r'\w+\.txt', x):
    sink(x)",
    );
    validates(
        "request-forgery",
        r"if re.match(r'https?://api\.example\.com/', x):
    sink(x)",
    );
    validates(
        "request-forgery",
        r"if re.match(r'^https://[a-z0-9-]+\.example\.com/', x):
    sink(x)",
    );
    insufficient(
        "request-forgery",
        r"if re.match(r'https://api.example.com/', x):
    sink(x)",
        "unescaped",
    );
    insufficient(
        "request-forgery",
        r"if re.match(r'https://api\.example\.com', x):
    sink(x)",
        "end",
    );
}

#[test]
fn paths() {
    let kind = "path-injection";
    validates(
        kind,
        "p = os.path.realpath(os.path.join(base, x))\nif not p.startswith(base + os.sep):\n    raise ValueError\nsink(p)",
    );
    validates(kind, "p = os.path.abspath(os.path.join(base, x))\nif p.startswith('/srv/files/'):\n    sink(p)");
    validates(kind, "p = os.path.normpath(base + x)\nif p.startswith(os.path.join(base, '')):\n    sink(p)");
    insufficient(kind, "p = os.path.realpath(x)\nif p.startswith(base):\n    sink(p)", "siblings");
    insufficient(kind, "p = os.path.join(base, x)\nif p.startswith('/srv/files/'):\n    sink(p)", "not normalised");
    insufficient(kind, "if x.startswith('/srv/'):\n    sink(x)", "not normalised");
    validates(kind, "if os.path.realpath(x).startswith('/srv/'):\n    sink(x)");
    insufficient(kind, "if '..' in x:\n    raise ValueError\nsink(x)", "absolute");
    validates(kind, "if '..' in x or x.startswith('/'):\n    raise ValueError\nsink(x)");
    validates(kind, "if '..' in x or os.path.isabs(x):\n    raise ValueError\nsink(x)");
    insufficient(kind, "if x.startswith('/'):\n    raise ValueError\nsink(x)", "`..` passes");
    validates(kind, "p = (Path(base) / x).resolve()\nif p.is_relative_to(base):\n    sink(p)");
    validates(kind, "p = (Path(base) / x).resolve()\nif base not in p.parents:\n    raise ValueError\nsink(p)");
    insufficient(kind, "p = Path(base) / x\nif p.is_relative_to(base):\n    sink(p)", "not resolved");
    validates(kind, "p = os.path.realpath(x)\nif os.path.commonpath([base, p]) == base:\n    sink(p)");
    validates(kind, "p = os.path.realpath(x)\nif os.path.commonpath((p, base)) != base:\n    return\nsink(p)");
    insufficient(
        kind,
        "p = os.path.join(base, x)\nif os.path.commonpath([base, p]) == base:\n    sink(p)",
        "not normalised",
    );
    insufficient(
        kind,
        "p = os.path.realpath(x)\nif os.path.commonprefix([base, p]) == base:\n    sink(p)",
        "commonprefix",
    );
    insufficient(kind, "if x.endswith('.txt'):\n    sink(x)", "extension");
    insufficient(kind, "if os.path.basename(x) == x:\n    sink(x)", "`..` passes");
    validates(kind, "if os.path.basename(x) == x and x != '..' and '..' not in x:\n    sink(x)");
    irrelevant(kind, "if os.path.exists(x):\n    sink(x)");
    validates(kind, "if os.path.relpath(x, base).startswith('..'):\n    return\nsink(x)");
    validates(kind, "if os.path.relpath(x, base).startswith(os.pardir):\n    return\nsink(x)");
}

#[test]
fn addresses() {
    for kind in ["request-forgery", "url-redirection"] {
        validates(kind, "if urlparse(x).netloc == 'example.com':\n    sink(x)");
        validates(kind, "u = urlparse(x)\nif u.hostname not in ALLOWED:\n    raise ValueError\nsink(x)");
        validates(kind, "if x.startswith('https://example.com/'):\n    sink(x)");
        validates(kind, "if x.startswith(('https://a.example/', 'https://b.example/v1/')):\n    sink(x)");
        validates(kind, "if urlsplit(x).netloc.endswith('.example.com'):\n    sink(x)");
        insufficient(kind, "if urlsplit(x).netloc.endswith('example.com'):\n    sink(x)", "dot");
        insufficient(kind, "if urlparse(x).scheme in ('http', 'https'):\n    sink(x)", "scheme");
        insufficient(kind, "if x.startswith('https://example.com'):\n    sink(x)", "ends within the host");
        insufficient(kind, "if x.startswith('https://'):\n    sink(x)", "scheme");
        insufficient(kind, "if 'example.com' in x:\n    sink(x)", "anywhere");
        insufficient(kind, "if x.endswith('example.com'):\n    sink(x)", "end of an address");
        insufficient(kind, "if not urlparse(x).netloc:\n    sink(x)", "empty host");
        insufficient(kind, "u = urlparse(x)\nif not u.netloc and not u.scheme:\n    sink(x)", "host and scheme");
        insufficient(
            kind,
            "u = urlparse(x)\nif '\\\\' not in x and not u.netloc and not u.scheme:\n    sink(x)",
            "///host",
        );
        validates(
            kind,
            "u = urlparse(x)\nif '\\\\' in x or x.startswith('//') or u.netloc or u.scheme:\n    return\nsink(x)",
        );
        validates(kind, "u = urlparse(x)\no = f'{u.scheme}://{u.netloc}'.lower()\nif o == base:\n    sink(x)");
        insufficient(kind, "if urlparse(x).hostname == '127.0.0.1':\n    return\nsink(x)", "other spellings");
        insufficient(kind, "if urlparse(x).hostname in {'localhost'}:\n    return\nsink(x)", "other spellings");
        insufficient(kind, "if urlparse(x).hostname in 'www.example.com':\n    sink(x)", "any part");
        insufficient(kind, "if urlparse(x).netloc in (other or other.get('HOST', '')):\n    sink(x)", "any part");
    }
    validates("request-forgery", "if urlparse(urljoin(base, x)).netloc == HOST:\n    sink(x)");
    let kind = "url-redirection";
    let joined = "u = urlparse(urljoin(base, x))\n";
    insufficient(kind, &format!("{joined}if u.netloc == HOST:\n    sink(x)"), "`///host` and `/\\host`");
    insufficient(kind, &format!("{joined}if u.scheme in ('http', 'https') and HOST == u[1]:\n    sink(x)"), "urljoin");
    insufficient(kind, &format!("{joined}if '\\\\' not in x and u.netloc == HOST:\n    sink(x)"), "`///host`");
    validates(kind, &format!("{joined}if '\\\\' in x or x.startswith('//') or u.netloc != HOST:\n    return\nsink(x)"));
    validates(kind, "u = urljoin(base, x)\nif urlparse(u).netloc == HOST:\n    sink(u)");
    validates(kind, "u = urlparse(urljoin(base, x.replace('\\\\', '/')))\nif u.netloc == HOST:\n    sink(x)");
    insufficient(kind, "if x.startswith('/'):\n    sink(x)", "`//host` passes");
    insufficient(kind, "if x.startswith('/') and not x.startswith('//'):\n    sink(x)", "browsers read");
    insufficient(kind, "if x.startswith('/') and not x.startswith(('//', '/\\\\')):\n    sink(x)", "tab");
    validates(
        kind,
        "if x.startswith('/') and '\\t' not in x and not x.startswith(('//', '/\\\\', '/\\n', '/\\r')):\n    sink(x)",
    );
    validates(kind, "if x.startswith('/account/'):\n    sink(x)");
}

#[test]
fn lines() {
    for kind in ["log-injection", "config-injection"] {
        validates(kind, "if '\\n' in x or '\\r' in x:\n    raise ValueError\nsink(x)");
        insufficient(kind, "if '\\n' in x:\n    raise ValueError\nsink(x)", "pass");
        validates(kind, "if any(c in x for c in '\\r\\n'):\n    raise ValueError\nsink(x)");
        validates(kind, "for c in ('\\n', '\\r'):\n    if c in x:\n        raise ValueError\nsink(x)");
        validates(kind, "if x.find('\\n') != -1 or x.count('\\r') > 0:\n    return\nsink(x)");
    }
}

#[test]
fn loads_of_one_expression_are_one_value() {
    let validated = |lines: &str| judge("sql-injection", &format!("ALLOWED = ('a',)\ndef f(x, other):\n{lines}"));
    assert_eq!(validated("    if x.sort in ALLOWED:\n        sink(x.sort)\n"), Judgement::Validates);
    assert_eq!(validated("    if x['k'] in ALLOWED:\n        sink(x['k'])\n"), Judgement::Validates);
    assert_eq!(validated("    if x.args.get('k') in ALLOWED:\n        sink(x.args['k'])\n"), Judgement::Validates);
    assert_eq!(validated("    if x['k'] in ALLOWED:\n        sink(x['l'])\n"), Judgement::Irrelevant);
    assert_eq!(
        validated("    if x.sort in ALLOWED:\n        x.sort = other\n        sink(x.sort)\n"),
        Judgement::Irrelevant
    );
    assert_eq!(
        validated("    if x['k'] in ALLOWED:\n        x[other] = 1\n        sink(x['k'])\n"),
        Judgement::Irrelevant
    );
}

#[test]
fn facts_do_not_outlive_an_assignment_or_a_round_of_a_loop() {
    irrelevant("sql-injection", "if x in ALLOWED:\n    x = other()\n    sink(x)");
    irrelevant("sql-injection", "ok = False\nfor p in x:\n    if ok:\n        sink(p)\n    ok = p in ALLOWED");
    irrelevant(
        "sql-injection",
        "ok = False\nfor p in x:\n    if p in ALLOWED:\n        ok = True\n    if ok:\n        sink(p)",
    );
    validates(
        "sql-injection",
        "ok = False\nfor p in ALLOWED:\n    if p == x:\n        ok = True\n    if ok:\n        sink(x)",
    );
    validates("sql-injection", "for p in x:\n    if p not in ALLOWED:\n        continue\n    sink(p)");
    validates("sql-injection", "ok = False\nfor p in ALLOWED:\n    if p == x:\n        ok = True\nif ok:\n    sink(x)");
}

#[test]
fn what_a_handler_sees_is_not_known_to_be_checked() {
    validates("sql-injection", "try:\n    assert x in ALLOWED\nexcept AssertionError:\n    return\nsink(x)");
    irrelevant("sql-injection", "try:\n    assert x in ALLOWED\nexcept AssertionError:\n    pass\nsink(x)");
    irrelevant("sql-injection", "try:\n    assert x in ALLOWED\nexcept AssertionError:\n    sink(x)");
}

/// What a caller learns about the first parameter when the result counts as true, and when it counts as false.
fn shown_by_result(lines: &str, kind: &str) -> (bool, bool) {
    let fixture = Fixture::new(&body(lines));
    let result = fixture.returned();
    fixture.with_guards(|cx, index, dominators| {
        let places = ValueBlocks::new(cx.function);
        let entry = At::Edge(BlockId::new(0));
        let shown = |truth: bool| {
            let facts = assumed(cx, dominators, &places, index.keys(), result, truth, entry);
            let about: Vec<_> = facts.iter().filter(|f| matches!(cx.op(f.key), Op::Param(0))).collect();
            judge_all(cx, about, kind, &|v| comes_from_attacker(cx, v, 8)) == Judgement::Validates
        };
        (shown(true), shown(false))
    })
}

#[test]
fn the_result_of_a_test_shows_what_was_tested() {
    let kind = "sql-injection";
    assert_eq!(shown_by_result("return x in ALLOWED", kind), (true, false));
    assert_eq!(shown_by_result("return re.fullmatch('[a-z]+', x) is not None", kind), (true, false));
    assert_eq!(shown_by_result("return bool(re.fullmatch('[a-z]+', x))", kind), (true, false));
    assert_eq!(shown_by_result("return x not in ALLOWED", kind), (false, true));
    assert_eq!(shown_by_result("return other and x in ALLOWED", kind), (true, false));
    assert_eq!(shown_by_result("return other or x in ALLOWED", kind), (false, false));
    assert_eq!(shown_by_result("return x == 'a' or x == 'b'", kind), (true, false));
    assert_eq!(shown_by_result("ok = False\nif x in ALLOWED:\n    ok = True\nreturn ok", kind), (true, false));
    assert_eq!(shown_by_result("return x", kind), (false, true));
}

#[test]
fn a_call_that_returned_is_known_after_it_only() {
    let fixture = Fixture::new(&body("try:\n    check(x)\nexcept ValueError:\n    sink(x)\n    return\nsink(x)"));
    fixture.with_guards(|cx, index, dominators| {
        let places = ValueBlocks::new(cx.function);
        let call = cx.function.insts.ids().find(|v| cx.callee(*v).is("check")).expect("a call of check");
        let mut index = index.clone();
        index.add(after_call(cx, &places, index.keys(), call, ArgumentRef::Positional(0)));
        let holds: Vec<bool> = fixture
            .sinks()
            .iter()
            .map(|(place, value)| {
                index
                    .at(dominators, *value, *place)
                    .any(|f| matches!(f.test, Test::Returned { call: c, .. } if c == call))
            })
            .collect();
        assert_eq!(holds.iter().filter(|h| **h).count(), 1, "{holds:?}");
    });
}

#[track_caller]
fn made(kind: &str, expression: &str, expected: bool) {
    let fixture = Fixture::new(&body(&format!("return {expression}")));
    let value = fixture.returned();
    let harmless = fixture.with_guards(|cx, _, _| !harmless_by_construction(cx, value, &[kind]).is_empty());
    assert_eq!(harmless, expected, "{kind}: {expression}");
}

#[test]
fn values_that_are_harmless_by_construction() {
    for kind in ["log-injection", "config-injection"] {
        made(kind, r"x.replace('\n', '').replace('\r', '')", true);
        made(kind, r"x.replace('\r\n', '')", false);
        made(kind, r"x.replace('\n', ' ')", false);
        made(kind, r"x.replace('\n', '\r').replace('\r', '')", true);
        made(kind, r"x.replace('\r', '').replace('\n', '\r')", false);
        made(kind, r"x.splitlines()[0]", true);
        made(kind, r"x.split()[0]", true);
        made(kind, r"' '.join(x.split())", true);
        made(kind, r"' '.join(x.splitlines())", true);
        made(kind, r"'\n'.join(x.splitlines())", false);
        made(kind, r"repr(x)", true);
        made(kind, r"json.dumps(x)", true);
        made(kind, r"json.dumps(x, indent=2)", false);
        made(kind, r"re.sub(r'[\r\n]+', ' ', x)", true);
        made(kind, r"re.sub(r'\s', '', x)", true);
        made(kind, r"x.strip()", false);
        made(kind, r"x.split('\n')[0].split('\r')[0]", true);
        made(kind, r"x.split('\n', 1)[1]", false);
        made(kind, r"(x.replace('\n', '') if x else 'a').replace('\r', '')", true);
    }
    made("sql-injection", r"re.sub(r'\W', '', x)", true);
    made("sql-injection", r"re.sub(r'[^a-z0-9_]', '_', x)", true);
    made("sql-injection", r#"re.sub(r'[^a-z]', "'", x)"#, false);
    made("sql-injection", r"re.sub('a', '', x)", false);
    made("sql-injection", "''.join(c for c in x if c.isalnum())", true);
    made("sql-injection", "''.join([c for c in x if c.isalnum() or c == '_'])", true);
    made("sql-injection", "''.join(c if c.isalnum() else '_' for c in x)", true);
    made("sql-injection", "''.join(c for c in x if c != ';')", false);
    made("sql-injection", "x.lower()", false);
    made("sql-injection", "hashlib.md5(x).hexdigest()", true);
    made("command-injection", "base64.b64encode(x)", true);
    made("path-injection", "os.path.basename(x)", false);
    made("path-injection", "os.path.basename(x).replace('..', '_')", true);
    made("path-injection", "x.replace('..', '').lstrip('/')", false);
    made("path-injection", "x.replace('..', '_').lstrip('/')", true);
    made("path-injection", "x.replace('../', '')", false);
    made("path-injection", "x.replace('/', '_').replace('.', '_')", true);
    made("html-injection", "urllib.parse.quote(x)", true);
    made("path-injection", "urllib.parse.quote(x, safe='')", false);
}

#[test]
fn a_check_and_a_replacement_suffice_together() {
    let fixture = Fixture::new(&body("y = x.replace('\\n', '')\nif '\\r' in y:\n    raise ValueError\nsink(y)"));
    let (place, value) = fixture.sinks()[0];
    fixture.with_guards(|cx, index, dominators| {
        let facts: Vec<_> = index.at(dominators, value, place).collect();
        let trusted = |_| false;
        assert_eq!(
            judge_made(cx, &Made::of(cx, value), facts.iter().copied(), "log-injection", &trusted),
            Judgement::Validates
        );
        assert_ne!(judge_all(cx, facts, "log-injection", &trusted), Judgement::Validates);
    });
}

#[test]
fn decoding_undoes_checks() {
    for (expression, expected) in [
        ("urllib.parse.unquote(x)", true),
        ("base64.b64decode(x)", true),
        ("x.decode('unicode_escape')", true),
        ("x.decode('utf-8')", false),
        ("x.strip()", false),
    ] {
        let fixture = Fixture::new(&body(&format!("return {expression}")));
        let value = fixture.returned();
        assert_eq!(fixture.with_guards(|cx, _, _| may_undo_checks(cx, value)), expected, "{expression}");
    }
}
