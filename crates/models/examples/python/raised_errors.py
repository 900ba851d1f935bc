"""What calls raise when their input is not as it should be."""

import ast
import base64
import binascii
import datetime
import gzip
import ipaddress
import json
import pickle
import socket
import struct
import time
import uuid
import xml.dom.minidom
import xml.etree.ElementTree
import xml.parsers.expat
import zlib

import lxml.etree
import netaddr
import yaml


def classes():
    return [struct.error, zlib.error, binascii.Error, xml.parsers.expat.ExpatError]


def serve(address):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(address)
    while True:
        data, sender = server.recvfrom(4096)
        number = int(data)  # expect: unhandled-input-error
        print(number)


def lenient(address):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(address)
    while True:
        data, sender = server.recvfrom(4096)
        try:
            print(int(data))
        except ValueError:
            continue


def numbers(data: bytes, text: str, packed: struct.Struct, array: bytearray):
    int(text)
    data.decode()
    array.decode()
    bytes.fromhex(text)
    bytearray.fromhex(text)
    struct.unpack("!I", data)
    struct.unpack_from("!I", data)
    packed.unpack(data)
    uuid.UUID(text)


def encodings(data, text):
    json.loads(text)
    json.load(data)
    base64.b64decode(text)
    binascii.unhexlify(text)
    ast.literal_eval(text)
    xml.etree.ElementTree.fromstring(text)
    xml.dom.minidom.parseString(text)
    lxml.etree.fromstring(text)
    yaml.safe_load(text)
    zlib.decompress(data)
    gzip.decompress(data)
    pickle.loads(data)


def times_and_addresses(text):
    datetime.datetime.strptime(text, "%Y")
    datetime.date.fromisoformat(text)
    time.strptime(text, "%Y")
    ipaddress.ip_address(text)
    netaddr.IPAddress(text)
    socket.inet_aton(text)
