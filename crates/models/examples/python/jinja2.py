"""Jinja2: templates from text, environments without automatic escaping, rendering, loaders and the decorators of filters."""

import flask
import jinja2
import jinja2.environment
import jinja2.filters
import jinja2.nativetypes
import jinja2.sandbox
import jinja2.utils

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        jinja2.Environment,
        jinja2.environment.Environment,
        jinja2.nativetypes.NativeEnvironment,
        jinja2.sandbox.SandboxedEnvironment,
        jinja2.Template,
        jinja2.environment.Template,
    ]


def types_of_jinja2():
    jinja2.select_autoescape()


def types_of_environment(environment: jinja2.Environment):
    environment.get_template()
    environment.overlay()


def types_of_sandboxed_environment(sandboxed_environment: jinja2.sandbox.SandboxedEnvironment):
    sandboxed_environment.get_template()
    sandboxed_environment.overlay()


def sinks_of_jinja2():
    jinja2.Template(untrusted())  # expect: template-injection
    jinja2.Markup(untrusted())  # expect: cross-site-scripting
    jinja2.FileSystemLoader(untrusted())  # expect: path-traversal


def sinks_of_jinja2_environment():
    jinja2.environment.Template(untrusted())  # expect: template-injection


def sinks_of_environment(environment: jinja2.Environment):
    environment.from_string(untrusted())  # expect: template-injection
    environment.compile(untrusted())  # expect: template-injection
    environment.compile_expression(untrusted())  # expect: template-injection


def sinks_of_jinja2_utils():
    jinja2.utils.Markup(untrusted())  # expect: cross-site-scripting


def flows_of_jinja2():
    eval(jinja2.Template(untrusted()))  # expect: code-injection, template-injection


def flows_of_environment(environment: jinja2.Environment):
    eval(environment.from_string(untrusted()))  # expect: code-injection, template-injection
    eval(environment.parse(untrusted()))  # expect: code-injection


def flows_of_sandboxed_environment(sandboxed_environment: jinja2.sandbox.SandboxedEnvironment):
    eval(sandboxed_environment.from_string(untrusted()))  # expect: code-injection


def flows_of_template(template: jinja2.Template):
    eval(template.render(untrusted()))  # expect: code-injection
    eval(jinja2.Template(untrusted()).render())  # expect: code-injection, template-injection


def flows_of_escaping_template(environment: jinja2.Environment):
    escaping_template = environment.get_template()
    eval(escaping_template.render(untrusted()))  # expect: code-injection


async def barriers_of_escaping_template(environment: jinja2.Environment):
    escaping_template = environment.get_template()
    flask.make_response(escaping_template.render(untrusted()))
    flask.make_response((await escaping_template.render_async(untrusted())))


def barriers_of_jinja2():
    flask.make_response(jinja2.escape(untrusted()))


def barriers_of_jinja2_utils():
    flask.make_response(jinja2.utils.escape(untrusted()))
    flask.make_response(jinja2.utils.htmlsafe_json_dumps(untrusted()))


def barriers_of_jinja2_filters():
    flask.make_response(jinja2.filters.do_forceescape(untrusted()))


def settings_of_jinja2():
    jinja2.Environment()  # expect: template-autoescape-off


def settings_of_jinja2_environment():
    jinja2.environment.Environment()  # expect: template-autoescape-off


def settings_of_jinja2_nativetypes():
    jinja2.nativetypes.NativeEnvironment(autoescape=False)  # expect: template-autoescape-off


def settings_of_jinja2_sandbox():
    jinja2.sandbox.SandboxedEnvironment()  # expect: template-autoescape-off


def assignments_of_environment(environment: jinja2.Environment):
    environment.autoescape = False  # expect: template-autoescape-off


def decorator_of_jinja2():
    @jinja2.pass_context
    def kept_by_pass_context(text):
        eval(text)  # expect: code-injection

    kept_by_pass_context(untrusted())


def neutral_of_environment(environment: jinja2.Environment):
    environment.get_template(untrusted())
    eval(environment.get_template(untrusted()))


def neutral_of_jinja2():
    eval(jinja2.select_autoescape(untrusted()))
