"""Starlette and FastAPI: requests, path operations, responses, redirects, uploads, web sockets, and templates."""

import logging
import starlette.middleware
import starlette.middleware.cors
import fastapi
import fastapi.concurrency
import fastapi.datastructures
import fastapi.requests
import fastapi.responses
import fastapi.routing
import fastapi.templating
import fastapi.websockets
import flask
import os
import starlette.applications
import starlette.authentication
import starlette.background
import starlette.datastructures
import starlette.endpoints
import starlette.middleware
import starlette.middleware.base
import starlette.middleware.cors
import starlette.requests
import starlette.responses
import starlette.routing
import starlette.staticfiles
import starlette.templating
import starlette.websockets
import typing
import zipfile

from flask import request


def untrusted():
    return request.args["data"]


class OwnHTTPEndpoint(starlette.endpoints.HTTPEndpoint):
    def get(self, first):
        first


class OwnBaseHTTPMiddleware(starlette.middleware.base.BaseHTTPMiddleware):
    def dispatch(self, first):
        first


class OwnHTTPEndpoint2(starlette.endpoints.HTTPEndpoint):
    def get(self):
        return ""


class OwnWebSocketEndpoint(starlette.endpoints.WebSocketEndpoint):
    def on_connect(self):
        return ""


class OwnBaseHTTPMiddleware2(starlette.middleware.base.BaseHTTPMiddleware):
    def dispatch(self):
        return ""


def classes():
    return [
        starlette.requests.Request,
        fastapi.Request,
        fastapi.requests.Request,
        starlette.websockets.WebSocket,
        fastapi.WebSocket,
        starlette.datastructures.UploadFile,
        fastapi.UploadFile,
        starlette.responses.Response,
        fastapi.responses.Response,
        fastapi.Response,
        fastapi.FastAPI,
        starlette.applications.Starlette,
        starlette.templating.Jinja2Templates,
        fastapi.templating.Jinja2Templates,
        starlette.endpoints.HTTPEndpoint,
    ]


def types_of_starlette_routing():
    def on_Route(first):
        first

    starlette.routing.Route(None, on_Route)


def types_of_starlette_routing_2():
    def on_WebSocketRoute(first):
        first

    starlette.routing.WebSocketRoute(None, on_WebSocketRoute)


def types_of_starlette(the_starlette: starlette.applications.Starlette):
    @the_starlette.middleware()
    def on_middleware(first):
        first


def types_of_starlette_2(the_starlette: starlette.applications.Starlette):
    @the_starlette.exception_handler()
    def on_exception_handler(first):
        first


def types_of_jinja2_templates(jinja2_templates: starlette.templating.Jinja2Templates):
    jinja2_templates.TemplateResponse()


async def sources_of_request(request: starlette.requests.Request):
    eval(request.query_params)  # expect: code-injection
    request.headers
    eval((await request.body()))  # expect: code-injection
    eval(request.stream()[0])  # expect: code-injection


async def sources_of_web_socket(web_socket: starlette.websockets.WebSocket):
    eval(web_socket.query_params)  # expect: code-injection
    eval((await web_socket.receive()))  # expect: code-injection
    eval(web_socket.iter_text()[0])  # expect: code-injection


async def sources_of_upload_file(upload_file: starlette.datastructures.UploadFile):
    eval(upload_file.filename)  # expect: code-injection
    eval((await upload_file.read()))  # expect: code-injection


def sources_of_fast_api(fast_api: fastapi.FastAPI):
    @fast_api.get("/")
    def on_get(value):
        eval(value)  # expect: code-injection


def requests_of_fast_api(fast_api: fastapi.FastAPI):
    @fast_api.get("/page")
    def on_page(request: fastapi.Request, name: str):
        open("/srv/" + request.user.id)
        open("/srv/" + request.query_params["name"])  # expect: path-traversal
        open("/srv/" + name)  # expect: path-traversal


def sources_of_fast_api_2(fast_api: fastapi.FastAPI):
    def on_add_api_route(value):
        eval(value)  # expect: code-injection

    fast_api.add_api_route(None, on_add_api_route)


def entries_of_fast_api(fast_api: fastapi.FastAPI):
    @fast_api.get("/")
    def on_get_2():
        return ""


def entries_of_fast_api_2(fast_api: fastapi.FastAPI):
    @fast_api.websocket()
    def on_websocket():
        return ""


def entries_of_fast_api_3(fast_api: fastapi.FastAPI):
    def on_add_api_route_2():
        return ""

    fast_api.add_api_route(None, on_add_api_route_2)


def entries_of_fast_api_4(fast_api: fastapi.FastAPI):
    @fast_api.exception_handler()
    def on_exception_handler_2():
        return ""


def entries_of_fast_api_5(fast_api: fastapi.FastAPI):
    @fast_api.middleware()
    def on_middleware_2():
        return ""


def entries_of_starlette_routing():
    def on_Route_2():
        return ""

    starlette.routing.Route(None, on_Route_2)


def entries_of_starlette_routing_2():
    def on_WebSocketRoute_2():
        return ""

    starlette.routing.WebSocketRoute(None, on_WebSocketRoute_2)


def decorator_of_fast_api(fast_api: fastapi.FastAPI):
    @fast_api.get("/")
    def kept_by_get(text):
        eval(text)  # expect: code-injection

    kept_by_get(untrusted())


def decorator_of_starlette_authentication():
    @starlette.authentication.requires()
    def kept_by_requires(text):
        eval(text)  # expect: code-injection

    kept_by_requires(untrusted())


def sinks_of_starlette_responses():
    starlette.responses.HTMLResponse(untrusted())  # expect: cross-site-scripting
    starlette.responses.Response(untrusted(), media_type="text/html")  # expect: cross-site-scripting
    starlette.responses.Response(untrusted(), headers={"content-type": "text/html"})  # expect: cross-site-scripting
    starlette.responses.RedirectResponse(untrusted())  # expect: open-redirect
    starlette.responses.Response(status_code=302, headers={"Location": untrusted()})  # expect: open-redirect
    starlette.responses.Response("", 302, {"location": untrusted()})  # expect: open-redirect
    starlette.responses.FileResponse(untrusted())  # expect: path-traversal


def sink_of_path_operations(app: fastapi.FastAPI):
    @app.get("/page", response_class=fastapi.responses.HTMLResponse)
    def page(text: str):
        return "<p>" + text + "</p>"  # expect: cross-site-scripting

    @app.get("/data")
    def data(text: str):
        return "<p>" + text + "</p>"

    def other(text: str):
        return "<p>" + text + "</p>"  # expect: cross-site-scripting

    app.add_api_route("/other", other, response_class=fastapi.responses.HTMLResponse)


def sinks_of_fastapi_responses():
    fastapi.responses.HTMLResponse(untrusted())  # expect: cross-site-scripting
    fastapi.responses.Response(untrusted(), media_type="text/html")  # expect: cross-site-scripting
    fastapi.responses.RedirectResponse(untrusted())  # expect: open-redirect
    fastapi.responses.FileResponse(untrusted())  # expect: path-traversal


def sinks_of_fastapi():
    fastapi.Response(untrusted(), media_type="text/html")  # expect: cross-site-scripting


def sinks_of_starlette_staticfiles():
    starlette.staticfiles.StaticFiles(directory=untrusted())  # expect: path-traversal


def barriers_of_request(request: starlette.requests.Request):
    flask.redirect(request.url_for(untrusted()))


def barriers_of_jinja2_templates(jinja2_templates: starlette.templating.Jinja2Templates):
    flask.make_response(jinja2_templates.TemplateResponse(untrusted()))


def settings_of_fastapi():
    fastapi.FastAPI(debug=True)


def settings_of_starlette_applications():
    starlette.applications.Starlette(True)


def neutral_of_starlette_responses():
    starlette.responses.JSONResponse(untrusted())


def neutral_of_fastapi_responses():
    fastapi.responses.JSONResponse(untrusted())


def origins():
    application = starlette.applications.Starlette()
    cors = starlette.middleware.cors.CORSMiddleware
    cors(application, allow_origins=["*"], allow_credentials=True)  # expect: cors-any-origin
    cors(application, allow_origin_regex=".*", allow_credentials=True)  # expect: cors-any-origin
    application.add_middleware(cors, allow_origins=["*"], allow_credentials=True)  # expect: cors-any-origin
    application.add_middleware(cors, allow_origin_regex=".*", allow_credentials=True)  # expect: cors-any-origin
    starlette.middleware.Middleware(cors, allow_origins=["*"], allow_credentials=True)  # expect: cors-any-origin


def headers_of_request_are_secret(request: starlette.requests.Request):
    token = request.headers["Authorization"]
    logging.info("a token of %d characters", len(token))
    logging.info("%s", request.headers)  # expect: secret-in-log


def path_of_request_begins_with_a_slash(request: starlette.requests.Request):
    return flask.redirect("https://service.example" + request.url.path)


def host_of_request_is_the_service(request: starlette.requests.Request):
    return flask.redirect(request.url)


class MoreOwnWebSocketEndpoint(starlette.endpoints.WebSocketEndpoint):
    def more_on_connect(self, first):
        first


class OwnWebSocketEndpoint_2(starlette.endpoints.WebSocketEndpoint):
    def on_receive(self, first, second):
        eval(second)  # expect: code-injection


def more_classes():
    return [
        fastapi.datastructures.UploadFile,
        fastapi.websockets.WebSocket,
        starlette.background.BackgroundTasks,
        fastapi.BackgroundTasks,
        fastapi.routing.APIRouter,
    ]


def types_of_upload_file(upload_file: starlette.datastructures.UploadFile):
    upload_file.file


def sources_of_fastapi():
    @fastapi.Depends
    def on_Depends(value):
        eval(value)  # expect: code-injection


def entries_of_fastapi():
    @fastapi.Depends
    def on_Depends_2():
        return ""


the_application = fastapi.FastAPI()


def page_of(page: str):
    os.system(page)  # expect: command-injection
    return page


@the_application.get("/pages")
def pages(page=fastapi.Depends(page_of)):
    os.system(page)  # expect: command-injection
    return {"page": page}


@the_application.get("/other-pages")
def other_pages(page: typing.Annotated[str, fastapi.Depends(page_of)]):
    os.system(page)  # expect: command-injection
    return {"page": page}


def first_of_task(first):
    eval(first)  # expect: code-injection


def second_of_task(first, second):
    eval(second)  # expect: code-injection


def third_of_task(first, second, third):
    eval(third)  # expect: code-injection


def numbered(number):
    eval(number)


async def tasks(later: fastapi.BackgroundTasks):
    later.add_task(first_of_task, untrusted())
    later.add_task(second_of_task, "", untrusted())
    later.add_task(third_of_task, "", "", untrusted())
    later.add_task(numbered, 1)
    await fastapi.concurrency.run_in_threadpool(first_of_task, untrusted())
    await fastapi.concurrency.run_in_threadpool(second_of_task, "", untrusted())


@the_application.post("/upload")
def upload(upload: fastapi.UploadFile):
    with open(os.path.join("/srv/uploads", upload.filename), "wb") as target:  # expect: path-traversal
        target.write(upload.file.read())
    zipfile.ZipFile(upload.file)
