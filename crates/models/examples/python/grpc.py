"""gRPC: the functions that answer calls."""

import grpc
import grpc.aio
import keys_pb2_grpc
import os
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


class OwnServerInterceptor(grpc.ServerInterceptor):
    def intercept_service(self, first, second):
        second


def classes():
    return [
        grpc.ServicerContext,
        grpc.aio.ServicerContext,
        grpc.HandlerCallDetails,
    ]


def types_of_grpc():
    @grpc.unary_unary_rpc_method_handler
    def on_unary_unary_rpc_method_handler(first, second):
        second


def sources_of_grpc():
    @grpc.unary_unary_rpc_method_handler
    def on_unary_unary_rpc_method_handler_2(first):
        eval(first)  # expect: code-injection


def sources_of_servicer_context(servicer_context: grpc.ServicerContext):
    eval(servicer_context.invocation_metadata())  # expect: code-injection


def sources_of_handler_call_details(handler_call_details: grpc.HandlerCallDetails):
    eval(handler_call_details.invocation_metadata)  # expect: code-injection


def entries_of_grpc():
    @grpc.unary_unary_rpc_method_handler
    def on_unary_unary_rpc_method_handler_3():
        return ""


def sinks_of_grpc_aio():
    grpc.aio.insecure_channel(untrusted())  # expect: server-side-request-forgery


def exits_of_servicer_context(servicer_context: grpc.ServicerContext):
    servicer_context.abort()
    eval(untrusted())


class Greeter:
    def Greet(self, request, context):
        os.system(request.command)  # expect: command-injection
        sqlite3.connect("names").execute("INSERT INTO names VALUES (?)", (request.name,))

    def unregistered(self, request, context):
        os.system(request.command)


def add_greeter_to_server(servicer, server):
    server.add_generic_rpc_handlers((grpc.unary_unary_rpc_method_handler(servicer.Greet),))


def serve(server):
    add_greeter_to_server(Greeter(), server)


class Generated(keys_pb2_grpc.KeysServicer):
    def Find(self, request, context):
        eval(request.name)  # expect: code-injection
        eval(context.invocation_metadata())  # expect: code-injection
