"""MarkupSafe: text that is marked as safe HTML (a sink), and escaping (a barrier)."""

import flask
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
