"""Threads, processes, executors, asyncio, timers, signals: functions that are called later, with what they are given."""

import _thread
import asyncio
import atexit
import concurrent.futures
import concurrent.futures.process
import concurrent.futures.thread
import dummy_threading
import multiprocessing
import multiprocessing.connection
import multiprocessing.context
import multiprocessing.dummy
import multiprocessing.pool
import multiprocessing.process
import sched
import signal
import six.moves
import thread
import threading
import timeit
import types

from flask import request


def untrusted():
    return request.args["data"]


async def later(value):
    return value


class OwnProtocol(asyncio.Protocol):
    def data_received(self, first):
        eval(first)  # expect: code-injection


class OwnDatagramProtocol(asyncio.DatagramProtocol):
    def datagram_received(self, first):
        eval(first)  # expect: code-injection


class OwnProtocol2(asyncio.Protocol):
    def data_received(self):
        return ""


class OwnDatagramProtocol2(asyncio.DatagramProtocol):
    def datagram_received(self):
        return ""


def aliases():
    thread.start_new_thread
    thread.start_new
    six.moves._thread
    dummy_threading
    multiprocessing.dummy.Pool
    multiprocessing.context.Process
    multiprocessing.process.Process


def classes():
    return [
        threading.Thread,
        threading.Lock,
        threading.Event,
        threading.local,
        multiprocessing.Process,
        multiprocessing.pool.Pool,
        multiprocessing.connection.Connection,
        multiprocessing.connection.Listener,
        concurrent.futures.Executor,
        concurrent.futures.thread.ThreadPoolExecutor,
        concurrent.futures.process.ProcessPoolExecutor,
        concurrent.futures.Future,
        asyncio.AbstractEventLoop,
        asyncio.Future,
        asyncio.Queue,
        asyncio.Lock,
        asyncio.StreamReader,
        asyncio.StreamWriter,
        asyncio.BaseProtocol,
        sched.scheduler,
    ]


def types_of_threading():
    threading.current_thread()


def types_of_thread(thread: threading.Thread):
    thread.name


def types_of_event(event: threading.Event):
    event.is_set()


def types_of_multiprocessing():
    multiprocessing.Pool()
    multiprocessing.Pipe()[0]


def types_of_pool(pool: multiprocessing.pool.Pool):
    pool.map()
    pool.imap()


def types_of_multiprocessing_connection():
    multiprocessing.connection.Client()


def types_of_listener(listener: multiprocessing.connection.Listener):
    listener.accept()


def types_of_executor(executor: concurrent.futures.Executor):
    executor.submit()
    executor.map()


def types_of_concurrent_futures():
    concurrent.futures.as_completed()[0]


async def types_of_asyncio():
    asyncio.get_event_loop()
    asyncio.create_task()
    (await asyncio.open_connection())
    (await asyncio.open_connection())[0]
    (await asyncio.open_connection())[1]


def types_of_abstract_event_loop(abstract_event_loop: asyncio.AbstractEventLoop):
    abstract_event_loop.create_task()


def types_of_asyncio_2():
    @asyncio.start_server
    def on_start_server(first):
        first


def types_of_asyncio_3():
    @asyncio.start_server
    def on_start_server_2(first, second):
        second


async def types_of_stream_reader(stream_reader: asyncio.StreamReader):
    (await stream_reader.read())


def sources_of_connection(connection: multiprocessing.connection.Connection):
    eval(connection.recv())  # expect: code-injection


def entries_of_asyncio():
    @asyncio.start_server
    def on_start_server_3():
        return ""


def flows_of_threading():
    threading.Thread(None, lambda first: eval(first), args=(untrusted(),))  # expect: code-injection
    threading.Thread(None, lambda first, second: eval(second), args=("", untrusted()))  # expect: code-injection
    threading.Thread(None, lambda first, second, third: eval(third), args=("", "", untrusted()))  # expect: code-injection
    threading.Thread(None, lambda first, second, third, fourth: eval(fourth), args=("", "", "", untrusted()))  # expect: code-injection
    threading.Thread(None, lambda value: eval(value), kwargs=[untrusted()])  # expect: code-injection
    threading.Timer(None, lambda value: eval(value), args=[untrusted()])  # expect: code-injection
    threading.Timer(None, lambda value: eval(value), kwargs=[untrusted()])  # expect: code-injection


def flows_of__thread():
    _thread.start_new_thread(lambda first: eval(first), (untrusted(),))  # expect: code-injection
    _thread.start_new_thread(lambda first, second: eval(second), ("", untrusted()))  # expect: code-injection
    _thread.start_new_thread(lambda first, second, third: eval(third), ("", "", untrusted()))  # expect: code-injection


def flows_of_pool(pool: multiprocessing.pool.Pool):
    pool.map(lambda first: eval(first), [untrusted()])  # expect: code-injection
    eval(pool.map(lambda: untrusted())[0])  # expect: code-injection
    pool.starmap(lambda first: eval(first), [(untrusted(),)])  # expect: code-injection
    pool.starmap(lambda first, second: eval(second), [("", untrusted())])  # expect: code-injection
    eval(pool.starmap(lambda: untrusted())[0])  # expect: code-injection
    pool.apply(lambda first: eval(first), (untrusted(),))  # expect: code-injection
    pool.apply(lambda first, second: eval(second), ("", untrusted()))  # expect: code-injection
    eval(pool.apply(lambda: untrusted()))  # expect: code-injection
    eval(pool.apply_async(lambda: untrusted())[0])  # expect: code-injection
    eval(pool.apply_async(lambda: untrusted()).get())  # expect: code-injection


def flows_of_connection():
    eval(multiprocessing.connection.Connection(untrusted()).recv())  # expect: code-injection


def flows_of_executor(executor: concurrent.futures.Executor):
    executor.submit(lambda first: eval(first), untrusted())  # expect: code-injection
    executor.submit(lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    executor.submit(lambda first, second, third: eval(third), None, None, untrusted())  # expect: code-injection
    executor.submit(lambda first, second, third, fourth: eval(fourth), None, None, None, untrusted())  # expect: code-injection
    executor.submit(lambda value: eval(value), value=untrusted())  # expect: code-injection
    eval(executor.submit(lambda: untrusted())[0])  # expect: code-injection
    executor.map(lambda first: eval(first), [untrusted()])  # expect: code-injection
    executor.map(lambda first, second: eval(second), None, [untrusted()])  # expect: code-injection
    eval(executor.map(lambda: untrusted())[0])  # expect: code-injection


def flows_of_future():
    eval(concurrent.futures.Future(untrusted()).result())  # expect: code-injection
    concurrent.futures.Future(untrusted()).add_done_callback(lambda first: eval(first))  # expect: code-injection


def flows_of_future_2(future: concurrent.futures.Future):
    future.set_result(untrusted())
    eval(future[0])  # expect: code-injection


def flows_of_concurrent_futures():
    eval(concurrent.futures.as_completed([untrusted()])[0])  # expect: code-injection


async def flows_of_asyncio():
    eval(asyncio.run(later(untrusted())))  # expect: code-injection
    eval((await asyncio.create_task(later(untrusted()))))  # expect: code-injection
    eval((await asyncio.wait_for(later(untrusted()))))  # expect: code-injection
    eval((await asyncio.gather(later(untrusted())))[0])  # expect: code-injection
    eval(asyncio.run_coroutine_threadsafe(later(untrusted()))[0])  # expect: code-injection
    asyncio.to_thread(lambda first: eval(first), untrusted())  # expect: code-injection
    asyncio.to_thread(lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    eval((await asyncio.to_thread(lambda: untrusted())))  # expect: code-injection


async def flows_of_abstract_event_loop(abstract_event_loop: asyncio.AbstractEventLoop):
    eval(abstract_event_loop.run_until_complete(later(untrusted())))  # expect: code-injection
    eval((await abstract_event_loop.create_task(later(untrusted()))))  # expect: code-injection
    abstract_event_loop.run_in_executor(None, lambda first: eval(first), untrusted())  # expect: code-injection
    abstract_event_loop.run_in_executor(None, lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    eval((await abstract_event_loop.run_in_executor(None, lambda: untrusted())))  # expect: code-injection
    abstract_event_loop.call_soon(lambda first: eval(first), untrusted())  # expect: code-injection
    abstract_event_loop.call_later(None, lambda first: eval(first), untrusted())  # expect: code-injection


async def flows_of_stream_reader():
    eval((await asyncio.StreamReader(untrusted()).read()))  # expect: code-injection


def flows_of_scheduler(scheduler: sched.scheduler):
    scheduler.enter(argument=[untrusted()], action=lambda value: eval(value))  # expect: code-injection


def flows_of_atexit():
    atexit.register(lambda first: eval(first), untrusted())  # expect: code-injection


def flows_of_signal():
    signal.signal(untrusted(), lambda first: eval(first))  # expect: code-injection


def flows_of_timeit():
    eval(timeit.timeit(lambda: untrusted()))  # expect: code-injection


def sinks_of_timeit():
    timeit.timeit(untrusted())  # expect: code-injection


def sinks_of_multiprocessing_connection():
    multiprocessing.connection.Client((untrusted(),))  # expect: server-side-request-forgery


def neutral_of_threading():
    eval(threading.Lock(untrusted()))


def neutral_of_thread(thread: threading.Thread):
    eval(thread.getName(untrusted()))


def neutral_of_lock(lock: threading.Lock):
    eval(lock.acquire(untrusted()))


def neutral_of_event(event: threading.Event):
    eval(event.clear(untrusted()))


def neutral_of_multiprocessing():
    eval(multiprocessing.Pool(untrusted()))


def neutral_of_process(process: multiprocessing.Process):
    eval(process.close(untrusted()))


def neutral_of_connection(connection: multiprocessing.connection.Connection):
    eval(connection.close(untrusted()))


def neutral_of_concurrent_futures():
    eval(concurrent.futures.Executor(untrusted()))


def neutral_of_executor(executor: concurrent.futures.Executor):
    eval(executor.shutdown(untrusted()))


def neutral_of_future(future: concurrent.futures.Future):
    eval(future.cancel(untrusted()))


def neutral_of_asyncio():
    eval(asyncio.Event(untrusted()))


def neutral_of_abstract_event_loop(abstract_event_loop: asyncio.AbstractEventLoop):
    eval(abstract_event_loop.add_reader(untrusted()))


def neutral_of_stream_writer(stream_writer: asyncio.StreamWriter):
    eval(stream_writer.close(untrusted()))


def neutral_of_signal():
    eval(signal.alarm(untrusted()))


def decorator_of_asyncio():
    @asyncio.coroutine
    def kept_by_coroutine(text):
        eval(text)  # expect: code-injection

    kept_by_coroutine(untrusted())


def decorator_of_types():
    @types.coroutine
    def kept_by_coroutine_2(text):
        eval(text)  # expect: code-injection

    kept_by_coroutine_2(untrusted())


def decorator_of_atexit():
    @atexit.register
    def kept_by_register(text):
        eval(text)  # expect: code-injection

    kept_by_register(untrusted())
