"""SQLAlchemy: engines, connections, sessions, queries and statements."""

import sqlalchemy
import sqlalchemy.dialects.mysql
import sqlalchemy.dialects.postgresql
import sqlalchemy.dialects.sqlite
import sqlalchemy.engine
import sqlalchemy.engine.base
import sqlalchemy.engine.reflection
import sqlalchemy.event
import sqlalchemy.ext.asyncio
import sqlalchemy.ext.compiler
import sqlalchemy.ext.declarative
import sqlalchemy.ext.hybrid
import sqlalchemy.orm
import sqlalchemy.orm.query
import sqlalchemy.orm.scoping
import sqlalchemy.orm.session
import sqlalchemy.schema
import sqlalchemy.sql
import sqlalchemy.sql.elements
import sqlalchemy.sql.expression
import sqlalchemy.types
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        sqlalchemy.Engine,
        sqlalchemy.engine.Engine,
        sqlalchemy.engine.base.Engine,
        sqlalchemy.Connection,
        sqlalchemy.engine.Connection,
        sqlalchemy.engine.base.Connection,
        sqlalchemy.engine.Result,
        sqlalchemy.engine.Transaction,
        sqlalchemy.orm.Session,
        sqlalchemy.orm.session.Session,
        sqlalchemy.orm.scoped_session,
        sqlalchemy.orm.scoping.scoped_session,
        sqlalchemy.orm.sessionmaker,
        sqlalchemy.orm.session.sessionmaker,
        sqlalchemy.orm.Query,
        sqlalchemy.orm.query.Query,
        sqlalchemy.ext.asyncio.AsyncEngine,
        sqlalchemy.ext.asyncio.AsyncConnection,
        sqlalchemy.ext.asyncio.AsyncSession,
        sqlalchemy.MetaData,
        sqlalchemy.schema.MetaData,
        sqlalchemy.sql.elements.ClauseElement,
        sqlalchemy.sql.expression.ClauseElement,
        sqlalchemy.Column,
        sqlalchemy.schema.Column,
        sqlalchemy.Table,
        sqlalchemy.schema.Table,
        sqlalchemy.engine.reflection.Inspector,
        sqlalchemy.orm.DeclarativeBase,
        sqlalchemy.String,
        sqlalchemy.types.TypeEngine,
        sqlalchemy.ForeignKey,
        sqlalchemy.schema.ForeignKey,
    ]


def types_of_sqlalchemy_orm():
    sqlalchemy.orm.aliased()
    sqlalchemy.orm.create_session()
    sqlalchemy.orm.mapped_column()


def types_of_sqlalchemy():
    sqlalchemy.create_engine()
    sqlalchemy.select()
    sqlalchemy.func.anything()
    sqlalchemy.inspect()


def types_of_sqlalchemy_engine():
    sqlalchemy.engine.create_engine()


def types_of_engine(engine: sqlalchemy.Engine):
    engine.execution_options()
    engine.connect()
    engine.raw_connection()
    engine.execute()


def types_of_connection(connection: sqlalchemy.Connection):
    connection.engine
    connection.execution_options()
    connection.begin()
    connection.connection
    connection.execute()


def types_of_meta_data(meta_data: sqlalchemy.MetaData):
    meta_data.bind


def types_of_session(session: sqlalchemy.orm.Session):
    session.connection()
    session.get_bind()
    session.bind
    session.execute()
    session.query()


def types_of_result(result: sqlalchemy.engine.Result):
    result.mappings()


def types_of_sessionmaker(sessionmaker: sqlalchemy.orm.sessionmaker):
    sessionmaker()
    sessionmaker.begin()


def types_of_scoped_session(scoped_session: sqlalchemy.orm.scoped_session):
    scoped_session()
    scoped_session.query_property()


def types_of_query(query: sqlalchemy.orm.Query):
    query.session
    query.add_columns()
    query.subquery()


def types_of_sqlalchemy_sql():
    sqlalchemy.sql.select()
    sqlalchemy.sql.func.anything()


def types_of_sqlalchemy_sql_expression():
    sqlalchemy.sql.expression.select()
    sqlalchemy.sql.expression.func.anything()


def types_of_table(table: sqlalchemy.Table):
    table.c.anything
    table.c[0]


def types_of_clause_element(clause_element: sqlalchemy.sql.elements.ClauseElement):
    clause_element.c.anything
    clause_element.c[0]
    clause_element.where()


def types_of_sqlalchemy_dialects_postgresql():
    sqlalchemy.dialects.postgresql.insert()


def types_of_sqlalchemy_dialects_mysql():
    sqlalchemy.dialects.mysql.insert()


def types_of_sqlalchemy_dialects_sqlite():
    sqlalchemy.dialects.sqlite.insert()


def types_of_sqlalchemy_engine_reflection():
    sqlalchemy.engine.reflection.Inspector.from_engine()


def types_of_sqlalchemy_ext_asyncio():
    sqlalchemy.ext.asyncio.create_async_engine()
    sqlalchemy.ext.asyncio.async_sessionmaker()()


def types_of_async_engine(async_engine: sqlalchemy.ext.asyncio.AsyncEngine):
    async_engine.connect()


async def types_of_async_connection(async_connection: sqlalchemy.ext.asyncio.AsyncConnection):
    (await async_connection.execute())


async def types_of_async_session(async_session: sqlalchemy.ext.asyncio.AsyncSession):
    (await async_session.execute())


def types_of_async_connection_2(async_connection: sqlalchemy.ext.asyncio.AsyncConnection):
    @async_connection.run_sync
    def on_run_sync(first):
        first


def types_of_async_session_2(async_session: sqlalchemy.ext.asyncio.AsyncSession):
    @async_session.run_sync
    def on_run_sync_2(first):
        first


def sinks_of_sqlalchemy():
    sqlalchemy.text(untrusted())  # expect: sql-injection
    sqlalchemy.literal_column(untrusted())  # expect: sql-injection
    sqlalchemy.DDL(untrusted())  # expect: sql-injection


def sinks_of_sqlalchemy_sql():
    sqlalchemy.sql.text(untrusted())  # expect: sql-injection
    sqlalchemy.sql.literal_column(untrusted())  # expect: sql-injection


def sinks_of_sqlalchemy_sql_expression():
    sqlalchemy.sql.expression.text(untrusted())  # expect: sql-injection
    sqlalchemy.sql.expression.literal_column(untrusted())  # expect: sql-injection
    sqlalchemy.sql.expression.TextClause(untrusted())  # expect: sql-injection


def sinks_of_sqlalchemy_schema():
    sqlalchemy.schema.DDL(untrusted())  # expect: sql-injection


def sinks_of_engine(engine: sqlalchemy.Engine):
    engine.execute("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection


def sinks_of_connection(connection: sqlalchemy.Connection):
    connection.execute("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection
    connection.exec_driver_sql(untrusted())  # expect: sql-injection


def sinks_of_async_connection(async_connection: sqlalchemy.ext.asyncio.AsyncConnection):
    async_connection.exec_driver_sql(untrusted())  # expect: sql-injection
    async_connection.execute("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection


def sinks_of_session(session: sqlalchemy.orm.Session):
    session.execute("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection


def sinks_of_async_session(async_session: sqlalchemy.ext.asyncio.AsyncSession):
    async_session.execute("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection


def sinks_of_query(query: sqlalchemy.orm.Query):
    query.filter("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection
    query.from_statement("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection
    query.prefix_with(untrusted())  # expect: sql-injection
    query.with_hint(None, untrusted())  # expect: sql-injection
    query.with_statement_hint(untrusted())  # expect: sql-injection


def sinks_of_clause_element(clause_element: sqlalchemy.sql.elements.ClauseElement):
    clause_element.where("SELECT * FROM t WHERE a = " + untrusted())  # expect: sql-injection
    clause_element.prefix_with(untrusted())  # expect: sql-injection
    clause_element.op(untrusted())  # expect: sql-injection


def entries_of_sqlalchemy_event():
    @sqlalchemy.event.listens_for()
    def on_listens_for():
        return ""


def entries_of_sqlalchemy_event_2():
    def on_listen():
        return ""

    sqlalchemy.event.listen(fn=on_listen)


def decorator_of_sqlalchemy_event():
    @sqlalchemy.event.listens_for()
    def kept_by_listens_for(text):
        eval(text)  # expect: code-injection

    kept_by_listens_for(untrusted())


def decorator_of_sqlalchemy_orm():
    @sqlalchemy.orm.validates()
    def kept_by_validates(text):
        eval(text)  # expect: code-injection

    kept_by_validates(untrusted())


def decorator_of_sqlalchemy_orm_2():
    @sqlalchemy.orm.reconstructor
    def kept_by_reconstructor(text):
        eval(text)  # expect: code-injection

    kept_by_reconstructor(untrusted())


def decorator_of_sqlalchemy_ext_declarative():
    @sqlalchemy.ext.declarative.declared_attr
    def kept_by_declared_attr(text):
        eval(text)  # expect: code-injection

    kept_by_declared_attr(untrusted())


def decorator_of_sqlalchemy_ext_compiler():
    @sqlalchemy.ext.compiler.compiles()
    def kept_by_compiles(text):
        eval(text)  # expect: code-injection

    kept_by_compiles(untrusted())


def decorator_of_sqlalchemy_ext_hybrid():
    @sqlalchemy.ext.hybrid.hybrid_method
    def kept_by_hybrid_method(text):
        eval(text)  # expect: code-injection

    kept_by_hybrid_method(untrusted())


def barriers_of_engine(engine: sqlalchemy.Engine):
    sqlite3.connect("db").execute("SELECT " + engine.dialect.identifier_preparer.quote(untrusted()))


def barriers_of_connection(connection: sqlalchemy.Connection):
    sqlite3.connect("db").execute("SELECT " + connection.dialect.identifier_preparer.quote(untrusted()))


def barriers_of_sqlalchemy_sql():
    sqlite3.connect("db").execute("SELECT " + sqlalchemy.sql.quoted_name(untrusted()))


def neutral_of_clause_element(clause_element: sqlalchemy.sql.elements.ClauseElement):
    eval(clause_element.anything(untrusted()))


def neutral_of_sqlalchemy():
    eval(sqlalchemy.select(untrusted()))
    eval(sqlalchemy.func.anything(untrusted()))
    eval(sqlalchemy.text(untrusted()))  # expect: sql-injection
    eval(sqlalchemy.Column(untrusted()))


def neutral_of_sqlalchemy_sql():
    eval(sqlalchemy.sql.select(untrusted()))
    eval(sqlalchemy.sql.func.anything(untrusted()))


def neutral_of_sqlalchemy_sql_expression():
    eval(sqlalchemy.sql.expression.select(untrusted()))
    eval(sqlalchemy.sql.expression.func.anything(untrusted()))


def neutral_of_sqlalchemy_orm():
    eval(sqlalchemy.orm.relationship(untrusted()))


def neutral_of_query(query: sqlalchemy.orm.Query):
    eval(query.add_columns(untrusted()))
    query.all(untrusted())


def neutral_of_session(session: sqlalchemy.orm.Session):
    eval(session.add(untrusted()))
    session.add(untrusted())


def neutral_of_async_session(async_session: sqlalchemy.ext.asyncio.AsyncSession):
    eval(async_session.add(untrusted()))


def neutral_of_connection(connection: sqlalchemy.Connection):
    eval(connection.execute(untrusted()))


def neutral_of_engine(engine: sqlalchemy.Engine):
    eval(engine.connect(untrusted()))


def flows_of_session(session: sqlalchemy.orm.Session):
    eval(session.merge(untrusted()))  # expect: code-injection


def names(unknown):
    unknown.filter_by()
    unknown.one_or_none()
    unknown.outerjoin()
    unknown.with_entities()
    unknown.with_for_update()
    unknown.enable_eagerloads()
    unknown.yield_per()
    unknown.exec_driver_sql()
    unknown.in_()
    unknown.notin_()
    unknown.not_in()
    unknown.ilike()
    unknown.isnot()
    unknown.is_not()
