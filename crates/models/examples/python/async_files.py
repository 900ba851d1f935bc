"""Files by other libraries: aiofiles, anyio, trio and aiopath do what `open` and `pathlib` do, without waiting; smart_open and fsspec open addresses of the network, too."""

import aiofiles
import aiofiles.os
import aiopath
import aioshutil
import anyio
import flask
import fsspec
import smart_open
import trio

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        anyio.Path,
        trio.Path,
        aiopath.AsyncPath,
    ]


def sink_1():
    aiofiles.open(untrusted())  # expect: path-traversal


def sink_2():
    aiofiles.open(untrusted(), mode="w")  # expect: path-traversal


def sink_3():
    aiofiles.os.remove(untrusted())  # expect: path-traversal


def sink_4():
    aiofiles.os.rename(untrusted())  # expect: path-traversal


def sink_5():
    aioshutil.copy(untrusted())  # expect: path-traversal


def sink_6():
    aioshutil.rmtree(untrusted())  # expect: path-traversal


def sink_7():
    anyio.open_file(untrusted())  # expect: path-traversal


def sink_8():
    trio.open_file(untrusted())  # expect: path-traversal


def sink_9():
    smart_open.open(untrusted())  # expect: path-traversal, server-side-request-forgery


def sink_10():
    fsspec.open(untrusted())  # expect: path-traversal, server-side-request-forgery


def source_11():
    aiofiles.open()


async def source_12():
    (await anyio.open_file())


def flow_13():
    anyio.Path(untrusted())


def flow_14():
    aiopath.AsyncPath(untrusted())
