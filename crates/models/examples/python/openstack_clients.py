"""Clients of OpenStack services: keystoneauth's sessions and adapters, the clients of Keystone and Nova, and the SDK's connection."""

import keystoneauth1.adapter
import keystoneauth1.loading
import keystoneauth1.session
import keystoneclient.client
import keystoneclient.v2_0.client
import keystoneclient.v3.client
import novaclient.client
import openstack

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    keystoneauth1.session.Session
    keystoneauth1.adapter.Adapter


def types_of_keystoneauth1_loading():
    keystoneauth1.loading.load_session_from_conf_options()
    keystoneauth1.loading.load_adapter_from_conf_options()


def types_of_session(session: keystoneauth1.session.Session):
    session.get("/")


def types_of_adapter(adapter: keystoneauth1.adapter.Adapter):
    adapter.get("/")


def types_of_novaclient_client():
    novaclient.client.Client()


def types_of_keystoneclient_v3_client():
    keystoneclient.v3.client.Client()


def types_of_keystoneclient_client():
    keystoneclient.client.Client()


def types_of_openstack():
    openstack.connect()


def sources_of_client():
    client = novaclient.client.Client()
    eval(client.servers.get("/"))  # expect: code-injection


def sources_of_client_2():
    client = keystoneclient.v3.client.Client()
    eval(client.projects.get("/"))  # expect: code-injection


def sinks_of_session(session: keystoneauth1.session.Session):
    session.get(untrusted())  # expect: server-side-request-forgery
    session.request(untrusted())  # expect: server-side-request-forgery


def sinks_of_adapter(adapter: keystoneauth1.adapter.Adapter):
    adapter.get(endpoint_override=untrusted())  # expect: server-side-request-forgery


def settings_of_keystoneauth1_session():
    keystoneauth1.session.Session(verify=False)  # expect: tls-verification-disabled


def settings_of_session(session: keystoneauth1.session.Session):
    session.get(verify=False)  # expect: tls-verification-disabled


def settings_of_novaclient_client():
    novaclient.client.Client(insecure=True)  # expect: tls-verification-disabled


def settings_of_keystoneclient_v3_client():
    keystoneclient.v3.client.Client(insecure=True)  # expect: tls-verification-disabled


def settings_of_keystoneclient_v2_0_client():
    keystoneclient.v2_0.client.Client(insecure=True)  # expect: tls-verification-disabled
