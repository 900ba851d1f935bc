"""Werkzeug: request and response, the dictionaries of a request, uploaded files, safe file names and paths, redirects, and password hashes."""

import logging
import flask
import http.client
import werkzeug
import werkzeug.datastructures
import werkzeug.debug
import werkzeug.exceptions
import werkzeug.http
import werkzeug.routing
import werkzeug.security
import werkzeug.serving
import werkzeug.utils
import werkzeug.wrappers
import werkzeug.wrappers.request
import werkzeug.wrappers.response

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        werkzeug.wrappers.Request,
        werkzeug.Request,
        werkzeug.wrappers.request.Request,
        werkzeug.wrappers.BaseRequest,
        werkzeug.wrappers.Response,
        werkzeug.Response,
        werkzeug.wrappers.response.Response,
        werkzeug.wrappers.BaseResponse,
        werkzeug.datastructures.MultiDict,
        werkzeug.datastructures.Headers,
        werkzeug.datastructures.FileStorage,
        werkzeug.routing.Map,
        werkzeug.routing.MapAdapter,
    ]


def types_of_request(request: werkzeug.wrappers.Request):
    request.path
    request.data
    request.get_data()
    request.environ
    request.args
    request.headers
    request.args[0]
    request.args.get("/")
    request.args.getlist()[0]
    request.json
    request.get_json()
    request.files[0]
    request.files.get("/")
    request.files.getlist()[0]
    request.files.items()[0][1]


def types_of_file_storage(file_storage: werkzeug.datastructures.FileStorage):
    file_storage.filename
    file_storage.read()


def types_of_werkzeug_utils():
    werkzeug.utils.secure_filename()
    werkzeug.utils.redirect()


def types_of_werkzeug_security():
    werkzeug.security.generate_password_hash()


def types_of_response(response: werkzeug.wrappers.Response):
    response.headers


def types_of_headers(headers: werkzeug.datastructures.Headers):
    headers[0]
    headers.get("/")


def types_of_werkzeug_wrappers():
    @werkzeug.wrappers.Request.application
    def on_application(first):
        first


def types_of_werkzeug():
    @werkzeug.Request.application
    def on_application_2(first):
        first


def types_of_map_(map_: werkzeug.routing.Map):
    map_.bind()


def sources_of_request(request: werkzeug.wrappers.Request):
    eval(request.args)  # expect: code-injection
    eval(request.path)  # expect: code-injection
    eval(request.user_agent)  # expect: code-injection
    eval(request.get_data())  # expect: code-injection


def sources_of_file_storage(file_storage: werkzeug.datastructures.FileStorage):
    eval(file_storage.filename)  # expect: code-injection
    eval(file_storage.read())  # expect: code-injection


def sources_of_map_adapter(map_adapter: werkzeug.routing.MapAdapter):
    eval(map_adapter.match()[1])  # expect: code-injection


def entries_of_werkzeug_wrappers():
    @werkzeug.wrappers.Request.application
    def on_application_3():
        return ""


def entries_of_werkzeug():
    @werkzeug.Request.application
    def on_application_4():
        return ""


def decorator_of_werkzeug_wrappers():
    @werkzeug.wrappers.Request.application
    def kept_by_application(text):
        eval(text)  # expect: code-injection

    kept_by_application(untrusted())


def decorator_of_werkzeug():
    @werkzeug.Request.application
    def kept_by_application_2(text):
        eval(text)  # expect: code-injection

    kept_by_application_2(untrusted())


def sinks_of_werkzeug_wrappers():
    werkzeug.wrappers.Response(untrusted(), mimetype="text/html")  # expect: cross-site-scripting
    werkzeug.wrappers.Response(untrusted(), content_type="text/html")  # expect: cross-site-scripting
    werkzeug.wrappers.Response("", 302, {"Location": untrusted()})  # expect: open-redirect
    werkzeug.wrappers.Response("", 302, {"X-Location": untrusted()})


def sinks_of_response(response: werkzeug.wrappers.Response):
    response.location = untrusted()  # expect: open-redirect


def sinks_of_headers(headers: werkzeug.datastructures.Headers):
    headers["Location"] = untrusted()  # expect: open-redirect


def sinks_of_file_storage(file_storage: werkzeug.datastructures.FileStorage):
    file_storage.save(untrusted())  # expect: path-traversal


def sinks_of_werkzeug_utils():
    werkzeug.utils.redirect(untrusted())  # expect: open-redirect
    werkzeug.utils.send_file(untrusted())  # expect: path-traversal
    werkzeug.utils.send_from_directory(untrusted())  # expect: path-traversal
    werkzeug.utils.import_string(untrusted())  # expect: unsafe-reflection
    werkzeug.utils.find_modules(untrusted())  # expect: unsafe-reflection


def barriers_of_werkzeug_utils():
    open(werkzeug.utils.secure_filename(untrusted()))
    open(werkzeug.utils.safe_join(untrusted()))
    flask.make_response(werkzeug.utils.escape(untrusted()))
    flask.make_response(werkzeug.utils.redirect(untrusted()))  # expect: open-redirect


def barriers_of_werkzeug():
    open(werkzeug.secure_filename(untrusted()))


def barriers_of_werkzeug_security():
    open(werkzeug.security.safe_join(untrusted()))
    eval(werkzeug.security.generate_password_hash(untrusted()))


def barriers_of_werkzeug_http():
    http.client.HTTPConnection("a.example").putheader("X-Name", werkzeug.http.quote_header_value(untrusted()))


def flows_of_werkzeug_utils():
    eval(werkzeug.utils.secure_filename(untrusted()))  # expect: code-injection
    eval(werkzeug.utils.safe_join(untrusted()))  # expect: code-injection


def flows_of_werkzeug_security():
    eval(werkzeug.security.safe_join(untrusted()))  # expect: code-injection


def flows_of_multi_dict(multi_dict: werkzeug.datastructures.MultiDict):
    eval(werkzeug.datastructures.MultiDict(untrusted()).get())  # expect: code-injection
    eval(multi_dict.get(None, untrusted()))  # expect: code-injection


def flows_of_headers(headers: werkzeug.datastructures.Headers):
    eval(werkzeug.datastructures.Headers(untrusted()).get())  # expect: code-injection
    eval(headers.get(None, untrusted()))  # expect: code-injection


def settings_of_werkzeug_serving():
    werkzeug.serving.run_simple(use_debugger=True)


def settings_of_werkzeug_debug():
    werkzeug.debug.DebuggedApplication(None, True)


def settings_of_werkzeug_security():
    werkzeug.security.generate_password_hash(None, "plain")  # expect: weak-hash


def neutral_of_werkzeug_security():
    eval(werkzeug.security.check_password_hash(untrusted()))


def neutral_of_response(response: werkzeug.wrappers.Response):
    eval(response.set_cookie(untrusted()))


def neutral_of_headers(headers: werkzeug.datastructures.Headers):
    headers.set(untrusted())


def neutral_of_werkzeug_exceptions():
    eval(werkzeug.exceptions.abort(untrusted()))


def exits_of_werkzeug_exceptions():
    werkzeug.exceptions.abort()
    eval(untrusted())


def headers_of_request_are_secret(request: werkzeug.wrappers.Request):
    token = request.headers["Authorization"]
    logging.info("a token of %d characters", len(token))
    logging.info("%s", request.headers)  # expect: secret-in-log


def path_of_request_begins_with_a_slash(request: werkzeug.wrappers.Request):
    return flask.redirect("https://service.example" + request.path)


def host_of_request_is_the_service(request: werkzeug.wrappers.Request):
    return flask.redirect(request.host_url)
