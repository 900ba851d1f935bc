"""What makes markup of its arguments as they are."""

import dominate.util
import flask
import pandas
import tabulate
import wtforms.widgets
import yattag
from flask import request


def untrusted():
    return request.args["data"]


def of_wtforms():
    wtforms.widgets.HTMLString("<b>%s</b>" % untrusted())  # expect: cross-site-scripting
    wtforms.widgets.core.HTMLString("<b>%s</b>" % flask.escape(untrusted()))


def of_yattag():
    document = yattag.Doc()
    document.asis(untrusted())  # expect: cross-site-scripting
    document.text(untrusted())


def of_dominate():
    dominate.util.raw("<b>" + untrusted())  # expect: cross-site-scripting
    dominate.util.text(untrusted())


def of_pandas():
    frame = pandas.DataFrame([untrusted()])
    frame.to_html(escape=False)  # expect: cross-site-scripting
    frame.to_html()


def of_tabulate():
    tabulate.tabulate([[untrusted()]], tablefmt="unsafehtml")  # expect: cross-site-scripting
    tabulate.tabulate([[untrusted()]], tablefmt="html")
