"""MarkupSafe: text that is marked as safe HTML (a sink), and escaping (a barrier)."""

import flask
import jinja2
import jinja2.utils
import markupsafe

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    markupsafe.Markup


def types_of_markupsafe():
    markupsafe.escape()
    markupsafe.Markup.escape()


def sinks_of_markupsafe():
    markupsafe.Markup(untrusted())  # expect: cross-site-scripting


def barriers_of_markupsafe():
    flask.make_response(markupsafe.escape(untrusted()))
    flask.make_response(markupsafe.Markup.escape(untrusted()))


def barriers_of_markup(markup: markupsafe.Markup):
    flask.make_response(markup.format(untrusted()))
    flask.make_response(markup.join([untrusted()]))


def flows_of_markupsafe():
    eval(markupsafe.Markup(untrusted()))  # expect: code-injection, cross-site-scripting
    eval(markupsafe.escape(untrusted()))  # expect: code-injection


def flows_of_markup(markup: markupsafe.Markup):
    eval(markup.format(untrusted()))  # expect: code-injection
    eval(markupsafe.Markup(untrusted()).unescape())  # expect: code-injection, cross-site-scripting


def markup_escapes_what_is_put_into_it():
    flask.Response(markupsafe.Markup("<b>%s</b>") % untrusted())
    flask.Response(markupsafe.Markup("<b>") + untrusted() + "</b>")
    flask.Response("<b>" + untrusted() + markupsafe.Markup("</b>"))
    flask.Response(str(markupsafe.Markup("<b>")) + untrusted())  # expect: cross-site-scripting
    flask.Response(flask.Markup("<b>{}</b>").format(untrusted()))
    flask.Response(flask.Markup("<b>%s</b>" % untrusted()))  # expect: cross-site-scripting
    flask.Response(flask.escape(untrusted()))
    flask.Response(jinja2.Markup("<b>") + jinja2.escape(untrusted()))
    flask.Response(jinja2.utils.Markup("<b>") + jinja2.utils.escape(untrusted()))
