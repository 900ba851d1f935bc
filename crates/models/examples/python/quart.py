"""Quart: Flask's interface with coroutines."""

import flask
import os
import quart
import quart.app
import quart.blueprints
import quart.views
import quart.wrappers
import random
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        quart.Quart,
        quart.app.Quart,
        quart.Blueprint,
        quart.blueprints.Blueprint,
        quart.Request,
        quart.wrappers.Request,
        quart.Websocket,
        quart.Response,
        quart.wrappers.Response,
    ]


async def types_of_quart():
    quart.request
    quart.websocket
    quart.current_app
    (await quart.make_response())
    quart.redirect()


def types_of_quart_2(the_quart: quart.Quart):
    the_quart.logger


async def types_of_request(request: quart.Request):
    (await request.form)
    (await request.files)[0]
    (await request.files).get()
    (await request.files).getlist()[0]


async def sources_of_request(request: quart.Request):
    eval((await request.form))  # expect: code-injection
    eval((await request.get_json()))  # expect: code-injection
    eval(request.view_args)  # expect: code-injection


async def sources_of_websocket(websocket: quart.Websocket):
    eval(websocket.args)  # expect: code-injection
    eval((await websocket.receive()))  # expect: code-injection


def sources_of_quart(the_quart: quart.Quart):
    @the_quart.route("/")
    def on_route(value):
        eval(value)  # expect: code-injection


def sources_of_quart_2(the_quart: quart.Quart):
    def on_add_url_rule(value):
        eval(value)  # expect: code-injection

    the_quart.add_url_rule(view_func=on_add_url_rule)


def sources_of_blueprint(blueprint: quart.Blueprint):
    @blueprint.route("/")
    def on_route_2(value):
        eval(value)  # expect: code-injection


def entries_of_quart(the_quart: quart.Quart):
    @the_quart.route("/")
    def on_route_3():
        return ""


def entries_of_quart_2(the_quart: quart.Quart):
    @the_quart.websocket("/")
    def on_websocket():
        return ""


def entries_of_quart_3(the_quart: quart.Quart):
    def on_add_url_rule_2():
        return ""

    the_quart.add_url_rule(view_func=on_add_url_rule_2)


def entries_of_quart_4(the_quart: quart.Quart):
    @the_quart.before_request
    def on_before_request():
        return ""

    @the_quart.after_request
    def on_after_request():
        return ""

    @the_quart.before_serving
    def on_before_serving():
        return ""


def entries_of_blueprint(blueprint: quart.Blueprint):
    @blueprint.route("/")
    def on_route_4():
        return ""


def entries_of_blueprint_2(blueprint: quart.Blueprint):
    @blueprint.websocket("/")
    def on_websocket_2():
        return ""


def decorator_of_quart(the_quart: quart.Quart):
    @the_quart.route("/")
    def kept_by_route(text):
        eval(text)  # expect: code-injection

    kept_by_route(untrusted())


def decorator_of_quart_2(the_quart: quart.Quart):
    @the_quart.before_request
    def kept_by_before_request(text):
        eval(text)  # expect: code-injection

    kept_by_before_request(untrusted())


def decorator_of_blueprint(blueprint: quart.Blueprint):
    @blueprint.route("/")
    def kept_by_route_2(text):
        eval(text)  # expect: code-injection

    kept_by_route_2(untrusted())


def sinks_of_quart(the_quart: quart.Quart):
    @the_quart.route("/")
    def on_route_5():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_quart_2(the_quart: quart.Quart):
    @the_quart.route("/")
    def on_route_6():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_blueprint(blueprint: quart.Blueprint):
    @blueprint.route("/")
    def on_route_7():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_blueprint_2(blueprint: quart.Blueprint):
    @blueprint.route("/")
    def on_route_8():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_quart_3():
    quart.make_response(untrusted())  # expect: cross-site-scripting
    quart.Response(untrusted())  # expect: cross-site-scripting
    quart.Response(untrusted(), mimetype="text/html")  # expect: cross-site-scripting
    quart.Response(untrusted(), content_type="text/html")  # expect: cross-site-scripting
    quart.Markup(untrusted())  # expect: cross-site-scripting
    quart.render_template_string(untrusted())  # expect: template-injection
    quart.redirect(untrusted())  # expect: open-redirect
    quart.send_file(untrusted())  # expect: path-traversal
    quart.send_from_directory(untrusted())  # expect: path-traversal


def sinks_of_quart_4(the_quart: quart.Quart):
    the_quart.secret_key = str(random.random())  # expect: weak-randomness


async def barriers_of_quart():
    flask.make_response(quart.escape(untrusted()))
    flask.make_response((await quart.render_template(untrusted())))
    flask.make_response(quart.jsonify(untrusted()))
    flask.redirect(quart.url_for(untrusted()))


def barriers_of_websocket(websocket: quart.Websocket):
    flask.make_response('').headers.add('x', websocket.headers)


def settings_of_quart(the_quart: quart.Quart):
    the_quart.run(debug=True)


def exits_of_quart():
    quart.abort()
    eval(untrusted())


the_application = quart.Quart("example")


@the_application.post("/names")
async def names():
    form = await quart.request.form
    os.system(form["command"])  # expect: command-injection
    sqlite3.connect("names").execute("INSERT INTO names VALUES (?)", (form["name"],))
    return quart.jsonify(name=form["name"])


@the_application.get("/greeting")
async def greeting():
    return "Hello " + quart.request.args["name"]  # expect: cross-site-scripting


@the_application.get("/number/<int:number>")
async def numbered(number):
    os.system(f"repair {number}")
    return {"name": quart.request.args["name"]}


@the_application.websocket("/talk")
async def talk():
    text = await quart.websocket.receive()
    os.system(text)  # expect: command-injection
    await quart.websocket.send(text)


async def rendered():
    return await quart.render_template("page.html", name=quart.request.args["name"])


class Resource(quart.views.MethodView):
    async def get(self, name):
        eval(name)  # expect: code-injection


def pages_of_errors(app: quart.Quart):
    @app.errorhandler(404)
    async def missing(error):
        return "<p>%s is not here</p>" % untrusted(), 404  # expect: cross-site-scripting

    @app.errorhandler(500)
    async def broken(error):
        return "<p>%s is broken</p>" % untrusted()  # expect: cross-site-scripting
