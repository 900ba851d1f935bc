//! Strings in Python source, their shapes, and where the holes stand.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod support;

use assay_values::Context;
use assay_values::contexts::{Grammar, Html, Path, Position, Shell, Sql, Url, harmful, position};
use assay_values::shapes::{Shape, path_shapes, shapes};
use support::Fixture;

fn shapes_of(expression: &str) -> Vec<String> {
    of_body(&format!("return {expression}"))
}

fn of_body(body: &str) -> Vec<String> {
    let (fixture, value) = fixture(body);
    let oracle = fixture.oracle();
    let cx = Context::new(fixture.code(), &fixture.module.strings, &oracle);
    shapes(&cx, value).iter().map(|s| s.display(&cx)).collect()
}

fn fixture(body: &str) -> (Fixture, assay_ir::Value) {
    let mut source =
        "import os\nTABLE = 'users'\nBASE = 'https://api.example/v1/'\ndef f(x, y, z, *rest, **named):\n".to_owned();
    for line in body.lines() {
        source.push_str("    ");
        source.push_str(line);
        source.push('\n');
    }
    let fixture = Fixture::new(&source);
    let value = fixture.returned();
    (fixture, value)
}

#[track_caller]
fn check(expression: &str, expected: &str) {
    assert_eq!(shapes_of(expression), [expected], "{expression}");
}

#[test]
fn literals_and_sums() {
    check("'a'", r#""a""#);
    check("b'a'", r#""a""#);
    check("''", r#""""#);
    check("'a' + x", r#""a" + x"#);
    check("'a' 'b' + x + 'c' + y.name", r#""ab" + x + "c" + y.name"#);
    check("'SELECT * FROM ' + TABLE + ' WHERE id = ' + x", r#""SELECT * FROM users WHERE id = " + x"#);
    check("str(x) + 'a'", r#"x + "a""#);
    check("repr(x) + 'a'", r#"repr(x) + "a""#);
    check("'a' * 3", r#""aaa""#);
    check("x + 1", "number(…)");
    check("x['k'] + ';'", r#"x["k"] + ";""#);
    check("g(x)", "g(x)");
}

#[test]
fn format_strings() {
    check("f'a{x}b{y!r}c{z:d}'", r#""a" + x + "b" + repr(y) + "c" + number(z)"#);
    check("f'{x:>10}{y:{z}}'", "x + y");
    check("f'{{{x}}}'", r#""{" + x + "}""#);
    check("f'{TABLE}.{x}'", r#""users." + x"#);
    check("f'{x:.2f}%'", r#"number(x) + "%""#);
}

#[test]
fn percent() {
    check("'a %s' % x", r#""a " + x"#);
    check("'%s:%d:%r:%%:%5.2f' % (x, y, z, x)", r#"x + ":" + number(y) + ":" + repr(z) + ":%:" + number(x)"#);
    check("'%(a)s-%(b)d' % {'a': x, 'b': y}", r#"x + "-" + number(y)"#);
    check("'%(a)s' % dict(a=x)", "x");
    check("'%(a)s %(b)s' % z", r#"z + " " + z"#);
    check("'%s %s' % z", r#"z + " " + z"#);
    check("'%*d %s' % (x, y, z)", r#"number(y) + " " + z"#);
    check("('SELECT ' + x + ' FROM %s') % y", r#""SELECT " + x + " FROM " + y"#);
    check("'100%' + x", r#""100%" + x"#);
    check("x % y", "…");
}

#[test]
fn format_method() {
    check("'{} {}'.format(x, y)", r#"x + " " + y"#);
    check("'{1}{0}{name}'.format(x, y, name=z)", "y + x + z");
    check("'{0.attr} {0[k]} {{}}'.format(x)", r#"x + " " + x + " {}""#);
    check("'{!r:>5} {:d} {:x} {:s}'.format(x, y, z, x)", r#"repr(x) + " " + number(y) + " " + number(z) + " " + x"#);
    check("'{a}'.format(**named)", "named");
    check("'{}/{}'.format(*rest)", r#"rest + "/" + rest"#);
    check("'{a}'.format_map(x)", "x");
    check("'{a}'.format(**{'a': y})", "y");
    check("x.format(y)", "x.format(y)");
    check("'SELECT {}'.format(', '.join(['a', x]))", r#""SELECT a, " + x"#);
}

#[test]
fn joins() {
    check("', '.join([x, 'b', y])", r#"x + ", b, " + y"#);
    check("', '.join(x)", "x…");
    check("', '.join(str(i) for i in x)", "x[…]…");
    check("','.join(['?'] * len(x))", r#""?,?""#);
    check("','.join(map(str, x))", "x…");
    check("' AND '.join('%s = ?' % k for k in x)", r#"x[…]… + " = ?""#);
    assert_eq!(of_body("parts = ['a']\nparts.append(x)\nreturn ' '.join(parts)"), [r#""a " + x…"#]);
    check("os.path.join(x, 'b', y)", r#"x + "/b/" + y"#);
}

#[test]
fn methods() {
    check("('  SELECT ' + x + ' ').strip()", r#""SELECT " + x"#);
    check("('SELECT ' + x).lower()", r#""select " + x"#);
    check("('a%sb' % x).encode('utf-8')", r#""a" + x + "b""#);
    check("'a_T_b'.replace('_T_', x)", r#""a" + x + "b""#);
    check("x.replace('a', 'b')", "x.replace(…)");
    check("textwrap.dedent('a' + x)", r#""a" + x"#);
    check("string.Template('$a ${b} $$').substitute(a=x, b=y)", r#"x + " " + y + " $""#);
    check("len(x)", "number(len(x))");
}

#[test]
fn control_flow() {
    assert_eq!(of_body("q = 'a'\nif x:\n    q += y\nreturn q"), [r#""a" + y"#, r#""a""#]);
    assert_eq!(of_body("q = 'a'\nfor i in x:\n    q += ' OR ' + i\nreturn q + ')'"), [r#""a OR " + x[…]… + ")""#]);
    assert_eq!(of_body("q = x if y else 'b'\nreturn 'a' + q"), [r#""a" + x"#, r#""ab""#]);
    let many = "a = '1' if x else '2'\nb = '3' if y else '4'\nc = '5' if z else '6'\nreturn a + b + c";
    assert_eq!(of_body(many).len(), 4);
}

#[test]
fn long_sums_end_in_one_hole() {
    let lines = "q = q + x.b + 'a'\nq = q + x.c + 'a'\n".repeat(2000);
    let (fixture, value) = fixture(&format!("q = ''\n{lines}return q"));
    let cx = Context::new(fixture.code(), &fixture.module.strings, &assay_values::NoOracle);
    let found = shapes(&cx, value);
    assert_eq!(found.len(), 1);
    assert!(found[0].pieces.len() <= assay_text::limits::MAX_SHAPE_PIECES);
    assert!(matches!(found[0].holes().last(), Some((_, h)) if h.repeated));
}

/// The only shape of an expression, with the index of its last hole.
fn last_hole(expression: &str) -> (Shape, usize) {
    let (fixture, value) = fixture(&format!("return {expression}"));
    let oracle = fixture.oracle();
    let cx = Context::new(fixture.code(), &fixture.module.strings, &oracle);
    let found = path_shapes(&cx, value);
    assert_eq!(found.len(), 1, "{expression}");
    let shape = found.into_iter().next().expect("one");
    let index = shape.holes().last().expect("a hole").0;
    (shape, index)
}

#[track_caller]
fn lands(grammar: Grammar, expression: &str, expected: Position) {
    let (shape, index) = last_hole(expression);
    assert_eq!(position(&shape, index, grammar), expected, "{expression}");
}

#[test]
fn positions() {
    lands(Grammar::Sql, r#""SELECT * FROM t WHERE id = '%s'" % x"#, Position::Sql(Sql::QuotedValue('\'')));
    lands(Grammar::Sql, r#""SELECT * FROM t WHERE id = %s" % x"#, Position::Sql(Sql::BareValue));
    lands(Grammar::Sql, r#""SELECT * FROM " + x"#, Position::Sql(Sql::Identifier { quoted: None }));
    lands(Grammar::Sql, r#""SELECT * FROM `%s`" % x"#, Position::Sql(Sql::Identifier { quoted: Some('`') }));
    lands(Grammar::Sql, r#""SELECT a FROM t ORDER BY %s" % x"#, Position::Sql(Sql::Identifier { quoted: None }));
    lands(Grammar::Sql, r#""SELECT a FROM t WHERE b IN (%s)" % x"#, Position::Sql(Sql::ListValue));
    lands(
        Grammar::Sql,
        r#""SELECT a FROM t WHERE b = 'it''s' AND c = '" + x + "'""#,
        Position::Sql(Sql::QuotedValue('\'')),
    );
    lands(Grammar::Sql, "x + ' LIMIT 1'", Position::Sql(Sql::Whole));
    lands(Grammar::Sql, "'SELECT 1 -- ' + x", Position::Sql(Sql::Comment));
    lands(Grammar::Url, "x", Position::Url(Url::Whole));
    lands(Grammar::Url, "'https://' + x", Position::Url(Url::Host));
    lands(Grammar::Url, "'https://%s.example.com/' % x", Position::Url(Url::Host));
    lands(Grammar::Url, "'https://example.com' + x", Position::Url(Url::Host));
    lands(Grammar::Url, "'https://example.com/' + x", Position::Url(Url::Path));
    lands(Grammar::Url, "BASE + x", Position::Url(Url::Path));
    lands(Grammar::Url, "'https://example.com/?q=' + x", Position::Url(Url::Query));
    lands(Grammar::Url, "'%s/items/%s' % (y, x)", Position::Url(Url::Path));
    lands(Grammar::Url, "y + x", Position::Url(Url::AfterUnknown));
    lands(Grammar::Url, "'//' + x", Position::Url(Url::Host));
    lands(Grammar::Shell, "'ls ' + x", Position::Shell(Shell::Bare));
    lands(Grammar::Shell, r#""ls '%s'" % x"#, Position::Shell(Shell::SingleQuoted));
    lands(Grammar::Shell, r#"'ls "%s"' % x"#, Position::Shell(Shell::DoubleQuoted));
    lands(Grammar::Shell, "x + ' -l'", Position::Shell(Shell::Whole));
    lands(Grammar::Html, "'<p>%s</p>' % x", Position::Html(Html::Text));
    lands(Grammar::Html, r#"'<a title="%s">' % x"#, Position::Html(Html::AttributeQuoted('"')));
    lands(Grammar::Html, r"'<a class=%s>' % x", Position::Html(Html::AttributeUnquoted));
    lands(Grammar::Html, r#"'<a href="%s">' % x"#, Position::Html(Html::UrlAttribute));
    lands(Grammar::Html, r#"'<a href="/u/%s">' % x"#, Position::Html(Html::AttributeQuoted('"')));
    lands(Grammar::Html, r#"'<b onclick="go(%s)">' % x"#, Position::Html(Html::EventHandler));
    lands(Grammar::Html, "'<p>a</p><script>var a = %s' % x", Position::Html(Html::Script));
    lands(Grammar::Html, "'<script>var a</script><i>' + x", Position::Html(Html::Text));
    lands(Grammar::Html, "'<!-- ' + x", Position::Html(Html::Comment));
    lands(Grammar::Html, "'<' + x", Position::Html(Html::TagName));
    lands(Grammar::Path, "x", Position::Path(Path::Whole));
    lands(Grammar::Path, "os.path.join('/srv', x)", Position::Path(Path::First));
    lands(Grammar::Path, "Path('/srv') / x", Position::Path(Path::First));
    lands(Grammar::Path, "'/srv/' + x", Position::Path(Path::Within { constant: true }));
    lands(Grammar::Path, "y + '/' + x", Position::Path(Path::Within { constant: false }));
    lands(Grammar::Path, "'/srv/report-' + x + '.txt'", Position::Path(Path::FileNamePart));
    lands(Grammar::Path, "os.path.realpath(os.path.join('/srv', 'a-' + x))", Position::Path(Path::FileNamePart));
}

#[track_caller]
fn harms(kind: &str, expression: &str, expected: bool) {
    let (shape, index) = last_hole(expression);
    assert_eq!(harmful(kind, &shape, index), expected, "{kind}: {expression}");
}

#[test]
fn harm() {
    harms("request-forgery", "'https://example.com/' + x", false);
    harms("request-forgery", "BASE + x", false);
    harms("request-forgery", "'https://example.com:' + x", true);
    harms("request-forgery", "'https://example.com' + x", true);
    harms("request-forgery", "'https://' + x", true);
    harms("request-forgery", "'https://' + y + '/' + x", false);
    harms("request-forgery", "x + '/status'", true);
    harms("request-forgery", "'https://example.com:%d/' % x", false);
    harms("url-redirection", "'/item/' + x", false);
    harms("url-redirection", "'/' + x", true);
    harms("url-redirection", "'/?next=' + x", false);
    harms("url-redirection", "'https://example.com/' + x", false);
    harms("url-redirection", "'https://' + x", true);
    harms("url-redirection", "x", true);
    harms("url-redirection", "y + '/login?next=' + x", false);
    harms("sql-injection", "'SELECT %d' % x", false);
    harms("sql-injection", "f'SELECT {x:d}'", false);
    harms("sql-injection", "f'SELECT {x!r}'", true);
    harms("log-injection", "f'got {x!r}'", false);
    harms("log-injection", "f'got {x}'", true);
    harms("header-injection", "'a=%r' % x", false);
    harms("path-injection", "'/srv/%08x' % x", false);
    harms("argument-injection", "'--name=' + x", false);
    harms("process-argument", "'--name=' + x", true);
    harms("process-argument", "x", true);
}

#[test]
fn many_holes_with_alternatives_stay_few_shapes() {
    // 2 to the power of 80 ways, which no integer type of a machine word holds.
    let mut body = String::new();
    let mut text = String::new();
    for i in 0..80 {
        body += "v";
        body += &i.to_string();
        body += " = 'a' if x else 'b'\n";
        text += "{v";
        text += &i.to_string();
        text += "}";
    }
    let found = of_body(&format!("{body}return f'{text}'"));
    assert!((1..=4).contains(&found.len()), "{}", found.len());
}
