"""Connections that stay open: web sockets, Socket.IO, ZeroMQ, and servers of mail."""

import aiosmtpd.controller
import aiosmtpd.smtp
import engineio
import flask_socketio
import socketio
import websockets
import websockets.asyncio.client
import websockets.asyncio.server
import websockets.client
import websockets.legacy.server
import websockets.server
import zmq
import zmq.asyncio


def classes():
    return [
        websockets.WebSocketServerProtocol,
        websockets.server.WebSocketServerProtocol,
        websockets.legacy.server.WebSocketServerProtocol,
        websockets.asyncio.server.ServerConnection,
        websockets.WebSocketClientProtocol,
        websockets.asyncio.client.ClientConnection,
        socketio.Server,
        flask_socketio.SocketIO,
        zmq.Context,
        zmq.Socket,
        zmq.asyncio.Context,
        zmq.asyncio.Socket,
        aiosmtpd.smtp.Envelope,
    ]


async def answers(connection):
    eval(await connection.recv())  # expect: code-injection
    eval(connection.path)  # expect: code-injection
    async for message in connection:
        eval(message)  # expect: code-injection


async def further(connection):
    eval(await connection.recv())  # expect: code-injection


async def newest(connection):
    eval(await connection.recv())  # expect: code-injection


websockets.serve(answers, "localhost", 8001)
websockets.server.serve(further, "localhost", 8002)
websockets.asyncio.server.serve(newest, "localhost", 8003)


async def asks():
    async with websockets.connect("wss://feed.example") as connection:
        eval(await connection.recv())  # expect: code-injection
        async for message in connection:
            eval(message)  # expect: code-injection
    kept = await websockets.connect("wss://feed.example")
    eval(await kept.recv())  # expect: code-injection
    websockets.client.connect("wss://feed.example")


server = socketio.Server()


@server.event
def chat(sid, data):
    eval(sid)
    eval(data)  # expect: code-injection


@server.on("draw")
def draw(sid, data):
    eval(data)  # expect: code-injection


def move(sid, data):
    eval(data)  # expect: code-injection


server.on("move", move)


class Rooms(socketio.Namespace):
    def on_enter(self, sid, room):
        eval(room)  # expect: code-injection


flask_server = flask_socketio.SocketIO()


@flask_server.event
def say(data):
    eval(data)  # expect: code-injection


@flask_server.on("shout")
def shout(data):
    eval(data)  # expect: code-injection


def whisper(data):
    eval(data)  # expect: code-injection


flask_server.on_event("whisper", whisper)


class Tables(flask_socketio.Namespace):
    def on_sit(self, table):
        eval(table)  # expect: code-injection


def sockets():
    zmq.Context.instance().instance()
    socket = zmq.Context().socket(zmq.REP)
    eval(socket.recv())  # expect: code-injection
    eval(socket.recv_multipart()[1])  # expect: code-injection
    socket.recv_pyobj()  # expect: unsafe-deserialization


def for_pages_of_any_site(app):
    socketio.Server(cors_allowed_origins="*")  # expect: websocket-any-origin
    engineio.AsyncServer(cors_allowed_origins=["*"])  # expect: websocket-any-origin
    flask_socketio.SocketIO(app, cors_allowed_origins="*")  # expect: websocket-any-origin
    flask_socketio.SocketIO().init_app(app, cors_allowed_origins="*")  # expect: websocket-any-origin
    flask_socketio.SocketIO(app, cors_allowed_origins="https://app.example.org")


async def asynchronous_sockets():
    socket = zmq.asyncio.Context().socket(zmq.REP)
    eval(await socket.recv())  # expect: code-injection
    eval((await socket.recv_multipart())[1])  # expect: code-injection


class Mail:
    async def handle_DATA(self, server, session, envelope):
        eval(envelope.content)  # expect: code-injection
        return "250 OK"


aiosmtpd.controller.Controller(Mail())
