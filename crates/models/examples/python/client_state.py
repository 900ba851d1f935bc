"""What is kept with clients: sessions, tokens, and what is signed. What a request put in comes out again under its name, and nothing else does."""

import aiohttp_session
import authlib.jose
import cherrypy
import django.core.signing
import django.http
import flask
import itsdangerous
import jose.jwt
import jwt
import pyramid.request
import quart
import starlette.requests

from flask import request


def sign_in():
    flask.session["flask"] = request.args["data"]
    flask.session["user"] = "admin"


def after_signing_in():
    eval(flask.session["flask"])  # expect: code-injection
    eval(flask.session["user"])
    eval(flask.session["other"])


def forget():
    eval(flask.session.pop("flask", ""))  # expect: code-injection


def sessions(
    of_django: django.http.HttpRequest,
    of_starlette: starlette.requests.Request,
    of_pyramid: pyramid.request.Request,
):
    data = request.args["data"]
    quart.session["quart"] = data
    cherrypy.session["cherrypy"] = data
    of_django.session["django"] = data
    of_starlette.session["starlette"] = data
    of_pyramid.session["pyramid"] = data


def later(
    of_django: django.http.HttpRequest,
    of_starlette: starlette.requests.Request,
    of_pyramid: pyramid.request.Request,
):
    eval(quart.session["quart"])  # expect: code-injection
    eval(cherrypy.session["cherrypy"])  # expect: code-injection
    eval(of_django.session["django"])  # expect: code-injection
    eval(of_django.session.get("django"))  # expect: code-injection
    eval(of_starlette.session["starlette"])  # expect: code-injection
    eval(of_pyramid.session["pyramid"])  # expect: code-injection


async def of_aiohttp(received):
    session = await aiohttp_session.get_session(received)
    session["aiohttp"] = request.args["data"]


async def of_aiohttp_later(received):
    session = await aiohttp_session.get_session(received)
    eval(session["aiohttp"])  # expect: code-injection


KEY = open("/run/secrets/key").read()


def signed():
    data = request.args["data"]
    yield jwt.encode({"jwt": data, "user": "admin"}, KEY)
    yield jwt.PyJWT().encode({"pyjwt": data}, KEY)
    yield jose.jwt.encode({"jose": data}, KEY)
    yield authlib.jose.jwt.encode({"alg": "HS256"}, {"authlib": data}, KEY)
    yield itsdangerous.URLSafeSerializer(KEY).dumps({"serializer": data})
    yield itsdangerous.Signer(KEY).sign("constant")
    yield django.core.signing.dumps({"django": data})
    yield django.core.signing.Signer().sign_object({"signer": data})


def brought_back(token):
    eval(jwt.decode(token, KEY, algorithms=["HS256"])["jwt"])  # expect: code-injection
    eval(jwt.decode(token, KEY, algorithms=["HS256"])["user"])
    eval(jwt.PyJWT().decode(token, KEY, algorithms=["HS256"])["pyjwt"])  # expect: code-injection
    eval(jose.jwt.decode(token, KEY, algorithms=["HS256"])["jose"])  # expect: code-injection
    eval(authlib.jose.jwt.decode(token, KEY)["authlib"])  # expect: code-injection
    eval(itsdangerous.URLSafeSerializer(KEY).loads(token)["serializer"])  # expect: code-injection
    eval(itsdangerous.Signer(KEY).unsign(token))
    eval(django.core.signing.loads(token)["django"])  # expect: code-injection
    eval(django.core.signing.Signer().unsign_object(token)["signer"])  # expect: code-injection
