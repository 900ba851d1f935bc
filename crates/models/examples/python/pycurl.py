"""PycURL: the options of a handle that choose the address and the verification of certificates."""

import pycurl

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    pycurl.Curl


def sinks_of_curl(curl: pycurl.Curl):
    curl.setopt(pycurl.URL, untrusted())  # expect: server-side-request-forgery
    curl.setopt(pycurl.HTTPHEADER, [untrusted()])  # expect: header-injection
    curl.setopt(curl.URL, untrusted())  # expect: server-side-request-forgery
    curl.setopt(curl.HTTPHEADER, [untrusted()])  # expect: header-injection
    curl.setopt(curl.USERAGENT, untrusted())


def settings_of_curl(curl: pycurl.Curl):
    curl.setopt(pycurl.SSL_VERIFYPEER, False)  # expect: tls-verification-disabled
    curl.setopt(curl.SSL_VERIFYPEER, 0)  # expect: tls-verification-disabled
    curl.setopt(pycurl.SSL_VERIFYHOST, 1)  # expect: tls-verification-disabled
    curl.setopt(curl.SSL_VERIFYHOST, 0)  # expect: tls-verification-disabled
    curl.setopt(curl.SSL_VERIFYHOST, 2)
    curl.setopt(curl.SSL_VERIFYPEER, 1)


def sources_of_curl(curl: pycurl.Curl):
    eval(curl.perform_rs())  # expect: code-injection
