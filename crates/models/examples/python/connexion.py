"""Connexion: an OpenAPI document names the functions that answer requests; the document is no code, so those functions are known only where they take Connexion's request, are routed by decorator, or are handed over."""

import connexion
import connexion.apps.asynchronous
import connexion.apps.flask
import connexion.context
import connexion.lifecycle
import os
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        connexion.App,
        connexion.apps.flask.FlaskApp,
        connexion.apps.asynchronous.AsyncApp,
        connexion.lifecycle.ConnexionRequest,
    ]


def types_of_connexion():
    connexion.request


def types_of_connexion_context():
    connexion.context.request


def types_of_app(app: connexion.App):
    app.app


async def sources_of_connexion_request(connexion_request: connexion.lifecycle.ConnexionRequest):
    eval((await connexion_request.form()))  # expect: code-injection
    eval((await connexion_request.files()))  # expect: code-injection
    eval(connexion_request.args)  # expect: code-injection


def sources_of_app(app: connexion.App):
    @app.route("/")
    def on_route(value):
        eval(value)  # expect: code-injection


def sources_of_app_2(app: connexion.App):
    def on_add_url_rule(value):
        eval(value)  # expect: code-injection

    app.add_url_rule(view_func=on_add_url_rule)


def entries_of_app(app: connexion.App):
    @app.route("/")
    def on_route_2():
        return ""


def entries_of_app_2(app: connexion.App):
    def on_add_url_rule_2():
        return ""

    app.add_url_rule(view_func=on_add_url_rule_2)


def decorator_of_app(app: connexion.App):
    @app.route("/")
    def kept_by_route(text):
        eval(text)  # expect: code-injection

    kept_by_route(untrusted())


async def answer():
    body = await connexion.request.json()
    os.system(body["command"])  # expect: command-injection
    sqlite3.connect("orders").execute("INSERT INTO orders VALUES (?)", (body["command"],))
