"""Keeps networks and ports as versioned objects."""

__version__ = "1.4.0"
