"""Numbers that say how much: turns of a loop, memory, rounds of a computation, time to wait."""

import asyncio
import concurrent.futures
import hashlib
import io
import itertools
import math
import os
import random
import secrets
import socket
import time

import eventlet
import gevent
import numpy
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from flask import request


def untrusted():
    return int(request.args["n"])


def turns():
    range(untrusted())  # expect: uncontrolled-amount
    range(1, untrusted())  # expect: uncontrolled-amount
    itertools.repeat("x", untrusted())  # expect: uncontrolled-amount


def memory(name: str):
    bytearray(int(untrusted()))  # expect: uncontrolled-amount
    name.ljust(untrusted())  # expect: uncontrolled-amount
    os.urandom(untrusted())  # expect: uncontrolled-amount
    secrets.token_bytes(untrusted())  # expect: uncontrolled-amount
    random.randbytes(untrusted())  # expect: uncontrolled-amount
    numpy.zeros(untrusted())  # expect: uncontrolled-amount
    numpy.arange(untrusted())  # expect: uncontrolled-amount
    numpy.linspace(0, 1, untrusted())  # expect: uncontrolled-amount
    concurrent.futures.ThreadPoolExecutor(untrusted())  # expect: uncontrolled-amount


def rounds(password, salt):
    pow(2, untrusted())  # expect: uncontrolled-amount
    pow(2, untrusted(), 1009)
    math.factorial(untrusted())  # expect: uncontrolled-amount
    hashlib.pbkdf2_hmac("sha256", password, salt, untrusted())  # expect: uncontrolled-amount
    hashlib.scrypt(password, salt=salt, n=untrusted(), r=8, p=1)  # expect: uncontrolled-amount
    PBKDF2HMAC(None, 32, salt, untrusted())  # expect: uncontrolled-amount
    Scrypt(salt, 32, untrusted(), 8, 1)  # expect: uncontrolled-amount


async def waits():
    await asyncio.sleep(untrusted())  # expect: uncontrolled-amount
    time.sleep(untrusted())  # expect: uncontrolled-amount
    eventlet.sleep(untrusted())  # expect: uncontrolled-amount
    gevent.sleep(untrusted())  # expect: uncontrolled-amount


def reads(stream: io.IOBase, connection: socket.socket):
    stream.read(untrusted())  # expect: uncontrolled-amount
    connection.recv(untrusted())  # expect: uncontrolled-amount


def no_choice_of_the_sender():
    range(len(request.args["text"]))
    range(min(untrusted(), 100))
    range(ord(request.args["letter"]))
