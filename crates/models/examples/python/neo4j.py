"""Neo4j: the text of a Cypher statement; its parameters are bound."""

import neo4j

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        neo4j.Driver,
        neo4j.Session,
        neo4j.Transaction,
    ]


def types_of_neo4j():
    neo4j.GraphDatabase.driver()


def types_of_driver(driver: neo4j.Driver):
    driver.session()


async def types_of_session(session: neo4j.Session):
    session.begin_transaction()
    (await session.begin_transaction())


def types_of_session_2(session: neo4j.Session):
    @session.execute_read
    def on_execute_read(first):
        first


def sinks_of_driver(driver: neo4j.Driver):
    driver.execute_query(untrusted())  # expect: nosql-injection


def sinks_of_session(session: neo4j.Session):
    session.run(untrusted())  # expect: nosql-injection


def sinks_of_transaction(transaction: neo4j.Transaction):
    transaction.run(untrusted())  # expect: nosql-injection


def sinks_of_neo4j():
    neo4j.Query(untrusted())  # expect: nosql-injection


def find(transaction, name):
    return transaction.run("MATCH (n {name: '" + name + "'}) RETURN n")  # expect: nosql-injection


def find_bound(transaction, name):
    return transaction.run("MATCH (n {name: $name}) RETURN n", name=name)


def second_argument(transaction, first, second):
    eval(second)  # expect: code-injection


def third_argument(transaction, first, second, third):
    eval(third)  # expect: code-injection


def transactions(session: neo4j.Session):
    session.execute_read(find, untrusted())
    session.execute_read(find_bound, untrusted())
    session.execute_read(second_argument, "", untrusted())
    session.execute_read(third_argument, "", "", untrusted())
