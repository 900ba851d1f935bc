"""websockify: a request handler of the standard library that also speaks WebSocket."""

import websockify


def classes():
    websockify.WebSocketRequestHandler
    websockify.ProxyRequestHandler


def aliases():
    websockify.websocketproxy
