//! Flows from views through templates: who renders what, and what a template does with it.

use assay_engine::{Date, NoProgress, Request, Reviewed, review};
use assay_finding::Outcome;
use assay_source::MemorySystem;
use std::path::PathBuf;

fn reviewed(files: &[(&str, &str)]) -> Reviewed {
    let mut system = MemorySystem::new("/p");
    for (name, code) in files {
        system = system.with_file(format!("/p/{name}"), *code);
    }
    let today = Date::parse("2026-01-15").expect("a day");
    let request = Request { jobs: Some(1), ..Request::new(vec![PathBuf::from("/p")], today) };
    review(&request, &system, &NoProgress).expect("the target exists")
}

/// Holds what is reported against the `expect` comments: `{# expect #}` in templates, `# expect` in code.
#[track_caller]
fn check(files: &[(&str, &str)]) {
    let reviewed = reviewed(files);
    let mut expected: Vec<(String, u32)> = Vec::new();
    for (name, code) in files {
        for (number, line) in (1..).zip(code.lines()) {
            if line.contains("# expect") {
                expected.push(((*name).to_owned(), number));
            }
        }
    }
    let review = &reviewed.review;
    let open = review.sites.iter().filter(|s| s.check == "cross-site-scripting" && s.finding.is_some());
    let mut found: Vec<(String, u32)> = open
        .map(|s| {
            let file = review.files.get(s.place.file);
            (file.path.to_string(), file.line_column(s.place.span.start).line)
        })
        .collect();
    found.sort();
    found.dedup();
    expected.sort();
    assert_eq!(found, expected);
}

const FLASK: &str =
    "from flask import Flask, render_template, render_template_string, request\napp = Flask(__name__)\n";

/// A Flask view that renders `page.html` with the query as `x`.
#[track_caller]
fn page(template: &str) {
    let view = format!(
        "{FLASK}@app.route('/')\ndef view():\n    return render_template('page.html', x=request.args['q'], y='a')\n"
    );
    check(&[("app.py", &view), ("templates/page.html", template)]);
}

#[test]
fn what_is_marked_as_safe_is_reported_in_the_template() {
    page("<h1>{{ y|safe }}</h1>\n<p>{{ x }}</p>\n<p>{{ x|safe }}</p>{# expect #}\n");
}

#[test]
fn switched_off_escaping_counts_where_it_is_off() {
    page("{% autoescape false %}\n{{ x }}{# expect #}\n{{ x|e }}\n{% endautoescape %}\n{{ x }}\n");
}

#[test]
fn the_place_in_the_page_counts() {
    page(
        "<script>\nvar a = \"{{ x }}\";\nvar b = {{ x }};{# expect #}\nvar c = {{ x|tojson }};\n</script>\n<a href=\"{{ x }}\">a</a>{# expect #}\n<a href=\"/u/{{ x }}\">b</a>\n<a href=\"{{ url_for('view', q=x) }}\">c</a>\n<a href=\"{{ x|urlencode }}\">d</a>\n<b onclick=\"go('{{ x }}')\">{# expect #}\n",
    );
    page("<i class={{ x }}>{# expect #}\n<i {{ x }}>{# expect #}\n<i class=\"{{ x }}\">{{ x|length|safe }}\n");
}

#[test]
fn conditions_of_templates_are_checks() {
    page(
        "{% if x == 'a' %}{{ x|safe }}{% endif %}\n{% if x in ['a', 'b'] %}{{ x|safe }}{% else %}\n{{ x|safe }}{# expect #}\n{% endif %}\n",
    );
}

#[test]
fn values_go_through_loops_assignments_and_macros() {
    page(
        "{% set z = x|upper %}\n{{ z|safe }}{# expect #}\n{% for c in [y, x] %}\n{{ c|safe }}{# expect #}\n{% endfor %}\n{% macro m(v) %}\n{{ v|safe }}{# expect #}\n{% endmacro %}\n{{ m(x) }}\n{{ c|safe }}\n",
    );
}

#[test]
fn includes_and_imports_are_followed() {
    let view = format!(
        "{FLASK}@app.route('/')\ndef view():\n    return render_template('a/page.html', x=request.args['q'])\n"
    );
    check(&[
        ("app.py", &view),
        (
            "templates/a/page.html",
            "{% include 'a/part.html' %}\n{% with z = x %}{% include './own.html' %}{% endwith %}\n{% from 'm.html' import m %}{{ m(x) }}\n{% import 'm.html' as all %}{{ all.n('x') }}",
        ),
        ("templates/a/part.html", "{{ x|safe }}{# expect #}\n{{ z|safe }}\n"),
        ("templates/a/own.html", "{{ z|safe }}{# expect #}\n"),
        (
            "templates/m.html",
            "{% macro m(v) %}\n{{ v|safe }}{# expect #}\n{% endmacro %}\n{% macro n(v) %}\n{{ v|safe }}\n{% endmacro %}\n",
        ),
    ]);
}

#[test]
fn blocks_override_those_of_the_base() {
    let view = format!(
        "{FLASK}@app.route('/')\ndef view():\n    return render_template('child.html', x=request.args['q'])\n@app.route('/b')\ndef other():\n    return render_template('other.html', x='a', z=request.args['q'])\n"
    );
    check(&[
        ("app.py", &view),
        (
            "templates/base.html",
            "<title>{% block title %}\n{{ x|safe }}\n{% endblock %}</title>\n{% block body %}\n{{ x|safe }}{# expect #}\n{% endblock %}\n{{ x|safe }}{# expect #}\n{% block foot %}\n{{ z|safe }}{# expect #}\n{% endblock %}\n{% block outer %}{% block inner %}\n{{ x|safe }}{{ z|safe }}\n{% endblock %}{% endblock %}",
        ),
        (
            "templates/child.html",
            "{% extends 'base.html' %}\n{% block title %}{{ x }}{% endblock %}\n{% block body %}\n{{ super() }}{{ x|safe }}{# expect #}\n{% endblock %}\n{% block outer %}{% endblock %}\n",
        ),
        (
            "templates/other.html",
            "{% extends 'base.html' %}\n{% block title %}\n{{ x|safe }}\n{% endblock %}\n{% block body %}{% endblock %}{% block outer %}{% endblock %}\n",
        ),
    ]);
}

#[test]
fn django_views_render_templates() {
    let view = "from django.shortcuts import render\nfrom django.views.generic import TemplateView\nfrom django.views import View\nclass A(View):\n    def get(self, request):\n        ctx = {'x': request.GET['q'], 'y': 'a'}\n        return render(request, 'app/a.html', ctx)\nclass B(TemplateView):\n    template_name = 'app/b.html'\n    def get_context_data(self, **kwargs):\n        context = super().get_context_data(**kwargs)\n        context['x'] = self.request.GET['q']\n        context['o'] = {'k': self.request.GET['q']}\n        return context\n";
    check(&[
        ("app/views.py", view),
        ("app/__init__.py", ""),
        (
            "app/templates/app/a.html",
            "{% load own %}\n{{ x|safe }}{# expect #}\n{{ y|safe }}\n{{ x|shout }}\n{{ request.GET.z|safe }}{# expect #}\n",
        ),
        (
            "app/templates/app/b.html",
            "{% load own %}\n{{ x|safe }}{# expect #}\n{{ o.k|safe }}{# expect #}\n{{ o.l|safe }}\n{% for k, v in o.items %}{{ k }}{% endfor %}\n",
        ),
        ("app/templatetags/__init__.py", ""),
        (
            "app/templatetags/own.py",
            "from django import template\nfrom django.utils.safestring import mark_safe\nregister = template.Library()\n@register.filter(name='shout')\ndef loud(value):\n    return mark_safe('<b>' + value)  # expect\n",
        ),
    ]);
}

#[test]
fn an_environment_says_whether_it_escapes() {
    let view = "import jinja2\nfrom flask import Flask, request\napp = Flask(__name__)\noff = jinja2.Environment(loader=jinja2.FileSystemLoader('templates'))\non = jinja2.Environment(autoescape=True)\nsome = jinja2.Environment(autoescape=jinja2.select_autoescape())\n@app.route('/')\ndef view():\n    q = request.args['q']\n    off.get_template('off.html').render(x=q)\n    on.get_template('on.html').render({'x': q})\n    some.get_template('some.html').render(x=q)\n    some.get_template('some.html.j2').render(x=q)\n    return 'a'\n";
    check(&[
        ("app.py", view),
        ("templates/off.html", "{{ x }}{# expect #}\n{{ x|e }}\n"),
        ("templates/on.html", "{{ x }}\n{{ x|safe }}{# expect #}\n"),
        ("templates/some.html", "{{ x }}\n"),
        ("templates/some.html.j2", "{{ x }}{# expect #}\n"),
    ]);
}

#[test]
fn what_nobody_renders_is_accounted_for() {
    let reviewed = reviewed(&[
        ("app.py", FLASK),
        ("web/angular.html", "<p>{{ a.b | c: d : e }} {{ x|safe }}</p>"),
        ("web/plain.html", "<p>x</p>"),
        ("templates/broken.html", "{{ a b }}"),
    ]);
    let review = &reviewed.review;
    assert!(review.sites.iter().all(|s| s.check != "cross-site-scripting" || s.outcome == Outcome::Safe));
    let gaps: Vec<&str> = review.gaps.iter().map(|g| g.code.as_str()).collect();
    assert_eq!(gaps, ["template-not-rendered"]);
    assert!(review.files.by_path("web/plain.html").is_none());
    assert_eq!(reviewed.exit_status().code(), 0);
}

#[test]
fn a_broken_template_is_read_as_far_as_possible() {
    let view =
        format!("{FLASK}@app.route('/')\ndef view():\n    return render_template('page.html', x=request.args['q'])\n");
    let files = [("app.py", view.as_str()), ("templates/page.html", "{{ a b }}\n{{ x|safe }}{# expect #}\n{% if %}\n")];
    check(&files);
    let reviewed = reviewed(&files);
    assert!(reviewed.review.gaps.iter().any(|g| g.code == "syntax-error" && g.path == "templates/page.html"));
}

#[test]
fn text_in_the_code_is_a_template_too() {
    let view = format!(
        "{FLASK}from jinja2 import Environment, Template\nPAGE = \"\"\"<p>\n{{{{ x }}}}\n{{{{ x|safe }}}}  {{# expect #}}\n</p>\"\"\"\n@app.route('/')\ndef view():\n    q = request.args['q']\n    Template('<p>{{{{ x }}}}</p>').render(x=q)  # expect\n    Template('{{{{ x }}}}').render(x=q)\n    Environment(autoescape=True).from_string('<p>{{{{ x }}}}</p>').render(x=q)\n    return render_template_string(PAGE, x=q)\n"
    );
    check(&[("app.py", &view)]);
}

#[test]
fn data_somewhere_in_the_context_is_not_under_every_name() {
    let view = "from django.views.generic import DetailView\nclass A(DetailView):\n    template_name = 'a.html'\n    def get_context_data(self, **kwargs):\n        context = super().get_context_data(**kwargs)\n        context['x'] = self.kwargs['q']\n        return context\n    def get(self, request, **kwargs):\n        return self.render_to_response(self.get_context_data(**kwargs))\n";
    check(&[("views.py", view), ("templates/a.html", "{{ messages|safe }}\n{{ x|safe }}{# expect #}\n")]);
}

#[test]
fn an_address_that_was_checked_is_none_of_a_script() {
    let view = "from django.shortcuts import render\nfrom django.urls import reverse\nfrom django.utils.http import url_has_allowed_host_and_scheme\nfrom django.views import View\nclass A(View):\n    def get(self, request):\n        q = request.GET['q']\n        checked = q if url_has_allowed_host_and_scheme(q, None) else '/'\n        return render(request, 'a.html', {'q': q, 'checked': checked, 'own': reverse('a', args=[q]) + '?x=' + q})\n";
    check(&[
        ("views.py", view),
        (
            "templates/a.html",
            "<a href=\"{{ q }}\">{# expect #}\n<a href=\"{{ checked }}\">\n<a href=\"{{ own }}\">\n<a href=\"{{ request.path }}\">\n",
        ),
    ]);
}

#[test]
fn what_an_unknown_library_gives_back_counts_where_it_is_not_to_be_escaped() {
    let view = format!(
        "{FLASK}import unheard\n@app.route('/')\ndef view():\n    return render_template('page.html', x=unheard.tidy(request.args['q']))\n"
    );
    check(&[
        ("app.py", &view),
        ("templates/page.html", "<p>{{ x }}</p>\n<p>{{ x|safe }}</p>{# expect #}\n<a href=\"{{ x }}\">go</a>\n"),
    ]);
}

#[test]
fn templates_of_mako_escape_what_they_are_told_to() {
    let view = "from flask import Flask, request\nfrom mako.lookup import TemplateLookup\napp = Flask(__name__)\nplain = TemplateLookup(directories=['templates'])\nescaping = TemplateLookup(directories=['templates'], default_filters=['unicode', 'h'])\nPAGES = {name: plain.get_template(name) for name in ('first.tmpl', 'second.tmpl')}\n@app.route('/')\ndef view():\n    q = request.args['q']\n    escaping.get_template('escaped.html').render(x=q)\n    return plain.get_template('/page.html').render(x=q, xs=[q], w=q, y='a')\n@app.route('/first')\ndef first():\n    return PAGES['first.tmpl'].render(url=request.args['url'])\n";
    check(&[
        ("app.py", view),
        ("templates/base.html", "<%def name=\"title()\">a</%def>\n<h1>${self.title()}</h1>\n${y}\n${self.body()}\n"),
        (
            "templates/page.html",
            "<%inherit file=\"/base.html\"/>\n<%def name=\"title()\"><b>${x}</b></%def>{# expect #}\n<p>${x | h}</p>\n<p>${x}</p>{# expect #}\n<a class=${x | h}>{# expect #}</a>\n% for i, each in enumerate(xs):\n<li>${i} ${each}</li>{# expect #}\n% endfor\n<%def name=\"cell(a, b='')\"><td>${a}</td></%def>{# expect #}\n${cell(w)} ${cell(y)}\n<%\n    z = w.strip()\n%>\n<p>${z}</p>{# expect #}\n<p>${len(z)} ${y}</p>\n## ${x}\n",
        ),
        (
            "templates/escaped.html",
            "<%page args=\"x\"/>\n<p>${x}</p>\n<p>${x | n}</p>{# expect #}\n<p>${x | n,h}</p>\n",
        ),
        (
            "templates/first.tmpl",
            "<%inherit file=\"base.html\"/>\n<a href=\"/x?u=${url}\">a</a>{# expect #}\n<i>${url | u}</i>\n",
        ),
        ("templates/second.tmpl", "<%block name=\"a\"><p>b</p></%block>\n"),
    ]);
}

#[test]
fn templates_of_tornado_end_everything_alike() {
    let view = "import tornado.template\nimport tornado.web\nplain = tornado.template.Loader('templates', autoescape=None)\nclass A(tornado.web.RequestHandler):\n    def get(self):\n        q = self.get_argument('q')\n        self.write(plain.load('plain.html').generate(x=q))\n        self.render('off.html', x=q)\n        self.render('page.html', x=q, xs=[q], y='a')\nclass B(tornado.web.RequestHandler):\n    def get(self):\n        page = tornado.template.Template('<p>{{ x }}</p>{% raw x %}')  # expect\n        self.write(page.generate(x=self.get_argument('q')))\n";
    check(&[
        ("app.py", view),
        (
            "templates/base.html",
            "<html>{% block head %}{% end %}\n{{! x }} {%! raw x %}\n{% raw x %}{# expect #}\n{% block body %}{% end %}</html>\n",
        ),
        (
            "templates/page.html",
            "{% extends \"base.html\" %}\n{% block body %}\n{% for i, each in enumerate(xs) %}\n<li>{{ each }} {% raw i %}</li>\n<li>{% raw each %}</li>{# expect #}\n{% end %}\n{% if len(x) > 3 %}\n<p>{% raw escape(x) %} {% raw url_escape(x) %} {% raw y %}</p>\n{% else %}\n<a href=\"{{ x }}\">{# expect #}</a>\n{% end %}\n{% set z = x %}\n{% comment {{ no }} %}\n<b>{% raw z %}</b>{# expect #}\n<script>var a = {% raw json_encode(x) %};</script>\n<i>{% raw json_encode(x) %}</i>{# expect #}\n{% end %}\n",
        ),
        ("templates/off.html", "{% autoescape None %}\n<p>{{ escape(x) }}</p>\n<p>{{ x }}</p>{# expect #}\n"),
        ("templates/plain.html", "<p>{{ escape(x) }}</p>\n<p>{{ x }}</p>{# expect #}\n"),
    ]);
}

#[test]
fn templates_of_bottle_have_lines_of_python() {
    let view = "from bottle import SimpleTemplate, request, route, template, view\n@route('/a')\ndef a():\n    return template('page', x=request.query.q, xs=[request.query.q], y='a')\n@route('/b')\ndef b():\n    return template('<b>{{x}}</b>{{!x}}', x=request.query.q)  # expect\n@route('/c')\n@view('other.tpl')\ndef c():\n    return dict(x=request.query.q, y='a')\n@route('/d')\ndef d():\n    page = SimpleTemplate('<b>{{x}}</b>{{!x}}')  # expect\n    return page.render(x=request.query.q)\n";
    check(&[
        ("app.py", view),
        (
            "views/page.tpl",
            "% rebase('base.tpl', title=x)\n<p>{{x}} {{!y}}</p>\n% for each in xs:  # all\n  <li>{{!each}}</li><!-- # expect -->\n% end\n% if x:\n<p>{{!x}}</p><!-- # expect -->\n% else:\n  <p>50 % done</p>\n% end\n<%\nz = x\n%>\n<p>{{!z}}</p><!-- # expect -->\n% include('part.tpl', w=x)\n\\% end\n",
        ),
        ("views/base.tpl", "<html><p>{{title}}</p>{{!base}}\n<b>{{!title}}</b><!-- # expect --></html>\n"),
        ("views/part.tpl", "<p>{{!w}}</p><!-- # expect -->\n"),
        ("views/other.tpl", "<p>{{!y}}</p>\n<p>{{!x}}</p><!-- # expect -->\n"),
    ]);
}

#[test]
fn a_function_that_renders_what_its_caller_names() {
    let view = format!(
        "{FLASK}from jinja2 import Environment, FileSystemLoader, Template\nenvironment = Environment(loader=FileSystemLoader('templates'), autoescape=True)\n\ndef page(template, **values):\n    return render_template(template, site=request.host, **values)\n\ndef any_page(*args, **kwargs):\n    return page(*args, **kwargs)\n\ndef named(name, context=None):\n    context = context or {{}}\n    return environment.get_template('%s.html' % name).render(context)\n\ndef load(name):\n    return environment.get_template(f'{{name}}.html')\n\n@app.route('/a')\ndef a():\n    page('safe.html', x='a', y=request.args['q'])\n    return page('a.html', x=request.args['q'], y='a')\n\n@app.route('/b')\ndef b():\n    return any_page('b.html', x=request.args['q'])\n\n@app.route('/c')\ndef c():\n    return named('c', {{'x': request.args['q']}})\n\n@app.route('/d')\ndef d():\n    return load('d').render(x=request.args['q'])\n\nclass Site:\n    def show(self, templates, context=None):\n        if isinstance(templates, Template):\n            template = templates\n        else:\n            if isinstance(templates, str):\n                templates = [templates]\n            template = environment.select_template(templates)\n        return template.render({{**(context or {{}}), 'site': 'a'}})\n\nsite = Site()\n\n@app.route('/e')\ndef e():\n    return site.show(['none.html', 'e.html'], {{'x': request.args['q']}})\n"
    );
    check(&[
        ("app.py", &view),
        ("templates/safe.html", "<p>{{ x|safe }} {{ y }}</p>\n<p>{{ site|safe }}</p>{# expect #}\n"),
        ("templates/a.html", "<p>{{ y|safe }}</p>\n<p>{{ x|safe }}</p>{# expect #}\n"),
        ("templates/b.html", "<p>{{ x|safe }}</p>{# expect #}\n"),
        ("templates/c.html", "<p>{{ x|safe }}</p>{# expect #}\n"),
        ("templates/d.html", "<p>{{ x|safe }}</p>{# expect #}\n"),
        ("templates/e.html", "<p>{{ site|safe }}</p>\n<p>{{ x|safe }}</p>{# expect #}\n"),
    ]);
}

#[test]
fn a_method_that_renders_what_its_class_names() {
    let view = format!(
        "{FLASK}class Page:\n    template = None\n    def answer(self, **values):\n        return render_template(self.template, **values)\n    def plain(self):\n        return render_template(self.template, z=request.args['q'])\n\nclass A(Page):\n    template = 'a.html'\n    def get(self):\n        return self.answer(x=request.args['q'], y='a')\n\nclass B(Page):\n    template = 'b.html'\n    def get(self):\n        return self.answer(x='a', y=request.args['q'])\n\n@app.route('/')\ndef view():\n    return A().get() + B().get() + A().plain()\n"
    );
    check(&[
        ("app.py", &view),
        ("templates/a.html", "<p>{{ y|safe }}</p>\n<p>{{ x|safe }}</p>{# expect #}\n<p>{{ z|safe }}</p>{# expect #}\n"),
        ("templates/b.html", "<p>{{ x|safe }}</p>\n<p>{{ y|safe }}</p>{# expect #}\n<p>{{ z|safe }}</p>{# expect #}\n"),
    ]);
}

#[test]
fn a_decorator_names_what_shows_the_result() {
    let aiohttp = "import aiohttp_jinja2\nfrom aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get('/a')\n@aiohttp_jinja2.template('a.html')\nasync def a(request):\n    return {'x': request.query['q'], 'y': 'a'}\n";
    let pyramid = "from pyramid.view import view_config\n@view_config(route_name='b', renderer='own:templates/b.jinja2')\ndef b(request):\n    return {'x': request.params['q'], 'y': 'a'}\n";
    check(&[
        ("a.py", aiohttp),
        ("b.py", pyramid),
        ("templates/a.html", "<p>{{ y|safe }}</p>\n<p>{{ x|safe }}</p>{# expect #}\n"),
        ("templates/b.jinja2", "<p>{{ y|safe }}</p>\n<p>{{ x|safe }}</p>{# expect #}\n"),
    ]);
}
