"""Cookies that an application makes up."""

import random
import secrets

import bottle
import django.http
import flask
import starlette.responses


def made_up():
    response = flask.make_response("")
    response.set_cookie("remember", str(random.random()))  # expect: weak-randomness
    response.set_cookie("remember", secrets.token_hex(16))
    response = django.http.HttpResponse()
    response.set_cookie("remember", value=str(random.random()))  # expect: weak-randomness
    response.set_signed_cookie("remember", str(random.random()))  # expect: weak-randomness
    response = starlette.responses.Response()
    response.set_cookie("remember", str(random.random()))  # expect: weak-randomness
    response = bottle.BaseResponse()
    response.set_cookie("remember", str(random.random()))  # expect: weak-randomness
