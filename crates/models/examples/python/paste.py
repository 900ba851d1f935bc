"""Routes, Paste and Paste Deployment: URL mapping (the match dictionaries are made from the request's path), configuration-driven loading of applications, and the request helpers of Paste."""

import paste.deploy
import paste.deploy.converters
import paste.deploy.loadwsgi
import paste.fileapp
import paste.httpexceptions
import paste.request
import paste.urlmap
import paste.util.import_string
import paste.wsgiwrappers
import routes
import routes.mapper
import routes.middleware
import routes.util

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        routes.Mapper,
        routes.mapper.Mapper,
        routes.URLGenerator,
        routes.middleware.RoutesMiddleware,
        paste.wsgiwrappers.WSGIRequest,
        paste.urlmap.URLMap,
    ]


def types_of_wsgirequest(wsgirequest: paste.wsgiwrappers.WSGIRequest):
    wsgirequest.environ


def sources_of_mapper(mapper: routes.Mapper):
    eval(mapper.match())  # expect: code-injection
    eval(mapper.routematch()[0])  # expect: code-injection


def sources_of_paste_request():
    eval(paste.request.parse_formvars())  # expect: code-injection
    eval(paste.request.parse_dict_querystring())  # expect: code-injection
    eval(paste.request.construct_url())  # expect: code-injection
    routes.redirect_to(paste.request.construct_url())


def sources_of_wsgirequest(wsgirequest: paste.wsgiwrappers.WSGIRequest):
    eval(wsgirequest.GET)  # expect: code-injection


def sinks_of_routes_util():
    routes.util.redirect_to(untrusted())  # expect: open-redirect


def sinks_of_routes():
    routes.redirect_to(untrusted())  # expect: open-redirect


def sinks_of_paste_httpexceptions():
    paste.httpexceptions.HTTPMultipleChoices(untrusted())  # expect: open-redirect


def sinks_of_paste_fileapp():
    paste.fileapp.FileApp(untrusted())  # expect: path-traversal
    paste.fileapp.DirectoryApp(untrusted())  # expect: path-traversal


def sinks_of_paste_deploy():
    paste.deploy.loadapp(untrusted())  # expect: code-injection


def sinks_of_paste_deploy_loadwsgi():
    paste.deploy.loadwsgi.loadapp(untrusted())  # expect: code-injection


def sinks_of_paste_util_import_string():
    paste.util.import_string.eval_import(untrusted())  # expect: code-injection
    paste.util.import_string.simple_import(untrusted())  # expect: unsafe-reflection


def flows_of_paste_deploy_converters():
    eval(paste.deploy.converters.aslist(untrusted()))  # expect: code-injection


def neutral_of_mapper(mapper: routes.Mapper):
    eval(mapper.connect(untrusted()))


def neutral_of_paste_deploy():
    eval(paste.deploy.loadapp(untrusted()))  # expect: code-injection


def barriers_of_paste_deploy_converters():
    eval(paste.deploy.converters.asbool(untrusted()))
