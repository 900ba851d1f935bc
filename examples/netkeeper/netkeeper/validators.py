"""Checks of input: each returns the value that it accepts and raises ``Invalid`` otherwise."""

import ipaddress
import re
import uuid
from urllib.parse import urlsplit

from netkeeper import exceptions
from netkeeper.config import CONF

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
DEVICE = re.compile(r"[a-z0-9-]+")


def name(value):
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise exceptions.Invalid("bad name")
    return value


def device(value):
    # A device's name has at most 15 characters.
    if not DEVICE.match(value) or len(value) > 15:
        raise exceptions.Invalid("bad device")
    return value


def identifier(value):
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise exceptions.Invalid("bad id") from None


def address(value):
    try:
        # An IPv6 address may end with a zone, in which any character may stand.
        return str(ipaddress.IPv4Address(value))
    except ValueError:
        raise exceptions.Invalid("bad address") from None


def hook_url(value):
    parts = urlsplit(value)
    if parts.scheme != "https" or parts.hostname not in CONF.hook_hosts:
        raise exceptions.Invalid("bad hook")
    return value
