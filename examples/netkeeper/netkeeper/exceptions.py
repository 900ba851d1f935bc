"""Errors that the API turns into answers."""


class NetkeeperError(Exception):
    status = 500


class NotFound(NetkeeperError):
    status = 404


class Invalid(NetkeeperError):
    status = 400


class Forbidden(NetkeeperError):
    status = 403


class VersionConflict(NetkeeperError):
    status = 409
