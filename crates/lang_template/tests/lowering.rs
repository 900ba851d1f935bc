//! What templates are lowered to: functions, outputs and what stands between.

use assay_ir::{Module, Op, text_form, verify};
use assay_lang_template::lower_source;
use proptest::prelude::*;

fn lower(text: &str) -> Module {
    let module = lower_source("templates/a.html", text);
    verify(&module).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let printed = text_form::print(&module);
    let again = text_form::parse(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
    assert_eq!(text_form::print(&again), printed);
    module
}

/// The runtime's functions that the code of the functions named calls, in order.
fn calls(module: &Module, named: &str) -> Vec<String> {
    let mut out = Vec::new();
    for function in &module.functions {
        if module.strings.resolve(function.name) != named {
            continue;
        }
        for inst in &function.insts {
            if let Op::Call { func, .. } = &inst.op
                && let Op::Global(name) = function.op(*func)
            {
                out.push(module.strings.resolve(*name).trim_start_matches("__template__.").to_owned());
            }
        }
    }
    out
}

#[track_caller]
fn outputs(text: &str, expected: &[&str]) {
    let module = lower(text);
    let found: Vec<String> =
        calls(&module, "render").into_iter().filter(|c| c == "escaped" || c.starts_with("output.")).collect();
    assert_eq!(found, expected, "{text}");
    assert_eq!(module.gaps, [], "{text}");
}

#[test]
fn values_are_escaped_unless_marked() {
    outputs("<p>{{ x }}</p>", &["escaped"]);
    outputs("<p>{{ x|safe }}</p>", &["output.unescaped"]);
    outputs("<p>{{ x|safe|default:'a' }}</p>", &["output.unescaped"]);
    outputs("{% load a %}<p>{{ x|safe|upper }}</p>", &["escaped"]);
    outputs("{% autoescape off %}{{ x }}{% endautoescape %}{{ y }}", &["output.unescaped", "escaped"]);
    outputs("{% autoescape false %}{{ x }}{% endautoescape %}", &["output.unescaped"]);
    outputs("{{ x if y else z|safe }}", &["escaped", "output.unescaped"]);
    outputs("{{ 'a' ~ x ~ y|safe }}", &["escaped", "output.unescaped"]);
}

#[test]
fn a_place_decides_whether_escaping_helps() {
    outputs("<script>var a = \"{{ x }}\";</script>", &["escaped"]);
    outputs("<script>var a = {{ x }};</script>", &["output.in_script"]);
    outputs("<script>var a = `{{ x }}`;</script>", &["output.in_script"]);
    outputs("<a href=\"{{ x }}\">", &["output.as_address"]);
    outputs("<a href=\"/u/{{ x }}\">", &["escaped"]);
    outputs("<a href=\"{{ x }}/{{ y }}\">", &["output.as_address", "escaped"]);
    outputs("<b onclick=\"go('{{ x }}')\">", &["output.in_event_handler"]);
    outputs("<b class={{ x }}>", &["output.in_unquoted_attribute"]);
    outputs("<b {{ x }}>", &["output.in_tag"]);
    outputs(
        "<b class=\"{% if a %}{{ x }}{% else %}b{% endif %}\" {% if c %}id=\"{{ y }}\"{% endif %}>{{ z }}",
        &["escaped"; 3],
    );
}

#[test]
fn text_that_is_no_markup_has_no_outputs() {
    let module = lower_source("templates/mail.txt", "Hello {{ x|safe }} <b>");
    verify(&module).unwrap();
    assert!(calls(&module, "render").iter().all(|c| !c.starts_with("output.")));
}

#[test]
fn each_variant_has_its_functions() {
    let module = lower("<p>{{ x }}</p>");
    assert_eq!(calls(&module, "raw render"), ["output.unescaped"]);
    // Django always escapes.
    assert!(calls(&lower("{% load a %}<p>{{ x }}</p>"), "raw render").is_empty());
}

#[test]
fn blocks_are_functions() {
    let module = lower("{% extends 'base.html' %}{% load a %}{% block b %}{{ block.super }}{{ x|safe }}{% endblock %}");
    assert_eq!(calls(&module, "render"), ["frame", "block b", "inherit"]);
    assert_eq!(calls(&module, "block b"), ["super", "filters.safe", "output.unescaped"]);
}

#[test]
fn broken_templates_keep_the_rest() {
    for text in [
        "{% if %}{{ x|safe }}{% endif %}",
        "{% for x in %}{{ x|safe }}{% endfor %}",
        "{% if a %}{{ x|safe }}",
        "{{ a b }}{{ x|safe }}",
        "{{ x|safe }}{% endif %}",
        "{{ x|safe }}{{ y",
    ] {
        let module = lower(text);
        assert!(calls(&module, "render").contains(&"output.unescaped".to_owned()), "{text}");
        assert!(!module.gaps.is_empty(), "{text}");
    }
}

#[test]
fn tags_of_both_languages_are_read() {
    for text in [
        "{% for a, b in x.items %}{{ a }}{% empty %}-{% endfor %}",
        "{% for k, v in x.items() if k recursive %}{{ loop.index }}{% else %}-{% endfor %}",
        "{% with a=b c=d|upper %}{{ a }}{% endwith %}{% with x.y as z %}{{ z }}{% endwith %}",
        "{% include 'a.html' with b=c only %}{% include ['a', 'b'] ignore missing without context %}",
        "{% from 'm.html' import a, b as c with context %}{% import 'm.html' as m %}{{ m.f(1) }}{{ c() }}",
        "{% macro f(a, b='x') %}{{ a }}{{ y }}{% endmacro %}{{ f(1) }}{% call f(2) %}x{% endcall %}",
        "{% set a, b = 1, x or y %}{% set t %}{{ a }}{% endset %}{% set n.a = 3 %}{{ t }}",
        "{% blocktrans trimmed with a=b|upper count n=m %}{{ a }}{% plural %}{{ n }}{% endblocktrans %}",
        "{% blocktrans trimmed with a=b count=c|length %}{{ count }}{% endblocktrans %}",
        "{% url 'a:b' pk=x.pk as u %}{{ u }}{% static 'a.css' %}{% trans 'x' %}{% now 'Y' %}{% csrf_token %}",
        "{% if a and not b or c in d and e|length > 2 and f is not none and g is divisibleby 3 %}x{% elif y %}{% endif %}",
        "{% ifchanged x %}a{% else %}b{% endifchanged %}{% cycle 'a' 'b' as c silent %}{% regroup a by b as c %}",
        "{{ x|date:\"Y-m-d\"|default:_('never') }}{{ -x }}{{ a[1:2] }}{{ {'a': [1, (2,)]} }}{{ f(*a, **b) }}",
        "{%- if x -%}a{%- endif +%}{#- no -#}{% filter upper %}{{ x }}{% endfilter %}",
        "{% sometag a b=c|d:'e' %}x{% else %}y{% endsometag %}",
    ] {
        let module = lower(text);
        assert_eq!(module.gaps, [], "{text}");
    }
}

#[test]
fn nesting_is_bounded() {
    for text in [
        "{% if a %}".repeat(3000),
        format!("{}x{}", "{% for a in b %}".repeat(900), "{% endfor %}".repeat(900)),
        format!("{{{{ {}x{} }}}}", "(".repeat(9000), ")".repeat(9000)),
        "{% block a %}".repeat(2000),
        "{% raw %}".repeat(20_000),
        "{{ ' {{ ' ".repeat(20_000),
    ] {
        assert!(!lower(&text).gaps.is_empty());
    }
}

proptest! {
    #[test]
    fn whatever_is_written_is_lowered(parts in prop::collection::vec(prop::sample::select(&[
        "{{ x }}", "{{ x|safe }}", "{{", "}}", "{%", "%}", "{% if x %}", "{% else %}", "{% elif y %}", "{% endif %}",
        "{% for a in b %}", "{% empty %}", "{% endfor %}", "{% block b %}", "{% endblock %}", "{% set x = y %}",
        "{% macro m(a) %}", "{% endmacro %}", "{{ m(x) }}", "{% include 'a' %}", "{% extends 'b' %}", "{% with a=b %}",
        "{% endwith %}", "{{ a and b or c }}", "{{ a if b else c }}", "{% import 'a' as m %}", "<script>", "</script>",
        "<a href=\"", "\">", "{% autoescape off %}", "{% endautoescape %}", "{{ block.super }}", "{{ super() }}", "{# #}",
        "${x | h}", "${x", "\n% if x:\n", "\n% endif\n", "<%def name=\"m(a)\">", "</%def>", "<%", "%>", "<%block name='b'>", "</%block>",
        "{% if a and not (b or c) %}", "{% for a, b in c if d %}", "{{ x", "'", "{% raw %}", "{% endraw %}", "é",
    ][..]), 0..24)) {
        lower(&parts.concat());
    }

    #[test]
    fn any_text_is_lowered(text in "[{}%#|'\"a-c .()\\[\\]=~<>\\-]{0,60}") {
        lower(&text);
        lower(&format!("{{{{{text}}}}}"));
        lower(&format!("{{%{text}%}}"));
        lower(&format!("<%page args='x'/>${{{text}}}\n% for {text}:\n<%{text}%><%def {text}>"));
    }
}
