"""PyMongo: queries."""

import flask_pymongo
import flask
import bson
import bson.code
import bson.objectid
import json
import pymongo
import pymongo.collection
import pymongo.cursor
import pymongo.database
import pymongo.mongo_client
import ssl

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        pymongo.MongoClient,
        pymongo.mongo_client.MongoClient,
        pymongo.database.Database,
        pymongo.collection.Collection,
        pymongo.cursor.Cursor,
    ]


def types_of_mongo_client(mongo_client: pymongo.MongoClient):
    mongo_client.get_database()
    mongo_client[0]
    mongo_client.anything


def types_of_database(database: pymongo.database.Database):
    database.get_collection()
    database[0]
    database.anything


def types_of_collection(collection: pymongo.collection.Collection):
    collection.find()


def types_of_cursor(cursor: pymongo.cursor.Cursor):
    cursor.sort()


def sinks_of_collection(collection: pymongo.collection.Collection):
    collection.find(untrusted())  # expect: nosql-injection
    collection.find_one_and_delete(untrusted())  # expect: nosql-injection
    collection.distinct(None, untrusted())  # expect: nosql-injection
    collection.find({"$where": untrusted()})  # expect: nosql-injection
    collection.find({"name": json.loads(untrusted())["name"]})  # expect: nosql-injection
    collection.aggregate(untrusted())  # expect: nosql-injection


def sinks_of_cursor(cursor: pymongo.cursor.Cursor):
    cursor.where(untrusted())  # expect: code-injection


def sinks_of_bson_code():
    bson.code.Code(untrusted())  # expect: code-injection


def settings_of_pymongo():
    pymongo.MongoClient(tlsAllowInvalidCertificates=True)  # expect: tls-verification-disabled
    pymongo.MongoClient(tlsInsecure=True)  # expect: tls-verification-disabled
    pymongo.MongoClient(ssl_cert_reqs=ssl.CERT_NONE)  # expect: tls-verification-disabled


def barriers_of_bson():
    eval(bson.ObjectId(untrusted()))


def barriers_of_bson_objectid():
    eval(bson.objectid.ObjectId(untrusted()))


def neutral_of_collection(collection: pymongo.collection.Collection):
    eval(collection.find(untrusted()))  # expect: nosql-injection
    collection.insert_one(untrusted())


mongo_of_flask = flask_pymongo.PyMongo()


def collection_of_flask():
    mongo_of_flask.db.users.find(flask.request.get_json())  # expect: nosql-injection
