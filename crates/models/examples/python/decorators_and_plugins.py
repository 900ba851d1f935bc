"""Libraries that wrap functions or load plug-ins: tenacity and retrying, debtcollector, futurist, stevedore, eventlet, cachetools, decorator, wrapt, and WebTest."""

import backoff
import cachetools
import cachetools.func
import debtcollector.moves
import debtcollector.removals
import debtcollector.renames
import debtcollector.updating
import decorator
import eventlet
import eventlet.green
import eventlet.greenpool
import eventlet.greenthread
import eventlet.tpool
import futurist
import futurist.periodics
import stevedore
import stevedore.driver
import stevedore.enabled
import stevedore.extension
import stevedore.named
import tenacity
import webtest

from flask import request


def untrusted():
    return request.args["data"]


def aliases():
    eventlet.green.subprocess
    eventlet.green.os
    eventlet.green.socket
    eventlet.green.time
    eventlet.green.ssl
    eventlet.green.urllib
    eventlet.green.http
    eventlet.green.select
    eventlet.green.threading


def classes():
    return [
        stevedore.ExtensionManager,
        stevedore.extension.ExtensionManager,
        stevedore.named.NamedExtensionManager,
        stevedore.driver.DriverManager,
        stevedore.enabled.EnabledExtensionManager,
        stevedore.extension.Extension,
        futurist.ThreadPoolExecutor,
        eventlet.GreenPool,
        eventlet.greenpool.GreenPool,
        webtest.TestApp,
        webtest.TestResponse,
    ]


def types_of_extension_manager(extension_manager: stevedore.ExtensionManager):
    extension_manager.extensions[0]
    extension_manager[0]


def types_of_test_app(test_app: webtest.TestApp):
    test_app.get("/")


def decorator_of_tenacity():
    @tenacity.retry
    def kept_by_retry(text):
        eval(text)  # expect: code-injection

    kept_by_retry(untrusted())


def decorator_of_tenacity_2():
    @tenacity.retry()
    def kept_by_retry_2(text):
        eval(text)  # expect: code-injection

    kept_by_retry_2(untrusted())


def decorator_of_debtcollector_removals():
    @debtcollector.removals.remove
    def kept_by_remove(text):
        eval(text)  # expect: code-injection

    kept_by_remove(untrusted())


def decorator_of_debtcollector_removals_2():
    @debtcollector.removals.remove()
    def kept_by_remove_2(text):
        eval(text)  # expect: code-injection

    kept_by_remove_2(untrusted())


def decorator_of_debtcollector_renames():
    @debtcollector.renames.renamed_kwarg()
    def kept_by_renamed_kwarg(text):
        eval(text)  # expect: code-injection

    kept_by_renamed_kwarg(untrusted())


def decorator_of_debtcollector_moves():
    @debtcollector.moves.moved_method()
    def kept_by_moved_method(text):
        eval(text)  # expect: code-injection

    kept_by_moved_method(untrusted())


def decorator_of_debtcollector_updating():
    @debtcollector.updating.updated_kwarg_default_value()
    def kept_by_updated_kwarg_default_value(text):
        eval(text)  # expect: code-injection

    kept_by_updated_kwarg_default_value(untrusted())


def decorator_of_futurist_periodics():
    @futurist.periodics.periodic()
    def kept_by_periodic(text):
        eval(text)  # expect: code-injection

    kept_by_periodic(untrusted())


def decorator_of_cachetools():
    @cachetools.cached()
    def kept_by_cached(text):
        eval(text)  # expect: code-injection

    kept_by_cached(untrusted())


def decorator_of_cachetools_func():
    @cachetools.func.lru_cache()
    def kept_by_lru_cache(text):
        eval(text)  # expect: code-injection

    kept_by_lru_cache(untrusted())


def decorator_of_decorator():
    @decorator.decorator
    def kept_by_decorator(text):
        eval(text)  # expect: code-injection

    kept_by_decorator(untrusted())


def decorator_of_backoff():
    @backoff.on_exception()
    def kept_by_on_exception(text):
        eval(text)  # expect: code-injection

    kept_by_on_exception(untrusted())


def flows_of_eventlet():
    eventlet.spawn(lambda first: eval(first), untrusted())  # expect: code-injection
    eventlet.spawn(lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    eventlet.spawn(lambda first, second, third: eval(third), None, None, untrusted())  # expect: code-injection
    eventlet.spawn_after(None, lambda first: eval(first), untrusted())  # expect: code-injection
    eventlet.spawn_after(None, lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    eventlet.spawn_after(None, lambda first, second, third: eval(third), None, None, untrusted())  # expect: code-injection


def flows_of_eventlet_greenthread():
    eventlet.greenthread.spawn(lambda first: eval(first), untrusted())  # expect: code-injection
    eventlet.greenthread.spawn(lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    eventlet.greenthread.spawn(lambda first, second, third: eval(third), None, None, untrusted())  # expect: code-injection
    eventlet.greenthread.spawn_after(None, lambda first: eval(first), untrusted())  # expect: code-injection
    eventlet.greenthread.spawn_after(None, lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    eventlet.greenthread.spawn_after(None, lambda first, second, third: eval(third), None, None, untrusted())  # expect: code-injection


def flows_of_green_pool(green_pool: eventlet.GreenPool):
    green_pool.spawn(lambda first: eval(first), untrusted())  # expect: code-injection
    green_pool.spawn(lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    green_pool.spawn(lambda first, second, third: eval(third), None, None, untrusted())  # expect: code-injection


def flows_of_eventlet_tpool():
    eventlet.tpool.execute(lambda first: eval(first), untrusted())  # expect: code-injection
    eventlet.tpool.execute(lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    eventlet.tpool.execute(lambda first, second, third: eval(third), None, None, untrusted())  # expect: code-injection


def flows_of_executor(executor: futurist.ThreadPoolExecutor):
    executor.submit(lambda first: eval(first), untrusted())  # expect: code-injection
    executor.submit(lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    executor.submit(lambda first, second, third: eval(third), None, None, untrusted())  # expect: code-injection


def entries_of_futurist_periodics():
    @futurist.periodics.periodic()
    def on_periodic():
        return ""


def neutral_of_stevedore():
    eval(stevedore.ExtensionManager(untrusted()))
    stevedore.ExtensionManager(untrusted())


def neutral_of_eventlet():
    eval(eventlet.sleep(untrusted()))


def neutral_of_tenacity():
    eval(tenacity.wait_exponential(untrusted()))
