"""The driver for Cassandra: the text of a CQL statement; values that are passed beside it are bound."""

import cassandra.cluster
import cassandra.query

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        cassandra.cluster.Cluster,
        cassandra.cluster.Session,
        cassandra.query.BatchStatement,
    ]


def types_of_cluster(cluster: cassandra.cluster.Cluster):
    cluster.connect()


def sinks_of_session(session: cassandra.cluster.Session):
    session.execute(untrusted())  # expect: sql-injection


def sinks_of_cassandra_query():
    cassandra.query.SimpleStatement(untrusted())  # expect: sql-injection


def sinks_of_batch_statement(batch_statement: cassandra.query.BatchStatement):
    batch_statement.add(untrusted())  # expect: sql-injection


def neutral_of_session(session: cassandra.cluster.Session):
    eval(session.execute(untrusted()))  # expect: sql-injection


def bound_values(session: cassandra.cluster.Session):
    session.execute("SELECT * FROM names WHERE name = %s", (untrusted(),))
    session.execute(session.prepare("SELECT * FROM names WHERE name = ?"), (untrusted(),))
