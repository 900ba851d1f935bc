"""Falcon: requests, resources whose methods answer routes, sinks and hooks, redirects, files that are served, and uploads."""

import falcon
import falcon.asgi
import falcon.media.multipart
import falcon.redirects
import falcon.request
import falcon.response
import flask
import os
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


class Handler:
    def on_get(self, first):
        first


class Handler_2:
    def on_get(self, first, second):
        second


class Handler_3:
    def on_websocket(self, first):
        first


class Handler_4:
    def on_websocket(self, first, second):
        second


class Handler_5:
    def on_get(self, first, second, third):
        eval(third)  # expect: code-injection


class Handler_6:
    def on_get(self):
        return ""


class Handler_7:
    def on_websocket(self):
        return ""


def classes():
    return [
        falcon.App,
        falcon.asgi.App,
        falcon.Request,
        falcon.request.Request,
        falcon.asgi.Request,
        falcon.Response,
        falcon.response.Response,
        falcon.asgi.Response,
        falcon.asgi.WebSocket,
        falcon.media.multipart.BodyPart,
    ]


def types_of_app(app: falcon.App):
    app.add_route(resource=Handler())
    app.add_route(resource=Handler_2())
    app.add_route(resource=Handler_3())
    app.add_route(resource=Handler_4())


def types_of_app_2(app: falcon.App):
    @app.add_sink
    def on_add_sink(first):
        first


def types_of_app_3(app: falcon.App):
    @app.add_sink
    def on_add_sink_2(first, second):
        second


def types_of_app_4(app: falcon.App):
    def on_add_error_handler(first):
        first

    app.add_error_handler(handler=on_add_error_handler)


def types_of_falcon():
    @falcon.before
    def on_before(first):
        first


def types_of_falcon_2():
    @falcon.before
    def on_before_2(first, second):
        second


def types_of_request(request: falcon.Request):
    request.get_media()[0]
    request.media[0]


def sources_of_request(request: falcon.Request):
    eval(request.params)  # expect: code-injection
    eval(request.get_param())  # expect: code-injection


async def sources_of_request_2(request: falcon.asgi.Request):
    eval((await request.get_media()))  # expect: code-injection


async def sources_of_web_socket(web_socket: falcon.asgi.WebSocket):
    eval((await web_socket.receive_text()))  # expect: code-injection


def sources_of_body_part(body_part: falcon.media.multipart.BodyPart):
    eval(body_part.filename)  # expect: code-injection
    eval(body_part.get_text())  # expect: code-injection


def sources_of_app(app: falcon.App):
    app.add_route(resource=Handler_5())


def barriers_of_body_part(body_part: falcon.media.multipart.BodyPart):
    open(body_part.secure_filename)


def barriers_of_request(request: falcon.Request):
    flask.make_response('').headers.add('x', request.headers)
    flask.redirect(request.uri)


def entries_of_app(app: falcon.App):
    app.add_route(resource=Handler_6())
    app.add_route(resource=Handler_7())


def entries_of_app_2(app: falcon.App):
    @app.add_sink
    def on_add_sink_3():
        return ""


def decorator_of_falcon():
    @falcon.before("/")
    def kept_by_before(text):
        eval(text)  # expect: code-injection

    kept_by_before(untrusted())


def sinks_of_falcon():
    falcon.HTTPFound(untrusted())  # expect: open-redirect


def sinks_of_falcon_redirects():
    falcon.redirects.HTTPFound(untrusted())  # expect: open-redirect


def sinks_of_app(app: falcon.App):
    app.add_static_route(directory=untrusted())  # expect: path-traversal


class Things:
    def on_get(self, request, response, thing):
        sqlite3.connect("things").execute("SELECT name FROM things WHERE id = ?", (thing,))
        response.text = request.get_param("name")

    def on_post(self, request, response):
        os.system(request.get_param("command"))  # expect: command-injection
        number = request.get_param_as_int("number")
        os.system(f"repair {number}")


def things():
    falcon.App().add_route("/things/{thing}", Things())


class Numbered:
    def on_delete(self, request, response, number):
        os.system(f"remove {number}")


def numbered():
    falcon.App().add_route("/numbered/{number:int}", Numbered())


def stored(part: falcon.media.multipart.BodyPart):
    open(part.filename, "wb")  # expect: path-traversal
    open(os.path.join("/srv/uploads", part.secure_filename), "wb")


class Slash:
    def on_get(self, request, response):
        raise falcon.HTTPFound(request.url + "/")


def slash():
    falcon.App().add_route("/slash", Slash())


class Page:
    def on_get(self, request, response):
        response.content_type = falcon.MEDIA_HTML
        response.text = "<h1>" + request.get_param("name")  # expect: cross-site-scripting


def page():
    falcon.App().add_route("/page", Page())


class Listed:
    def process_request(self, req, resp):
        eval(req.get_header("X"))  # expect: code-injection


class Single:
    def process_resource(self, req, resp, resource, params):
        eval(req.get_param("x"))  # expect: code-injection


class Added:
    def process_response(self, req, resp, resource, req_succeeded):
        eval(req.get_param("x"))  # expect: code-injection


class AddedToo:
    async def process_request(self, req, resp):
        eval(req.get_param("x"))  # expect: code-injection


def components():
    falcon.App(middleware=[Listed()])
    app = falcon.App(middleware=Single())
    app.add_middleware(Added())
    app.add_middleware([AddedToo()])
