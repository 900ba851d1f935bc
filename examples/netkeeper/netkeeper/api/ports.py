"""Ports over HTTP."""

import re

from flask import Blueprint, jsonify, request

from netkeeper import auth, objects, validators
from netkeeper.agent import dhcp, linux
from netkeeper.db import api as db_api
from netkeeper.db import queries

blueprint = Blueprint("ports", __name__, url_prefix="/ports")
OPTIONS = ("domain-name", "mtu", "ntp-server")


@blueprint.post("/")
def create_port():
    user = auth.current_user()
    body = request.get_json()
    port = objects.Port(
        project_id=user["project_id"],
        network_id=validators.identifier(body["network_id"]),
        mac_address=body["mac_address"],
        ip_address=body["ip_address"],
        device=validators.device(body["device"]),
    )
    with db_api.session_scope() as session:
        return jsonify(port.create(session).to_dict()), 201


@blueprint.delete("/<port_id>")
@auth.requires("admin")
def delete_port(port_id):
    with db_api.session_scope() as session:
        objects.Port.delete_objects(session, id=port_id)
    return "", 204


@blueprint.get("/device/<device>")
@auth.requires("admin")
def by_device(device):
    with db_api.session_scope() as session:
        return jsonify([row.id for row in queries.ports_of_device(session, device)])


@blueprint.get("/filter")
def filter_ports():
    user = auth.current_user()
    pattern = re.compile(request.args["mac"])
    prefix = re.compile("^" + re.escape(request.args.get("ip", "")))
    with db_api.session_scope() as session:
        found = objects.Port.get_objects(session, project_id=user["project_id"])
    found = [port for port in found if pattern.match(port.get("mac_address")) and prefix.match(port.get("ip_address"))]
    return jsonify([port.to_dict() for port in found])


@blueprint.put("/<port_id>/dhcp")
def set_options(port_id):
    auth.current_user()
    body = request.get_json()
    server = dhcp.Dnsmasq(validators.identifier(body["network_id"]))
    for option, value in body["options"].items():
        if option in OPTIONS:
            server.add_option(validators.identifier(port_id), option, value)
    server.write_options()
    server.write_host(body["mac_address"], body["ip_address"], body["hostname"])
    return "", 204


@blueprint.post("/<port_id>/ping")
def ping(port_id):
    auth.current_user()
    namespace = linux.Namespace("port-" + port_id)
    host = request.get_json()["host"]
    if request.args.get("trace"):
        return jsonify({"output": namespace.trace(host)})
    return jsonify({"output": namespace.ping(host), "name": linux.lookup(host), "local": namespace.addresses()})


@blueprint.post("/<port_id>/up")
def set_up(port_id):
    auth.current_user()
    device = validators.device(request.get_json()["device"])
    return jsonify({"output": linux.shell("ip link set dev " + device + " up")})


@blueprint.post("/<port_id>/capture")
@auth.requires("admin")
def capture(port_id):
    return jsonify({"output": linux.capture("tap" + port_id[:11], request.get_json()["expression"])})
