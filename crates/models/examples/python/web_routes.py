"""Routes of web frameworks: functions and classes under paths, groups of routes under prefixes, commands and tasks by name."""

import aiohttp.web
import bottle
import celery
import cherrypy
import click
import django.conf.urls
import django.urls
import django.views.decorators.http
import django.views.generic
import falcon
import fastapi
import flask
import flask.views
import flask_appbuilder
import flask_appbuilder.api
import flask_restful
import flask_restx
import ninja
import pecan
import pecan.rest
import pyramid.config
import pyramid.view
import quart
import rest_framework.decorators
import rest_framework.generics
import rest_framework.routers
import rest_framework.viewsets
import routes
import sanic
import starlette.routing
import tornado.web
import typer

from django.conf.urls import include as include_old
from django.urls import include, path


def handler(*args):
    return ""


class OwnView(flask.views.View):
    def dispatch_request(self):
        return ""


class Things(flask_restful.Resource):
    def get(self):
        return ""


def of_flask():
    app = flask.Flask(__name__)
    blueprint = flask.Blueprint("things", __name__, url_prefix="/things")

    @app.route("/", methods=["GET"])
    def index():
        return ""

    @blueprint.get("/a")
    def get_a():
        return ""

    @blueprint.post("/a")
    def post_a():
        return ""

    @blueprint.put("/a")
    def put_a():
        return ""

    @blueprint.patch("/a")
    def patch_a():
        return ""

    @blueprint.delete("/a")
    def delete_a():
        return ""

    app.add_url_rule("/own", "own", view_func=OwnView.as_view("own"))
    app.register_blueprint(blueprint, url_prefix="/v1")
    api = flask_restful.Api(app, prefix="/api")
    api.add_resource(Things, "/things", "/other-things")

    @api.resource("/more")
    class More(flask_restful.Resource):
        def post(self):
            return ""

    web = quart.Quart(__name__)

    @web.websocket("/ws")
    async def ws():
        pass


class One(flask_restx.Resource):
    def get(self):
        return ""


def of_restx(app):
    api = flask_restx.Api(app, prefix="/x")
    namespace = flask_restx.Namespace("things", "All things", "/things")

    namespace.route("/one")(One)

    @namespace.doc("listed")
    def described():
        return ""

    namespace.add_resource(Things, "/two")
    api.add_namespace(namespace, path="/ns")
    return flask_restx.Namespace


class Charts(flask_appbuilder.BaseView):
    route_base = "/charts"

    @flask_appbuilder.expose("/list", methods=["GET"])
    def list_charts(self):
        return ""


class ChartApi(flask_appbuilder.api.BaseApi):
    pass


def kinds_of_views(view: flask_appbuilder.BaseView):
    return flask_appbuilder.BaseApi, view


@django.views.decorators.http.require_http_methods(["GET"])
def only_get(request):
    return ""


@django.views.decorators.http.require_GET
def also_get(request):
    return ""


@django.views.decorators.http.require_POST
def only_post(request):
    return ""


@django.views.decorators.http.require_safe
def safe(request):
    return ""


class ListOfThings(django.views.generic.ListView):
    def get(self, request):
        return ""


class NewThing(django.views.generic.FormView):
    def post(self, request):
        return ""


urlpatterns = [
    django.urls.path("get/", only_get),
    path("more/", include("things.urls")),
    path("old/", include_old("things.urls")),
    django.conf.urls.url(r"^x/(?P<id>[0-9]+)$", handler),
]


@rest_framework.decorators.api_view(["GET"])
def listed(request):
    return ""


class ThingSet(rest_framework.viewsets.ModelViewSet):
    def list(self, request):
        return ""

    def retrieve(self, request, pk):
        return ""

    def create(self, request):
        return ""

    def update(self, request, pk):
        return ""

    def partial_update(self, request, pk):
        return ""

    def destroy(self, request, pk):
        return ""

    @rest_framework.decorators.action(methods=["post"], url_path="turn")
    def turn(self, request, pk):
        return ""


class OneThing(rest_framework.generics.RetrieveUpdateDestroyAPIView):
    def get(self, request):
        return ""

    def put(self, request):
        return ""

    def patch(self, request):
        return ""

    def delete(self, request):
        return ""


class AllThings(rest_framework.generics.ListCreateAPIView):
    def post(self, request):
        return ""


def of_rest_framework():
    router = rest_framework.routers.DefaultRouter()
    router.register("things", ThingSet)


def of_ninja():
    api = ninja.NinjaAPI()
    router = ninja.Router()

    @router.get("/a")
    def get_a(request):
        return ""

    @router.post("/a")
    def post_a(request):
        return ""

    @router.put("/a")
    def put_a(request):
        return ""

    @router.patch("/a")
    def patch_a(request):
        return ""

    @router.delete("/a")
    def delete_a(request):
        return ""

    api.add_router("/things", router)


def of_fastapi():
    app = fastapi.FastAPI()
    router = fastapi.APIRouter(prefix="/things")

    @router.get("/a")
    def get_a():
        return ""

    @router.post("/a")
    def post_a():
        return ""

    @router.put("/a")
    def put_a():
        return ""

    @router.patch("/a")
    def patch_a():
        return ""

    @router.delete("/a")
    def delete_a():
        return ""

    @router.head("/a")
    def head_a():
        return ""

    @router.options("/a")
    def options_a():
        return ""

    @router.trace("/a")
    def trace_a():
        return ""

    @router.api_route("/b", methods=["GET"])
    def any_b():
        return ""

    @router.websocket("/ws")
    def ws():
        return ""

    router.add_api_route("/c", handler)
    app.include_router(router, prefix="/v1")
    app.mount("/sub", fastapi.FastAPI())
    return [
        starlette.routing.Mount("/m", routes=[starlette.routing.Route("/r", handler)]),
        starlette.routing.WebSocketRoute("/w", handler),
    ]


def of_aiohttp():
    app = aiohttp.web.Application()
    app.router.add_get("/a", handler)
    app.router.add_post("/a", handler)
    app.router.add_put("/a", handler)
    app.router.add_patch("/a", handler)
    app.router.add_delete("/a", handler)
    app.router.add_route("GET", "/b", handler)
    app.router.add_view("/c", handler)
    app.add_routes(
        [
            aiohttp.web.get("/a", handler),
            aiohttp.web.post("/a", handler),
            aiohttp.web.put("/a", handler),
            aiohttp.web.patch("/a", handler),
            aiohttp.web.delete("/a", handler),
            aiohttp.web.view("/a", handler),
            aiohttp.web.route("GET", "/b", handler),
        ]
    )
    app.add_subapp("/sub", aiohttp.web.Application())
    table = aiohttp.web.RouteTableDef()

    @table.get("/t")
    def get_t(request):
        return ""

    @table.post("/t")
    def post_t(request):
        return ""

    @table.put("/t")
    def put_t(request):
        return ""

    @table.patch("/t")
    def patch_t(request):
        return ""

    @table.delete("/t")
    def delete_t(request):
        return ""

    @table.view("/t")
    def view_t(request):
        return ""

    @table.route("GET", "/u")
    def get_u(request):
        return ""


class Handler(tornado.web.RequestHandler):
    def get(self):
        return ""


def of_tornado():
    app = tornado.web.Application([(r"/a", Handler), tornado.web.url(r"/b", Handler)])
    app.add_handlers(".*", [(r"/c", Handler)])


def of_bottle():
    app = bottle.Bottle()

    @app.route("/a", "GET")
    def any_a():
        return ""

    @app.get("/a")
    def get_a():
        return ""

    @app.post("/a")
    def post_a():
        return ""

    @app.put("/a")
    def put_a():
        return ""

    @app.patch("/a")
    def patch_a():
        return ""

    @app.delete("/a")
    def delete_a():
        return ""

    app.mount("/sub", bottle.Bottle())


class Root:
    @cherrypy.expose
    def index(self):
        return ""

    @cherrypy.expose()
    def other(self):
        return ""


def of_cherrypy():
    cherrypy.tree.mount(Root(), "/x")
    cherrypy.quickstart(Root(), "/y")


class OnThings:
    def on_get(self, request, response):
        return ""


def of_falcon():
    falcon.App().add_route("/things", OnThings())


def of_sanic():
    app = sanic.Sanic("app")
    blueprint = sanic.Blueprint("things", "/things")

    @blueprint.route("/a", ["GET"])
    def any_a(request):
        return ""

    @blueprint.get("/a")
    def get_a(request):
        return ""

    @blueprint.post("/a")
    def post_a(request):
        return ""

    @blueprint.put("/a")
    def put_a(request):
        return ""

    @blueprint.patch("/a")
    def patch_a(request):
        return ""

    @blueprint.delete("/a")
    def delete_a(request):
        return ""

    @blueprint.websocket("/ws")
    def ws(request):
        return ""

    blueprint.add_route(handler, "/b", ["GET"])
    app.blueprint(blueprint, url_prefix="/v1")


class Controller(pecan.rest.RestController):
    def get_all(self):
        return ""

    def get_one(self, id):
        return ""

    def post(self):
        return ""

    def put(self, id):
        return ""

    def patch(self, id):
        return ""

    def delete(self, id):
        return ""

    @pecan.expose()
    def more(self):
        return ""


@pyramid.view.view_config(route_name="things", request_method="GET")
def things(request):
    return ""


def of_pyramid():
    config = pyramid.config.Configurator()
    config.add_route("things", "/things")
    config.add_view(handler, route_name="things")


class Legacy:
    def index(self, request):
        return ""


def of_routes():
    mapper = routes.Mapper()
    mapper.connect("legacy", "/legacy", controller=Legacy(), action="index", conditions={"method": ["GET"]})
    mapper.resource("old", "olds", controller=Legacy(), member={"turn": "POST"}, collection={"detail": "GET"})


@click.command("run")
def run():
    pass


@click.command
def go():
    pass


@click.group()
def tools():
    pass


@tools.command("use")
def use():
    pass


programs = typer.Typer()


@programs.command("start")
def start():
    pass


@celery.shared_task(name="later")
def later():
    pass


queue = celery.Celery("queue")


@queue.task(name="much-later")
def much_later():
    pass


names = flask_restx.Namespace("names")


@names.route("/names/<name>")
class Named(flask_restx.Resource):
    parser = names.parser()

    def get(self, name):
        eval(name)  # expect: code-injection
        eval(names.payload["code"])  # expect: code-injection
        eval(flask_restx.reqparse.RequestParser().parse_args()["code"])  # expect: code-injection
        eval(self.parser.parse_args()["code"])  # expect: code-injection
