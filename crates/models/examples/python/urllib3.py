"""urllib3: pools and their requests, responses, and the verification of certificates."""

import ssl
import urllib3
import urllib3.connectionpool
import urllib3.poolmanager
import urllib3.response
import urllib3.util
import urllib3.util.ssl_
import urllib3.util.url

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        urllib3.PoolManager,
        urllib3.poolmanager.PoolManager,
        urllib3.HTTPConnectionPool,
        urllib3.connectionpool.HTTPConnectionPool,
        urllib3.HTTPResponse,
        urllib3.response.HTTPResponse,
    ]


def types_of_pool_manager(pool_manager: urllib3.PoolManager):
    pool_manager.request()
    pool_manager.connection_from_host()


def types_of_httpconnection_pool(httpconnection_pool: urllib3.HTTPConnectionPool):
    httpconnection_pool.request()


def types_of_urllib3():
    urllib3.request()
    urllib3.proxy_from_url()
    urllib3.connection_from_url()


def sources_of_httpresponse(httpresponse: urllib3.HTTPResponse):
    eval(httpresponse.data)  # expect: code-injection
    eval(httpresponse.read())  # expect: code-injection


def sinks_of_urllib3():
    urllib3.request(None, untrusted())  # expect: server-side-request-forgery
    urllib3.connection_from_url(untrusted())  # expect: server-side-request-forgery
    urllib3.HTTPConnectionPool(untrusted())  # expect: server-side-request-forgery


def sinks_of_pool_manager(pool_manager: urllib3.PoolManager):
    pool_manager.request(None, untrusted())  # expect: server-side-request-forgery
    pool_manager.connection_from_url(untrusted())  # expect: server-side-request-forgery
    pool_manager.connection_from_host(untrusted())  # expect: server-side-request-forgery


def sinks_of_urllib3_connectionpool():
    urllib3.connectionpool.HTTPConnectionPool(untrusted())  # expect: server-side-request-forgery


def settings_of_urllib3():
    urllib3.PoolManager(cert_reqs="CERT_NONE")  # expect: tls-verification-disabled
    urllib3.PoolManager(cert_reqs=ssl.CERT_NONE)  # expect: tls-verification-disabled
    urllib3.PoolManager(assert_hostname=False)  # expect: tls-verification-disabled


def settings_of_urllib3_poolmanager():
    urllib3.poolmanager.PoolManager(cert_reqs="CERT_NONE")  # expect: tls-verification-disabled
    urllib3.poolmanager.PoolManager(cert_reqs=ssl.CERT_NONE)  # expect: tls-verification-disabled


def settings_of_urllib3_connectionpool():
    urllib3.connectionpool.HTTPSConnectionPool(cert_reqs="CERT_NONE")  # expect: tls-verification-disabled
    urllib3.connectionpool.HTTPSConnectionPool(cert_reqs=ssl.CERT_NONE)  # expect: tls-verification-disabled


def settings_of_urllib3_util_ssl_():
    urllib3.util.ssl_.create_urllib3_context(None, ssl.CERT_NONE)  # expect: tls-verification-disabled


def flows_of_urllib3_util():
    eval(urllib3.util.parse_url(untrusted()))  # expect: code-injection


def flows_of_urllib3_util_url():
    eval(urllib3.util.url.parse_url(untrusted()))  # expect: code-injection
