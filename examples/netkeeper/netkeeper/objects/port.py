"""Ports."""

from netkeeper import validators
from netkeeper.db import models
from netkeeper.objects import base


@base.register
class Port(base.VersionedObject):
    VERSION = "1.1"
    db_model = models.Port
    fields = {
        "id": str,
        "network_id": str,
        "project_id": str,
        "mac_address": str,
        "ip_address": validators.address,
        "device": str,
        "revision": int,
    }
