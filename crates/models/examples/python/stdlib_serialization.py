"""Data formats: pickle and its relatives, JSON, CSV, configuration files, XML, archives."""

import ConfigParser
import _csv
import _pickle
import anydbm
import cPickle
import configparser
import csv
import dbm
import dbm.gnu
import elementtree
import flask
import http.client
import json
import json.decoder
import marshal
import multiprocessing.connection
import pickle
import shelve
import six.moves
import tarfile
import xml.dom.minidom
import xml.etree
import xml.etree.ElementTree
import xml.sax
import xml.sax.expatreader
import xml.sax.handler
import xml.sax.saxutils
import xml.sax.xmlreader
import zipfile

from flask import request


def untrusted():
    return request.args["data"]


def aliases():
    cPickle
    _pickle
    six.moves.cPickle
    ConfigParser
    six.moves.configparser
    xml.etree.cElementTree
    elementtree.ElementTree
    anydbm
    six.moves.dbm_gnu


def classes():
    return [
        pickle.Unpickler,
        pickle.Pickler,
        shelve.Shelf,
        json.JSONDecoder,
        json.JSONEncoder,
        json.JSONDecodeError,
        json.decoder.JSONDecodeError,
        csv.DictReader,
        csv.DictWriter,
        _csv.Writer,
        configparser.RawConfigParser,
        configparser.SectionProxy,
        xml.etree.ElementTree.Element,
        xml.etree.ElementTree.ElementTree,
        xml.etree.ElementTree.XMLParser,
        xml.etree.ElementTree.ParseError,
        xml.dom.minidom.Node,
        xml.sax.xmlreader.XMLReader,
        xml.sax.expatreader.ExpatParser,
        zipfile.ZipFile,
        zipfile.ZipInfo,
        zipfile.Path,
        zipfile.ZipExtFile,
        tarfile.TarFile,
        tarfile.TarInfo,
        tarfile.ExFileObject,
    ]


def types_of_pickle():
    pickle.dumps()


def types_of_shelve():
    shelve.open()


def types_of_dbm():
    dbm.open()


def types_of_dbm_gnu():
    dbm.gnu.open()


def types_of_json():
    json.dumps()


def types_of_jsonencoder(jsonencoder: json.JSONEncoder):
    jsonencoder.encode()


def types_of_csv():
    csv.reader()
    csv.reader()[0]
    csv.reader()[0][0]
    csv.writer()


def types_of_dict_reader(dict_reader: csv.DictReader):
    dict_reader[0]
    dict_reader[0][0]


def types_of_raw_config_parser(raw_config_parser: configparser.RawConfigParser):
    raw_config_parser.get("/")
    raw_config_parser.getint()
    raw_config_parser.getfloat()
    raw_config_parser.getboolean()
    raw_config_parser.sections()
    raw_config_parser[0]
    raw_config_parser.sections()[0]


def types_of_section_proxy(section_proxy: configparser.SectionProxy):
    section_proxy[0]
    section_proxy.get("/")
    section_proxy.getint()
    section_proxy.getboolean()


def types_of_xml_etree_ElementTree():
    xml.etree.ElementTree.parse()
    xml.etree.ElementTree.XML()
    xml.etree.ElementTree.tostring()
    xml.etree.ElementTree.iterparse()[0][1]


def types_of_element_tree(element_tree: xml.etree.ElementTree.ElementTree):
    element_tree.getroot()
    element_tree.findall()[0]


def types_of_xmlparser(xmlparser: xml.etree.ElementTree.XMLParser):
    xmlparser.close()


def types_of_element(element: xml.etree.ElementTree.Element):
    element[0]
    element.find()
    element.findall()[0]
    element.text
    element.attrib
    element.attrib[0]
    element.findtext()
    element.get("/")


def types_of_xml_dom_minidom():
    xml.dom.minidom.parse()


def types_of_node(node: xml.dom.minidom.Node):
    node.documentElement
    node.childNodes[0]
    node.getElementsByTagName()[0]
    node.appendChild()
    node.data
    node.getAttribute()


def types_of_xml_sax():
    xml.sax.make_parser()


def types_of_xml_sax_expatreader():
    xml.sax.expatreader.create_parser()


def types_of_xml_sax_saxutils():
    xml.sax.saxutils.escape()


def types_of_zip_file(zip_file: zipfile.ZipFile):
    zip_file.infolist()
    zip_file.infolist()[0]
    zip_file.filelist[0]
    zip_file.getinfo()
    zip_file.namelist()[0]
    zip_file.read()
    zip_file.open()
    zip_file.extract()


def types_of_zip_info(zip_info: zipfile.ZipInfo):
    zip_info.filename
    zip_info.file_size
    zip_info.is_dir()


def types_of_tarfile():
    tarfile.open()
    tarfile.TarFile.open()


def types_of_tar_file(tar_file: tarfile.TarFile):
    tar_file.getmembers()
    tar_file[0]
    tar_file.getmembers()[0]
    tar_file.members[0]
    tar_file.getmember()
    tar_file.getnames()[0]
    tar_file.extractfile()


def types_of_tar_info(tar_info: tarfile.TarInfo):
    tar_info.name
    tar_info.size
    tar_info.isfile()


def sources_of_raw_config_parser(raw_config_parser: configparser.RawConfigParser):
    eval(raw_config_parser.get("/"))  # expect: code-injection
    eval(raw_config_parser[0])  # expect: code-injection


def sources_of_section_proxy(section_proxy: configparser.SectionProxy):
    eval(section_proxy.get("/"))  # expect: code-injection
    eval(section_proxy[0])  # expect: code-injection


def sources_of_xml_etree_ElementTree():
    eval(xml.etree.ElementTree.parse())  # expect: code-injection


def sources_of_zip_file(zip_file: zipfile.ZipFile):
    open(zip_file.namelist()[0])  # expect: path-traversal
    open(zip_file.NameToInfo)  # expect: path-traversal


def sources_of_zip_info(zip_info: zipfile.ZipInfo):
    open(zip_info.filename)  # expect: path-traversal


def sources_of_tar_file(tar_file: tarfile.TarFile):
    open(tar_file.getnames()[0])  # expect: path-traversal


def sources_of_tar_info(tar_info: tarfile.TarInfo):
    open(tar_info.name)  # expect: path-traversal


def sinks_of_pickle():
    pickle.loads(untrusted())  # expect: unsafe-deserialization
    pickle.load(untrusted())  # expect: unsafe-deserialization


def sinks_of_unpickler(unpickler: pickle.Unpickler):
    pickle.Unpickler(untrusted()).load()  # expect: unsafe-deserialization


def sinks_of_marshal():
    marshal.load(untrusted())  # expect: unsafe-deserialization


def sinks_of_shelve():
    shelve.open(untrusted())  # expect: path-traversal, unsafe-deserialization


def sinks_of_connection(connection: multiprocessing.connection.Connection):
    multiprocessing.connection.Connection(untrusted()).recv()  # expect: unsafe-deserialization


def sinks_of_dbm():
    dbm.open(untrusted())  # expect: path-traversal


def sinks_of_dbm_gnu():
    dbm.gnu.open(untrusted())  # expect: path-traversal


def sinks_of_raw_config_parser(raw_config_parser: configparser.RawConfigParser):
    raw_config_parser.read(untrusted())  # expect: path-traversal
    raw_config_parser.read([untrusted()])  # expect: path-traversal
    raw_config_parser.set("section", "option", untrusted())
    raw_config_parser.write(open("options.ini", "w"))  # expect: config-line-injection


def sinks_of_xml_etree_ElementTree():
    xml.etree.ElementTree.parse(untrusted())  # expect: path-traversal


def sinks_of_element(element: xml.etree.ElementTree.Element):
    element.find(untrusted())  # expect: xpath-injection


def sinks_of_zipfile():
    zipfile.ZipFile(untrusted())  # expect: path-traversal


def sinks_of_zip_file(zip_file: zipfile.ZipFile):
    zip_file.extract(None, untrusted())  # expect: path-traversal
    zip_file.extractall(untrusted())  # expect: path-traversal
    zip_file.write(untrusted())  # expect: path-traversal


def sinks_of_tarfile():
    tarfile.open(untrusted())  # expect: path-traversal
    tarfile.TarFile.open(untrusted())  # expect: path-traversal
    tarfile.is_tarfile(untrusted())  # expect: path-traversal


def sinks_of_tar_file(tar_file: tarfile.TarFile):
    tar_file.add(untrusted())  # expect: path-traversal
    tar_file.extractall(untrusted())  # expect: path-traversal
    tar_file.extract(None, untrusted())  # expect: path-traversal
    tarfile.TarFile(untrusted()).extractall()  # expect: archive-extraction
    tarfile.TarFile(untrusted()).extractall(filter="fully_trusted")  # expect: archive-extraction
    tarfile.TarFile(untrusted()).extract()  # expect: archive-extraction
    tarfile.TarFile(untrusted()).extract(filter="fully_trusted")  # expect: archive-extraction
    tarfile.TarFile(untrusted()).extractall(filter=tarfile.fully_trusted_filter)  # expect: archive-extraction


def settings_of_xmlreader(xmlreader: xml.sax.xmlreader.XMLReader):
    xmlreader.setFeature(xml.sax.handler.feature_external_ges, True)  # expect: xxe
    xmlreader.setFeature("http://xml.org/sax/features/external-general-entities", True)  # expect: xxe


def flows_of_pickle():
    eval(pickle.loads(untrusted()))  # expect: code-injection, unsafe-deserialization
    eval(pickle.load(untrusted()))  # expect: code-injection, unsafe-deserialization
    eval(pickle.dumps(untrusted()))  # expect: code-injection
    eval(pickle.Unpickler(untrusted()))  # expect: code-injection


def flows_of_pickle_2():
    filled = []
    pickle.dump(untrusted(), filled)
    eval(filled)  # expect: code-injection


def flows_of_unpickler(unpickler: pickle.Unpickler):
    eval(pickle.Unpickler(untrusted()).load())  # expect: code-injection, unsafe-deserialization
    eval(unpickler.find_class(untrusted()))  # expect: code-injection


def flows_of_json():
    eval(json.loads(untrusted()))  # expect: code-injection
    eval(json.load(untrusted()))  # expect: code-injection
    eval(json.dumps(untrusted()))  # expect: code-injection
    eval(json.dumps([untrusted()]))  # expect: code-injection
    eval(json.dumps([[untrusted()]]))  # expect: code-injection
    json.dumps([untrusted()], default=lambda first: eval(first))  # expect: code-injection
    json.loads(untrusted(), object_hook=lambda first: eval(first))  # expect: code-injection
    eval(json.loads(object_hook=lambda: untrusted()))  # expect: code-injection


def flows_of_json_2():
    filled = []
    json.dump(untrusted(), filled)
    eval(filled)  # expect: code-injection


def flows_of_jsondecoder(jsondecoder: json.JSONDecoder):
    eval(jsondecoder.decode(untrusted()))  # expect: code-injection


def flows_of_jsonencoder(jsonencoder: json.JSONEncoder):
    eval(jsonencoder.encode(untrusted()))  # expect: code-injection


def flows_of_csv():
    eval(csv.reader(untrusted())[0])  # expect: code-injection
    eval(csv.reader([untrusted()])[0][0])  # expect: code-injection
    eval(csv.DictReader(untrusted())[0])  # expect: code-injection
    eval(csv.DictReader([untrusted()])[0][0])  # expect: code-injection


def flows_of_raw_config_parser(raw_config_parser: configparser.RawConfigParser):
    raw_config_parser.read_string(untrusted())
    eval(raw_config_parser)  # expect: code-injection


def options_of_raw_config_parser():
    parser = configparser.RawConfigParser()
    parser.set("section", "option", untrusted())
    eval(parser.get("section", "option"))  # expect: code-injection


def flows_of_raw_config_parser_2(raw_config_parser: configparser.RawConfigParser):
    eval(raw_config_parser.get(fallback=untrusted()))  # expect: code-injection


def flows_of_xml_etree_ElementTree():
    eval(xml.etree.ElementTree.XML(untrusted()))  # expect: code-injection
    eval(xml.etree.ElementTree.parse(untrusted()))  # expect: code-injection, path-traversal
    eval(xml.etree.ElementTree.fromstringlist([untrusted()]))  # expect: code-injection
    eval(xml.etree.ElementTree.tostring(untrusted()))  # expect: code-injection
    eval(xml.etree.ElementTree.ElementTree(untrusted()))  # expect: code-injection


def flows_of_xmlparser(xmlparser: xml.etree.ElementTree.XMLParser):
    xmlparser.feed(untrusted())
    eval(xmlparser)  # expect: code-injection


def flows_of_xmlparser_2():
    eval(xml.etree.ElementTree.XMLParser(untrusted()).close())  # expect: code-injection


def flows_of_element():
    eval(xml.etree.ElementTree.Element(untrusted()).find())  # expect: code-injection


def flows_of_element_2(element: xml.etree.ElementTree.Element):
    element.append(untrusted())
    eval(element)  # expect: code-injection


def flows_of_xml_dom_minidom():
    eval(xml.dom.minidom.parse(untrusted()))  # expect: code-injection
    eval(xml.dom.minidom.parseString(untrusted()))  # expect: code-injection


def flows_of_node(node: xml.dom.minidom.Node):
    eval(xml.dom.minidom.Node(untrusted()).getElementsByTagName())  # expect: code-injection
    eval(node.createTextNode(untrusted()))  # expect: code-injection


def flows_of_node_2(node: xml.dom.minidom.Node):
    node.appendChild(untrusted())
    eval(node)  # expect: code-injection


def flows_of_node_3(node: xml.dom.minidom.Node):
    node.setAttribute(None, untrusted())
    eval(node)  # expect: code-injection


def flows_of_xml_sax_saxutils():
    eval(xml.sax.saxutils.escape(untrusted()))  # expect: code-injection


def flows_of_zipfile():
    eval(zipfile.ZipFile(untrusted()))  # expect: code-injection, path-traversal
    eval(zipfile.Path(untrusted()))  # expect: code-injection


def flows_of_zip_file(zip_file: zipfile.ZipFile):
    eval(zipfile.ZipFile(untrusted()).infolist())  # expect: code-injection, path-traversal
    eval(zip_file.extract(None, untrusted()))  # expect: code-injection, path-traversal


def flows_of_tarfile():
    eval(tarfile.open(untrusted()))  # expect: code-injection, path-traversal
    eval(tarfile.TarFile(untrusted()))  # expect: code-injection
    eval(tarfile.TarFile.open(untrusted()))  # expect: code-injection, path-traversal
    eval(tarfile.data_filter(untrusted()))  # expect: code-injection


def flows_of_tar_file():
    eval(tarfile.TarFile(untrusted()).getmembers())  # expect: code-injection


def barriers_of_json():
    http.client.HTTPConnection("a.example").putheader("X-Name", json.dumps(untrusted()))


def barriers_of_xml_sax_saxutils():
    flask.make_response(xml.sax.saxutils.escape(untrusted()))


def barriers_of_tarfile():
    open(tarfile.data_filter(untrusted()))


def barriers_of_raw_config_parser(raw_config_parser: configparser.RawConfigParser):
    eval(raw_config_parser.getint(untrusted()))


def barriers_of_section_proxy(section_proxy: configparser.SectionProxy):
    eval(section_proxy.getint(untrusted()))


def barriers_of_zip_info(zip_info: zipfile.ZipInfo):
    eval(zip_info.file_size)


def barriers_of_tar_info(tar_info: tarfile.TarInfo):
    eval(tar_info.size)


def neutral_of_shelve():
    eval(shelve.open(untrusted()))  # expect: path-traversal, unsafe-deserialization


def neutral_of_dbm():
    eval(dbm.open(untrusted()))  # expect: path-traversal


def neutral_of_csv():
    eval(csv.writer(untrusted()))


def neutral_of_configparser():
    eval(configparser.RawConfigParser(untrusted()))


def neutral_of_raw_config_parser(raw_config_parser: configparser.RawConfigParser):
    eval(raw_config_parser.add_section(untrusted()))


def neutral_of_zipfile():
    eval(zipfile.is_zipfile(untrusted()))


def neutral_of_zip_file(zip_file: zipfile.ZipFile):
    eval(zip_file.close(untrusted()))


def neutral_of_tarfile():
    eval(tarfile.is_tarfile(untrusted()))  # expect: path-traversal


def neutral_of_tar_file(tar_file: tarfile.TarFile):
    eval(tar_file.add(untrusted()))  # expect: path-traversal


class Handler(xml.sax.ContentHandler):
    def characters(self, content):
        eval(content)  # expect: code-injection

    def startElement(self, name, attrs):
        eval(name)  # expect: code-injection


def handlers():
    xml.sax.parseString(untrusted(), Handler())
    xml.sax.parse(untrusted(), Handler())
