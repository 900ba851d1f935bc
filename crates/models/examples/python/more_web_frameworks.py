"""Smaller web frameworks and what stands on larger ones: web.py, Klein, Litestar, BlackSheep, Robyn, TurboGears, Flask-Admin, and the handlers of JupyterHub."""

import blacksheep
import flask
import flask_admin
import flask_admin.base
import jupyterhub.apihandlers.base
import jupyterhub.handlers
import jupyterhub.handlers.base
import klein
import litestar
import litestar.connection
import litestar.response
import robyn
import tg
import web

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        jupyterhub.handlers.BaseHandler,
        jupyterhub.handlers.base.BaseHandler,
        jupyterhub.apihandlers.base.APIHandler,
        klein.Klein,
        litestar.Request,
        litestar.connection.Request,
        blacksheep.Request,
        blacksheep.Application,
        robyn.Robyn,
    ]


def type_of_1(thing: klein.Klein):
    @thing.route("/")
    def handler(request):
        request


def type_of_2():
    @klein.route("/")
    def handler(request):
        request


def type_of_3():
    tg.request


def type_of_4():
    tg.response


def source_5():
    web.input()


def source_6():
    web.ctx.env


def source_7(thing: klein.Klein):
    @thing.route("/")
    def handler(first, second):
        second


def source_8():
    @litestar.get("/")
    def handler(first):
        first


class Derived10(litestar.Controller):
    def get(self, first):
        first


def source_11(thing: blacksheep.Application):
    @thing.route("/")
    def handler(first):
        first


def source_12(thing: blacksheep.Application):
    @thing.router.get("/")
    def handler(first):
        first


def source_13(thing: blacksheep.Request):
    thing.query


async def source_14(thing: blacksheep.Request):
    (await thing.json())


def source_15(thing: robyn.Robyn):
    @thing.get("/")
    def handler(first):
        first


def source_16():
    @tg.expose("/")
    def handler(first):
        first


def source_17():
    @flask_admin.expose("/")
    def handler(first):
        first


def source_18():
    @flask_admin.base.expose("/")
    def handler(first):
        first


def entry_19(thing: klein.Klein):
    @thing.route("/")
    def handler(first):
        pass


def entry_20():
    @litestar.get("/")
    def handler(first):
        pass


def entry_21():
    @litestar.websocket("/")
    def handler(first):
        pass


def entry_22(thing: blacksheep.Application):
    @thing.route("/")
    def handler(first):
        pass


def entry_23(thing: blacksheep.Application):
    @thing.router.get("/")
    def handler(first):
        pass


def entry_24(thing: robyn.Robyn):
    @thing.get("/")
    def handler(first):
        pass


def entry_25():
    @tg.expose("/")
    def handler(first):
        pass


def entry_26():
    @flask_admin.expose("/")
    def handler(first):
        pass


def entry_27():
    @flask_admin.base.expose("/")
    def handler(first):
        pass


def entry_28(thing: klein.Klein):
    @thing.route("/")
    def handler(first):
        pass


def entry_29():
    @litestar.get("/")
    def handler(first):
        pass


def entry_30(thing: blacksheep.Application):
    @thing.route("/")
    def handler(first):
        pass


def entry_31(thing: blacksheep.Application):
    @thing.router.get("/")
    def handler(first):
        pass


def entry_32(thing: robyn.Robyn):
    @thing.get("/")
    def handler(first):
        pass


def entry_33():
    @tg.expose("/")
    def handler(first):
        pass


def entry_34():
    @flask_admin.expose("/")
    def handler(first):
        pass


def entry_35():
    @flask_admin.base.expose("/")
    def handler(first):
        pass


def sink_36():
    web.seeother(untrusted())  # expect: open-redirect


def sink_37():
    web.header("x", untrusted())  # expect: header-injection


def sink_38():
    web.database().query(untrusted())  # expect: sql-injection


def sink_39():
    web.template.Template(untrusted())  # expect: template-injection


def sink_40(thing: klein.Klein):
    @thing.route("/")
    def handler(first):
        return "<b>" + untrusted()  # expect: cross-site-scripting


def sink_41():
    litestar.response.Redirect(untrusted())  # expect: open-redirect


def sink_42():
    litestar.response.File(untrusted())  # expect: path-traversal


def sink_43():
    blacksheep.redirect(untrusted())  # expect: open-redirect


def sink_44():
    blacksheep.html(untrusted())  # expect: cross-site-scripting


def sink_45():
    blacksheep.file(untrusted())  # expect: path-traversal


def sink_46():
    robyn.serve_file(untrusted())  # expect: path-traversal


def sink_47():
    tg.redirect(untrusted())  # expect: open-redirect


@litestar.get("/page", media_type=litestar.MediaType.HTML)
async def page_of_litestar(name):
    return "<p>%s</p>" % name  # expect: cross-site-scripting


@litestar.get("/page", media_type="text/html")
async def page_of_litestar_too(name):
    return "<p>%s</p>" % name  # expect: cross-site-scripting


@litestar.get("/text")
async def text_of_litestar(name):
    return "<p>%s</p>" % name
