"""Templates: who renders them. What they do themselves stands in templates.html beside this file."""

import aiohttp_jinja2
import django.template
import django.template.loader
import django.template.response
import django.shortcuts
import django.views
import django.views.generic
import django.views.generic.base
import django.views.generic.edit
import flask
import flask.templating
import flask_appbuilder
import flask_appbuilder.baseviews
import flask_appbuilder.views
import flask_themes
import flask_themes2
import jinja2
import jinja2.sandbox
import pyramid.renderers
import pyramid.view
import starlette.templating
import tornado.web

app = flask.Flask(__name__)
blueprint = flask.Blueprint("b", __name__)
register = django.template.Library()
environment = jinja2.Environment(autoescape=True)
sandbox = jinja2.sandbox.SandboxedEnvironment(autoescape=True)
pages = starlette.templating.Jinja2Templates(directory="templates")
engine = django.template.Engine()


@register.filter
def shout(value):
    return value


def whisper(value):
    return value


register.filter("whisper", whisper)


@register.simple_tag(name="hum")
def hum(value):
    return value


@app.template_filter("low")
def low(value):
    return value


app.add_template_filter(whisper, "quiet")


@blueprint.app_template_filter("lower_still")
def lower_still(value):
    return value


blueprint.add_app_template_filter(whisper, "silent")


def django_functions(request):
    django.shortcuts.render(request, "example_templates.html", {"x": request})
    django.shortcuts.render_to_response("example_templates.html", {"x": request})
    django.template.loader.render_to_string("example_templates.html", {"x": request})
    django.template.loader.get_template("example_templates.html").render({"x": request})
    engine.get_template("example_templates.html").render({"x": request})
    django.template.Template("<p>{{ x }}</p>").render({"x": request})
    django.template.response.SimpleTemplateResponse("example_templates.html", {"x": request})
    return django.template.response.TemplateResponse(request, "example_templates.html", {"x": request})


class Page(django.views.generic.TemplateView):
    template_name = "example_templates.html"

    def get_context_data(self, **kwargs):
        return {"x": self.request.GET["x"]}


class BasePage(django.views.generic.base.TemplateView):
    template_name = "example_templates.html"

    def get_context_data(self, **kwargs):
        return {"x": 1}


class FormPage(django.views.generic.edit.FormView):
    template_name = "example_templates.html"

    def get_context_data(self, **kwargs):
        return {"x": 1}

    def get(self, request):
        return self.render_to_response({"x": 1})


class Index(flask_appbuilder.BaseView):
    def index(self):
        return self.render_template("example_templates.html", x=1)


class OtherIndex(flask_appbuilder.baseviews.BaseView):
    pass


class ThirdIndex(flask_appbuilder.views.IndexView):
    pass


@app.route("/flask")
def flask_functions():
    flask.render_template("example_templates.html", y=1)
    flask.templating.render_template("example_templates.html", y=1)
    flask_themes.render_theme_template("theme", "example_templates.html", y=1)
    flask_themes2.render_theme_template("theme", "example_templates.html", y=1)
    flask.templating.render_template_string("<p>{{ y }}</p>", y=1)
    return flask.render_template_string("<p>{{ x|safe }} {{ x }}</p>", x=flask.request.args["x"])  # expect: cross-site-scripting


def environments(value):
    environment.get_template("example_templates.html").render(y=value)
    sandbox.get_template("example_templates.html").render(y=value)
    environment.from_string("<p>{{ y }}</p>").render(y=value)
    sandbox.from_string("<p>{{ y }}</p>").render(y=value)
    return jinja2.Template("{{ y }}").render(y=value)


def starlette_functions(request):
    pages.TemplateResponse("example_templates.html", {"request": request, "y": 1})
    return pages.TemplateResponse(request, "example_templates.html", {"y": 1})


async def aiohttp_functions(request):
    flask.make_response(aiohttp_jinja2.render_string("example_templates.html", request, {"y": flask.request.args["y"]}))
    return aiohttp_jinja2.render_template("example_templates.html", request, {"y": 1})


@aiohttp_jinja2.template("example_templates.html")
async def aiohttp_view(request):
    return {"y": 1}


@pyramid.view.view_config(route_name="view", renderer="package:example_templates.html")
def pyramid_view(request):
    return {"y": 1}


def pyramid_functions(request):
    pyramid.renderers.render("example_templates.html", {"y": 1}, request)
    return pyramid.renderers.render_to_response("example_templates.html", {"y": 1}, request)


class Module(tornado.web.UIModule):
    def render(self, value):
        return self.render_string("example_templates.html", y=value)
