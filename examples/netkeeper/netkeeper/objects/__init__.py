"""Versioned objects."""

from netkeeper.objects.network import Network
from netkeeper.objects.port import Port

__all__ = ["Network", "Port"]
