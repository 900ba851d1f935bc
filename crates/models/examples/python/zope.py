"""Zope and Plone: the request as views, viewlets, forms and published objects have it, its response, and what a view answers."""

import Acquisition
import OFS.Folder
import OFS.ObjectManager
import OFS.PropertyManager
import OFS.SimpleItem
import OFS.Traversable
import Products.CMFCore.PortalContent
import Products.CMFCore.utils
import Products.CMFPlone.utils
import Products.Five
import Products.Five.browser
import Products.PluggableAuthService.plugins.BasePlugin
import ZPublisher.HTTPRequest
import ZPublisher.HTTPResponse
import flask
import plone.app.layout.viewlets
import plone.app.layout.viewlets.common
import plone.app.portlets.portlets.base
import plone.dexterity.browser.view
import plone.rest
import plone.restapi.services
import plone.z3cform.layout
import z3c.form.form
import z3c.table.column
import zope.globalrequest
import zope.publisher.browser

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        zope.publisher.browser.BrowserView,
        Products.Five.BrowserView,
        Products.Five.browser.BrowserView,
        plone.app.layout.viewlets.ViewletBase,
        plone.app.layout.viewlets.common.ViewletBase,
        plone.z3cform.layout.FormWrapper,
        plone.dexterity.browser.view.DefaultView,
        plone.app.portlets.portlets.base.Renderer,
        plone.rest.Service,
        plone.restapi.services.Service,
        z3c.form.form.Form,
        Acquisition.Implicit,
        OFS.SimpleItem.SimpleItem,
        OFS.Folder.Folder,
        OFS.PropertyManager.PropertyManager,
        OFS.ObjectManager.ObjectManager,
        OFS.Traversable.Traversable,
        Products.CMFCore.utils.UniqueObject,
        Products.CMFCore.PortalContent.PortalContent,
        Products.PluggableAuthService.plugins.BasePlugin.BasePlugin,
        ZPublisher.HTTPRequest.HTTPRequest,
        ZPublisher.HTTPResponse.HTTPResponse,
        ZPublisher.HTTPRequest.FileUpload,
    ]


def type_of_1(thing: zope.publisher.browser.BrowserView):
    thing.request


def type_of_2(thing: Acquisition.Implicit):
    thing.REQUEST


def type_of_3():
    zope.globalrequest.getRequest()


class Derived5(Acquisition.Implicit):
    def anything(self, REQUEST):
        REQUEST


class Derived7(OFS.SimpleItem.SimpleItem):
    def anything(self, REQUEST):
        REQUEST


class Derived9(OFS.Folder.Folder):
    def anything(self, REQUEST):
        REQUEST


class Derived11(OFS.ObjectManager.ObjectManager):
    def anything(self, REQUEST):
        REQUEST


class Derived13(Products.PluggableAuthService.plugins.BasePlugin.BasePlugin):
    def anything(self, REQUEST):
        REQUEST


def type_of_14(thing: ZPublisher.HTTPRequest.HTTPRequest):
    thing.response


def type_of_15(thing: ZPublisher.HTTPRequest.HTTPRequest):
    thing["RESPONSE"]


def source_16(thing: ZPublisher.HTTPRequest.HTTPRequest):
    thing.form


def source_17(thing: ZPublisher.HTTPRequest.HTTPRequest):
    thing.get()


def source_18(thing: ZPublisher.HTTPRequest.HTTPRequest):
    thing["key"]


class Derived20(zope.publisher.browser.BrowserView):
    def __call__(self):
        pass


class Derived22(Products.Five.BrowserView):
    def __call__(self):
        pass


class Derived24(plone.rest.Service):
    def reply(self):
        pass


def sink_25(thing: ZPublisher.HTTPResponse.HTTPResponse):
    thing.redirect(untrusted())  # expect: open-redirect


def sink_26(thing: ZPublisher.HTTPResponse.HTTPResponse):
    thing.setHeader("x", untrusted())  # expect: header-injection


class Derived28(zope.publisher.browser.BrowserView):
    def __call__(self):
        return "<b>" + untrusted()  # expect: cross-site-scripting


class Derived30(Products.Five.BrowserView):
    def __call__(self):
        return "<b>" + untrusted()  # expect: cross-site-scripting


def sink_31(thing: Acquisition.Implicit):
    thing.restrictedTraverse(untrusted())


def barrier_32(thing: ZPublisher.HTTPRequest.HTTPRequest):
    thing.URL


def barrier_33(thing: ZPublisher.HTTPRequest.HTTPRequest):
    thing["key"]


def flow_34():
    Products.CMFPlone.utils.safe_unicode(untrusted())


class Derived32(z3c.table.column.Column):
    def renderCell(self, item):
        return "<b>%s</b>" % item.title  # expect: cross-site-scripting

    def renderHeadCell(self):
        return untrusted()  # expect: cross-site-scripting
