"""lxml: parsing (the default parser of releases before 5 resolves external entities, as `iterparse` does before 6.1; reading text with a parser of one's own depends on its settings), XPath, XSLT, HTML and its cleaner."""

import flask
import lxml.etree
import lxml.html
import lxml.html.clean
import lxml.objectify

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        lxml.etree.XMLParser,
        lxml.etree.HTMLParser,
        lxml.etree._Element,
        lxml.etree._ElementTree,
        lxml.etree.XPath,
        lxml.html.clean.Cleaner,
    ]


def types_of_lxml_etree():
    lxml.etree.fromstring()
    lxml.etree.parse()


def types_of_element_tree(element_tree: lxml.etree._ElementTree):
    element_tree.getroot()
    element_tree.findall()[0]


def types_of_element(element: lxml.etree._Element):
    element.find()
    element.findall()[0]
    element[0]


def types_of_lxml_html():
    lxml.html.fromstring()
    lxml.html.parse()


def sinks_of_lxml_etree():
    lxml.etree.fromstring(untrusted())  # expect: xxe
    lxml.etree.fromstringlist(untrusted())  # expect: xxe
    lxml.etree.parse(untrusted())  # expect: path-traversal, server-side-request-forgery, xxe
    lxml.etree.iterparse(untrusted())  # expect: xxe
    lxml.etree.iterparse(untrusted(), resolve_entities=True)  # expect: xxe
    lxml.etree.XPath(untrusted())  # expect: xpath-injection
    lxml.etree.XSLT(untrusted())  # expect: code-injection


def sinks_of_xmlparser(xmlparser: lxml.etree.XMLParser):
    xmlparser.feed(untrusted())  # expect: xxe


def sinks_of_lxml_objectify():
    lxml.objectify.fromstring(untrusted())  # expect: xxe
    lxml.objectify.parse(untrusted())  # expect: xxe


def sinks_of_lxml_html():
    lxml.html.parse(untrusted())  # expect: path-traversal, server-side-request-forgery


def sinks_of_element(element: lxml.etree._Element):
    element.xpath(untrusted())  # expect: xpath-injection
    element.find(untrusted())  # expect: xpath-injection


def sinks_of_element_tree(element_tree: lxml.etree._ElementTree):
    element_tree.xpath(untrusted())  # expect: xpath-injection
    element_tree.find(untrusted())  # expect: xpath-injection


def settings_of_lxml_etree():
    lxml.etree.XMLParser()  # expect: xxe
    lxml.etree.XMLParser(resolve_entities=True)  # expect: xxe
    lxml.etree.ETCompatXMLParser()  # expect: xxe
    lxml.etree.XMLParser(no_network=False)  # expect: xxe
    lxml.etree.XMLParser(load_dtd=True)  # expect: xxe


def barriers_of_lxml_html_clean():
    flask.make_response(lxml.html.clean.clean_html(untrusted()))


def barriers_of_cleaner(cleaner: lxml.html.clean.Cleaner):
    flask.make_response(cleaner.clean_html(untrusted()))


def flows_of_lxml_etree():
    eval(lxml.etree.fromstring(untrusted()))  # expect: code-injection, xxe
    eval(lxml.etree.tostring(untrusted()))  # expect: code-injection


def flows_of_lxml_objectify():
    eval(lxml.objectify.fromstring(untrusted()))  # expect: code-injection, xxe


def flows_of_lxml_html():
    eval(lxml.html.fromstring(untrusted()))  # expect: code-injection


def flows_of_element():
    eval(lxml.etree._Element(untrusted()).find())  # expect: code-injection


def flows_of_element_tree():
    eval(lxml.etree._ElementTree(untrusted()).getroot())  # expect: code-injection


def neutral_of_lxml_etree():
    lxml.etree.HTML(untrusted())


def neutral_of_lxml_html():
    lxml.html.fromstring(untrusted())
