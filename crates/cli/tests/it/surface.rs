//! `assay surface` on small projects of each family of frameworks.

use crate::support::Tree;
use serde_json::Value;

/// The entry points of a kind: methods, path, function and whether anything guards it.
fn listed(tree: &Tree, kind: &str) -> Vec<(String, String, String)> {
    entries(tree, &["--kind", kind])
        .iter()
        .map(|entry| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let methods: Vec<&str> =
                entry["methods"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            (methods.join(","), text(&entry["path"]), text(&entry["place"]["function"]))
        })
        .collect()
}

fn entries(tree: &Tree, arguments: &[&str]) -> Vec<Value> {
    let run = tree.run(&[&["surface", "--format", "json"], arguments].concat());
    assert_eq!(run.status, 0, "{run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    assert_eq!(document["schema"], "assay-surface/1");
    document["entries"].as_array().expect("a list").clone()
}

fn expect(tree: &Tree, kind: &str, expected: &[(&str, &str, &str)]) {
    let found = listed(tree, kind);
    for (methods, path, function) in expected {
        let wanted = ((*methods).to_owned(), (*path).to_owned(), (*function).to_owned());
        assert!(found.contains(&wanted), "{wanted:?} is missing in {found:#?}");
    }
    assert_eq!(found.len(), expected.len(), "{found:#?}");
}

#[test]
fn flask_blueprints_views_and_loops_over_tables() {
    let tree = Tree::new()
        .with(
            "app.py",
            "from flask import Flask, request\n\
             from shop import views\n\
             from shop.blueprint import shop\n\n\
             def create_app():\n    app = Flask(__name__)\n    app.register_blueprint(shop, url_prefix='/shop')\n\
             \x20   for rule, view in views.ROUTES:\n        app.add_url_rule(rule, view_func=view, methods=['POST'])\n\
             \x20   return app\n\n\
             create_app()\n",
        )
        .with("shop/__init__.py", "")
        .with(
            "shop/blueprint.py",
            "from flask import Blueprint, request\nfrom flask.views import MethodView\n\n\
             shop = Blueprint('shop', __name__)\n\n\
             @shop.route('/items/<int:item>')\ndef item(item):\n    return open(request.args['name']).read()\n\n\
             class Cart(MethodView):\n    def get(self):\n        return ''\n    def delete(self):\n        return ''\n\n\
             shop.add_url_rule('/cart', view_func=Cart.as_view('cart'))\n",
        )
        .with(
            "shop/views.py",
            "def buy():\n    return ''\n\ndef sell():\n    return ''\n\nROUTES = [('/buy', buy), ('/sell', sell)]\n",
        );
    expect(
        &tree,
        "http",
        &[
            ("GET", "/shop/items/{item}", "shop.blueprint.item"),
            ("GET", "/shop/cart", "shop.blueprint.Cart.get"),
            ("DELETE", "/shop/cart", "shop.blueprint.Cart.delete"),
            ("POST", "/buy", "shop.views.buy"),
            ("POST", "/sell", "shop.views.sell"),
        ],
    );
    let item = &entries(&tree, &["--route", "/shop/items/*"])[0];
    let inputs: Vec<(&str, &str)> = item["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .map(|input| (input["name"].as_str().unwrap_or_default(), input["via"].as_str().unwrap_or_default()))
        .collect();
    assert!(inputs.contains(&("item", "path")) && inputs.iter().any(|(_, via)| *via == "body"), "{inputs:?}");
    assert!(item["effects"].as_array().expect("effects").iter().any(|effect| effect["kind"] == "file"), "{item:#}");
    assert!(entries(&tree, &["--effect", "process"]).is_empty());
    assert_eq!(entries(&tree, &["--method", "delete", "--path", "shop"]).len(), 1);
    let text = tree.run(&["surface", "--kind", "http"]).stdout;
    assert!(text.contains("GET /shop/items/{item}") && text.contains("5 entry points"), "{text}");
}

#[test]
fn django_url_configurations_include_each_other() {
    let tree = Tree::new()
        .with("site_/__init__.py", "")
        .with(
            "site_/urls.py",
            "from django.urls import include, path, re_path\nfrom rest_framework.routers import DefaultRouter\n\
             from blog import views\n\nrouter = DefaultRouter()\nrouter.register('posts', views.Posts)\n\n\
             urlpatterns = [\n    path('blog/', include('blog.urls', namespace='blog')),\n    path('api/', include(router.urls)),\n\
             \x20   re_path(r'^about/(?P<page>\\w+)/$', views.about),\n]\n",
        )
        .with("blog/__init__.py", "")
        .with(
            "blog/urls.py",
            "from django.contrib.auth.decorators import login_required\nfrom django.urls import path\nfrom . import views\n\n\
             urlpatterns = [\n    path('<slug:name>/', login_required(views.Show.as_view())),\n    path('new', views.new),\n]\n",
        )
        .with(
            "blog/views.py",
            "from django.views import View\nfrom django.views.decorators.http import require_POST\n\
             from rest_framework.viewsets import ModelViewSet\n\n\
             class Show(View):\n    def get(self, request, name):\n        return name\n\n\
             @require_POST\ndef new(request):\n    return ''\n\ndef about(request, page):\n    return page\n\n\
             class Posts(ModelViewSet):\n    def destroy(self, request, pk):\n        return pk\n",
        );
    expect(
        &tree,
        "http",
        &[
            ("GET", "/blog/{name}/", "blog.views.Show.get"),
            ("POST", "/blog/new", "blog.views.new"),
            ("", "/about/{page}/", "blog.views.about"),
            ("GET", "/api/posts/", "blog.views.Posts"),
            ("POST", "/api/posts/", "blog.views.Posts"),
            ("GET", "/api/posts/{pk}/", "blog.views.Posts"),
            ("PUT", "/api/posts/{pk}/", "blog.views.Posts"),
            ("PATCH", "/api/posts/{pk}/", "blog.views.Posts"),
            ("DELETE", "/api/posts/{pk}/", "blog.views.Posts.destroy"),
        ],
    );
    let show = &entries(&tree, &["--route", "/blog/{name}/"])[0];
    assert!(show["guards"].to_string().contains("login_required"), "{show:#}");
}

#[test]
fn fastapi_routers_have_prefixes() {
    let tree = Tree::new()
        .with("main.py", "from fastapi import FastAPI\nimport users\n\napp = FastAPI()\napp.include_router(users.router, prefix='/v1')\n")
        .with(
            "users.py",
            "from fastapi import APIRouter\n\nrouter = APIRouter(prefix='/users')\n\n\
             @router.get('/{user_id}')\nasync def show(user_id: str):\n    return user_id\n\n\
             @router.post('/')\ndef create(body: dict):\n    return body\n\n\
             @router.websocket('/live')\nasync def live(socket):\n    pass\n",
        );
    expect(&tree, "http", &[("GET", "/v1/users/{user_id}", "users.show"), ("POST", "/v1/users/", "users.create")]);
    expect(&tree, "websocket", &[("", "/v1/users/live", "users.live")]);
}

#[test]
fn controllers_are_a_tree_of_objects() {
    let tree = Tree::new().with(
        "api.py",
        "import pecan\nfrom pecan import rest\n\n\
         class Volumes(rest.RestController):\n    @pecan.expose()\n    def export(self, name):\n        return name\n\n\
         class Root:\n    volumes = Volumes()\n\n    @pecan.expose()\n    def index(self):\n        return ''\n",
    );
    expect(&tree, "http", &[("", "/", "api.Root.index"), ("", "/volumes/export", "api.Volumes.export")]);
}

#[test]
fn collections_are_dispatched_by_name() {
    let tree = Tree::new()
        .with(
            "ext.py",
            "from neutron.api import extensions\nfrom neutron.api.v2 import base\nfrom neutron_lib.plugins import directory\n\n\
             WIDGETS = {'gadgets': {'parent': {'collection_name': 'widgets', 'member_name': 'widget'}}, 'widgets': {}}\n\n\
             def get_resources():\n    plugin = directory.get_plugin()\n    out = []\n    for name, told in WIDGETS.items():\n\
             \x20       parent = told.get('parent')\n        controller = base.create_resource(name, name[:-1], plugin, {}, parent=parent)\n\
             \x20       out.append(extensions.ResourceExtension(name, controller, parent, member_actions={'turn': 'PUT'}))\n    return out\n",
        )
        .with(
            "plugin.py",
            "class Plugin:\n    def get_widgets(self, context, filters=None):\n        return [filters]\n\n\
             \x20   def create_widget(self, context, widget):\n        return widget['widget']\n\n\
             \x20   def turn(self, context, id, body):\n        return id.turn(body)\n\n\
             \x20   def delete_widget_gadget(self, context, id, widget_id):\n        context.session.delete(id)\n",
        );
    expect(
        &tree,
        "http",
        &[
            ("GET", "/widgets", "plugin.Plugin.get_widgets"),
            ("POST", "/widgets", "plugin.Plugin.create_widget"),
            ("PUT", "/widgets/{id}/turn", "plugin.Plugin.turn"),
            ("PUT", "/widgets/{widget_id}/gadgets/{id}/turn", "plugin.Plugin.turn"),
            ("DELETE", "/widgets/{widget_id}/gadgets/{id}", "plugin.Plugin.delete_widget_gadget"),
        ],
    );
    let delete = &entries(&tree, &["--method", "DELETE"])[0];
    assert!(delete["guards"].to_string().contains("delete_widget_gadget"), "{delete:#}");
    assert!(delete["assumption"].as_str().is_some_and(|why| why.contains("put together")), "{delete:#}");
}

#[test]
fn remote_procedures_tasks_helpers_and_commands() {
    let tree = Tree::new()
        .with("setup.cfg", "[entry_points]\nconsole_scripts =\n    agent = agent:main\n")
        .with(
            "agent.py",
            "import subprocess\nimport oslo_messaging\nfrom oslo_privsep import priv_context\nfrom oslo_service import periodic_task\n\
             import celery\nimport click\n\n\
             default = priv_context.PrivContext('agent')\n\n\
             class Endpoint:\n    def sync(self, context, name):\n        subprocess.run(['ip', name])\n\n\
             def main():\n    oslo_messaging.get_rpc_server(None, None, [Endpoint()]).start()\n\n\
             @default.entrypoint\ndef become_root(path):\n    return open(path)\n\n\
             @celery.shared_task(name='reports.send')\ndef send():\n    pass\n\n\
             class Tasks(periodic_task.PeriodicTasks):\n    @periodic_task.periodic_task\n    def tick(self, context):\n        pass\n\n\
             @click.command()\ndef clean_up():\n    pass\n\n\
             if __name__ == '__main__':\n    main()\n",
        );
    expect(&tree, "rpc", &[("", "sync", "agent.Endpoint.sync")]);
    expect(&tree, "privileged-helper", &[("", "become_root", "agent.become_root")]);
    expect(&tree, "task", &[("", "reports.send", "agent.send"), ("", "", "agent.Tasks.tick")]);
    expect(&tree, "command", &[("", "agent", "agent.main"), ("", "clean-up", "agent.clean_up")]);
    let sync = &entries(&tree, &["--kind", "rpc"])[0];
    assert_eq!(sync["effects"][0]["kind"], "process");
    assert_eq!(sync["inputs"][1]["source"], "remote");
    let (_, review) = tree.json(&[]);
    let counts = "1 RPC method, 2 background tasks, 2 commands and 1 privileged helper";
    assert!(review["notes"].to_string().contains(counts), "{:#}", review["notes"]);
    assert_eq!(review["surface"][0], serde_json::json!({ "kind": "rpc", "entries": 1, "guarded": 0 }));
}

#[test]
fn the_list_is_the_same_however_many_threads_there_are() {
    let tree = Tree::new()
        .with("a.py", "from flask import Flask\napp = Flask('a')\n\n@app.get('/<x>')\ndef a(x):\n    return x\n");
    let one = tree.run(&["surface", "--jobs", "1"]).stdout;
    assert_eq!(one, tree.run(&["surface", "--jobs", "4"]).stdout);
    assert!(tree.run(&["surface", "--unguarded"]).stdout.contains("1 entry point:"), "{one}");
}
