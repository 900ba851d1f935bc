"""Django Channels: consumers of web sockets, of HTTP and of channel layers."""

import asgiref.sync
import channels.consumer
import channels.db
import channels.generic.http
import channels.generic.websocket
import os
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


class OwnWebsocketConsumer(channels.generic.websocket.WebsocketConsumer):
    def receive(self, value):
        eval(value)  # expect: code-injection


class OwnAsyncHttpConsumer(channels.generic.http.AsyncHttpConsumer):
    def handle(self, first):
        eval(first)  # expect: code-injection


class OwnAsyncConsumer(channels.consumer.AsyncConsumer):
    def websocket_receive(self, first):
        eval(first)  # expect: code-injection


class OwnWebsocketConsumer_2(channels.generic.websocket.WebsocketConsumer):
    def connect(self):
        return ""


class OwnAsyncHttpConsumer_2(channels.generic.http.AsyncHttpConsumer):
    def handle(self):
        return ""


class OwnAsyncConsumer_2(channels.consumer.AsyncConsumer):
    def websocket_connect(self):
        return ""


class OwnAsyncHttpConsumer_3(channels.generic.http.AsyncHttpConsumer):
    pass


def classes():
    return [
        channels.consumer.AsyncConsumer,
        channels.generic.websocket.WebsocketConsumer,
        channels.generic.http.AsyncHttpConsumer,
    ]


def sources_of_async_consumer(async_consumer: channels.consumer.AsyncConsumer):
    eval(async_consumer.scope["url_route"])  # expect: code-injection


def decorator_of_db():
    @channels.db.database_sync_to_async
    def kept_by_database_sync_to_async(text):
        eval(text)  # expect: code-injection

    kept_by_database_sync_to_async(untrusted())


def decorator_of_sync():
    @asgiref.sync.sync_to_async
    def kept_by_sync_to_async(text):
        eval(text)  # expect: code-injection

    kept_by_sync_to_async(untrusted())


def sinks_of_channels_generic_http():
    OwnAsyncHttpConsumer_3().send_response(body=untrusted())  # expect: cross-site-scripting


class Talk(channels.generic.websocket.AsyncJsonWebsocketConsumer):
    async def receive_json(self, content, **options):
        os.system(content["command"])  # expect: command-injection
        sqlite3.connect("talk").execute("INSERT INTO talk VALUES (?)", (content["text"],))

    async def sent_by_the_project(self, event):
        os.system(event["command"])
