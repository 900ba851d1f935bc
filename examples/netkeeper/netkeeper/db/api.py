"""Objects in and out of the database, through the ORM."""

import contextlib

from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from netkeeper import exceptions
from netkeeper.db import models

_Session = sessionmaker()


def configure(url):
    engine = create_engine(url)
    models.Base.metadata.create_all(engine)
    _Session.configure(bind=engine)


@contextlib.contextmanager
def session_scope():
    session = _Session()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


def get_object(session, model, **filters):
    found = session.query(model).filter_by(**filters).first()
    if found is None:
        raise exceptions.NotFound(model.__name__)
    return found


def get_objects(session, model, limit=None, **filters):
    query = session.query(model).filter_by(**filters).order_by(model.id)
    if limit is not None:
        query = query.limit(limit)
    return query.all()


def create_object(session, model, values):
    made = model(**values)
    session.add(made)
    session.flush()
    return made


def update_object(session, model, values, **filters):
    found = get_object(session, model, **filters)
    for key, value in values.items():
        setattr(found, key, value)
    session.flush()
    return found


def delete_objects(session, model, **filters):
    return session.query(model).filter_by(**filters).delete()
