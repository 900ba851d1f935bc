"""Psycopg 2 and 3, and asyncpg: connections, cursors, composed SQL (identifiers and literals are quoted there), and the helpers that take statements."""

import asyncpg
import psycopg
import psycopg.sql
import psycopg2
import psycopg2.extensions
import psycopg2.extras
import psycopg2.pool
import psycopg2.sql
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        psycopg2.extensions.connection,
        psycopg2.extensions.cursor,
        psycopg2.extras.DictCursor,
        psycopg2.pool.SimpleConnectionPool,
        psycopg2.sql.SQL,
        psycopg.Connection,
        psycopg.Cursor,
        psycopg.AsyncConnection,
        psycopg.AsyncCursor,
        psycopg.sql.SQL,
        asyncpg.Connection,
        asyncpg.Pool,
    ]


def types_of_psycopg2():
    psycopg2.connect()


def types_of_connection_pool(connection_pool: psycopg2.pool.SimpleConnectionPool):
    connection_pool.getconn()


def types_of_connection(connection: psycopg2.extensions.connection):
    connection.cursor()


def types_of_composable(composable: psycopg2.sql.SQL):
    composable.format()


async def types_of_psycopg():
    psycopg.connect()
    psycopg.Connection.connect()
    (await psycopg.AsyncConnection.connect())


def types_of_connection_2(connection: psycopg.Connection):
    connection.cursor()


async def types_of_async_connection(async_connection: psycopg.AsyncConnection):
    async_connection.cursor()
    (await async_connection.execute())


def types_of_composable_2(composable: psycopg.sql.SQL):
    composable.format()


async def types_of_asyncpg():
    (await asyncpg.connect())
    asyncpg.create_pool()
    (await asyncpg.create_pool())


async def types_of_pool(pool: asyncpg.Pool):
    pool.acquire()
    (await pool.acquire())


def sinks_of_cursor(cursor: psycopg2.extensions.cursor):
    cursor.copy_expert(untrusted())  # expect: sql-injection
    cursor.copy_from(None, untrusted())  # expect: sql-injection


def sinks_of_psycopg2_extras():
    psycopg2.extras.execute_values(None, untrusted())  # expect: sql-injection


def sinks_of_psycopg2_extensions():
    psycopg2.extensions.AsIs(untrusted())  # expect: sql-injection


def sinks_of_psycopg2_sql():
    psycopg2.sql.SQL(untrusted())  # expect: sql-injection


def sinks_of_psycopg_sql():
    psycopg.sql.SQL(untrusted())  # expect: sql-injection


def sinks_of_connection(connection: psycopg.Connection):
    connection.execute(untrusted())  # expect: sql-injection


def sinks_of_async_connection(async_connection: psycopg.AsyncConnection):
    async_connection.execute(untrusted())  # expect: sql-injection


def sinks_of_cursor_2(cursor: psycopg.Cursor):
    cursor.stream(untrusted())  # expect: sql-injection
    cursor.copy(untrusted())  # expect: sql-injection


def sinks_of_async_cursor(async_cursor: psycopg.AsyncCursor):
    async_cursor.stream(untrusted())  # expect: sql-injection
    async_cursor.copy(untrusted())  # expect: sql-injection


def sinks_of_connection_2(connection: asyncpg.Connection):
    connection.execute(untrusted())  # expect: sql-injection
    connection.executemany(untrusted())  # expect: sql-injection


def sinks_of_asyncpg():
    asyncpg.Connection().prepare(untrusted())  # expect: sql-injection


def barriers_of_psycopg2_extensions():
    sqlite3.connect("db").execute("SELECT " + psycopg2.extensions.quote_ident(untrusted()))


def barriers_of_psycopg2_sql():
    sqlite3.connect("db").execute("SELECT " + psycopg2.sql.Identifier(untrusted()))


def barriers_of_composable(composable: psycopg2.sql.SQL):
    sqlite3.connect("db").execute("SELECT " + composable.format(untrusted()))


def barriers_of_psycopg_sql():
    sqlite3.connect("db").execute("SELECT " + psycopg.sql.Identifier(untrusted()))


def barriers_of_composable_2(composable: psycopg.sql.SQL):
    sqlite3.connect("db").execute("SELECT " + composable.format(untrusted()))


def flows_of_cursor(cursor: psycopg2.extensions.cursor):
    eval(cursor.mogrify(untrusted()))  # expect: code-injection


def neutral_of_connection(connection: psycopg.Connection):
    eval(connection.execute(untrusted()))  # expect: sql-injection


def neutral_of_async_connection(async_connection: psycopg.AsyncConnection):
    eval(async_connection.execute(untrusted()))  # expect: sql-injection


def neutral_of_connection_2(connection: asyncpg.Connection):
    eval(connection.execute(untrusted()))  # expect: sql-injection
