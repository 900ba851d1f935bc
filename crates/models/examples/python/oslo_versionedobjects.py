"""oslo.versionedobjects: typed objects with versions that travel over RPC and are stored through an object-relational mapper."""

import oslo_versionedobjects.base
import oslo_versionedobjects.fields

from flask import request


def untrusted():
    return request.args["data"]


class OwnVersionedObject(oslo_versionedobjects.base.VersionedObject):
    pass


def use_of_own_versioned_object():
    OwnVersionedObject.obj_from_primitive()


def classes():
    return [
        oslo_versionedobjects.base.VersionedObject,
        oslo_versionedobjects.base.ObjectListBase,
        oslo_versionedobjects.base.VersionedObjectSerializer,
        oslo_versionedobjects.base.VersionedObjectRegistry,
        oslo_versionedobjects.fields.Field,
    ]


def types_of_versioned_object(versioned_object: oslo_versionedobjects.base.VersionedObject):
    versioned_object.obj_clone()
    versioned_object.obj_from_primitive()
    versioned_object.obj_name()
    versioned_object.obj_get_changes()
    versioned_object.obj_what_changed()
    versioned_object.obj_attr_is_set()


def decorator_of_oslo_versionedobjects_base():
    @oslo_versionedobjects.base.remotable
    def kept_by_remotable(text):
        eval(text)  # expect: code-injection

    kept_by_remotable(untrusted())


def decorator_of_oslo_versionedobjects_base_2():
    @oslo_versionedobjects.base.VersionedObjectRegistry.register
    def kept_by_register(text):
        eval(text)  # expect: code-injection

    kept_by_register(untrusted())


def decorator_of_oslo_versionedobjects_base_3():
    @oslo_versionedobjects.base.VersionedObjectRegistry.register_if()
    def kept_by_register_if(text):
        eval(text)  # expect: code-injection

    kept_by_register_if(untrusted())


def flows_of_versioned_object():
    eval(oslo_versionedobjects.base.VersionedObject(untrusted()).obj_get_changes())  # expect: code-injection
    eval(oslo_versionedobjects.base.VersionedObject(untrusted()).obj_clone())  # expect: code-injection


def flows_of_oslo_versionedobjects_base():
    eval(oslo_versionedobjects.base.VersionedObject.obj_from_primitive(untrusted()))  # expect: code-injection


def flows_of_versioned_object_serializer(versioned_object_serializer: oslo_versionedobjects.base.VersionedObjectSerializer):
    eval(versioned_object_serializer.serialize_entity(None, untrusted()))  # expect: code-injection


def barriers_of_oslo_versionedobjects_fields():
    eval(oslo_versionedobjects.fields.UUID().coerce(untrusted()))


def neutral_of_versioned_object(versioned_object: oslo_versionedobjects.base.VersionedObject):
    versioned_object.save(untrusted())
    eval(versioned_object.save(untrusted()))


def neutral_of_oslo_versionedobjects_fields():
    eval(oslo_versionedobjects.fields.Field(untrusted()))


def names(unknown):
    unknown.get_objects()
    unknown.update_objects()
    unknown.delete_objects()
    unknown.objects_exist()
    unknown.obj_reset_changes()
    unknown.obj_get_changes()
    unknown.obj_what_changed()
    unknown.obj_to_primitive()
    unknown.obj_attr_is_set()
    unknown.obj_make_compatible()
    unknown.obj_set_defaults()
    unknown.obj_load_attr()
