"""Twisted: the web server's requests and resources, redirects, flattened templates, protocols, the agent (HTTP client) and processes."""

import flask
import twisted.enterprise.adbapi
import twisted.internet.defer
import twisted.internet.protocol
import twisted.internet.reactor
import twisted.internet.utils
import twisted.protocols.basic
import twisted.python.compat
import twisted.python.reflect
import twisted.spread.jelly
import twisted.web.client
import twisted.web.http
import twisted.web.resource
import twisted.web.server
import twisted.internet.ssl
import twisted.web.static
import twisted.web.template
import twisted.web.util
import twisted.web.xmlrpc

from flask import request


def untrusted():
    return request.args["data"]


class OwnResource(twisted.web.resource.Resource):
    def render(self, first):
        first


class OwnResource2(twisted.web.resource.Resource):
    def getChild(self, first, second):
        second


class OwnResource3(twisted.web.resource.Resource):
    def getChild(self, first):
        eval(first)  # expect: code-injection


class OwnProtocol(twisted.internet.protocol.Protocol):
    def dataReceived(self, first):
        eval(first)  # expect: code-injection


class OwnDatagramProtocol(twisted.internet.protocol.DatagramProtocol):
    def datagramReceived(self, first):
        eval(first)  # expect: code-injection


class OwnLineReceiver(twisted.protocols.basic.LineReceiver):
    def lineReceived(self, first):
        eval(first)  # expect: code-injection


class OwnNetstringReceiver(twisted.protocols.basic.NetstringReceiver):
    def stringReceived(self, first):
        eval(first)  # expect: code-injection


class OwnXMLRPC(twisted.web.xmlrpc.XMLRPC):
    def handle(self, value):
        eval(value)  # expect: code-injection


class OwnResource4(twisted.web.resource.Resource):
    def render(self):
        return ""


class OwnProtocol2(twisted.internet.protocol.Protocol):
    def dataReceived(self):
        return ""


class OwnDatagramProtocol2(twisted.internet.protocol.DatagramProtocol):
    def datagramReceived(self):
        return ""


class OwnLineReceiver2(twisted.protocols.basic.LineReceiver):
    def lineReceived(self):
        return ""


class OwnNetstringReceiver2(twisted.protocols.basic.NetstringReceiver):
    def stringReceived(self):
        return ""


class OwnResource5(twisted.web.resource.Resource):
    def render(self):
        return untrusted()  # expect: cross-site-scripting


def classes():
    return [
        twisted.web.http.Request,
        twisted.web.server.Request,
        twisted.web.resource.Resource,
        twisted.web.client.Agent,
        twisted.internet.protocol.Protocol,
    ]


def sources_of_request(request: twisted.web.http.Request):
    eval(request.args)  # expect: code-injection
    eval(request.getHeader())  # expect: code-injection


def decorator_of_twisted_internet_defer():
    @twisted.internet.defer.inlineCallbacks
    def kept_by_inlineCallbacks(text):
        eval(text)  # expect: code-injection

    kept_by_inlineCallbacks(untrusted())


def decorator_of_twisted_web_template():
    @twisted.web.template.renderer
    def kept_by_renderer(text):
        eval(text)  # expect: code-injection

    kept_by_renderer(untrusted())


def sinks_of_request(request: twisted.web.http.Request):
    request.write(untrusted())  # expect: cross-site-scripting
    request.redirect(untrusted())  # expect: open-redirect


def sinks_of_twisted_web_util():
    twisted.web.util.redirectTo(untrusted())  # expect: open-redirect
    twisted.web.util.Redirect(untrusted())  # expect: open-redirect


def sinks_of_twisted_web_static():
    twisted.web.static.File(untrusted())  # expect: path-traversal


def sinks_of_agent(agent: twisted.web.client.Agent):
    agent.request(None, untrusted())  # expect: server-side-request-forgery


def sinks_of_twisted_web_client():
    twisted.web.client.getPage(untrusted())  # expect: server-side-request-forgery


def sinks_of_twisted_web_template():
    twisted.web.template.XMLString(untrusted())  # expect: template-injection


def sinks_of_twisted_internet_reactor():
    twisted.internet.reactor.spawnProcess(None, untrusted())  # expect: command-injection
    twisted.internet.reactor.spawnProcess(args=[untrusted()])  # expect: argument-injection


def sinks_of_twisted_internet_utils():
    twisted.internet.utils.getProcessOutput(untrusted())  # expect: command-injection
    twisted.internet.utils.getProcessOutput(None, [untrusted()])  # expect: argument-injection


def sinks_of_twisted_python_reflect():
    twisted.python.reflect.namedAny(untrusted())  # expect: unsafe-reflection


def sinks_of_twisted_spread_jelly():
    twisted.spread.jelly.unjelly(untrusted())  # expect: unsafe-deserialization


def sinks_of_twisted_enterprise_adbapi():
    twisted.enterprise.adbapi.ConnectionPool().runQuery(untrusted())  # expect: sql-injection


def flows_of_twisted_python_compat():
    eval(twisted.python.compat.nativeString(untrusted()))  # expect: code-injection


def barriers_of_twisted_web_template():
    flask.make_response(twisted.web.template.flattenString(untrusted()))


def barriers_of_twisted_web_util():
    flask.make_response(twisted.web.util.redirectTo(untrusted()))  # expect: open-redirect


def path_of_request_begins_with_a_slash(request: twisted.web.http.Request):
    request.redirect(b"https://service.example" + request.path)


def settings_of_tls():
    twisted.internet.ssl.ClientContextFactory()  # expect: tls-verification-disabled
    twisted.internet.ssl.optionsForClientTLS("service.example")


def content_of_request(request: twisted.web.http.Request):
    eval(request.content.read())  # expect: code-injection
