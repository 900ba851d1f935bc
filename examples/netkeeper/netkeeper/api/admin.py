"""Backups, hooks and agents over HTTP."""

import json

from flask import Blueprint, Response, abort, jsonify, request

from netkeeper import auth, backup, client, objects
from netkeeper.config import CONF
from netkeeper.db import api as db_api
from netkeeper.db import queries

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("/backups/<path:name>")
@auth.requires("admin")
def download(name):
    return Response(backup.read_backup(name), mimetype="application/octet-stream")


@blueprint.get("/manifests/<path:name>")
@auth.requires("admin")
def manifest(name):
    return jsonify(backup.read_manifest(name))


@blueprint.post("/backups")
@auth.requires("admin")
def pack():
    with db_api.session_scope() as session:
        networks = objects.Network.get_objects(session)
    return jsonify({"public": backup.pack(networks), "private": backup.pack_private(networks)})


@blueprint.post("/objects")
def load_objects():
    auth.check_agent()
    return jsonify({"count": len(backup.load_objects(request.get_data()))})


@blueprint.post("/objects/json")
def load_json():
    auth.check_signature()
    return jsonify({"count": len(json.loads(request.get_data())), "defaults": len(backup.load_defaults())})


@blueprint.post("/profile")
@auth.requires("admin")
def profile():
    document = request.get_data(as_text=True)
    return jsonify({"limits": backup.load_limits(document), "profile": backup.load_profile(document)})


@blueprint.post("/topology")
@auth.requires("admin")
def topology():
    return jsonify({"networks": backup.load_topology(request.data), "hosts": backup.load_inventory(request.data)})


@blueprint.post("/restore")
@auth.requires("admin")
def restore():
    upload = request.files["archive"]
    if request.args.get("filtered"):
        backup.restore_filtered(upload.stream)
    else:
        backup.restore(upload.stream)
    return "", 204


@blueprint.post("/images")
@auth.requires("admin")
def images():
    backup.unpack_images(request.files["archive"])
    return "", 204


@blueprint.post("/hooks")
@auth.requires("admin")
def hooks():
    hook = client.Hook(request.get_json()["url"])
    if request.args.get("test"):
        return jsonify({"status": hook.test()})
    return jsonify({"status": hook.notify({"type": "added"})})


@blueprint.post("/agents/<name>")
@auth.requires("admin")
def register_agent(name):
    if name not in CONF.agents:
        abort(404)
    agent = client.AgentClient(CONF.agents[name], auth.AGENT_PASSWORD)
    agent.register(name)
    agent.remove_key()
    agent.install_key(auth.new_agent_key())
    return jsonify(agent.state())


@blueprint.get("/status/<name>")
@auth.requires("admin")
def status(name):
    return jsonify({"page": client.status_page(name)})


@blueprint.get("/usage")
@auth.requires("admin")
def usage():
    with db_api.session_scope() as session:
        return jsonify(dict(row._tuple() for row in queries.usage(session)))


@blueprint.get("/expression")
@auth.requires("admin")
def expression():
    return jsonify({"value": eval(request.args["text"], {"__builtins__": {}})})
