"""oslo.messaging: servers call every public method of an endpoint with a context and the arguments of the message; clients get answers from another service."""

import oslo_messaging
import oslo_messaging.rpc.client
import oslo_messaging.rpc.server
import oslo_messaging.server

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        oslo_messaging.Target,
        oslo_messaging.RPCClient,
        oslo_messaging.rpc.client.RPCClient,
        oslo_messaging.Notifier,
        oslo_messaging.Serializer,
        oslo_messaging.server.MessageHandlingServer,
    ]


def types_of_oslo_messaging():
    oslo_messaging.get_rpc_client()
    oslo_messaging.get_rpc_server()


def types_of_rpcclient(rpcclient: oslo_messaging.RPCClient):
    rpcclient.prepare()


def types_of_notifier(notifier: oslo_messaging.Notifier):
    notifier.prepare()


def decorator_of_oslo_messaging():
    @oslo_messaging.expected_exceptions()
    def kept_by_expected_exceptions(text):
        eval(text)  # expect: code-injection

    kept_by_expected_exceptions(untrusted())


def decorator_of_oslo_messaging_2():
    @oslo_messaging.expose
    def kept_by_expose(text):
        eval(text)  # expect: code-injection

    kept_by_expose(untrusted())


def decorator_of_oslo_messaging_rpc_server():
    @oslo_messaging.rpc.server.expected_exceptions()
    def kept_by_expected_exceptions_2(text):
        eval(text)  # expect: code-injection

    kept_by_expected_exceptions_2(untrusted())


def decorator_of_oslo_messaging_rpc_server_2():
    @oslo_messaging.rpc.server.expose
    def kept_by_expose_2(text):
        eval(text)  # expect: code-injection

    kept_by_expose_2(untrusted())


def neutral_of_oslo_messaging():
    eval(oslo_messaging.Target(untrusted()))


def neutral_of_rpcclient(rpcclient: oslo_messaging.RPCClient):
    eval(rpcclient.prepare(untrusted()))
    rpcclient.call(untrusted())


def neutral_of_notifier(notifier: oslo_messaging.Notifier):
    eval(notifier.audit(untrusted()))


def neutral_of_message_handling_server(message_handling_server: oslo_messaging.server.MessageHandlingServer):
    eval(message_handling_server.start(untrusted()))


class Endpoint:
    def update(self, context, body):
        eval(body)  # expect: code-injection


class Listener:
    def info(self, context, publisher, event, payload, metadata):
        eval(payload)  # expect: code-injection


def servers():
    oslo_messaging.get_rpc_server("transport", "target", [Endpoint()])
    oslo_messaging.get_notification_listener("transport", ["target"], [Listener()])
