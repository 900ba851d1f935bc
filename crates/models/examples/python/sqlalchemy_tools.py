"""Around SQLAlchemy: Alembic's migrations and Flask-SQLAlchemy; and the small object-relational mappers Peewee, Pony and Piccolo."""

import alembic.op
import alembic.runtime.migration
import databases
import databases.core
import flask_appbuilder
import flask_sqlalchemy
import peewee
import piccolo.columns.combination
import piccolo.querystring
import playhouse.db_url
import playhouse.pool
import playhouse.postgres_ext
import playhouse.sqlite_ext
import pony.orm
import sqlmodel
import tortoise.backends.base.client
import tortoise.connections
import tortoise.expressions
import tortoise.models
import tortoise.queryset
import tortoise.transactions

from flask import request


def untrusted():
    return request.args["data"]


sqlalchemy = flask_sqlalchemy.SQLAlchemy()


class OwnModel(sqlalchemy.Model):
    def method(self):
        self.query


class OwnModel2(peewee.Model):
    pass


def use_of_own_model2():
    OwnModel2.select()


def classes():
    return [
        flask_sqlalchemy.SQLAlchemy,
        flask_appbuilder.SQLA,
        alembic.runtime.migration.MigrationContext,
        peewee.Database,
        peewee.Model,
        peewee.ModelSelect,
        pony.orm.Database,
    ]


def types_of_sqlalchemy(sqlalchemy: flask_sqlalchemy.SQLAlchemy):
    sqlalchemy.session
    sqlalchemy.Session()
    sqlalchemy.engine
    sqlalchemy.get_engine()
    sqlalchemy.select()


def types_of_alembic_op():
    alembic.op.get_bind()
    alembic.op.get_context()


def types_of_migration_context(migration_context: alembic.runtime.migration.MigrationContext):
    migration_context.bind


def types_of_database(database: peewee.Database):
    database.execute_sql()


def types_of_model_query(model_query: peewee.ModelSelect):
    model_query.where()


def types_of_database_2(database: pony.orm.Database):
    database.get_connection()


def sinks_of_alembic_op():
    alembic.op.execute(untrusted())  # expect: sql-injection


def sinks_of_migration_context(migration_context: alembic.runtime.migration.MigrationContext):
    migration_context.execute(untrusted())  # expect: sql-injection


def sinks_of_sqlalchemy(sqlalchemy: flask_sqlalchemy.SQLAlchemy):
    sqlalchemy.text(untrusted())  # expect: sql-injection


def sinks_of_peewee():
    peewee.SQL(untrusted())  # expect: sql-injection
    peewee.RawQuery(untrusted())  # expect: sql-injection


def sinks_of_database(database: peewee.Database):
    database.execute_sql(untrusted())  # expect: sql-injection


def sinks_of_database_2(database: pony.orm.Database):
    database.execute(untrusted())  # expect: sql-injection


def sinks_of_pony_orm():
    pony.orm.raw_sql(untrusted())  # expect: sql-injection


def sinks_of_piccolo_querystring():
    piccolo.querystring.QueryString(untrusted())  # expect: sql-injection


def decorator_of_pony_orm():
    @pony.orm.db_session
    def kept_by_db_session(text):
        eval(text)  # expect: code-injection

    kept_by_db_session(untrusted())


def decorator_of_pony_orm_2():
    @pony.orm.db_session()
    def kept_by_db_session_2(text):
        eval(text)  # expect: code-injection

    kept_by_db_session_2(untrusted())


def decorator_of_database(database: peewee.Database):
    @database.atomic()
    def kept_by_atomic(text):
        eval(text)  # expect: code-injection

    kept_by_atomic(untrusted())


def neutral_of_alembic_op():
    eval(alembic.op.create_table(untrusted()))
    alembic.op.bulk_insert(untrusted())
    eval(alembic.op.f(untrusted()))


def neutral_of_sqlalchemy(sqlalchemy: flask_sqlalchemy.SQLAlchemy):
    eval(sqlalchemy.select(untrusted()))


def neutral_of_model_query(model_query: peewee.ModelSelect):
    eval(model_query.where(untrusted()))


def neutral_of_peewee():
    eval(peewee.Model.get_or_none(untrusted()))


class Person(peewee.Model):
    pass


class Band(piccolo.table.Table):
    pass


def queries_of_models():
    Person.raw(untrusted())  # expect: sql-injection
    Band.raw(untrusted())  # expect: sql-injection


class MoreOwnModel(tortoise.models.Model):
    pass


class OwnEntity(pony.orm.Database().Entity):
    pass


class OwnModel_2(tortoise.models.Model):
    pass


def more_classes():
    return [
        sqlmodel.Session,
        playhouse.postgres_ext.PostgresqlExtDatabase,
        playhouse.sqlite_ext.SqliteExtDatabase,
        playhouse.pool.PooledPostgresqlDatabase,
        databases.Database,
        databases.core.Connection,
        tortoise.backends.base.client.BaseDBAsyncClient,
        tortoise.queryset.QuerySet,
    ]


def types_of_playhouse_db_url():
    playhouse.db_url.connect()


def more_types_of_database(database: databases.Database):
    database.connection()


def types_of_tortoise_connections():
    tortoise.connections.connections.get()


def types_of_tortoise_transactions():
    tortoise.transactions.in_transaction()


def types_of_tortoise_models():
    MoreOwnModel.filter()


def types_of_query_set(query_set: tortoise.queryset.QuerySet):
    query_set.filter()


def sinks_of_session(session: sqlmodel.Session):
    session.exec(untrusted())  # expect: sql-injection


def more_sinks_of_pony_orm():
    OwnEntity.select_by_sql(untrusted())  # expect: sql-injection
    pony.orm.select(untrusted())  # expect: code-injection


def sinks_of_piccolo_columns_combination():
    piccolo.columns.combination.WhereRaw(untrusted())  # expect: sql-injection


def more_sinks_of_database(database: databases.Database):
    database.execute(untrusted())  # expect: sql-injection


def sinks_of_base_dbasync_client(base_dbasync_client: tortoise.backends.base.client.BaseDBAsyncClient):
    base_dbasync_client.execute_query(untrusted())  # expect: sql-injection


def sinks_of_tortoise_expressions():
    tortoise.expressions.RawSQL(untrusted())  # expect: sql-injection


def sinks_of_tortoise_models():
    OwnModel_2.raw(untrusted())  # expect: sql-injection


def sinks_of_query_set(query_set: tortoise.queryset.QuerySet):
    query_set.raw(untrusted())  # expect: sql-injection


async def bound_values_of_databases(database: databases.Database):
    await database.fetch_all("SELECT * FROM names WHERE name = :name", values={"name": untrusted()})


class Name(tortoise.models.Model):
    pass


async def bound_values_of_tortoise():
    await Name.filter(name=untrusted()).order_by("name")
