"""Tables: what one request puts into a field is found there by another."""

import os

import django.db.models
import django.db.models.base
import flask_sqlalchemy
import mongoengine
import peewee
import sqlalchemy
import sqlalchemy.ext.declarative
import sqlalchemy.orm
import sqlalchemy.types
import sqlmodel
import tortoise.models
from flask import Flask, request

app = Flask(__name__)
db = flask_sqlalchemy.SQLAlchemy(app)
Old = sqlalchemy.ext.declarative.declarative_base()
New = sqlalchemy.orm.declarative_base()


class Base(sqlalchemy.orm.DeclarativeBase):
    pass


class Page(django.db.models.Model):
    title = django.db.models.CharField()
    body = django.db.models.TextField()
    number = django.db.models.IntegerField()


class Other(django.db.models.base.Model):
    title = django.db.models.CharField()


class Host(db.Model):
    name = db.Column(db.String)
    port = db.Column(db.Integer)


class Net(Base):
    name = sqlalchemy.Column(sqlalchemy.String)
    size = sqlalchemy.Column(sqlalchemy.Integer)
    free = sqlalchemy.Column(sqlalchemy.types.Integer)


class Port(Old):
    name = sqlalchemy.Column(sqlalchemy.String)


class Route(New):
    name = sqlalchemy.Column(sqlalchemy.String)


class Agent(sqlmodel.SQLModel, table=True):
    name: str


class Note(peewee.Model):
    text = peewee.TextField()
    size = peewee.IntegerField()


class Record(mongoengine.Document):
    text = mongoengine.StringField()


class Event(tortoise.models.Model):
    text = tortoise.models.fields.TextField()


@app.post("/add")
def add():
    data = request.form
    Page.objects.create(title=data["title"], number=data["number"])
    Page.objects.filter(pk=1).update(body="fixed")
    Other.objects.update_or_create(pk=1, defaults={"title": data["title"]})
    db.session.add(Host(name=data["name"], port=data["port"]))
    net = Net()
    net.name = data["name"]
    net.size = int(data["size"])
    Port(name=data["name"])
    Route(name=data["name"])
    Agent(name=data["name"])
    Note.create(text=data["text"], size=data["size"])
    Record(text=data["text"]).save()
    return ""


@app.post("/event")
async def event():
    await Event.create(text=request.form["text"])
    return ""


@app.post("/run")
def run():
    session = sqlalchemy.orm.Session()
    page = Page.objects.get(pk=1)
    os.system("show " + page.title)  # expect: command-injection
    os.system("show " + page.number)
    os.system("show " + page.body)
    os.system("show " + Other.objects.first().title)  # expect: command-injection
    for host in Host.query.filter_by(port=1).all():
        os.system("show " + host.name)  # expect: command-injection
        os.system("show " + host.port)
    net = session.execute(sqlalchemy.select(Net)).scalars().first()
    os.system("show " + net.name)  # expect: command-injection
    os.system("show " + net.size)
    os.system("show " + session.query(Port).one().name)  # expect: command-injection
    os.system("show " + session.get(Route, 1).name)  # expect: command-injection
    os.system("show " + session.get(Agent, 1).name)  # expect: command-injection
    os.system("show " + Note.select().where(Note.size == 1).get().text)  # expect: command-injection
    os.system("show " + Record.objects(text="a").first().text)  # expect: command-injection
    return ""


@app.post("/later")
async def later():
    row = await Event.get(id=1)
    os.system("show " + row.text)  # expect: command-injection
    return ""


def added(title, number):
    Other.objects.create(title=title)


@app.post("/named")
def named():
    added(**{"title": "fixed", "number": 1, request.form["field"]: request.form["value"]})
    return ""
