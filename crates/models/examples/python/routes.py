"""Routes: the middleware keeps what it finds out about a request for each thread, unless it is told not to."""

import eventlet
from routes.middleware import RoutesMiddleware


def serve(listener, app):
    eventlet.wsgi.server(listener, app)


def make(app, mapper):
    RoutesMiddleware(app, mapper)  # expect: resource-leak
    RoutesMiddleware(app, mapper, singleton=False)
