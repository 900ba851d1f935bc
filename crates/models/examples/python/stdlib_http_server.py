"""Serving: http.server and its predecessors, socketserver, xmlrpc.server, wsgiref, cgi, cookies."""

import logging
import BaseHTTPServer
import CGIHTTPServer
import Cookie
import DocXMLRPCServer
import SimpleHTTPServer
import SimpleXMLRPCServer
import SocketServer
import cgi
import flask
import http.cookies
import http.server
import six.moves
import socketserver
import wsgiref.headers
import wsgiref.simple_server
import wsgiref.util
import xmlrpc.server

from flask import request


def untrusted():
    return request.args["data"]


class OwnBaseHTTPRequestHandler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        return ""


class OwnBaseRequestHandler(socketserver.BaseRequestHandler):
    def handle(self):
        return ""


def aliases():
    BaseHTTPServer
    SimpleHTTPServer
    CGIHTTPServer
    six.moves.BaseHTTPServer
    six.moves.SimpleHTTPServer
    six.moves.CGIHTTPServer
    SocketServer
    six.moves.socketserver
    SimpleXMLRPCServer
    DocXMLRPCServer
    six.moves.xmlrpc_server
    Cookie
    six.moves.http_cookies


def classes():
    return [
        socketserver.BaseRequestHandler,
        socketserver.StreamRequestHandler,
        socketserver.DatagramRequestHandler,
        socketserver.BaseServer,
        http.server.HTTPServer,
        http.server.BaseHTTPRequestHandler,
        http.server.SimpleHTTPRequestHandler,
        xmlrpc.server.SimpleXMLRPCDispatcher,
        xmlrpc.server.SimpleXMLRPCServer,
        xmlrpc.server.CGIXMLRPCRequestHandler,
        cgi.FieldStorage,
        http.cookies.BaseCookie,
        http.cookies.Morsel,
        wsgiref.headers.Headers,
    ]


def types_of_stream_request_handler(stream_request_handler: socketserver.StreamRequestHandler):
    stream_request_handler.rfile
    stream_request_handler.connection


def types_of_base_request_handler(base_request_handler: socketserver.BaseRequestHandler):
    base_request_handler.client_address
    base_request_handler.server


def types_of_base_httprequest_handler(base_httprequest_handler: http.server.BaseHTTPRequestHandler):
    base_httprequest_handler.headers
    base_httprequest_handler.path
    base_httprequest_handler.address_string()


def types_of_simple_httprequest_handler(simple_httprequest_handler: http.server.SimpleHTTPRequestHandler):
    simple_httprequest_handler.translate_path()


def types_of_field_storage(field_storage: cgi.FieldStorage):
    field_storage[0]
    field_storage.name
    field_storage.file
    field_storage.getlist()
    field_storage.getvalue()
    field_storage.getlist()[0]


def types_of_base_cookie(base_cookie: http.cookies.BaseCookie):
    base_cookie[0]
    base_cookie.output()


def types_of_morsel(morsel: http.cookies.Morsel):
    morsel.key


def types_of_wsgiref_simple_server():
    def on_make_server(first):
        first

    wsgiref.simple_server.make_server(app=on_make_server)


def types_of_wsgiref_util():
    wsgiref.util.application_uri()


def sources_of_base_httprequest_handler(base_httprequest_handler: http.server.BaseHTTPRequestHandler):
    eval(base_httprequest_handler.path)  # expect: code-injection


def sources_of_stream_request_handler(stream_request_handler: socketserver.StreamRequestHandler):
    eval(stream_request_handler.rfile)  # expect: code-injection


def sources_of_datagram_request_handler(datagram_request_handler: socketserver.DatagramRequestHandler):
    eval(datagram_request_handler.packet)  # expect: code-injection


def sources_of_base_request_handler(base_request_handler: socketserver.BaseRequestHandler):
    eval(base_request_handler.request[0])  # expect: code-injection
    eval(base_request_handler.request.recv())  # expect: code-injection
    for line in base_request_handler.request.makefile():
        eval(line)  # expect: code-injection


def sources_of_field_storage(field_storage: cgi.FieldStorage):
    eval(field_storage[0])  # expect: code-injection
    eval(field_storage.getvalue())  # expect: code-injection
    eval(field_storage.value)  # expect: code-injection


def sources_of_cgi():
    eval(cgi.parse())  # expect: code-injection


def sources_of_wsgiref_util():
    eval(wsgiref.util.application_uri())  # expect: code-injection


def sources_of_simple_xmlrpcdispatcher(simple_xmlrpcdispatcher: xmlrpc.server.SimpleXMLRPCDispatcher):
    @simple_xmlrpcdispatcher.register_function
    def on_register_function(value):
        eval(value)  # expect: code-injection


def entries_of_simple_xmlrpcdispatcher(simple_xmlrpcdispatcher: xmlrpc.server.SimpleXMLRPCDispatcher):
    @simple_xmlrpcdispatcher.register_function
    def on_register_function_2():
        return ""


def entries_of_wsgiref_simple_server():
    def on_make_server_2():
        return ""

    wsgiref.simple_server.make_server(app=on_make_server_2)


def sinks_of_base_httprequest_handler(base_httprequest_handler: http.server.BaseHTTPRequestHandler):
    base_httprequest_handler.wfile.write(untrusted())  # expect: cross-site-scripting
    base_httprequest_handler.wfile.writelines([untrusted()])  # expect: cross-site-scripting
    base_httprequest_handler.send_header(untrusted())  # expect: header-injection
    base_httprequest_handler.send_header("location", untrusted())  # expect: header-injection, open-redirect
    base_httprequest_handler.send_response(None, untrusted())  # expect: header-injection
    base_httprequest_handler.log_message(untrusted())  # expect: log-injection


def sinks_of_headers(headers: wsgiref.headers.Headers):
    headers.__setitem__(untrusted())  # expect: header-injection


def sinks_of_morsel(morsel: http.cookies.Morsel):
    morsel.set(untrusted())  # expect: header-injection


def flows_of_simple_httprequest_handler(simple_httprequest_handler: http.server.SimpleHTTPRequestHandler):
    eval(simple_httprequest_handler.translate_path(untrusted()))  # expect: code-injection


def flows_of_field_storage(field_storage: cgi.FieldStorage):
    eval(field_storage.getvalue(None, untrusted()))  # expect: code-injection


def flows_of_cgi():
    eval(cgi.escape(untrusted()))  # expect: code-injection
    eval(cgi.parse_header(untrusted()))  # expect: code-injection


def flows_of_http_cookies():
    eval(http.cookies.BaseCookie(untrusted()))  # expect: code-injection


def flows_of_base_cookie(base_cookie: http.cookies.BaseCookie):
    base_cookie.load(untrusted())
    eval(base_cookie)  # expect: code-injection


def flows_of_base_cookie_2():
    eval(http.cookies.BaseCookie(untrusted()).output())  # expect: code-injection


def flows_of_wsgiref_util():
    eval(wsgiref.util.FileWrapper(untrusted()))  # expect: code-injection


def barriers_of_cgi():
    flask.make_response(cgi.escape(untrusted()))


def barriers_of_simple_httprequest_handler(simple_httprequest_handler: http.server.SimpleHTTPRequestHandler):
    open(simple_httprequest_handler.translate_path(untrusted()))


def settings_of_http_cookies():
    http.cookies.SerialCookie()  # expect: unsafe-deserialization


def neutral_of_base_httprequest_handler(base_httprequest_handler: http.server.BaseHTTPRequestHandler):
    eval(base_httprequest_handler.address_string(untrusted()))


class Exported:
    def lookup(self, name):
        eval(name)  # expect: code-injection


def exported(dispatcher: xmlrpc.server.SimpleXMLRPCDispatcher):
    dispatcher.register_instance(Exported())


class OwnHandlerThatLogs(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        token = self.headers["Authorization"]
        logging.info("a token of %d characters", len(token))
        logging.info("%s", self.headers)  # expect: secret-in-log
