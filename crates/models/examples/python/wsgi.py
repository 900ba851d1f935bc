"""The environment dictionary of WSGI as a type of its own ("wsgi.Environ"), which request classes of the frameworks refer to."""

import bottle


def types_of_environ(base_request: bottle.BaseRequest):
    environ = base_request.environ
    environ.copy()


def sources_of_environ(base_request: bottle.BaseRequest):
    environ = base_request.environ
    getattr(environ, environ["wsgiorg.routing_args"])()
    eval(environ["QUERY_STRING"])  # expect: code-injection
    eval(environ["HTTP_HOST"])  # expect: code-injection
    eval(environ["HTTP_X_FORWARDED_FOR"])  # expect: code-injection
    eval(environ["HTTP_RANGE"])  # expect: code-injection
