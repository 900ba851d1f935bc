"""Small libraries around one dangerous thing: databases, commands, templates and objects."""

import apsw
import Cheetah.Template
import chameleon
import dataset
import delegator
import envoy
import genshi.template
import ibm_db
import kombu.serialization
import pickle5
import records
import ruamel.yaml
import sarge

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [dataset.Database, records.Database, apsw.Connection, apsw.Cursor]


def databases(connection):
    dataset.connect("sqlite://").query("select name from host where name = '%s'" % untrusted())  # expect: sql-injection
    dataset.connect("sqlite://").query("select name from host where name = :name", name=untrusted())
    records.Database("sqlite://").query(untrusted())  # expect: sql-injection
    records.Database("sqlite://").get_connection().query(untrusted())  # expect: sql-injection
    apsw.Connection("hosts").execute(untrusted())  # expect: sql-injection
    apsw.Connection("hosts").cursor().execute(untrusted())  # expect: sql-injection
    ibm_db.exec_immediate(connection, untrusted())  # expect: sql-injection
    ibm_db.prepare(connection, untrusted())  # expect: sql-injection


def commands():
    delegator.run("ls " + untrusted())  # expect: command-injection
    envoy.run("ls " + untrusted())  # expect: command-injection
    sarge.run("ls " + untrusted())  # expect: command-injection
    sarge.run("ls " + sarge.shell_quote(untrusted()))


def templates():
    chameleon.PageTemplate(untrusted())  # expect: template-injection
    genshi.template.MarkupTemplate(untrusted())  # expect: template-injection
    Cheetah.Template.Template(untrusted())  # expect: template-injection


def objects():
    pickle5.loads(untrusted())  # expect: unsafe-deserialization
    kombu.serialization.loads(untrusted(), "application/x-python-serialize")  # expect: unsafe-deserialization
    kombu.serialization.loads(untrusted(), "application/json")
    kombu.serialization.pickle_loads(untrusted())  # expect: unsafe-deserialization
    ruamel.yaml.YAML(typ="unsafe")  # expect: unsafe-deserialization
    ruamel.yaml.YAML(typ="safe")
