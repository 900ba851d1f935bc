"""HTTPX: outgoing requests, clients, responses and the verification of certificates."""

import httpx

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    httpx.Client
    httpx.AsyncClient
    httpx.Response


def types_of_response(response: httpx.Response):
    response.text
    response.content
    response.status_code
    response.headers


def types_of_httpx():
    httpx.get("/")


def types_of_client(client: httpx.Client):
    client.get("/")


async def types_of_async_client(async_client: httpx.AsyncClient):
    (await async_client.get("/"))
    async_client.stream()


async def sources_of_response(response: httpx.Response):
    eval(response.text)  # expect: code-injection
    eval(response.json())  # expect: code-injection
    eval((await response.aread()))  # expect: code-injection
    eval(response.iter_bytes()[0])  # expect: code-injection


def sinks_of_httpx():
    httpx.get(untrusted())  # expect: server-side-request-forgery
    httpx.request(None, untrusted())  # expect: server-side-request-forgery
    httpx.Client(base_url=untrusted())  # expect: server-side-request-forgery
    httpx.Request(None, untrusted())  # expect: server-side-request-forgery


def sinks_of_client(client: httpx.Client):
    client.get(untrusted())  # expect: server-side-request-forgery
    client.request(None, untrusted())  # expect: server-side-request-forgery


def sinks_of_async_client(async_client: httpx.AsyncClient):
    async_client.get(untrusted())  # expect: server-side-request-forgery
    async_client.request(None, untrusted())  # expect: server-side-request-forgery


def settings_of_httpx():
    httpx.get(verify=False)  # expect: tls-verification-disabled
    httpx.create_ssl_context(False)  # expect: tls-verification-disabled


def neutral_of_response(response: httpx.Response):
    eval(response.raise_for_status(untrusted()))
