"""Bottle: the request proxy, routes, responses, static files, redirects and templates."""

import logging
import bottle
import flask

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        bottle.BaseRequest,
        bottle.BaseResponse,
        bottle.Bottle,
        bottle.FormsDict,
        bottle.FileUpload,
        bottle.SimpleTemplate,
    ]


def types_of_bottle():
    bottle.request
    bottle.response
    bottle.app()


def types_of_base_request(base_request: bottle.BaseRequest):
    base_request.query
    base_request.files[0]
    base_request.files.get("/")
    base_request.environ


def sources_of_base_request(base_request: bottle.BaseRequest):
    eval(base_request.query)  # expect: code-injection
    eval(base_request.get_header())  # expect: code-injection


def sources_of_file_upload(file_upload: bottle.FileUpload):
    eval(file_upload.raw_filename)  # expect: code-injection


def sources_of_bottle():
    @bottle.route("/")
    def on_route(value):
        eval(value)  # expect: code-injection


def sources_of_bottle_2(the_bottle: bottle.Bottle):
    @the_bottle.route("/")
    def on_route_2(value):
        eval(value)  # expect: code-injection


def entries_of_bottle():
    @bottle.route("/")
    def on_route_3():
        return ""


def entries_of_bottle_2(the_bottle: bottle.Bottle):
    @the_bottle.route("/")
    def on_route_4():
        return ""


def entries_of_bottle_3():
    @bottle.hook()
    def on_hook():
        return ""


def entries_of_bottle_4(the_bottle: bottle.Bottle):
    @the_bottle.hook()
    def on_hook_2():
        return ""


def decorator_of_bottle():
    @bottle.route("/")
    def kept_by_route(text):
        eval(text)  # expect: code-injection

    kept_by_route(untrusted())


def decorator_of_bottle_2(the_bottle: bottle.Bottle):
    @the_bottle.route("/")
    def kept_by_route_2(text):
        eval(text)  # expect: code-injection

    kept_by_route_2(untrusted())


def sinks_of_bottle():
    @bottle.route("/")
    def on_route_5():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_bottle_2(the_bottle: bottle.Bottle):
    @the_bottle.route("/")
    def on_route_6():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_bottle_3():
    bottle.HTTPResponse(untrusted())  # expect: cross-site-scripting
    bottle.static_file(None, untrusted())  # expect: path-traversal
    bottle.template(untrusted())  # expect: template-injection
    bottle.SimpleTemplate(untrusted())  # expect: template-injection
    bottle.load(untrusted())  # expect: code-injection


def sinks_of_base_response(base_response: bottle.BaseResponse):
    base_response.body = untrusted()  # expect: cross-site-scripting


def sinks_of_bottle_4():
    bottle.redirect(untrusted())  # expect: open-redirect


def sinks_of_file_upload(file_upload: bottle.FileUpload):
    file_upload.save(untrusted())  # expect: path-traversal


def barriers_of_bottle():
    flask.make_response(bottle.html_escape(untrusted()))


def barriers_of_file_upload(file_upload: bottle.FileUpload):
    open(file_upload.filename)


def flows_of_forms_dict():
    eval(bottle.FormsDict(untrusted()).get())  # expect: code-injection


def flows_of_bottle():
    eval(bottle.template(None, untrusted()))  # expect: code-injection


def settings_of_bottle():
    bottle.run(debug=True)
    bottle.debug()


def neutral_of_bottle():
    eval(bottle.abort(untrusted()))


def neutral_of_base_request(base_request: bottle.BaseRequest):
    base_request.get_cookie(untrusted())


def exits_of_bottle():
    bottle.abort()
    eval(untrusted())


def headers_of_request_are_secret(request: bottle.BaseRequest):
    token = request.headers["Authorization"]
    logging.info("a token of %d characters", len(token))
    logging.info("%s", request.headers)  # expect: secret-in-log


def path_of_request_begins_with_a_slash(request: bottle.BaseRequest):
    return flask.redirect("https://service.example" + request.path)


def host_of_request_is_the_service(request: bottle.BaseRequest):
    return flask.redirect(request.url)


@bottle.view("example_templates")
def page_of_result():
    return {"y": untrusted()}


@bottle.jinja2_view("example_templates.html")
def page_of_result_2():
    return {"y": "a"}


def pages():
    bottle.template("example_templates", y=untrusted())
    bottle.template("<p>{{y}}</p>{{!y}}", {"y": untrusted()})  # expect: cross-site-scripting
    bottle.jinja2_template("example_templates.html", y="a")
    flask.make_response(bottle.SimpleTemplate("<p>{{y}}</p>{{!y}}").render(y=untrusted()))  # expect: cross-site-scripting
