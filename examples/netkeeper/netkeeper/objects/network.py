"""Networks."""

from netkeeper.db import models
from netkeeper.objects import base


@base.register
class Network(base.VersionedObject):
    VERSION = "1.2"
    db_model = models.Network
    fields = {"id": str, "project_id": str, "name": str, "description": str, "mtu": int, "revision": int}

    def label(self, template):
        return template.format(network=self)
