"""Clients of services that keep what others write."""

import consul
import etcd3
import flask
import httplib2
import hvac
import kazoo.client
import ssl
import websocket
from flask import request
from google.cloud import storage


def untrusted():
    return request.args["data"]


def of_httplib2():
    client = httplib2.Http(timeout=5)
    answer, content = client.request(untrusted())  # expect: server-side-request-forgery
    eval(answer["x-code"])  # expect: code-injection
    eval(content)  # expect: code-injection
    client.request("https://api.example/" + untrusted())


def of_hvac():
    client = hvac.Client(untrusted())  # expect: server-side-request-forgery
    eval(client.read("secret/a")["data"]["code"])  # expect: code-injection
    eval(client.secrets.kv.v2.read_secret_version(path="a")["data"])  # expect: code-injection


def on_message(application, message):
    eval(message)  # expect: code-injection


def of_websocket(connection: websocket.WebSocket):
    made = websocket.create_connection(untrusted())  # expect: server-side-request-forgery
    eval(made.recv())  # expect: code-injection
    connection.connect(untrusted())  # expect: server-side-request-forgery
    websocket.WebSocketApp("wss://events.example", on_message=on_message)


def of_kazoo(client: kazoo.client.KazooClient):
    eval(client.get("/a")[0])  # expect: code-injection
    eval(client.get_children("/a")[0])  # expect: code-injection


def of_etcd3():
    eval(etcd3.client().get("a")[0])  # expect: code-injection


def of_consul(client: consul.Consul):
    eval(client.kv.get("a")[1]["Value"])  # expect: code-injection


def of_google(client: storage.Client, bucket: storage.Bucket, blob: storage.Blob):
    for stored in client.list_blobs("bucket"):
        stored.download_to_filename("/srv/" + stored.name)  # expect: path-traversal
    for stored in bucket.list_blobs():
        eval(stored.name)  # expect: code-injection
    client.bucket("bucket").blob("a").download_to_filename("/srv/a")
    eval(blob.download_as_text())  # expect: code-injection


def settings_of_websocket():
    websocket.create_connection("wss://a.example", sslopt={"cert_reqs": ssl.CERT_NONE})  # expect: tls-verification-disabled
    websocket.create_connection("wss://a.example", sslopt={"check_hostname": False})  # expect: tls-verification-disabled
    websocket.create_connection("wss://a.example", sslopt={"cert_reqs": ssl.CERT_REQUIRED})
    application = websocket.WebSocketApp("wss://a.example")
    application.run_forever(sslopt={"cert_reqs": ssl.CERT_NONE})  # expect: tls-verification-disabled
    application.run_forever(sslopt={"check_hostname": False})  # expect: tls-verification-disabled
