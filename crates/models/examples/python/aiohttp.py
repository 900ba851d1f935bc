"""aiohttp: the server's requests, handlers and responses, and the client."""

import logging
import flask
import aiohttp
import aiohttp.client
import aiohttp.web
import aiohttp.web_request

from flask import request


def untrusted():
    return request.args["data"]


class OwnView(aiohttp.web.View):
    def get(self):
        return ""


def classes():
    return [
        aiohttp.web.Request,
        aiohttp.web_request.Request,
        aiohttp.web.View,
        aiohttp.web.Application,
        aiohttp.web.Response,
        aiohttp.web.RouteTableDef,
        aiohttp.web.UrlDispatcher,
        aiohttp.web.WebSocketResponse,
        aiohttp.ClientSession,
        aiohttp.client.ClientSession,
        aiohttp.ClientResponse,
        aiohttp.ClientWebSocketResponse,
    ]


async def types_of_request(request: aiohttp.web.Request):
    request.path
    (await request.text())
    (await request.read())


async def types_of_client_response(client_response: aiohttp.ClientResponse):
    (await client_response.text())
    (await client_response.read())
    client_response.status


def types_of_application(application: aiohttp.web.Application):
    application.router


def types_of_view(view: aiohttp.web.View):
    view.request


def types_of_aiohttp_web():
    def on_get(first):
        first

    aiohttp.web.get(None, on_get)


def types_of_aiohttp_web_2():
    def on_route(first):
        first

    aiohttp.web.route(handler=on_route)


def types_of_route_table_def(route_table_def: aiohttp.web.RouteTableDef):
    @route_table_def.get("/")
    def on_get_2(first):
        first


def types_of_route_table_def_2(route_table_def: aiohttp.web.RouteTableDef):
    @route_table_def.route("/")
    def on_route_2(first):
        first


def types_of_url_dispatcher(url_dispatcher: aiohttp.web.UrlDispatcher):
    def on_add_get(first):
        first

    url_dispatcher.add_get(None, on_add_get)


def types_of_url_dispatcher_2(url_dispatcher: aiohttp.web.UrlDispatcher):
    def on_add_route(first):
        first

    url_dispatcher.add_route(handler=on_add_route)


def types_of_aiohttp_web_3():
    @aiohttp.web.middleware
    def on_middleware(first):
        first


async def types_of_client_session(client_session: aiohttp.ClientSession):
    client_session.get("/")
    (await client_session.get("/"))
    (await client_session.ws_connect())


def types_of_aiohttp():
    aiohttp.request()


async def barriers_of_request(request: aiohttp.web.Request):
    request.raw_path


async def sources_of_request(request: aiohttp.web.Request):
    eval(request.query)  # expect: code-injection
    eval((await request.json()))  # expect: code-injection


async def sources_of_web_socket_response(web_socket_response: aiohttp.web.WebSocketResponse):
    eval((await web_socket_response.receive()))  # expect: code-injection
    eval(web_socket_response[0])  # expect: code-injection


async def sources_of_client_response(client_response: aiohttp.ClientResponse):
    eval(client_response.headers)  # expect: code-injection
    eval((await client_response.json()))  # expect: code-injection


async def sources_of_client_web_socket_response(client_web_socket_response: aiohttp.ClientWebSocketResponse):
    eval((await client_web_socket_response.receive()))  # expect: code-injection


def entries_of_aiohttp_web():
    def on_get_3():
        return ""

    aiohttp.web.get(None, on_get_3)


def entries_of_aiohttp_web_2():
    def on_route_3():
        return ""

    aiohttp.web.route(handler=on_route_3)


def entries_of_route_table_def(route_table_def: aiohttp.web.RouteTableDef):
    @route_table_def.get("/")
    def on_get_4():
        return ""


def entries_of_url_dispatcher(url_dispatcher: aiohttp.web.UrlDispatcher):
    def on_add_get_2():
        return ""

    url_dispatcher.add_get(None, on_add_get_2)


def entries_of_url_dispatcher_2(url_dispatcher: aiohttp.web.UrlDispatcher):
    def on_add_route_2():
        return ""

    url_dispatcher.add_route(handler=on_add_route_2)


def entries_of_aiohttp_web_3():
    @aiohttp.web.middleware
    def on_middleware_2():
        return ""


def decorator_of_route_table_def(route_table_def: aiohttp.web.RouteTableDef):
    @route_table_def.get("/")
    def kept_by_get(text):
        eval(text)  # expect: code-injection

    kept_by_get(untrusted())


def decorator_of_aiohttp_web():
    @aiohttp.web.middleware
    def kept_by_middleware(text):
        eval(text)  # expect: code-injection

    kept_by_middleware(untrusted())


def sinks_of_aiohttp_web():
    aiohttp.web.Response(body=untrusted(), content_type="text/html")  # expect: cross-site-scripting
    headers = {"X-Kind": untrusted()}
    headers["Location"] = untrusted()
    aiohttp.web.Response(status=302, headers=headers)  # expect: open-redirect
    aiohttp.web.Response(status=302, headers={"Location": untrusted()})  # expect: open-redirect
    aiohttp.web.Response(body=untrusted(), headers={"Content-Type": "text/html"})  # expect: cross-site-scripting
    aiohttp.web.FileResponse(untrusted())  # expect: path-traversal
    aiohttp.web.HTTPFound(untrusted())  # expect: open-redirect


def sinks_of_url_dispatcher(url_dispatcher: aiohttp.web.UrlDispatcher):
    url_dispatcher.add_static(None, untrusted())  # expect: path-traversal


def sinks_of_client_session(client_session: aiohttp.ClientSession):
    client_session.get(untrusted())  # expect: server-side-request-forgery
    client_session.request(None, untrusted())  # expect: server-side-request-forgery


def sinks_of_aiohttp():
    aiohttp.request(None, untrusted())  # expect: server-side-request-forgery


def settings_of_client_session(client_session: aiohttp.ClientSession):
    client_session.get(ssl=False)  # expect: tls-verification-disabled


def settings_of_aiohttp():
    aiohttp.TCPConnector(ssl=False)  # expect: tls-verification-disabled


def neutral_of_aiohttp_web():
    aiohttp.web.json_response(untrusted())


def neutral_of_client_response(client_response: aiohttp.ClientResponse):
    eval(client_response.raise_for_status(untrusted()))


def headers_of_request_are_secret(request: aiohttp.web.Request):
    token = request.headers["Authorization"]
    logging.info("a token of %d characters", len(token))
    logging.info("%s", request.headers)  # expect: secret-in-log


def path_of_request_begins_with_a_slash(request: aiohttp.web.Request):
    return flask.redirect("https://service.example" + request.path)


def host_of_request_is_the_service(request: aiohttp.web.Request):
    return flask.redirect(request.url)


async def parts_of_request(request: aiohttp.web.Request):
    eval(request.query.get("q"))  # expect: code-injection
    eval(request.headers.get("q"))  # expect: code-injection
    eval((await request.post()).get("q"))  # expect: code-injection
    reader = await request.multipart()
    part = await reader.next()
    eval(part.filename)  # expect: code-injection
    eval(await part.text())  # expect: code-injection
    async for other in reader:
        eval(other.name)  # expect: code-injection


def part_readers():
    return [aiohttp.BodyPartReader, aiohttp.MultipartReader]
