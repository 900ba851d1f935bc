"""CherryPy: the request proxy, exposed handlers, redirects and files that are served."""

import logging
import flask
import cherrypy
import cherrypy._cprequest
import cherrypy.lib.static

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    cherrypy._cprequest.Request
    cherrypy._cprequest.Response


def types_of_cherrypy():
    cherrypy.request
    cherrypy.response


def sources_of_request(request: cherrypy._cprequest.Request):
    eval(request.params)  # expect: code-injection


def sources_of_cherrypy():
    @cherrypy.expose
    def on_expose(value):
        eval(value)  # expect: code-injection


class Marked:
    def page(self, value):
        eval(value)  # expect: code-injection

    page.exposed = True

    def hidden(self, value):
        eval(value)

    hidden.exposed = False


def sources_of_cherrypy_2():
    @cherrypy.expose()
    def on_expose_2(value):
        eval(value)  # expect: code-injection


def sources_of_cherrypy_3():
    eval(cherrypy.url())  # expect: code-injection


def entries_of_cherrypy():
    @cherrypy.expose
    def on_expose_3():
        return ""


def entries_of_cherrypy_2():
    @cherrypy.expose()
    def on_expose_4():
        return ""


def decorator_of_cherrypy():
    @cherrypy.expose
    def kept_by_expose(text):
        eval(text)  # expect: code-injection

    kept_by_expose(untrusted())


def decorator_of_cherrypy_2():
    @cherrypy.expose()
    def kept_by_expose_2(text):
        eval(text)  # expect: code-injection

    kept_by_expose_2(untrusted())


def decorator_of_cherrypy_3():
    @cherrypy.popargs()
    def kept_by_popargs(text):
        eval(text)  # expect: code-injection

    kept_by_popargs(untrusted())


def decorator_of_cherrypy_4():
    @cherrypy.tools.anything()
    def kept_by_anything(text):
        eval(text)  # expect: code-injection

    kept_by_anything(untrusted())


def sinks_of_cherrypy():
    @cherrypy.expose
    def on_expose_5():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_cherrypy_2():
    @cherrypy.expose()
    def on_expose_6():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_cherrypy_3():
    cherrypy.HTTPRedirect(untrusted())  # expect: open-redirect


def sinks_of_cherrypy_lib_static():
    cherrypy.lib.static.serve_file(untrusted())  # expect: path-traversal


def sinks_of_response(response: cherrypy._cprequest.Response):
    response.body = untrusted()  # expect: cross-site-scripting


def headers_of_request_are_secret(request: cherrypy._cprequest.Request):
    token = request.headers["Authorization"]
    logging.info("a token of %d characters", len(token))
    logging.info("%s", request.headers)  # expect: secret-in-log


def path_of_request_begins_with_a_slash(request: cherrypy._cprequest.Request):
    return flask.redirect("https://service.example" + request.path_info)


@cherrypy.tools.proxy(remote="X-Real-IP")  # expect: host-header-trusted
def behind_a_proxy():
    return "ok"


@cherrypy.expose
class Dispatched:
    def GET(self, number):
        eval(number)  # expect: code-injection
