"""Other XML packages: defusedxml (refuses entities), xmltodict (refuses them by default), untangle (does not)."""

import defusedxml
import defusedxml.ElementTree
import defusedxml.lxml
import defusedxml.minidom
import defusedxml.sax
import untangle
import xmltodict

from flask import request


def untrusted():
    return request.args["data"]


def sinks_of_untangle():
    untangle.parse(untrusted())  # expect: xxe


def sinks_of_xmltodict():
    xmltodict.parse(untrusted(), disable_entities=False)  # expect: xxe


def flows_of_untangle():
    eval(untangle.parse(untrusted()))  # expect: code-injection, xxe


def flows_of_xmltodict():
    eval(xmltodict.parse(untrusted()))  # expect: code-injection
    eval(xmltodict.unparse(untrusted()))  # expect: code-injection


def flows_of_defusedxml_ElementTree():
    eval(defusedxml.ElementTree.fromstring(untrusted()))  # expect: code-injection
    eval(defusedxml.ElementTree.parse(untrusted()))  # expect: code-injection


def flows_of_defusedxml_minidom():
    eval(defusedxml.minidom.parseString(untrusted()))  # expect: code-injection


def flows_of_defusedxml_lxml():
    eval(defusedxml.lxml.fromstring(untrusted()))  # expect: code-injection


def neutral_of_defusedxml_ElementTree():
    defusedxml.ElementTree.fromstring(untrusted())


def neutral_of_defusedxml_minidom():
    defusedxml.minidom.parse(untrusted())


def neutral_of_defusedxml_sax():
    defusedxml.sax.parse(untrusted())


def neutral_of_defusedxml_lxml():
    defusedxml.lxml.fromstring(untrusted())


def neutral_of_defusedxml():
    eval(defusedxml.defuse_stdlib(untrusted()))
