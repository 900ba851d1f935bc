"""Tornado: request handlers, the request, responses, redirects, web sockets, templates, and the HTTP client."""

import logging
import flask
import tornado.escape
import tornado.gen
import tornado.httpclient
import tornado.httputil
import tornado.log
import tornado.process
import tornado.template
import tornado.util
import tornado.web
import tornado.websocket

from flask import request


def untrusted():
    return request.args["data"]


class OwnRequestHandler(tornado.web.RequestHandler):
    def get(self, value):
        eval(value)  # expect: code-injection


class OwnWebSocketHandler(tornado.websocket.WebSocketHandler):
    def open(self, value):
        eval(value)  # expect: code-injection


class OwnWebSocketHandler2(tornado.websocket.WebSocketHandler):
    def on_message(self, first):
        eval(first)  # expect: code-injection


class OwnRequestHandler2(tornado.web.RequestHandler):
    def get(self):
        return ""


class OwnWebSocketHandler3(tornado.websocket.WebSocketHandler):
    def open(self):
        return ""

    def get(self, value):
        eval(value)  # expect: code-injection


def classes():
    return [
        tornado.web.RequestHandler,
        tornado.websocket.WebSocketHandler,
        tornado.httputil.HTTPServerRequest,
        tornado.template.Template,
        tornado.template.Loader,
        tornado.httpclient.HTTPClient,
        tornado.httpclient.AsyncHTTPClient,
        tornado.httpclient.HTTPResponse,
    ]


def types_of_request_handler(request_handler: tornado.web.RequestHandler):
    request_handler.get_argument()
    request_handler.get_arguments()
    request_handler.request


def types_of_httpserver_request(httpserver_request: tornado.httputil.HTTPServerRequest):
    httpserver_request.uri
    httpserver_request.body


def types_of_loader(loader: tornado.template.Loader):
    loader.load()


def types_of_httpclient(httpclient: tornado.httpclient.HTTPClient):
    httpclient.fetch()


async def types_of_async_httpclient(async_httpclient: tornado.httpclient.AsyncHTTPClient):
    (await async_httpclient.fetch())


def sources_of_request_handler(request_handler: tornado.web.RequestHandler):
    eval(request_handler.get_argument())  # expect: code-injection
    eval(request_handler.cookies)  # expect: code-injection


def sources_of_httpserver_request(httpserver_request: tornado.httputil.HTTPServerRequest):
    eval(httpserver_request.uri)  # expect: code-injection
    eval(httpserver_request.full_url())  # expect: code-injection


def sources_of_httpresponse(httpresponse: tornado.httpclient.HTTPResponse):
    eval(httpresponse.body)  # expect: code-injection


def decorator_of_tornado_web():
    @tornado.web.authenticated
    def kept_by_authenticated(text):
        eval(text)  # expect: code-injection

    kept_by_authenticated(untrusted())


def decorator_of_tornado_gen():
    @tornado.gen.coroutine
    def kept_by_coroutine(text):
        eval(text)  # expect: code-injection

    kept_by_coroutine(untrusted())


def sinks_of_request_handler(request_handler: tornado.web.RequestHandler):
    request_handler.write(untrusted())  # expect: cross-site-scripting
    request_handler.redirect(untrusted())  # expect: open-redirect
    request_handler.render(untrusted())  # expect: path-traversal


def sinks_of_tornado_template():
    tornado.template.Template(untrusted())  # expect: template-injection


def sinks_of_httpclient(httpclient: tornado.httpclient.HTTPClient):
    httpclient.fetch(untrusted())  # expect: server-side-request-forgery


def sinks_of_async_httpclient(async_httpclient: tornado.httpclient.AsyncHTTPClient):
    async_httpclient.fetch(untrusted())  # expect: server-side-request-forgery


def sinks_of_tornado_httpclient():
    tornado.httpclient.HTTPRequest(untrusted())  # expect: server-side-request-forgery


def sinks_of_tornado_websocket():
    tornado.websocket.websocket_connect(untrusted())  # expect: server-side-request-forgery


def sinks_of_tornado_util():
    tornado.util.import_object(untrusted())  # expect: unsafe-reflection


def sinks_of_tornado_process():
    tornado.process.Subprocess(untrusted(), shell=True)  # expect: argument-injection, command-injection
    tornado.process.Subprocess([untrusted()])  # expect: argument-injection


def barriers_of_tornado_escape():
    flask.make_response(tornado.escape.xhtml_escape(untrusted()))
    flask.make_response(tornado.escape.url_escape(untrusted()))


def barriers_of_request_handler(request_handler: tornado.web.RequestHandler):
    flask.make_response(request_handler.render_string(untrusted()))  # expect: path-traversal


def flows_of_tornado_escape():
    eval(tornado.escape.utf8(untrusted()))  # expect: code-injection


def flows_of_template(template: tornado.template.Template):
    eval(template.generate(value=untrusted()))  # expect: code-injection


def flows_of_tornado_httputil():
    eval(tornado.httputil.url_concat(untrusted()))  # expect: code-injection


def flows_of_request_handler(request_handler: tornado.web.RequestHandler):
    eval(request_handler.render_string(value=untrusted()))  # expect: code-injection


def settings_of_tornado_web():
    tornado.web.Application(debug=True)
    tornado.web.Application(autoescape=None)  # expect: template-autoescape-off


def settings_of_tornado_httpclient():
    tornado.httpclient.HTTPRequest(validate_cert=False)  # expect: tls-verification-disabled


def settings_of_async_httpclient(async_httpclient: tornado.httpclient.AsyncHTTPClient):
    async_httpclient.fetch(validate_cert=False)  # expect: tls-verification-disabled


def settings_of_httpclient(httpclient: tornado.httpclient.HTTPClient):
    httpclient.fetch(validate_cert=False)  # expect: tls-verification-disabled


def neutral_of_request_handler(request_handler: tornado.web.RequestHandler):
    eval(request_handler.get_secure_cookie(untrusted()))
    request_handler.set_header(untrusted())


def without_tokens():
    tornado.web.Application([], xsrf_cookies=False)  # expect: csrf-exemption


def headers_of_request_are_secret(request: tornado.httputil.HTTPServerRequest):
    token = request.headers["Authorization"]
    logging.info("a token of %d characters", len(token))
    logging.info("%s", request.headers)  # expect: secret-in-log


def path_of_request_begins_with_a_slash(request: tornado.httputil.HTTPServerRequest):
    return flask.redirect("https://service.example" + request.path)


def host_of_request_is_the_service(request: tornado.httputil.HTTPServerRequest):
    flask.redirect(request.query)
    return flask.redirect(request.full_url())


def after_each_request(handler):
    eval(handler.get_argument("value"))  # expect: code-injection


def applications_call_back():
    tornado.web.Application([], log_function=after_each_request)


class OwnApplication(tornado.web.Application):
    def __init__(self, options):
        super().__init__([], log_function=after_each_request)


def loggers_of_log():
    tornado.log.app_log.info(untrusted())  # expect: log-injection


def pages(handler: tornado.web.RequestHandler, loader: tornado.template.Loader):
    handler.render("example_templates.html", y=untrusted())
    flask.make_response(loader.load("example_templates.html").generate(y=untrusted()))
    page = tornado.template.Template("<p>{{ y }}</p>{% raw y %}")  # expect: cross-site-scripting
    flask.make_response(page.generate(y=untrusted()))
