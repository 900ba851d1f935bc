"""Sanic: requests, handlers, responses, redirects and files that are sent."""

import logging
import flask
import sanic
import sanic.app
import sanic.request
import sanic.response
import sanic.views

from flask import request


def untrusted():
    return request.args["data"]


class OwnHTTPMethodView(sanic.views.HTTPMethodView):
    def get(self, first):
        first


class OwnHTTPMethodView2(sanic.views.HTTPMethodView):
    def get(self, first, second):
        eval(second)  # expect: code-injection


class OwnHTTPMethodView3(sanic.views.HTTPMethodView):
    def get(self):
        return ""


def classes():
    return [
        sanic.Sanic,
        sanic.app.Sanic,
        sanic.Blueprint,
        sanic.request.Request,
        sanic.Request,
        sanic.request.File,
    ]


def types_of_sanic(the_sanic: sanic.Sanic):
    @the_sanic.route("/")
    def on_route(first):
        first


def types_of_sanic_2(the_sanic: sanic.Sanic):
    @the_sanic.add_route
    def on_add_route(first):
        first


def types_of_sanic_3(the_sanic: sanic.Sanic):
    @the_sanic.on_request
    def on_on_request(first):
        first


def types_of_request(request: sanic.request.Request):
    request.files.get("/")


def sources_of_request(request: sanic.request.Request):
    eval(request.args)  # expect: code-injection
    eval(request.get_args())  # expect: code-injection


def sources_of_file_(file_: sanic.request.File):
    eval(file_.name)  # expect: code-injection


def sources_of_sanic(the_sanic: sanic.Sanic):
    @the_sanic.route("/")
    def on_route_2(first, second):
        eval(second)  # expect: code-injection


def sources_of_sanic_2(the_sanic: sanic.Sanic):
    @the_sanic.add_route
    def on_add_route_2(first, second):
        eval(second)  # expect: code-injection


def entries_of_sanic(the_sanic: sanic.Sanic):
    @the_sanic.route("/")
    def on_route_3():
        return ""


def entries_of_sanic_2(the_sanic: sanic.Sanic):
    @the_sanic.add_route
    def on_add_route_3():
        return ""


def entries_of_sanic_3(the_sanic: sanic.Sanic):
    @the_sanic.websocket()
    def on_websocket():
        return ""


def decorator_of_sanic(the_sanic: sanic.Sanic):
    @the_sanic.route("/")
    def kept_by_route(text):
        eval(text)  # expect: code-injection

    kept_by_route(untrusted())


def decorator_of_sanic_2(the_sanic: sanic.Sanic):
    @the_sanic.on_request
    def kept_by_on_request(text):
        eval(text)  # expect: code-injection

    kept_by_on_request(untrusted())


def sinks_of_sanic_response():
    sanic.response.html(untrusted())  # expect: cross-site-scripting
    sanic.response.redirect(untrusted())  # expect: open-redirect
    sanic.response.file(untrusted())  # expect: path-traversal


def sinks_of_sanic():
    sanic.html(untrusted())  # expect: cross-site-scripting
    sanic.redirect(untrusted())  # expect: open-redirect


def settings_of_sanic(the_sanic: sanic.Sanic):
    the_sanic.run(debug=True)


def neutral_of_sanic_response():
    sanic.response.json(untrusted())


def headers_of_request_are_secret(request: sanic.request.Request):
    token = request.headers["Authorization"]
    logging.info("a token of %d characters", len(token))
    logging.info("%s", request.headers)  # expect: secret-in-log


def path_of_request_begins_with_a_slash(request: sanic.request.Request):
    return flask.redirect("https://service.example" + request.path)


def host_of_request_is_the_service(request: sanic.request.Request):
    return flask.redirect(request.url)


def around_requests(app: sanic.Sanic):
    @app.websocket("/feed")
    async def feed(request, ws):
        eval(request.args.get("q"))  # expect: code-injection
        eval(await ws.recv())  # expect: code-injection
        async for message in ws:
            eval(message)  # expect: code-injection

    @app.middleware("request")
    async def first(request):
        eval(request.headers.get("q"))  # expect: code-injection

    @app.middleware
    async def second(request):
        eval(request.cookies.get("q"))  # expect: code-injection

    @app.on_request
    async def third(request):
        eval(request.form.get("q"))  # expect: code-injection

    async def fourth(request):
        eval(request.args["q"])  # expect: code-injection

    app.register_middleware(fourth, "request")
