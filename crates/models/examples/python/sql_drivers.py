"""Drivers of other databases: cx_Oracle and oracledb, pyodbc, aiosqlite, pymssql."""

import aiosqlite
import cx_Oracle
import oracledb
import pymssql
import pyodbc

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        oracledb.Connection,
        oracledb.Cursor,
        cx_Oracle.Connection,
        cx_Oracle.Cursor,
        pyodbc.Connection,
        pyodbc.Cursor,
        aiosqlite.Connection,
        aiosqlite.Cursor,
    ]


def types_of_oracledb():
    oracledb.connect()


def types_of_connection(connection: oracledb.Connection):
    connection.cursor()


def types_of_cx_Oracle():
    cx_Oracle.connect()


def types_of_connection_2(connection: cx_Oracle.Connection):
    connection.cursor()


def types_of_pyodbc():
    pyodbc.connect()


def types_of_connection_3(connection: pyodbc.Connection):
    connection.cursor()


def types_of_cursor(cursor: pyodbc.Cursor):
    cursor.execute()


async def types_of_aiosqlite():
    aiosqlite.connect()
    (await aiosqlite.connect())


async def types_of_connection_4(connection: aiosqlite.Connection):
    connection.cursor()
    (await connection.cursor())


def types_of_pymssql():
    pymssql.connect()


def sinks_of_connection(connection: pyodbc.Connection):
    connection.execute(untrusted())  # expect: sql-injection


def sinks_of_cursor(cursor: oracledb.Cursor):
    cursor.prepare(untrusted())  # expect: sql-injection


def sinks_of_cursor_2(cursor: cx_Oracle.Cursor):
    cursor.prepare(untrusted())  # expect: sql-injection


def sinks_of_connection_2(connection: aiosqlite.Connection):
    connection.execute(untrusted())  # expect: sql-injection
    connection.executescript(untrusted())  # expect: sql-injection


def neutral_of_connection(connection: aiosqlite.Connection):
    eval(connection.execute(untrusted()))  # expect: sql-injection


def neutral_of_connection_2(connection: pyodbc.Connection):
    eval(connection.execute(untrusted()))  # expect: sql-injection
