"""The Kubernetes client: commands in containers, secrets, files with objects, and the connection's certificate."""

import kubernetes.client
import kubernetes.config
import kubernetes.stream
import kubernetes.utils

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        kubernetes.client.CoreV1Api,
        kubernetes.client.Configuration,
    ]


def types_of_kubernetes_client():
    kubernetes.client.Configuration.get_default_copy()


def sources_of_kubernetes_stream():
    eval(kubernetes.stream.stream())  # expect: code-injection


def sources_of_core_v1_api(core_v1_api: kubernetes.client.CoreV1Api):
    eval(core_v1_api.read_namespaced_config_map())  # expect: code-injection


def sinks_of_kubernetes_stream():
    kubernetes.stream.stream(command=(untrusted(),))  # expect: command-injection
    kubernetes.stream.stream(command=["cat", untrusted()])  # expect: argument-injection


def sinks_of_kubernetes_utils():
    kubernetes.utils.create_from_yaml(yaml_file=untrusted())  # expect: path-traversal


def sinks_of_kubernetes_config():
    kubernetes.config.load_kube_config(untrusted())  # expect: path-traversal


def commands(core: kubernetes.client.CoreV1Api):
    execute = core.connect_get_namespaced_pod_exec
    kubernetes.stream.stream(execute, "name", "space", command=["sh", "-c", untrusted()])  # expect: command-injection
    kubernetes.stream.stream(execute, "name", "space", command=["cat", "--", untrusted()])


def certificates():
    configuration = kubernetes.client.Configuration()
    configuration.verify_ssl = False  # expect: tls-verification-disabled
    configuration.verify_ssl = True
