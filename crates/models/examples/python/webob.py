"""WebOb: the request (what the client sends), the response, the HTTP exceptions and the decorator that makes a method a WSGI application."""

import logging
import flask
import webob
import webob.dec
import webob.exc
import webob.multidict
import webob.request
import webob.response
import webob.static
import webob.util

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        webob.BaseRequest,
        webob.request.BaseRequest,
        webob.Request,
        webob.request.Request,
        webob.LegacyRequest,
        webob.Response,
        webob.response.Response,
        webob.multidict.MultiDict,
        webob.multidict.GetDict,
        webob.exc.WSGIHTTPException,
        webob.exc.HTTPBadRequest,
        webob.exc.HTTPInternalServerError,
        webob.exc.HTTPCreated,
        webob.exc.HTTPMultipleChoices,
    ]


def types_of_base_request(base_request: webob.BaseRequest):
    base_request.path
    base_request.body
    base_request.headers
    base_request.headers[0]
    base_request.relative_url()
    base_request.environ
    base_request.GET
    base_request.copy()
    base_request.response
    base_request.get_response()


def types_of_multi_dict(multi_dict: webob.multidict.MultiDict):
    multi_dict[0]
    multi_dict.getall()[0]


def types_of_response(response: webob.Response):
    response.status_int
    response.status
    response.body
    response.headers
    response.copy()
    response.request


def types_of_webob():
    webob.Request.blank()


def types_of_webob_dec():
    @webob.dec.wsgify
    def on_wsgify(first):
        first


def types_of_webob_dec_2():
    @webob.dec.wsgify()
    def on_wsgify_2(first):
        first


def types_of_webob_dec_3():
    @webob.dec.wsgify.middleware
    def on_middleware(first):
        first


def sources_of_base_request(base_request: webob.BaseRequest):
    eval(base_request.GET)  # expect: code-injection
    eval(base_request.path)  # expect: code-injection
    eval(base_request.content_type)  # expect: code-injection
    eval(base_request.as_bytes())  # expect: code-injection


def sources_of_webob_dec():
    @webob.dec.wsgify
    def on_wsgify_3(first, second):
        eval(second)  # expect: code-injection


def entries_of_webob_dec():
    @webob.dec.wsgify
    def on_wsgify_4():
        return ""


def entries_of_webob_dec_2():
    @webob.dec.wsgify()
    def on_wsgify_5():
        return ""


def entries_of_webob_dec_3():
    @webob.dec.wsgify.middleware
    def on_middleware_2():
        return ""


def decorator_of_webob_dec():
    @webob.dec.wsgify
    def kept_by_wsgify(text):
        eval(text)  # expect: code-injection

    kept_by_wsgify(untrusted())


def decorator_of_webob_dec_2():
    @webob.dec.wsgify()
    def kept_by_wsgify_2(text):
        eval(text)  # expect: code-injection

    kept_by_wsgify_2(untrusted())


def decorator_of_webob_dec_3():
    @webob.dec.wsgify.middleware
    def kept_by_middleware(text):
        eval(text)  # expect: code-injection

    kept_by_middleware(untrusted())


def sinks_of_webob():
    webob.Response(untrusted())  # expect: cross-site-scripting
    webob.Response(untrusted(), content_type="text/html")  # expect: cross-site-scripting


def sinks_of_webob_response():
    webob.response.Response(untrusted())  # expect: cross-site-scripting


def sinks_of_response(response: webob.Response):
    response.unicode_body = untrusted()  # expect: cross-site-scripting
    response.headers[0] = untrusted()  # expect: header-injection
    response.headers.add(None, untrusted())  # expect: header-injection
    response.headerlist.append(untrusted())  # expect: header-injection
    response.location = untrusted()  # expect: open-redirect


def sinks_of_webob_exc():
    webob.exc.HTTPMultipleChoices(location=untrusted())  # expect: open-redirect


def sinks_of_webob_static():
    webob.static.FileApp(untrusted())  # expect: path-traversal
    webob.static.DirectoryApp(untrusted())  # expect: path-traversal


def flows_of_multi_dict(multi_dict: webob.multidict.MultiDict):
    eval(webob.multidict.MultiDict(untrusted()).get())  # expect: code-injection
    eval(multi_dict.get(None, untrusted()))  # expect: code-injection


def flows_of_base_request(base_request: webob.BaseRequest):
    eval(base_request.relative_url(untrusted()))  # expect: code-injection


def flows_of_webob_exc():
    eval(webob.exc.no_escape(untrusted()))  # expect: code-injection


def barriers_of_webob():
    flask.make_response(webob.html_escape(untrusted()))


def barriers_of_webob_util():
    flask.make_response(webob.util.html_escape(untrusted()))


def barriers_of_webob_exc():
    flask.make_response(webob.exc.html_escape(untrusted()))


def neutral_of_response(response: webob.Response):
    eval(response.set_cookie(untrusted()))


def neutral_of_base_request(base_request: webob.BaseRequest):
    eval(base_request.get_response(untrusted()))


def header_of_an_error():
    return webob.exc.HTTPNotFound(str(untrusted())).headers["Location"]


def headers_of_request_are_secret(request: webob.BaseRequest):
    token = request.headers["Authorization"]
    logging.info("a token of %d characters", len(token))
    logging.info("%s", request.headers)  # expect: secret-in-log


def path_of_request_begins_with_a_slash(request: webob.BaseRequest):
    return flask.redirect("https://service.example" + request.path_info)


def host_of_request_is_the_service(request: webob.BaseRequest):
    return flask.redirect(request.host_url)


def text_of_request_has_its_headers(request: webob.BaseRequest):
    logging.info("%s", request)  # expect: secret-in-log
    logging.info("%d", len(request["Authorization"]))
    logging.info("%s", request.environ["HTTP_AUTHORIZATION"])  # expect: secret-in-log
