"""Pyramid: the request (WebOb's with what the router matched), views by decorator and by registration, responses, redirects, files, and templates by name."""

import flask
import os
import pyramid.config
import pyramid.events
import pyramid.httpexceptions
import pyramid.path
import pyramid.renderers
import pyramid.request
import pyramid.response
import pyramid.static
import pyramid.view
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


class Handler:
    def __init__(self, request):
        request


class Handler_2:
    def __init__(self, request):
        request


def classes():
    return [
        pyramid.request.Request,
        pyramid.response.Response,
        pyramid.config.Configurator,
    ]


def types_of_pyramid_view():
    @pyramid.view.view_config("/")
    def on_view_config(request):
        request


def types_of_pyramid_view_2():
    pyramid.view.view_config()(Handler)


def types_of_pyramid_view_3():
    @pyramid.view.notfound_view_config("/")
    def on_notfound_view_config(request):
        request


def types_of_configurator(configurator: pyramid.config.Configurator):
    @configurator.add_view
    def on_add_view(request):
        request


def types_of_configurator_2(configurator: pyramid.config.Configurator):
    configurator.add_view(Handler_2)


def types_of_request(request: pyramid.request.Request):
    request.response


def types_of_pyramid_renderers():
    pyramid.renderers.render_to_response()


def sources_of_request(request: pyramid.request.Request):
    eval(request.matchdict)  # expect: code-injection


def entries_of_pyramid_view():
    @pyramid.view.view_config("/")
    def on_view_config_2():
        return ""


def entries_of_configurator(configurator: pyramid.config.Configurator):
    @configurator.add_view
    def on_add_view_2():
        return ""


def entries_of_pyramid_events():
    @pyramid.events.subscriber("/")
    def on_subscriber():
        return ""


def decorator_of_view():
    @pyramid.view.view_config("/")
    def kept_by_view_config(text):
        eval(text)  # expect: code-injection

    kept_by_view_config(untrusted())


def decorator_of_events():
    @pyramid.events.subscriber("/")
    def kept_by_subscriber(text):
        eval(text)  # expect: code-injection

    kept_by_subscriber(untrusted())


def sinks_of_pyramid_response():
    pyramid.response.Response(untrusted())  # expect: cross-site-scripting
    pyramid.response.Response(untrusted(), content_type="text/html")  # expect: cross-site-scripting
    pyramid.response.FileResponse(untrusted())  # expect: path-traversal


def sinks_of_pyramid_httpexceptions():
    pyramid.httpexceptions.HTTPFound(untrusted())  # expect: open-redirect


def sinks_of_pyramid_static():
    pyramid.static.static_view(untrusted())  # expect: path-traversal


def sinks_of_pyramid_renderers():
    pyramid.renderers.render(untrusted())  # expect: path-traversal


def sinks_of_pyramid_path():
    pyramid.path.DottedNameResolver().resolve(untrusted())  # expect: unsafe-reflection


def barriers_of_request(request: pyramid.request.Request):
    flask.redirect(request.route_url(untrusted()))
    flask.redirect(request.url)


def barriers_of_pyramid_renderers():
    flask.make_response(pyramid.renderers.render("page.jinja2", {"name": untrusted()}))


@pyramid.view.view_config(route_name="page", renderer="json")
def page(context, request):
    os.system(request.matchdict["command"])  # expect: command-injection
    sqlite3.connect("pages").execute("SELECT text FROM pages WHERE name = ?", (request.matchdict["name"],))
    return {"name": request.params["name"]}


@pyramid.view.view_defaults(route_name="account")
class Account:
    def __init__(self, request):
        self.request = request

    @pyramid.view.view_config(request_method="GET")
    def show(self):
        return pyramid.response.Response(self.request.params["name"])  # expect: cross-site-scripting

    @pyramid.view.view_config(request_method="POST")
    def move(self):
        raise pyramid.httpexceptions.HTTPFound(self.request.route_url("account", name=self.request.params["name"]))

    @pyramid.view.view_config(request_method="PUT")
    def leave(self):
        raise pyramid.httpexceptions.HTTPFound(self.request.params["next"])  # expect: open-redirect


def plain(request):
    return pyramid.response.Response(request.params["name"], content_type="text/plain")


def views(configurator: pyramid.config.Configurator):
    configurator.add_view(plain, route_name="plain")


@pyramid.view.view_config(route_name="slash")
def slash(request):
    raise pyramid.httpexceptions.HTTPFound(request.url + "/")


def without_tokens():
    config = pyramid.config.Configurator()
    config.set_default_csrf_options(require_csrf=False)  # expect: csrf-exemption
    config.add_view(tokens_kept, require_csrf=False)  # expect: csrf-exemption


def with_tokens():
    pyramid.config.Configurator().set_default_csrf_options(require_csrf=True)


@pyramid.view.view_config(route_name="orders", require_csrf=False)  # expect: csrf-exemption
def tokens_dropped(request):
    return {}


@pyramid.view.view_config(route_name="orders")
def tokens_kept(request):
    return {}
