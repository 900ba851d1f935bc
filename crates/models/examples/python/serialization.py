"""Third-party serialisation: formats that can run code when they are read (dill, cloudpickle, joblib, pandas and NumPy pickles, PyTorch checkpoints, jsonpickle), and formats that only carry data."""

import cloudpickle
import dill
import joblib
import jsonpickle
import jsonpickle.unpickler
import msgpack
import numexpr
import numpy
import pandas
import simplejson
import sklearn.externals.joblib
import toml
import tomli
import torch
import ujson

from flask import request


def untrusted():
    return request.args["data"]


def sinks_of_dill():
    dill.loads(untrusted())  # expect: unsafe-deserialization
    dill.load(untrusted())  # expect: unsafe-deserialization
    dill.load_session(untrusted())  # expect: unsafe-deserialization


def sinks_of_cloudpickle():
    cloudpickle.loads(untrusted())  # expect: unsafe-deserialization


def sinks_of_joblib():
    joblib.load(untrusted())  # expect: unsafe-deserialization


def sinks_of_sklearn_externals_joblib():
    sklearn.externals.joblib.load(untrusted())  # expect: unsafe-deserialization


def sinks_of_pandas():
    pandas.read_pickle(untrusted())  # expect: unsafe-deserialization
    pandas.eval(untrusted())  # expect: code-injection
    pandas.read_sql(untrusted())  # expect: sql-injection
    pandas.DataFrame().query(untrusted())  # expect: code-injection
    pandas.read_csv(untrusted())  # expect: path-traversal, server-side-request-forgery


def sinks_of_numpy():
    numpy.load(untrusted(), allow_pickle=True)  # expect: unsafe-deserialization


def sinks_of_numexpr():
    numexpr.evaluate(untrusted())  # expect: code-injection


def sinks_of_torch():
    torch.load(untrusted())  # expect: unsafe-deserialization


def sinks_of_jsonpickle():
    jsonpickle.decode(untrusted())  # expect: unsafe-deserialization


def sinks_of_jsonpickle_unpickler():
    jsonpickle.unpickler.decode(untrusted())  # expect: unsafe-deserialization


def flows_of_dill():
    eval(dill.loads(untrusted()))  # expect: code-injection, unsafe-deserialization


def flows_of_joblib():
    eval(joblib.load(untrusted()))  # expect: code-injection, unsafe-deserialization


def flows_of_cloudpickle():
    eval(cloudpickle.loads(untrusted()))  # expect: code-injection, unsafe-deserialization


def flows_of_torch():
    eval(torch.load(untrusted()))  # expect: code-injection, unsafe-deserialization


def flows_of_pandas():
    eval(pandas.read_pickle(untrusted()))  # expect: code-injection, unsafe-deserialization
    eval(pandas.read_csv(untrusted()))  # expect: code-injection, path-traversal, server-side-request-forgery


def flows_of_jsonpickle():
    eval(jsonpickle.decode(untrusted()))  # expect: code-injection, unsafe-deserialization


def flows_of_simplejson():
    eval(simplejson.loads(untrusted()))  # expect: code-injection
    eval(simplejson.load(untrusted()))  # expect: code-injection
    eval(simplejson.dumps(untrusted()))  # expect: code-injection


def flows_of_simplejson_2():
    filled = []
    simplejson.dump(untrusted(), filled)
    eval(filled)  # expect: code-injection


def flows_of_ujson():
    eval(ujson.loads(untrusted()))  # expect: code-injection


def flows_of_msgpack():
    eval(msgpack.packb(untrusted()))  # expect: code-injection


def flows_of_toml():
    eval(toml.loads(untrusted()))  # expect: code-injection
    eval(toml.dumps(untrusted()))  # expect: code-injection


def flows_of_tomli():
    eval(tomli.loads(untrusted()))  # expect: code-injection


def flows_of_numpy():
    eval(numpy.load(untrusted()))  # expect: code-injection


def neutral_of_simplejson():
    simplejson.loads(untrusted())


def neutral_of_msgpack():
    msgpack.unpackb(untrusted())
