"""Pecan: the request and response proxies, exposed controller methods (their parameters come from the path, the query and the body), REST controllers, hooks, redirects and rendering."""

import flask
import pecan
import pecan.configuration
import pecan.core
import pecan.decorators
import pecan.hooks
import pecan.rest
import pecan.secure

from flask import request


def untrusted():
    return request.args["data"]


class OwnPecanHook(pecan.hooks.PecanHook):
    def on_route(self, first):
        first


class OwnTransactionHook(pecan.hooks.TransactionHook):
    def on_route(self, first):
        first


class OwnRestController(pecan.rest.RestController):
    def _lookup(self, value):
        eval(value)  # expect: code-injection


class OwnRestController2(pecan.rest.RestController):
    def _lookup(self):
        return ""


class OwnPecanHook2(pecan.hooks.PecanHook):
    def on_route(self):
        return ""

    def after(self):
        return ""


def classes():
    return [
        pecan.Request,
        pecan.core.Request,
        pecan.Response,
        pecan.core.Response,
        pecan.rest.RestController,
        pecan.hooks.PecanHook,
        pecan.hooks.TransactionHook,
        pecan.core.RoutingState,
    ]


def types_of_pecan():
    pecan.request
    pecan.response


def types_of_pecan_core():
    pecan.core.request
    pecan.core.response


def types_of_routing_state(routing_state: pecan.core.RoutingState):
    routing_state.request
    routing_state.response


def sources_of_pecan():
    @pecan.expose()
    def on_expose(value):
        eval(value)  # expect: code-injection


def sources_of_pecan_decorators():
    @pecan.decorators.expose()
    def on_expose_2(value):
        eval(value)  # expect: code-injection


def entries_of_pecan():
    @pecan.expose()
    def on_expose_3():
        return ""


def entries_of_pecan_decorators():
    @pecan.decorators.expose()
    def on_expose_4():
        return ""


def decorator_of_pecan():
    @pecan.expose()
    def kept_by_expose(text):
        eval(text)  # expect: code-injection

    kept_by_expose(untrusted())


def decorator_of_pecan_decorators():
    @pecan.decorators.expose()
    def kept_by_expose_2(text):
        eval(text)  # expect: code-injection

    kept_by_expose_2(untrusted())


def decorator_of_pecan_decorators_2():
    @pecan.decorators.accept_noncanonical
    def kept_by_accept_noncanonical(text):
        eval(text)  # expect: code-injection

    kept_by_accept_noncanonical(untrusted())


def decorator_of_pecan_secure():
    @pecan.secure.secure()
    def kept_by_secure(text):
        eval(text)  # expect: code-injection

    kept_by_secure(untrusted())


def decorator_of_pecan_secure_2():
    @pecan.secure.unlocked
    def kept_by_unlocked(text):
        eval(text)  # expect: code-injection

    kept_by_unlocked(untrusted())


def sinks_of_pecan():
    pecan.redirect(untrusted())  # expect: open-redirect


def sinks_of_pecan_core():
    pecan.core.redirect(untrusted())  # expect: open-redirect


def sinks_of_pecan_2():
    pecan.render(untrusted())  # expect: path-traversal
    pecan.override_template(untrusted())  # expect: path-traversal


def sinks_of_pecan_3():
    pecan.abort(headers=[untrusted()])  # expect: header-injection


def settings_of_pecan():
    pecan.make_app(debug=True)


def barriers_of_pecan():
    flask.make_response(pecan.render(untrusted()))  # expect: path-traversal


def neutral_of_pecan():
    eval(pecan.abort(untrusted()))


def neutral_of_pecan_configuration():
    eval(pecan.configuration.set_config(untrusted()))


def exits_of_pecan():
    pecan.abort()
    eval(untrusted())
