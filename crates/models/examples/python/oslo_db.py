"""oslo.db: the transaction manager that hands out SQLAlchemy sessions and connections, retries, and the helpers that build statements."""

import neutron_lib.db.api
import oslo_db.api
import oslo_db.sqlalchemy.enginefacade
import oslo_db.sqlalchemy.engines
import oslo_db.sqlalchemy.session
import oslo_db.sqlalchemy.utils

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    oslo_db.sqlalchemy.enginefacade.LegacyEngineFacade
    oslo_db.sqlalchemy.session.EngineFacade
    oslo_db.api.DBAPI


def types_of_oslo_db_sqlalchemy_enginefacade():
    oslo_db.sqlalchemy.enginefacade.transaction_context()
    oslo_db.sqlalchemy.enginefacade.reader


def types_of_transaction_manager():
    transaction_manager = neutron_lib.db.api.get_context_manager()
    transaction_manager.reader
    transaction_manager.make_new_manager()
    transaction_manager.using()
    transaction_manager.get_engine()
    transaction_manager.get_sessionmaker()
    transaction_manager.get_legacy_facade()


def types_of_legacy_engine_facade(legacy_engine_facade: oslo_db.sqlalchemy.enginefacade.LegacyEngineFacade):
    legacy_engine_facade.from_config()
    legacy_engine_facade.get_session()
    legacy_engine_facade.get_engine()


def types_of_oslo_db_sqlalchemy_engines():
    oslo_db.sqlalchemy.engines.create_engine()


def types_of_oslo_db_sqlalchemy_utils():
    oslo_db.sqlalchemy.utils.model_query()
    oslo_db.sqlalchemy.utils.get_table()


def decorator_of_oslo_db_sqlalchemy_enginefacade():
    @oslo_db.sqlalchemy.enginefacade.reader
    def kept_by_reader(text):
        eval(text)  # expect: code-injection

    kept_by_reader(untrusted())


def decorator_of_oslo_db_sqlalchemy_enginefacade_2():
    @oslo_db.sqlalchemy.enginefacade.reader.independent
    def kept_by_independent(text):
        eval(text)  # expect: code-injection

    kept_by_independent(untrusted())


def decorator_of_transaction_manager():
    transaction_manager = neutron_lib.db.api.get_context_manager()
    @transaction_manager
    def kept_by_transaction_manager(text):
        eval(text)  # expect: code-injection

    kept_by_transaction_manager(untrusted())


def decorator_of_oslo_db_api():
    @oslo_db.api.retry_on_deadlock
    def kept_by_retry_on_deadlock(text):
        eval(text)  # expect: code-injection

    kept_by_retry_on_deadlock(untrusted())


def decorator_of_oslo_db_api_2():
    @oslo_db.api.wrap_db_retry()
    def kept_by_wrap_db_retry(text):
        eval(text)  # expect: code-injection

    kept_by_wrap_db_retry(untrusted())


def neutral_of_oslo_db_sqlalchemy_utils():
    oslo_db.sqlalchemy.utils.model_query(untrusted())
    eval(oslo_db.sqlalchemy.utils.model_query(untrusted()))


def neutral_of_transaction_manager():
    transaction_manager = neutron_lib.db.api.get_context_manager()
    eval(transaction_manager.using(untrusted()))
