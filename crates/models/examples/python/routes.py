"""Routes: the middleware keeps what it finds out about a request for each thread, unless it is told not to."""

from routes.middleware import RoutesMiddleware


def make(app, mapper):
    RoutesMiddleware(app, mapper)  # expect: resource-leak
    RoutesMiddleware(app, mapper, singleton=False)
