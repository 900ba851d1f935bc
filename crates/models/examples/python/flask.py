"""Flask: the request proxy, routes and blueprints, class-based views, responses, templates from strings, files that are sent, redirects, and debug mode."""

import flask_cors
import flask_wtf
import flask_wtf.csrf
import os
import flask
import flask.app
import flask.blueprints
import flask.cli
import flask.globals
import flask.helpers
import flask.json
import flask.templating
import flask.views
import flask.wrappers
import random
import requests

from flask import request


def untrusted():
    return request.args["data"]


class OwnMethodView(flask.views.MethodView):
    def get(self, value):
        eval(value)  # expect: code-injection


class OwnView(flask.views.View):
    def dispatch_request(self, value):
        eval(value)  # expect: code-injection


class OwnMethodView2(flask.views.MethodView):
    def get(self):
        return ""


class OwnView2(flask.views.View):
    def dispatch_request(self):
        return ""


class OwnMethodView3(flask.views.MethodView):
    def get(self):
        return untrusted()  # expect: cross-site-scripting


class OwnView3(flask.views.View):
    def dispatch_request(self):
        return untrusted()  # expect: cross-site-scripting


def classes():
    return [
        flask.Flask,
        flask.app.Flask,
        flask.Blueprint,
        flask.blueprints.Blueprint,
        flask.Request,
        flask.wrappers.Request,
        flask.Response,
        flask.wrappers.Response,
        flask.Config,
        flask.views.View,
    ]


def types_of_flask():
    flask.render_template()
    flask.session
    flask.request
    flask.current_app
    flask.make_response()


def types_of_request(request: flask.Request):
    request.view_args


def types_of_flask_globals():
    flask.globals.request
    flask.globals.current_app


def types_of_flask_2(the_flask: flask.Flask):
    the_flask.config
    the_flask.jinja_env
    the_flask.logger
    the_flask.make_response()


def types_of_flask_3(the_flask: flask.Flask):
    @the_flask.after_request
    def on_after_request(first):
        first


def types_of_blueprint(blueprint: flask.Blueprint):
    @blueprint.after_request
    def on_after_request_2(first):
        first


def sources_of_request(request: flask.Request):
    eval(request.view_args)  # expect: code-injection


def sources_of_flask(the_flask: flask.Flask):
    @the_flask.route("/")
    def on_route(value):
        eval(value)  # expect: code-injection


def sources_of_flask_2(the_flask: flask.Flask):
    def on_add_url_rule(value):
        eval(value)  # expect: code-injection

    the_flask.add_url_rule(view_func=on_add_url_rule)


def sources_of_blueprint(blueprint: flask.Blueprint):
    @blueprint.route("/")
    def on_route_2(value):
        eval(value)  # expect: code-injection


def sources_of_blueprint_2(blueprint: flask.Blueprint):
    def on_add_url_rule_2(value):
        eval(value)  # expect: code-injection

    blueprint.add_url_rule(view_func=on_add_url_rule_2)


def entries_of_flask(the_flask: flask.Flask):
    @the_flask.route("/")
    def on_route_3():
        return ""


def entries_of_flask_2(the_flask: flask.Flask):
    def on_add_url_rule_3():
        return ""

    the_flask.add_url_rule(view_func=on_add_url_rule_3)


def entries_of_flask_3(the_flask: flask.Flask):
    @the_flask.before_request
    def on_before_request():
        return ""


def entries_of_flask_4(the_flask: flask.Flask):
    @the_flask.errorhandler()
    def on_errorhandler():
        return ""


def entries_of_blueprint(blueprint: flask.Blueprint):
    @blueprint.route("/")
    def on_route_4():
        return ""


def entries_of_blueprint_2(blueprint: flask.Blueprint):
    def on_add_url_rule_4():
        return ""

    blueprint.add_url_rule(view_func=on_add_url_rule_4)


def entries_of_blueprint_3(blueprint: flask.Blueprint):
    @blueprint.before_request
    def on_before_request_2():
        return ""


def entries_of_blueprint_4(blueprint: flask.Blueprint):
    @blueprint.errorhandler()
    def on_errorhandler_2():
        return ""


def entries_of_flask_5(the_flask: flask.Flask):
    @the_flask.cli.command()
    def on_command():
        return ""


def entries_of_blueprint_5(blueprint: flask.Blueprint):
    @blueprint.cli.command()
    def on_command_2():
        return ""


def decorator_of_flask(the_flask: flask.Flask):
    @the_flask.route("/")
    def kept_by_route(text):
        eval(text)  # expect: code-injection

    kept_by_route(untrusted())


def decorator_of_flask_2(the_flask: flask.Flask):
    @the_flask.before_request
    def kept_by_before_request(text):
        eval(text)  # expect: code-injection

    kept_by_before_request(untrusted())


def decorator_of_blueprint(blueprint: flask.Blueprint):
    @blueprint.route("/")
    def kept_by_route_2(text):
        eval(text)  # expect: code-injection

    kept_by_route_2(untrusted())


def decorator_of_blueprint_2(blueprint: flask.Blueprint):
    @blueprint.before_request
    def kept_by_before_request_2(text):
        eval(text)  # expect: code-injection

    kept_by_before_request_2(untrusted())


def decorator_of_flask_3():
    @flask.stream_with_context
    def kept_by_stream_with_context(text):
        eval(text)  # expect: code-injection

    kept_by_stream_with_context(untrusted())


def decorator_of_flask_cli():
    @flask.cli.with_appcontext
    def kept_by_with_appcontext(text):
        eval(text)  # expect: code-injection

    kept_by_with_appcontext(untrusted())


def sinks_of_flask(the_flask: flask.Flask):
    @the_flask.route("/")
    def on_route_5():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_flask_2(the_flask: flask.Flask):
    @the_flask.route("/")
    def on_route_6():
        return (untrusted(),)  # expect: cross-site-scripting


def sinks_of_flask_3(the_flask: flask.Flask):
    def on_add_url_rule_5():
        return untrusted()  # expect: cross-site-scripting

    the_flask.add_url_rule(view_func=on_add_url_rule_5)


def sinks_of_flask_4(the_flask: flask.Flask):
    @the_flask.errorhandler()
    def on_errorhandler_3():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_blueprint(blueprint: flask.Blueprint):
    @blueprint.route("/")
    def on_route_7():
        return untrusted()  # expect: cross-site-scripting


def sinks_of_blueprint_2(blueprint: flask.Blueprint):
    @blueprint.route("/")
    def on_route_8():
        return (untrusted(),)  # expect: cross-site-scripting


def sinks_of_blueprint_3(blueprint: flask.Blueprint):
    def on_add_url_rule_6():
        return untrusted()  # expect: cross-site-scripting

    blueprint.add_url_rule(view_func=on_add_url_rule_6)


def sinks_of_flask_5():
    flask.make_response(untrusted())  # expect: cross-site-scripting
    flask.Response(untrusted())  # expect: cross-site-scripting
    flask.Response(untrusted(), mimetype="text/html")  # expect: cross-site-scripting
    flask.Response(untrusted(), content_type="text/html; charset=utf-8")  # expect: cross-site-scripting
    flask.Response(untrusted(), mimetype="text/plain")
    flask.Response("<p>" + line for line in [untrusted()])  # expect: cross-site-scripting
    flask.Response(("<p>" + line for line in [untrusted()]), mimetype="text/html")  # expect: cross-site-scripting
    flask.Response("", 302, {"Location": untrusted()})  # expect: open-redirect
    made = flask.Response()
    made.data = "<p>" + untrusted()  # expect: cross-site-scripting
    made.set_data("<p>" + untrusted())  # expect: cross-site-scripting
    flask.Markup(untrusted())  # expect: cross-site-scripting
    flask.render_template_string(untrusted())  # expect: template-injection
    flask.redirect(untrusted())  # expect: open-redirect
    flask.send_file(untrusted())  # expect: path-traversal
    flask.send_from_directory(untrusted())  # expect: path-traversal


def sinks_of_flask_wrappers():
    flask.wrappers.Response(untrusted())  # expect: cross-site-scripting
    flask.wrappers.Response(untrusted(), mimetype="image/svg+xml")  # expect: cross-site-scripting
    flask.wrappers.Response(untrusted(), content_type="text/html")  # expect: cross-site-scripting


def sinks_of_flask_templating():
    flask.templating.render_template_string(untrusted())  # expect: template-injection


def sinks_of_flask_6(the_flask: flask.Flask):
    the_flask.redirect(untrusted())  # expect: open-redirect
    the_flask.open_resource(untrusted())  # expect: path-traversal
    the_flask.secret_key = str(random.random())  # expect: weak-randomness


def sinks_of_flask_helpers():
    flask.helpers.send_file(untrusted())  # expect: path-traversal
    flask.helpers.send_from_directory(untrusted())  # expect: path-traversal


def sinks_of_config(config: flask.Config):
    config.from_pyfile(untrusted())  # expect: code-injection
    config.from_object(untrusted())  # expect: unsafe-reflection
    config["SECRET_KEY"] = str(random.random())  # expect: weak-randomness


def barriers_of_flask():
    flask.make_response(flask.escape(untrusted()))
    flask.make_response(flask.render_template(untrusted()))
    flask.redirect(flask.url_for(untrusted()))
    requests.get(flask.url_for(untrusted()))
    flask.make_response(flask.url_for("page", name=untrusted()))
    open(flask.safe_join(untrusted()))


def barriers_of_flask_templating():
    flask.make_response(flask.templating.render_template(untrusted()))


def barriers_of_flask_json():
    flask.make_response(flask.json.jsonify(untrusted()))


def barriers_of_flask_helpers():
    open(flask.helpers.safe_join(untrusted()))


def flows_of_flask():
    eval(flask.render_template(value=untrusted()))  # expect: code-injection
    eval(flask.render_template_string(untrusted()))  # expect: code-injection, template-injection
    eval(flask.make_response(untrusted()))  # expect: code-injection, cross-site-scripting
    eval(flask.jsonify(untrusted()))  # expect: code-injection
    eval(flask.url_for(value=untrusted()))  # expect: code-injection


def flows_of_flask_json():
    eval(flask.json.loads(untrusted()))  # expect: code-injection


def settings_of_flask(the_flask: flask.Flask):
    the_flask.run(debug=True)


def settings_of_config(config: flask.Config):
    config.update(DEBUG=True)


def assignments_of_flask(the_flask: flask.Flask):
    the_flask.debug = True


def neutral_of_flask():
    eval(flask.abort(untrusted()))


def neutral_of_flask_2(the_flask: flask.Flask):
    eval(the_flask.register_blueprint(untrusted()))


def neutral_of_flask_3():
    flask.render_template(untrusted())


def exits_of_flask():
    flask.abort()
    eval(untrusted())


def origins_and_tokens(application, view):
    flask_cors.CORS(application, origins="*", supports_credentials=True)  # expect: cors-any-origin
    flask_cors.CORS(application, supports_credentials=True)  # expect: cors-any-origin
    flask_wtf.CSRFProtect().exempt(view)
    flask_wtf.csrf.CSRFProtect().exempt(view)


class Settings:
    SECRET_KEY = os.environ["SECRET_KEY"]
    DEBUG = True
    WTF_CSRF_ENABLED = False
    WTF_CSRF_CHECK_DEFAULT = False
    SESSION_COOKIE_HTTPONLY = False
    SESSION_COOKIE_SECURE = False
    REMEMBER_COOKIE_HTTPONLY = False
    REMEMBER_COOKIE_SECURE = False


def responses_of_the_application(app: flask.Flask):
    app.response_class(untrusted())  # expect: cross-site-scripting
    app.response_class(untrusted(), mimetype="text/html")  # expect: cross-site-scripting
    app.response_class(untrusted(), content_type="text/html")  # expect: cross-site-scripting
    app.response_class(untrusted(), mimetype="text/plain")


def pages_of_errors(app: flask.Flask, blueprint: flask.Blueprint):
    @app.errorhandler(404)
    def missing(error):
        return "<p>%s is not here</p>" % untrusted(), 404  # expect: cross-site-scripting

    @blueprint.app_errorhandler(404)
    def missing_too(error):
        return "<p>%s is not here</p>" % untrusted(), 404  # expect: cross-site-scripting

    @blueprint.errorhandler(500)
    def broken(error):
        return "<p>%s is broken</p>" % untrusted()  # expect: cross-site-scripting

    @app.before_request
    def first():
        return "<p>%s</p>" % untrusted(), 403  # expect: cross-site-scripting

    @app.before_request
    def second():
        return "<p>%s</p>" % untrusted()  # expect: cross-site-scripting

    @blueprint.before_app_request
    def third():
        return "<p>%s</p>" % untrusted()  # expect: cross-site-scripting

    def fourth(error):
        return "<p>%s</p>" % untrusted()  # expect: cross-site-scripting

    def fifth(error):
        return "<p>%s</p>" % untrusted(), 500  # expect: cross-site-scripting

    app.register_error_handler(403, fourth)
    app.register_error_handler(500, fifth)

    def sixth():
        return "<p>%s</p>" % untrusted(), 200  # expect: cross-site-scripting

    def seventh():
        return "<p>%s</p>" % untrusted(), 200  # expect: cross-site-scripting

    app.add_url_rule("/sixth", "sixth", sixth)
    blueprint.add_url_rule("/seventh", "seventh", seventh)


class PageWithStatus(flask.views.MethodView):
    def get(self):
        return "<p>%s</p>" % untrusted(), 200  # expect: cross-site-scripting


class DispatchedWithStatus(flask.views.View):
    def dispatch_request(self):
        return "<p>%s</p>" % untrusted(), 200  # expect: cross-site-scripting
