"""What library functions do to the world: reads and writes of stored objects, and messages."""

import django.db.models
import django.shortcuts
import oslo_messaging
import pymongo.collection
import sqlalchemy.ext.asyncio
import sqlalchemy.orm


class Thing(django.db.models.Model):
    def keep(self):
        self.save()


def sessions(session: sqlalchemy.orm.Session, later: sqlalchemy.ext.asyncio.AsyncSession):
    session.add(object())
    later.add(object())
    session.get(Thing, 1)
    later.get(Thing, 1)


def queries(query: sqlalchemy.orm.Query):
    query.update({})
    return query.all()


def managers():
    Thing.objects.create()
    return Thing.objects.all(), django.shortcuts.get_object_or_404(Thing, pk=1)


def models(thing: django.db.models.Model):
    thing.delete()


def documents(collection: pymongo.collection.Collection):
    collection.insert_one({})
    return collection.find({})


def messages(client: oslo_messaging.RPCClient, notifier: oslo_messaging.Notifier):
    client.cast({}, "turn")
    notifier.info({}, "turned", {})
