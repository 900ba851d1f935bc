"""The environment dictionary of WSGI as a type of its own ("wsgi.Environ"), which request classes of the frameworks refer to."""

import wsgiref.simple_server

import bottle
import uvicorn


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


def application(environ, start_response):
    eval(environ["PATH_INFO"])  # expect: code-injection
    start_response("200 OK", [("Content-Type", "text/html"), ("X-Query", environ["QUERY_STRING"])])  # expect: header-injection
    return ["<p>" + environ["QUERY_STRING"] + "</p>"]  # expect: cross-site-scripting


def moved(environ, start_response):
    start_response("302 Found", [("Location", environ["QUERY_STRING"])])  # expect: header-injection, open-redirect
    start_response("302 Found", [("Location", "/hosts?" + environ["QUERY_STRING"])])  # expect: header-injection
    return []


def plain(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["QUERY_STRING"]]


class Middleware:
    def __init__(self, below):
        self.below = below

    def __call__(self, env, start_response):
        eval(env["HTTP_COOKIE"])  # expect: code-injection
        return self.below(env, start_response)


async def asynchronous(scope, receive, send):
    eval(scope["path"])  # expect: code-injection
    message = await receive()
    eval(message["body"])  # expect: code-injection
    eval(message["type"])
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b"<p>" + message["body"]})  # expect: cross-site-scripting


wsgiref.simple_server.make_server("localhost", 8000, application)
uvicorn.run(asynchronous)


def reading_application(environ, start_response):
    size = int(environ.get("CONTENT_LENGTH", 0))
    eval(environ["wsgi.input"].read(size))  # expect: code-injection
    return []
