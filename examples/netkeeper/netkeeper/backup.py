"""Snapshots: written, read, packed and unpacked."""

import json
import os
import pickle
import tarfile
import tempfile
import zipfile

import yaml
from lxml import etree

from netkeeper import exceptions
from netkeeper.config import CONF

FOLDER = os.path.join(CONF.state_path, "backups")


def backup_path(name):
    return os.path.join(FOLDER, name)


def checked_path(name):
    path = os.path.realpath(os.path.join(FOLDER, name))
    if not path.startswith(os.path.realpath(FOLDER) + os.sep):
        raise exceptions.NotFound("backup")
    return path


def read_backup(name):
    with open(backup_path(name), "rb") as handle:
        return handle.read()


def read_manifest(name):
    with open(checked_path(name + ".json"), encoding="utf-8") as handle:
        return json.load(handle)


def load_objects(data):
    return pickle.loads(data)


def load_defaults():
    with open(os.path.join(CONF.state_path, "defaults.pickle"), "rb") as handle:
        return pickle.load(handle)


def load_limits(document):
    return yaml.safe_load(document)


def load_profile(document):
    return yaml.load(document, Loader=yaml.UnsafeLoader)


def load_topology(document):
    parser = etree.XMLParser(resolve_entities=True)
    return [node.get("name") for node in etree.fromstring(document, parser=parser).iter("network")]


def load_inventory(document):
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return [node.get("name") for node in etree.fromstring(document, parser=parser).iter("host")]


def restore(stream):
    with tarfile.open(fileobj=stream, mode="r:gz") as archive:
        archive.extractall(FOLDER)


def restore_filtered(stream):
    with tarfile.open(fileobj=stream, mode="r:gz") as archive:
        archive.extractall(FOLDER, filter="data")


def unpack_images(stream):
    with zipfile.ZipFile(stream) as archive:
        for entry in archive.infolist():
            with open(os.path.join(FOLDER, "images", entry.filename), "wb") as handle:
                handle.write(archive.read(entry))


def pack(objects):
    name = tempfile.mktemp(suffix=".json", dir="/tmp")
    with open(name, "w", encoding="utf-8") as handle:
        json.dump([item.obj_to_primitive() for item in objects], handle)
    os.chmod(name, 0o666)
    return name


def pack_private(objects):
    handle, name = tempfile.mkstemp(suffix=".json")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump([item.obj_to_primitive() for item in objects], stream)
    os.chmod(name, 0o600)
    return name
