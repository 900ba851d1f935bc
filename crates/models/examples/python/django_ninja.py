"""Django Ninja: operations get Django's request first and the parts of the request that their signature asks for after it."""

import ninja
import ninja.files
import ninja.pagination
import ninja.router
import ninja.security
import os
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


class OwnHttpBearer(ninja.security.HttpBearer):
    def authenticate(self, first):
        first


class OwnHttpBearer_2(ninja.security.HttpBearer):
    def authenticate(self, first, second):
        eval(second)  # expect: code-injection


class OwnHttpBearer_3(ninja.security.HttpBearer):
    def authenticate(self):
        return ""


def classes():
    return [
        ninja.NinjaAPI,
        ninja.router.Router,
        ninja.UploadedFile,
        ninja.files.UploadedFile,
    ]


def types_of_ninja_api(ninja_api: ninja.NinjaAPI):
    @ninja_api.get("/")
    def on_get(first):
        first


def types_of_ninja_api_2(ninja_api: ninja.NinjaAPI):
    @ninja_api.exception_handler("/")
    def on_exception_handler(first):
        first


def sources_of_ninja_api(ninja_api: ninja.NinjaAPI):
    @ninja_api.get("/")
    def on_get_2(first, second):
        eval(second)  # expect: code-injection


def entries_of_ninja_api(ninja_api: ninja.NinjaAPI):
    @ninja_api.get("/")
    def on_get_3():
        return ""


def decorator_of_ninja_api(ninja_api: ninja.NinjaAPI):
    @ninja_api.get("/")
    def kept_by_get(text):
        eval(text)  # expect: code-injection

    kept_by_get(untrusted())


def decorator_of_pagination():
    @ninja.pagination.paginate
    def kept_by_paginate(text):
        eval(text)  # expect: code-injection

    kept_by_paginate(untrusted())


def decorator_of_pagination_2():
    @ninja.pagination.paginate("/")
    def kept_by_paginate_2(text):
        eval(text)  # expect: code-injection

    kept_by_paginate_2(untrusted())


the_router = ninja.Router()


class Order(ninja.Schema):
    command: str
    number: int


@the_router.post("/orders")
def take_order(request, order: Order):
    os.system(order.command)  # expect: command-injection
    sqlite3.connect("orders").execute("INSERT INTO orders VALUES (?)", (order.command,))
    return {"command": order.command}


@the_router.get("/orders/{number}")
def show_order(request, number: int):
    sqlite3.connect("orders").execute("SELECT * FROM orders WHERE id = ?", (number,))
