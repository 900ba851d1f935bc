//! For checks that do not hold, an input that passes them; for checks that hold, none.

mod support;

use assay_values::guards::{returns_normalised, witness};
use std::fmt::Write as _;
use support::Fixture;

/// A witness against what is known of the first argument of the last `sink(…)`.
fn passes(kind: &str, lines: &str) -> Option<String> {
    let mut source = "import os, re\nALLOWED = ('a.example.org', 'b.example.org')\ndef f(x, base):\n".to_owned();
    for line in lines.lines() {
        source.push_str("    ");
        source.push_str(line);
        source.push('\n');
    }
    let fixture = Fixture::new(&source);
    let (place, value) = *fixture.sinks().last().expect("a sink");
    fixture.with_guards(|cx, index, dominators| {
        let facts: Vec<_> = index.at(dominators, value, place).collect();
        witness(cx, &facts, kind).map(|w| w.input)
    })
}

/// All that differ from what is expected, so that one run shows them together.
fn differences(cases: &[(&str, &str, Option<&str>)]) -> String {
    let mut out = String::new();
    for (kind, lines, expected) in cases {
        let found = passes(kind, lines);
        if found.as_deref() != *expected {
            let _ = writeln!(out, "{kind}: {lines}\n  found {found:?}, expected {expected:?}");
        }
    }
    out
}

#[test]
fn paths() {
    let cases = [
        ("path-injection", "if '..' in x:\n    return\nsink(x)", Some("/etc/passwd")),
        ("path-injection", "if x.startswith('/'):\n    return\nsink(x)", Some("../../etc/passwd")),
        ("path-injection", "if '../' in x or x.startswith('/'):\n    return\nsink(x)", Some("..")),
        ("path-injection", "if '..' in x.split('/')[0]:\n    return\nsink(x)", Some("/etc/passwd")),
        ("path-injection", "if x.startswith('/srv/data/'):\n    sink(x)", Some("/srv/data/../../etc/passwd")),
        ("path-injection", "if not x.endswith('.txt'):\n    return\nsink(x)", Some("../../etc/x.txt")),
        (
            "path-injection",
            "p = os.path.realpath(os.path.join(base, x))\nif p.startswith(base):\n    sink(x)",
            Some("../base-evil/x"),
        ),
        (
            "path-injection",
            "p = os.path.realpath(x)\nif p.startswith('/srv/data'):\n    sink(p)",
            Some("/srv/data-evil/x"),
        ),
        (
            "path-injection",
            "p = os.path.normpath(os.path.join(base, x))\nif os.path.commonprefix([base, p]) == base:\n    sink(x)",
            Some("../base-evil/x"),
        ),
        ("path-injection", "if re.match(r'[\\w./]+$', x):\n    sink(x)", Some("../../etc/passwd")),
        ("path-injection", "if os.path.basename(x) in ('a.txt', 'b.txt'):\n    sink(x)", Some("../../etc/a.txt")),
        ("path-injection", "if '/' in x.replace('../', ''):\n    return\nsink(x)", Some("..")),
        (
            "path-injection",
            "p = os.path.realpath(os.path.join(base, x))\nif p.startswith(base + os.sep):\n    sink(x)",
            None,
        ),
        ("path-injection", "if '..' in x or x.startswith('/'):\n    return\nsink(x)", None),
        ("path-injection", "if re.fullmatch(r'\\w+', x):\n    sink(x)", None),
        ("path-injection", "if x in ALLOWED:\n    sink(x)", None),
    ];
    assert_eq!(differences(&cases), "");
}

#[test]
fn addresses() {
    let cases = [
        ("url-redirection", "if not urlparse(x).netloc:\n    sink(x)", Some("/\\evil.example")),
        ("url-redirection", "if x.startswith('/'):\n    sink(x)", Some("//evil.example")),
        ("url-redirection", "if x.startswith('/') and not x.startswith('//'):\n    sink(x)", Some("/\\evil.example")),
        (
            "url-redirection",
            "if x.startswith('https://example.org'):\n    sink(x)",
            Some("https://example.org.evil.example/"),
        ),
        ("url-redirection", "if 'example.org' in x:\n    sink(x)", Some("https://example.org.evil.example/")),
        (
            "url-redirection",
            "if urlparse(x).netloc.endswith('example.org'):\n    sink(x)",
            Some("https://evilexample.org/"),
        ),
        (
            "url-redirection",
            "if urlparse(x).hostname in 'www.example.org':\n    sink(x)",
            Some("https://ww.example.org/"),
        ),
        ("url-redirection", "if x.startswith('javascript:'):\n    return\nsink(x)", Some("//evil.example")),
        (
            "url-redirection",
            "u = urlparse(x)\nif u.netloc or u.scheme or '\\\\' in x:\n    return\nsink(x)",
            Some("///evil.example"),
        ),
        ("url-redirection", "if urlparse(x).netloc in ALLOWED:\n    sink(x)", None),
        (
            "url-redirection",
            "if x.startswith('/') and not x.startswith(('//', '/\\\\')):\n    sink(x)",
            Some("/\t/evil.example"),
        ),
        ("request-forgery", "if urlparse(x).scheme in ('http', 'https'):\n    sink(x)", Some("http://evil.example/")),
        (
            "request-forgery",
            "if urlparse(x).hostname == '127.0.0.1':\n    return\nsink(x)",
            Some("https://evil.example/"),
        ),
        (
            "request-forgery",
            "if re.match('https://api.example.org/', x):\n    sink(x)",
            Some("https://apiaexampleaorg/"),
        ),
        ("request-forgery", "if re.search('example[.]org', x):\n    sink(x)", Some("https://evil.example/example.org")),
        ("request-forgery", "if urlparse(x).hostname == 'example.org':\n    sink(x)", None),
    ];
    assert_eq!(differences(&cases), "");
}

#[test]
fn texts() {
    let cases = [
        ("command-injection", "if re.match('[a-z]+', x):\n    sink(x)", Some("a; id")),
        ("command-injection", "if re.search('[a-z]+$', x):\n    sink(x)", Some("a; id")),
        ("command-injection", "if ';' in x or ' ' in x:\n    return\nsink(x)", Some("a|id")),
        ("log-injection", "if re.match('^[a-z]+$', x):\n    sink(x)", Some("a\n")),
        ("header-injection", "if '\\n' in x:\n    return\nsink(x)", Some("a\rb")),
        ("html-injection", "if '<script>' in x:\n    return\nsink(x)", Some("\" onmouseover=\"alert(1)")),
        ("argument-injection", "if re.fullmatch('[a-z-]+', x):\n    sink(x)", Some("-x")),
        ("sql-injection", "if x.split()[0] in ('asc', 'desc'):\n    sink(x)", Some("asc ' OR '1'='1")),
        ("command-injection", "if re.fullmatch('[a-z]+', x):\n    sink(x)", None),
        ("log-injection", "if x.isprintable():\n    sink(x)", None),
    ];
    assert_eq!(differences(&cases), "");
}

#[test]
fn what_a_function_returns_is_normal_when_every_way_out_of_it_is() {
    let normal = |lines: &str| {
        let fixture = Fixture::new(&format!("import os\ndef f(x, base):\n    {lines}\n"));
        let any = fixture.returned();
        fixture.with_guards(|cx, _, _| cx.function.insts.ids().any(|v| v == any) && returns_normalised(cx))
    };
    assert!(normal("return os.path.realpath(x)"));
    assert!(normal("return str(os.path.abspath(os.path.join(base, x)))"));
    assert!(!normal("return os.path.join(os.path.abspath(base), x)"));
    assert!(!normal("if x:\n        return x\n    return os.path.abspath(x)"));
}
