"""What all versioned objects share: fields, changes, a version, and their row in the database."""

import uuid

from netkeeper import exceptions
from netkeeper.db import api as db_api

REGISTRY = {}


def register(cls):
    REGISTRY[cls.__name__] = cls
    return cls


class VersionedObject:
    VERSION = "1.0"
    db_model = None
    fields = {}

    def __init__(self, **values):
        self._values = {}
        self._changed = set()
        for key, value in values.items():
            self.set(key, value)

    def set(self, key, value):
        if key not in self.fields:
            raise exceptions.Invalid("unknown field")
        self._values[key] = self.fields[key](value)
        self._changed.add(key)

    def get(self, key):
        return self._values.get(key)

    @classmethod
    def _from_row(cls, row):
        made = cls()
        for key in cls.fields:
            made._values[key] = getattr(row, key)
        return made

    @classmethod
    def get_object(cls, session, **filters):
        return cls._from_row(db_api.get_object(session, cls.db_model, **filters))

    @classmethod
    def get_objects(cls, session, limit=None, **filters):
        return [cls._from_row(row) for row in db_api.get_objects(session, cls.db_model, limit, **filters)]

    @classmethod
    def delete_objects(cls, session, **filters):
        return db_api.delete_objects(session, cls.db_model, **filters)

    def create(self, session):
        self._values.setdefault("id", str(uuid.uuid4()))
        row = db_api.create_object(session, self.db_model, dict(self._values))
        self._changed.clear()
        return self._from_row(row)

    def update(self, session):
        values = {key: self._values[key] for key in self._changed}
        values["revision"] = (self._values.get("revision") or 0) + 1
        db_api.update_object(session, self.db_model, values, id=self._values["id"])
        self._changed.clear()

    def delete(self, session):
        db_api.delete_objects(session, self.db_model, id=self._values["id"])

    def to_dict(self):
        return dict(self._values)

    def obj_to_primitive(self):
        return {"name": type(self).__name__, "version": self.VERSION, "data": self.to_dict()}


def obj_from_primitive(primitive):
    cls = REGISTRY.get(primitive["name"])
    if cls is None or primitive["version"].split(".")[0] != cls.VERSION.split(".")[0]:
        raise exceptions.VersionConflict(primitive["name"])
    return cls(**primitive["data"])
