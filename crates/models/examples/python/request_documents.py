"""Documents that clients send: what stands in them may be a mapping where a text is expected."""

import json

import aiohttp.web
import bottle
import falcon
import pymongo
import quart
import rest_framework.request
import sanic.request
import starlette.requests
import tornado.escape
import webob
import werkzeug
from flask import request

users = pymongo.MongoClient("mongodb://db.example.org").net.users


def texts():
    users.find_one({"name": request.args["name"]})
    users.find_one({"name": str(request.get_json()["name"])})
    users.find_one({"name": {"$eq": request.get_json()["name"]}})


def parsed():
    users.find_one({"name": json.loads(request.data)["name"]})  # expect: nosql-injection
    users.find_one({"name": tornado.escape.json_decode(request.data).get("name")})  # expect: nosql-injection


def of_werkzeug(own: werkzeug.Request):
    users.find_one({"name": own.json["name"]})  # expect: nosql-injection
    body = own.get_json()
    users.delete_one({"name": body.get("name")})  # expect: nosql-injection


async def of_quart(own: quart.Request):
    users.find_one({"name": (await own.get_json())["name"]})  # expect: nosql-injection


async def of_starlette(own: starlette.requests.Request):
    body = await own.json()
    users.find_one({"name": body["user"]["name"]})  # expect: nosql-injection


async def of_aiohttp(own: aiohttp.web.Request):
    body = await own.json()
    users.find_one({"name": body["name"]})  # expect: nosql-injection


def of_sanic(own: sanic.request.Request):
    users.find_one({"name": own.json["name"]})  # expect: nosql-injection


def of_bottle(own: bottle.Request):
    users.find_one({"name": own.json["name"]})  # expect: nosql-injection


def of_falcon(own: falcon.Request):
    users.find_one({"name": own.media["name"]})  # expect: nosql-injection


def of_rest_framework(own: rest_framework.request.Request):
    users.find_one({"name": own.data["name"]})  # expect: nosql-injection


def of_webob(own: webob.Request):
    query = {"name": own.json["name"]}
    users.find_one(query)  # expect: nosql-injection
