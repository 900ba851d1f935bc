"""Mako: templates from text, lookups and rendering."""

import bottle
import flask
import mako.filters
import mako.lookup
import mako.template
import pylons.templating

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    mako.template.Template
    mako.lookup.TemplateLookup


def types_of_template_lookup(template_lookup: mako.lookup.TemplateLookup):
    template_lookup.get_template()


def sinks_of_mako_template():
    mako.template.Template(untrusted())  # expect: template-injection
    mako.template.Template(None, untrusted())  # expect: path-traversal


def sinks_of_template_lookup(template_lookup: mako.lookup.TemplateLookup):
    template_lookup.put_string(None, untrusted())  # expect: template-injection


def flows_of_mako_template():
    eval(mako.template.Template(untrusted()))  # expect: code-injection, template-injection


def flows_of_template(template: mako.template.Template):
    eval(template.render(untrusted()))  # expect: code-injection
    eval(mako.template.Template(untrusted()).render())  # expect: code-injection, template-injection


def barriers_of_mako_filters():
    flask.make_response(mako.filters.html_escape(untrusted()))


def rendered_from_files(template_lookup: mako.lookup.TemplateLookup):
    flask.make_response(template_lookup.get_template("page.mako").render(data=untrusted()))
    mako.template.Template(filename="page.mako")
    pylons.templating.render_mako("/page.mako", {"data": 1})
    bottle.mako_template("page", data=1)


def neutral_of_template_lookup(template_lookup: mako.lookup.TemplateLookup):
    eval(template_lookup.get_template(untrusted()))
