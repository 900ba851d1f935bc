"""Drivers of other databases: cx_Oracle and oracledb, pyodbc, aiosqlite, pymssql."""

import aiomysql
import aiosqlite
import clickhouse_connect
import clickhouse_connect.driver.client
import clickhouse_driver
import clickhouse_driver.dbapi
import cx_Oracle
import duckdb
import google.cloud.bigquery
import oracledb
import pymssql
import pyodbc
import snowflake.connector
import snowflake.connector.cursor
import sqlite3
import trino.dbapi

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


def more_classes():
    return [
        aiomysql.Connection,
        aiomysql.Cursor,
        aiomysql.Pool,
        duckdb.DuckDBPyConnection,
        duckdb.DuckDBPyRelation,
        snowflake.connector.SnowflakeConnection,
        snowflake.connector.cursor.SnowflakeCursor,
        clickhouse_driver.Client,
        clickhouse_connect.driver.client.Client,
        google.cloud.bigquery.Client,
    ]


async def types_of_aiomysql():
    aiomysql.connect()
    (await aiomysql.connect())
    aiomysql.create_pool()
    (await aiomysql.create_pool())


async def types_of_pool(pool: aiomysql.Pool):
    pool.acquire()
    (await pool.acquire())


async def more_types_of_connection(connection: aiomysql.Connection):
    connection.cursor()
    (await connection.cursor())


def types_of_duckdb():
    duckdb.connect()
    duckdb.execute()
    duckdb.sql()


def types_of_duck_dbpy_connection(duck_dbpy_connection: duckdb.DuckDBPyConnection):
    duck_dbpy_connection.execute()


def types_of_snowflake_connector():
    snowflake.connector.connect()


def types_of_snowflake_connection(snowflake_connection: snowflake.connector.SnowflakeConnection):
    snowflake_connection.cursor()


def types_of_clickhouse_driver():
    clickhouse_driver.Client.from_url()


async def types_of_clickhouse_connect():
    clickhouse_connect.get_client()
    (await clickhouse_connect.get_async_client())


def types_of_clickhouse_driver_dbapi():
    clickhouse_driver.dbapi.connect()


def more_sinks_of_connection(connection: aiomysql.Connection):
    connection.query(untrusted())  # expect: sql-injection


def sinks_of_duckdb():
    duckdb.sql(untrusted())  # expect: sql-injection
    duckdb.read_csv(untrusted())  # expect: path-traversal, server-side-request-forgery
    duckdb.read_parquet(untrusted())  # expect: path-traversal, server-side-request-forgery


def sinks_of_duck_dbpy_relation(duck_dbpy_relation: duckdb.DuckDBPyRelation):
    duck_dbpy_relation.filter(untrusted())  # expect: sql-injection
    duck_dbpy_relation.order(untrusted())  # expect: sql-injection
    duck_dbpy_relation.aggregate(untrusted())  # expect: sql-injection
    duck_dbpy_relation.project(untrusted())  # expect: sql-injection
    duck_dbpy_relation.query(sql_query=untrusted())  # expect: sql-injection


def sinks_of_snowflake_connection(snowflake_connection: snowflake.connector.SnowflakeConnection):
    snowflake_connection.execute_string(untrusted())  # expect: sql-injection


def sinks_of_snowflake_cursor(snowflake_cursor: snowflake.connector.cursor.SnowflakeCursor):
    snowflake_cursor.execute_async(untrusted())  # expect: sql-injection


def sinks_of_client(client: clickhouse_driver.Client):
    client.execute(untrusted())  # expect: sql-injection


def sinks_of_client_2(client: clickhouse_connect.driver.client.Client):
    client.query(untrusted())  # expect: sql-injection
    client.command(untrusted())  # expect: sql-injection


def sinks_of_client_3(client: google.cloud.bigquery.Client):
    client.query(untrusted())  # expect: sql-injection


def barriers_of_connection(connection: aiomysql.Connection):
    sqlite3.connect('x').execute(connection.escape(untrusted()))


def settings_of_trino_dbapi():
    trino.dbapi.connect(verify=False)  # expect: tls-verification-disabled


def settings_of_clickhouse_connect():
    clickhouse_connect.get_client(verify=False)  # expect: tls-verification-disabled


def settings_of_clickhouse_driver():
    clickhouse_driver.Client(verify=False)  # expect: tls-verification-disabled


async def bound_values(pool: aiomysql.Pool):
    async with pool.acquire() as connection:
        async with connection.cursor() as cursor:
            await cursor.execute("SELECT * FROM names WHERE name = '" + untrusted() + "'")  # expect: sql-injection
            await cursor.execute("SELECT * FROM names WHERE name = %s", (untrusted(),))
    duckdb.sql("SELECT * FROM names WHERE name = $1", params=[untrusted()])
    duckdb.connect("names").execute("SELECT * FROM names WHERE name = ?", [untrusted()])
    parameter = google.cloud.bigquery.ScalarQueryParameter("name", "STRING", untrusted())
    settings = google.cloud.bigquery.QueryJobConfig(query_parameters=[parameter])
    google.cloud.bigquery.Client().query("SELECT * FROM names WHERE name = @name", job_config=settings)
    trino.dbapi.connect("host.example").cursor().execute("SELECT ?", (untrusted(),))
    trino.dbapi.connect("host.example").cursor().execute("SELECT " + untrusted())  # expect: sql-injection
