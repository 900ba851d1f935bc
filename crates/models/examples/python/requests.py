"""Requests: outgoing requests (the address is what can be forged), sessions, responses (which come from another host), and the verification of certificates."""

import logging
import requests
import requests.api
import requests.models
import requests.sessions

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        requests.Session,
        requests.sessions.Session,
        requests.Response,
        requests.models.Response,
        requests.Request,
        requests.models.Request,
        requests.PreparedRequest,
        requests.models.PreparedRequest,
    ]


def types_of_response(response: requests.Response):
    response.text
    response.content
    response.status_code
    response.headers
    response.ok
    response.request


def types_of_session(session: requests.Session):
    session.headers
    session.get("/")
    session.prepare_request()


def types_of_requests():
    requests.session()
    requests.get("/")


def types_of_requests_api():
    requests.api.get("/")


def types_of_request(request: requests.Request):
    request.prepare()


def sources_of_response(response: requests.Response):
    eval(response.text)  # expect: code-injection
    eval(response.json())  # expect: code-injection
    eval(response.iter_content()[0])  # expect: code-injection
    eval(response[0])  # expect: code-injection


def sinks_of_requests():
    requests.get(untrusted())  # expect: server-side-request-forgery
    requests.request(None, untrusted())  # expect: server-side-request-forgery
    requests.Request(None, untrusted())  # expect: server-side-request-forgery


def sinks_of_requests_api():
    requests.api.get(untrusted())  # expect: server-side-request-forgery
    requests.api.request(None, untrusted())  # expect: server-side-request-forgery


def sinks_of_session(session: requests.Session):
    session.get(untrusted())  # expect: server-side-request-forgery
    session.request(None, untrusted())  # expect: server-side-request-forgery


def sinks_of_requests_models():
    requests.models.Request(None, untrusted())  # expect: server-side-request-forgery


def sinks_of_prepared_request(prepared_request: requests.PreparedRequest):
    prepared_request.prepare_url(untrusted())  # expect: server-side-request-forgery
    prepared_request.url = untrusted()  # expect: server-side-request-forgery


def settings_of_requests():
    requests.get(verify=False)  # expect: tls-verification-disabled


def settings_of_requests_api():
    requests.api.get(verify=False)  # expect: tls-verification-disabled


def settings_of_session(session: requests.Session):
    session.get(verify=False)  # expect: tls-verification-disabled


def assignments_of_session(session: requests.Session):
    session.verify = False  # expect: tls-verification-disabled


def neutral_of_session(session: requests.Session):
    eval(session.mount(untrusted()))


def neutral_of_response(response: requests.Response):
    eval(response.raise_for_status(untrusted()))


def headers_of_what_was_sent_are_secret(response: requests.Response):
    token = response.request.headers["Authorization"]
    logging.info("a token of %d characters", len(token))
