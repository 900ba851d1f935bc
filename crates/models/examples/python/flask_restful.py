"""Flask-RESTful: resources (their results are answered as JSON and so are no HTML), and the parser of request arguments."""

import flask_restful
import flask_restful.reqparse

from flask import request


def untrusted():
    return request.args["data"]


class OwnResource(flask_restful.Resource):
    def get(self, value):
        eval(value)  # expect: code-injection


class OwnResource2(flask_restful.Resource):
    def get(self):
        return ""


def classes():
    return [
        flask_restful.Resource,
        flask_restful.Api,
        flask_restful.reqparse.RequestParser,
        flask_restful.reqparse.Namespace,
    ]


def types_of_request_parser(request_parser: flask_restful.reqparse.RequestParser):
    request_parser.parse_args()
    request_parser.copy()


def sources_of_request_parser(request_parser: flask_restful.reqparse.RequestParser):
    eval(request_parser.parse_args())  # expect: code-injection


def decorator_of_flask_restful():
    @flask_restful.marshal_with()
    def kept_by_marshal_with(text):
        eval(text)  # expect: code-injection

    kept_by_marshal_with(untrusted())


def decorator_of_api(api: flask_restful.Api):
    @api.resource()
    def kept_by_resource(text):
        eval(text)  # expect: code-injection

    kept_by_resource(untrusted())


def neutral_of_flask_restful():
    eval(flask_restful.abort(untrusted()))


def neutral_of_api(api: flask_restful.Api):
    eval(api.add_resource(untrusted()))


def flows_of_flask_restful():
    eval(flask_restful.marshal(untrusted()))  # expect: code-injection


def exits_of_flask_restful():
    flask_restful.abort()
    eval(untrusted())
