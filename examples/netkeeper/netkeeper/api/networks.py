"""Networks over HTTP."""

import logging

from flask import Blueprint, jsonify, request

from netkeeper import auth, objects, render, validators
from netkeeper.config import CONF
from netkeeper.db import api as db_api
from netkeeper.db import queries

LOG = logging.getLogger(__name__)
blueprint = Blueprint("networks", __name__, url_prefix="/networks")


@blueprint.get("/")
def list_networks():
    user = auth.current_user()
    limit = min(int(request.args.get("limit", "50")), CONF.page_limit)
    with db_api.session_scope() as session:
        found = objects.Network.get_objects(session, limit, project_id=user["project_id"])
    return jsonify([network.to_dict() for network in found])


@blueprint.post("/")
def create_network():
    user = auth.current_user()
    body = request.get_json()
    values = {"name": validators.name(body["name"]), "description": body.get("description", "")}
    with db_api.session_scope() as session:
        network = objects.Network(project_id=user["project_id"], **values).create(session)
    LOG.info("network created: %s", body.get("description"))
    LOG.info("network %r created", body["name"])
    return jsonify(network.to_dict()), 201


@blueprint.get("/<network_id>")
def show_network(network_id):
    user = auth.current_user()
    with db_api.session_scope() as session:
        network = objects.Network.get_object(
            session, id=validators.identifier(network_id), project_id=user["project_id"]
        )
    return render.network_page(network)


@blueprint.put("/<network_id>")
def update_network(network_id):
    user = auth.current_user()
    with db_api.session_scope() as session:
        network = objects.Network.get_object(session, id=network_id, project_id=user["project_id"])
        for key, value in request.get_json().items():
            network.set(key, value)
        network.update(session)
    return jsonify(network.to_dict())


@blueprint.delete("/<network_id>")
def delete_network(network_id):
    with db_api.session_scope() as session:
        objects.Network.delete_objects(session, id=network_id)
    return "", 204


@blueprint.get("/search")
def search():
    auth.current_user()
    term = request.args["term"]
    with db_api.session_scope() as session:
        found = queries.search_networks(session, term, request.args.get("order", "name"))
    return render.search_page(term, found)


@blueprint.get("/mtu/<mtu>")
def by_mtu(mtu):
    auth.current_user()
    with db_api.session_scope() as session:
        return jsonify([row.id for row in queries.networks_by_mtu(session, mtu)])


@blueprint.get("/<network_id>/label")
def label(network_id):
    user = auth.current_user()
    with db_api.session_scope() as session:
        network = objects.Network.get_object(session, id=network_id, project_id=user["project_id"])
    return jsonify({"label": network.label(request.args["format"])})


@blueprint.post("/<network_id>/page")
def page(network_id):
    user = auth.current_user()
    with db_api.session_scope() as session:
        network = objects.Network.get_object(session, id=network_id, project_id=user["project_id"])
    if request.args.get("fixed"):
        return render.fixed_page(request.args["title"])
    return render.custom_page(request.form["template"], network)


@blueprint.get("/note")
def note():
    return render.note_page(request.args["text"])
