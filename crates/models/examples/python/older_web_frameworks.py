"""Web frameworks that much code still stands on, and those that applications bring along."""

import frappe
import google.appengine.ext.webapp
import mod_python.util
import nameko.rpc
import nameko.web.handlers
import odoo.http
import openerp.http
import pylons
import pylons.controllers
import pylons.controllers.util
import trac.core
import trac.web.api
import webapp2


def classes():
    return [
        webapp2.RequestHandler,
        google.appengine.ext.webapp.RequestHandler,
        webapp2.Request,
        webapp2.Response,
        trac.core.Component,
        trac.web.api.Request,
        mod_python.util.FieldStorage,
    ]


class Hosts(pylons.controllers.WSGIController):
    def show(self, name):
        eval(name)  # expect: code-injection
        eval(pylons.request.params["name"])  # expect: code-injection
        pylons.controllers.util.redirect(pylons.request.params["next"])  # expect: open-redirect


class Page(webapp2.RequestHandler):
    def get(self, name):
        eval(name)  # expect: code-injection
        eval(self.request.get("name"))  # expect: code-injection
        eval(self.request.body)  # expect: code-injection
        eval(self.request.route_kwargs["name"])  # expect: code-injection
        self.response.write("<p>" + self.request.get("name") + "</p>")  # expect: cross-site-scripting
        self.response.out.write("<p>" + self.request.get("name") + "</p>")  # expect: cross-site-scripting
        self.redirect(self.request.get("next"))  # expect: open-redirect


class Wiki(trac.core.Component):
    def process_request(self, req):
        eval(req.args["page"])  # expect: code-injection
        eval(req.get_header("X-Page"))  # expect: code-injection
        req.send_header("X-Page", req.args["page"])  # expect: header-injection
        req.send_file("/srv/" + req.args["page"])  # expect: path-traversal
        req.redirect(req.args["next"])  # expect: open-redirect


def handler(req):
    fields = mod_python.util.FieldStorage(req)
    eval(fields.getfirst("name"))  # expect: code-injection
    eval(fields["name"])  # expect: code-injection


class Service:
    @nameko.web.handlers.http("GET", "/hosts/<name>")
    def host(self, request, name):
        eval(request.args["name"])  # expect: code-injection
        eval(name)  # expect: code-injection

    @nameko.rpc.rpc
    def rename(self, name):
        eval(name)  # expect: code-injection


class Shop:
    @odoo.http.route("/shop/<name>")
    def product(self, name, **fields):
        eval(name)  # expect: code-injection
        eval(odoo.http.request.params["name"])  # expect: code-injection
        eval(odoo.http.request.httprequest.args["name"])  # expect: code-injection

    @openerp.http.route("/cart")
    def cart(self, name):
        eval(name)  # expect: code-injection


@frappe.whitelist()
def rename(name):
    eval(name)  # expect: code-injection
    eval(frappe.form_dict["name"])  # expect: code-injection
    eval(frappe.local.form_dict["name"])  # expect: code-injection
    frappe.db.sql("select name from host where name = '%s'" % name)  # expect: sql-injection
    frappe.get_attr(name)  # expect: unsafe-reflection
