"""Neutron as what its plug-ins are written against: an extension registers collections, whose requests are dispatched by name."""

from neutron.api import extensions
from neutron.api.v2 import base
from neutron.pecan_wsgi.controllers import resource


def get_resources(plugin):
    controller = base.create_resource("widgets", "widget", plugin, {}, parent=None, member_actions={})
    return [extensions.ResourceExtension("widgets", controller, path_prefix="/extra", member_actions={"turn": "PUT"})]


def core(plugin):
    return resource.CollectionsController("gadgets", "gadget", plugin=plugin)
