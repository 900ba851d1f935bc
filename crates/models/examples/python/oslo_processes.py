"""oslo.concurrency, oslo.rootwrap and oslo.privsep: programs that are started (also with the rights of root), locks, and the functions that run in a privileged process."""

import oslo_concurrency.lockutils
import oslo_concurrency.processutils
import oslo_privsep.priv_context
import oslo_rootwrap.client

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    oslo_concurrency.processutils.ProcessExecutionError
    oslo_privsep.priv_context.PrivContext
    oslo_rootwrap.client.Client


def types_of_oslo_concurrency_processutils():
    oslo_concurrency.processutils.execute()[0]


def sources_of_oslo_concurrency_processutils():
    eval(oslo_concurrency.processutils.execute()[0])  # expect: code-injection
    eval(oslo_concurrency.processutils.ssh_execute()[0])  # expect: code-injection


def sources_of_client(client: oslo_rootwrap.client.Client):
    eval(client.execute()[1])  # expect: code-injection


def sources_of_priv_context(priv_context: oslo_privsep.priv_context.PrivContext):
    @priv_context.entrypoint
    def on_entrypoint(value):
        eval(value)  # expect: code-injection


def sources_of_priv_context_2(priv_context: oslo_privsep.priv_context.PrivContext):
    @priv_context.entrypoint_with_timeout()
    def on_entrypoint_with_timeout(value):
        eval(value)  # expect: code-injection


def sinks_of_oslo_concurrency_processutils():
    oslo_concurrency.processutils.execute(untrusted())  # expect: command-injection
    oslo_concurrency.processutils.execute(None, untrusted(), shell=True)  # expect: command-injection
    oslo_concurrency.processutils.execute(None, untrusted())  # expect: argument-injection
    oslo_concurrency.processutils.ssh_execute(None, untrusted())  # expect: command-injection


def sinks_of_client(client: oslo_rootwrap.client.Client):
    client.execute([untrusted()])  # expect: argument-injection


def sinks_of_oslo_concurrency_lockutils():
    oslo_concurrency.lockutils.external_lock(untrusted())  # expect: path-traversal


def entries_of_priv_context(priv_context: oslo_privsep.priv_context.PrivContext):
    @priv_context.entrypoint
    def on_entrypoint_2():
        return ""


def entries_of_priv_context_2(priv_context: oslo_privsep.priv_context.PrivContext):
    @priv_context.entrypoint_with_timeout()
    def on_entrypoint_with_timeout_2():
        return ""


def decorator_of_priv_context(priv_context: oslo_privsep.priv_context.PrivContext):
    @priv_context.entrypoint
    def kept_by_entrypoint(text):
        eval(text)  # expect: code-injection

    kept_by_entrypoint(untrusted())


def decorator_of_priv_context_2(priv_context: oslo_privsep.priv_context.PrivContext):
    @priv_context.entrypoint_with_timeout()
    def kept_by_entrypoint_with_timeout(text):
        eval(text)  # expect: code-injection

    kept_by_entrypoint_with_timeout(untrusted())


def decorator_of_oslo_concurrency_lockutils():
    @oslo_concurrency.lockutils.synchronized()
    def kept_by_synchronized(text):
        eval(text)  # expect: code-injection

    kept_by_synchronized(untrusted())


def decorator_of_oslo_concurrency_lockutils_2():
    @oslo_concurrency.lockutils.synchronized_with_prefix()()
    def kept_by_synchronized_with_prefix(text):
        eval(text)  # expect: code-injection

    kept_by_synchronized_with_prefix(untrusted())


def neutral_of_oslo_concurrency_lockutils():
    eval(oslo_concurrency.lockutils.lock(untrusted()))


def neutral_of_oslo_concurrency_processutils():
    eval(oslo_concurrency.processutils.get_worker_count(untrusted()))


def text_of_error_1(error: oslo_concurrency.processutils.ProcessExecutionError):
    print(error)
