"""sqlite3."""

import pysqlite2
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


def aliases():
    sqlite3.dbapi2
    pysqlite2.dbapi2


def classes():
    return [
        sqlite3.Connection,
        sqlite3.Cursor,
        sqlite3.Row,
        sqlite3.Error,
    ]


def types_of_sqlite3():
    sqlite3.connect()


def types_of_connection(connection: sqlite3.Connection):
    connection.cursor()


def types_of_cursor(cursor: sqlite3.Cursor):
    cursor.execute()
    cursor.connection
    cursor[0]
    cursor.fetchone()
    cursor.fetchall()
    cursor.fetchall()[0]
    cursor.arraysize


def sinks_of_sqlite3():
    sqlite3.connect(untrusted())  # expect: path-traversal


def sinks_of_connection(connection: sqlite3.Connection):
    connection.execute(untrusted())  # expect: sql-injection
    connection.executescript(untrusted())  # expect: sql-injection
    connection.load_extension(untrusted())  # expect: code-injection


def barriers_of_cursor(cursor: sqlite3.Cursor):
    eval(cursor.lastrowid)


def neutral_of_sqlite3():
    eval(sqlite3.connect(untrusted()))  # expect: path-traversal


def neutral_of_connection(connection: sqlite3.Connection):
    eval(connection.backup(untrusted()))


def neutral_of_cursor(cursor: sqlite3.Cursor):
    eval(cursor.close(untrusted()))


def text_of_error_1(error: sqlite3.Error):
    print(error)
