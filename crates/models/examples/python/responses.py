"""What a client is shown: the bodies of answers and the messages of errors."""

import aiohttp.web
import azure.functions
import bottle
import cherrypy
import cherrypy._cprequest
import django.contrib.messages
import django.http
import django.http.response
import django.shortcuts
import falcon
import fastapi
import fastapi.exceptions
import fastapi.responses
import flask
import flask.json
import flask.wrappers
import flask_restful
import grpc
import http.server
import ninja.errors
import pecan
import pyramid.httpexceptions
import pyramid.renderers
import pyramid.response
import quart
import quart.wrappers
import rest_framework.exceptions
import rest_framework.response
import sanic
import sanic.exceptions
import sanic.response
import starlette.exceptions
import starlette.responses
import starlette.websockets
import tornado.web
import webob
import webob.exc
import webob.response
import werkzeug.exceptions
import werkzeug.wrappers


def work():
    raise NotImplementedError


def answer_1():
    try:
        work()
    except Exception as error:
        django.http.HttpResponse(str(error))  # expect: error-text-exposed


def answer_2():
    try:
        work()
    except Exception as error:
        django.http.response.HttpResponse(str(error))  # expect: error-text-exposed


def answer_3():
    try:
        work()
    except Exception as error:
        django.shortcuts.render(None, 'p.html', {'error': str(error)})  # expect: error-text-exposed


def answer_4():
    try:
        work()
    except Exception as error:
        django.contrib.messages.error(None, str(error))  # expect: error-text-exposed


def answer_5():
    try:
        work()
    except Exception as error:
        django.contrib.messages.add_message(None, 40, str(error))  # expect: error-text-exposed


def answer_6():
    try:
        work()
    except Exception as error:
        rest_framework.response.Response({'error': str(error)})  # expect: error-text-exposed


def answer_7():
    try:
        work()
    except Exception as error:
        rest_framework.exceptions.APIException(str(error))  # expect: error-text-exposed


def answer_8():
    try:
        work()
    except Exception as error:
        flask.Response(str(error))  # expect: error-text-exposed


def answer_9():
    try:
        work()
    except Exception as error:
        flask.wrappers.Response(str(error))  # expect: error-text-exposed


def answer_10():
    try:
        work()
    except Exception as error:
        quart.Response(str(error))  # expect: error-text-exposed


def answer_11():
    try:
        work()
    except Exception as error:
        quart.wrappers.Response(str(error))  # expect: error-text-exposed


def answer_12():
    try:
        work()
    except Exception as error:
        flask.make_response(str(error))  # expect: error-text-exposed


def answer_13():
    try:
        work()
    except Exception as error:
        flask.jsonify(error=str(error))  # expect: error-text-exposed


def answer_14():
    try:
        work()
    except Exception as error:
        flask.abort(500, str(error))  # expect: error-text-exposed


def answer_15():
    try:
        work()
    except Exception as error:
        quart.make_response(str(error))  # expect: error-text-exposed


def answer_16():
    try:
        work()
    except Exception as error:
        quart.jsonify(error=str(error))  # expect: error-text-exposed


def answer_17():
    try:
        work()
    except Exception as error:
        quart.abort(500, str(error))  # expect: error-text-exposed


def answer_18():
    try:
        work()
    except Exception as error:
        flask.json.jsonify(error=str(error))  # expect: error-text-exposed


def answer_19():
    try:
        work()
    except Exception as error:
        flask_restful.abort(500, message=str(error))  # expect: error-text-exposed


def answer_20():
    try:
        work()
    except Exception as error:
        werkzeug.wrappers.Response(str(error))  # expect: error-text-exposed


def answer_21():
    try:
        work()
    except Exception as error:
        werkzeug.exceptions.HTTPException(str(error))  # expect: error-text-exposed


def answer_22():
    try:
        work()
    except Exception as error:
        werkzeug.exceptions.abort(500, str(error))  # expect: error-text-exposed


def answer_23():
    try:
        work()
    except Exception as error:
        starlette.responses.Response(str(error))  # expect: error-text-exposed


def answer_24():
    try:
        work()
    except Exception as error:
        fastapi.responses.Response(str(error))  # expect: error-text-exposed


def answer_25():
    try:
        work()
    except Exception as error:
        fastapi.Response(str(error))  # expect: error-text-exposed


def answer_26():
    try:
        work()
    except Exception as error:
        fastapi.HTTPException(500, str(error))  # expect: error-text-exposed


def answer_27():
    try:
        work()
    except Exception as error:
        fastapi.exceptions.HTTPException(500, str(error))  # expect: error-text-exposed


def answer_28():
    try:
        work()
    except Exception as error:
        starlette.exceptions.HTTPException(500, str(error))  # expect: error-text-exposed


def answer_29():
    try:
        work()
    except Exception as error:
        aiohttp.web.Response(text=str(error))  # expect: error-text-exposed


def answer_30():
    try:
        work()
    except Exception as error:
        aiohttp.web.json_response({'error': str(error)})  # expect: error-text-exposed


def answer_31():
    try:
        work()
    except Exception as error:
        aiohttp.web.HTTPBadRequest(text=str(error))  # expect: error-text-exposed


def answer_32():
    try:
        work()
    except Exception as error:
        webob.Response(str(error))  # expect: error-text-exposed


def answer_33():
    try:
        work()
    except Exception as error:
        webob.response.Response(str(error))  # expect: error-text-exposed


def answer_34():
    try:
        work()
    except Exception as error:
        pyramid.response.Response(str(error))  # expect: error-text-exposed


def answer_35():
    try:
        work()
    except Exception as error:
        webob.exc.HTTPBadRequest(explanation=str(error))  # expect: error-text-exposed


def answer_36():
    try:
        work()
    except Exception as error:
        pyramid.httpexceptions.HTTPBadRequest(explanation=str(error))  # expect: error-text-exposed


def answer_37():
    try:
        work()
    except Exception as error:
        pyramid.renderers.render_to_response('json', {'error': str(error)})  # expect: error-text-exposed


def answer_38():
    try:
        work()
    except Exception as error:
        pecan.abort(500, str(error))  # expect: error-text-exposed


def answer_39():
    try:
        work()
    except Exception as error:
        sanic.response.html(str(error))  # expect: error-text-exposed


def answer_40():
    try:
        work()
    except Exception as error:
        sanic.html(str(error))  # expect: error-text-exposed


def answer_41():
    try:
        work()
    except Exception as error:
        sanic.exceptions.SanicException(str(error))  # expect: error-text-exposed


def answer_42():
    try:
        work()
    except Exception as error:
        bottle.HTTPResponse(str(error))  # expect: error-text-exposed


def answer_43():
    try:
        work()
    except Exception as error:
        bottle.HTTPError(500, str(error))  # expect: error-text-exposed


def answer_44():
    try:
        work()
    except Exception as error:
        falcon.HTTPError(description=str(error))  # expect: error-text-exposed


def answer_45():
    try:
        work()
    except Exception as error:
        cherrypy.HTTPError(500, str(error))  # expect: error-text-exposed


def answer_46():
    try:
        work()
    except Exception as error:
        tornado.web.HTTPError(500, reason=str(error))  # expect: error-text-exposed


def answer_47():
    try:
        work()
    except Exception as error:
        ninja.errors.HttpError(500, str(error))  # expect: error-text-exposed


def answer_48():
    try:
        work()
    except Exception as error:
        azure.functions.HttpResponse(str(error))  # expect: error-text-exposed


def answer_49():
    try:
        work()
    except Exception as error:
        tornado.web.RequestHandler().write(str(error))  # expect: error-text-exposed


def answer_50():
    try:
        work()
    except Exception as error:
        tornado.web.RequestHandler().send_error(500, reason=str(error))  # expect: error-text-exposed


def answer_51():
    try:
        work()
    except Exception as error:
        tornado.web.RequestHandler().set_status(500, str(error))  # expect: error-text-exposed


def answer_52():
    try:
        work()
    except Exception as error:
        tornado.web.RequestHandler().render('p.html', error=str(error))  # expect: error-text-exposed


def answer_53():
    try:
        work()
    except Exception as error:
        http.server.BaseHTTPRequestHandler().send_error(500, str(error))  # expect: error-text-exposed


def answer_54():
    try:
        work()
    except Exception as error:
        grpc.ServicerContext().abort(13, str(error))  # expect: error-text-exposed


def answer_55():
    try:
        work()
    except Exception as error:
        grpc.ServicerContext().set_details(str(error))  # expect: error-text-exposed


def answer_56():
    try:
        work()
    except Exception as error:
        starlette.websockets.WebSocket().send_text(str(error))  # expect: error-text-exposed


def answer_57():
    try:
        work()
    except Exception as error:
        aiohttp.web.WebSocketResponse().send_str(str(error))  # expect: error-text-exposed


def answer_58():
    response = falcon.Response()
    try:
        work()
    except Exception as error:
        response.text = str(error)  # expect: error-text-exposed


def answer_59():
    response = webob.Response()
    try:
        work()
    except Exception as error:
        response.body = str(error)  # expect: error-text-exposed


def answer_60():
    response = bottle.Response()
    try:
        work()
    except Exception as error:
        response.body = str(error)  # expect: error-text-exposed


def answer_61():
    response = cherrypy._cprequest.Response()
    try:
        work()
    except Exception as error:
        response.body = str(error)  # expect: error-text-exposed


def errors_of_its_own():
    try:
        work()
    except (KeyError, ValueError) as error:
        flask.jsonify(error=str(error))


def constant_texts():
    try:
        work()
    except Exception as error:
        flask.jsonify(error="it failed", kind=type(error).__name__)
