"""The database interface that all Python drivers share (PEP 249), as the two types "dbapi.Connection" and "dbapi.Cursor" that the drivers' own classes are of."""

import dbapi

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    dbapi.Connection
    dbapi.Cursor


def types_of_connection(connection: dbapi.Connection):
    connection.cursor()


def types_of_cursor(cursor: dbapi.Cursor):
    cursor.connection


def sinks_of_cursor(cursor: dbapi.Cursor):
    cursor.execute(untrusted())  # expect: sql-injection
    cursor.callproc(untrusted())  # expect: sql-injection


def neutral_of_cursor(cursor: dbapi.Cursor):
    eval(cursor.execute(untrusted()))  # expect: sql-injection


def neutral_of_connection(connection: dbapi.Connection):
    eval(connection.commit(untrusted()))


def names(unknown):
    unknown.cursor()
    unknown.execute("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection
    unknown.executemany("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection
    unknown.executescript("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection
