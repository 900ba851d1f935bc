"""Tokens and roles."""

import functools
import hashlib
import hmac
import logging
import random
import secrets
import string

from flask import request

from netkeeper import exceptions
from netkeeper.config import CONF

LOG = logging.getLogger(__name__)
ALPHABET = string.ascii_letters + string.digits
AGENT_PASSWORD = "nk-Agent!2017"
_TOKENS = {}


def new_session_token(user):
    token = "".join(random.choice(ALPHABET) for _ in range(32))
    _TOKENS[token] = user
    LOG.info("token %s issued", token)
    return token


def new_agent_key():
    key = secrets.token_urlsafe(32)
    LOG.info("key of %d characters made", len(key))
    return key


def password_digest(password):
    return hashlib.md5(password.encode()).hexdigest()


def password_hash(password, salt):
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def content_tag(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def signature(data):
    return hmac.new(CONF.token_secret.encode(), data, hashlib.sha256).hexdigest()


def check_agent():
    if request.headers.get("X-Agent-Password", "") != AGENT_PASSWORD:
        raise exceptions.Forbidden("agent")


def check_signature():
    if not hmac.compare_digest(request.headers.get("X-Signature", ""), signature(request.get_data())):
        raise exceptions.Forbidden("signature")


def current_user():
    user = _TOKENS.get(request.headers.get("X-Auth-Token", ""))
    if user is None:
        raise exceptions.Forbidden("token")
    return user


def requires(role):
    def decorate(function):
        @functools.wraps(function)
        def checked(*args, **kwargs):
            if role not in current_user()["roles"]:
                raise exceptions.Forbidden(role)
            return function(*args, **kwargs)

        return checked

    return decorate
