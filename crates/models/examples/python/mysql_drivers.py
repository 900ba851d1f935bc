"""The MySQL drivers mysqlclient (MySQLdb), PyMySQL and Connector/Python: connections, cursors and escaping."""

import MySQLdb
import MySQLdb.connections
import MySQLdb.cursors
import mysql.connector
import mysql.connector.cursor
import pymysql
import pymysql.connections
import pymysql.converters
import pymysql.cursors
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        MySQLdb.connections.Connection,
        MySQLdb.cursors.Cursor,
        pymysql.connections.Connection,
        pymysql.cursors.Cursor,
        mysql.connector.MySQLConnection,
        mysql.connector.cursor.MySQLCursor,
    ]


def types_of_MySQLdb():
    MySQLdb.connect()


def types_of_connection(connection: MySQLdb.connections.Connection):
    connection.cursor()


def types_of_pymysql():
    pymysql.connect()


def types_of_connection_2(connection: pymysql.connections.Connection):
    connection.cursor()


def types_of_mysql_connector():
    mysql.connector.connect()


def types_of_my_sqlconnection(my_sqlconnection: mysql.connector.MySQLConnection):
    my_sqlconnection.cursor()


def sinks_of_connection(connection: MySQLdb.connections.Connection):
    connection.query(untrusted())  # expect: sql-injection


def sinks_of_connection_2(connection: pymysql.connections.Connection):
    connection.query(untrusted())  # expect: sql-injection


def sinks_of_my_sqlconnection(my_sqlconnection: mysql.connector.MySQLConnection):
    my_sqlconnection.cmd_query(untrusted())  # expect: sql-injection


def barriers_of_MySQLdb():
    sqlite3.connect("db").execute("SELECT " + MySQLdb.escape_string(untrusted()))


def barriers_of_connection(connection: MySQLdb.connections.Connection):
    sqlite3.connect("db").execute("SELECT " + connection.escape_string(untrusted()))


def barriers_of_pymysql():
    sqlite3.connect("db").execute("SELECT " + pymysql.escape_string(untrusted()))


def barriers_of_pymysql_converters():
    sqlite3.connect("db").execute("SELECT " + pymysql.converters.escape_string(untrusted()))


def barriers_of_connection_2(connection: pymysql.connections.Connection):
    sqlite3.connect("db").execute("SELECT " + connection.escape(untrusted()))


def flows_of_cursor(cursor: pymysql.cursors.Cursor):
    eval(cursor.mogrify(untrusted()))  # expect: code-injection
