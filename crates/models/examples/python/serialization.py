"""Third-party serialisation: formats that can run code when they are read (dill, cloudpickle, joblib, pandas and NumPy pickles, PyTorch checkpoints, jsonpickle), and formats that only carry data."""

import cloudpickle
import dask.dataframe
import datasets
import dill
import io
import joblib
import jsonpickle
import jsonpickle.unpickler
import keras.config
import keras.models
import msgpack
import numexpr
import numpy
import numpy.lib.npyio
import pandas
import polars
import sentence_transformers
import simplejson
import sklearn.externals.joblib
import skops.io
import tensorflow.saved_model
import toml
import tomli
import torch
import torch.hub
import torch.jit
import transformers
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
    torch.load(untrusted(), weights_only=False)  # expect: unsafe-deserialization


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


def classes():
    return [
        pandas.DataFrame,
    ]


def types_of_pandas():
    pandas.read_csv()
    pandas.read_html()[0]


def types_of_data_frame(data_frame: pandas.DataFrame):
    data_frame.copy()


def sinks_of_data_frame(data_frame: pandas.DataFrame):
    data_frame.query(untrusted())  # expect: code-injection
    data_frame.to_csv(untrusted())  # expect: path-traversal


def more_sinks_of_dill():
    dill.load_module_asdict(untrusted())  # expect: unsafe-deserialization


def more_sinks_of_jsonpickle_unpickler():
    jsonpickle.unpickler.Unpickler().restore(untrusted())  # expect: unsafe-deserialization


def more_sinks_of_jsonpickle():
    jsonpickle.Unpickler().restore(untrusted())  # expect: unsafe-deserialization


def more_sinks_of_pandas():
    pandas.read_hdf(untrusted())  # expect: unsafe-deserialization
    pandas.HDFStore(untrusted())  # expect: path-traversal
    pandas.read_feather(untrusted())  # expect: path-traversal
    pandas.read_xml(stylesheet=untrusted())  # expect: code-injection


def more_sinks_of_numpy():
    numpy.loadtxt(untrusted())  # expect: path-traversal
    numpy.save(untrusted())  # expect: path-traversal


def sinks_of_numpy_lib_npyio():
    numpy.lib.npyio.NpzFile(untrusted(), allow_pickle=True)  # expect: unsafe-deserialization


def more_sinks_of_torch():
    torch.save(f=untrusted())  # expect: path-traversal


def sinks_of_torch_jit():
    torch.jit.load(untrusted())  # expect: path-traversal


def sinks_of_torch_hub():
    torch.hub.load(untrusted())  # expect: code-injection


def sinks_of_keras_models():
    keras.models.load_model(untrusted(), safe_mode=False)  # expect: path-traversal, unsafe-deserialization
    keras.models.load_model(untrusted())  # expect: path-traversal


def sinks_of_tensorflow_saved_model():
    tensorflow.saved_model.load(untrusted())  # expect: unsafe-deserialization


def sinks_of_transformers():
    transformers.AutoModel.from_pretrained(untrusted(), trust_remote_code=True)  # expect: code-injection
    transformers.pipeline(trust_remote_code=True, model=untrusted())  # expect: code-injection


def sinks_of_datasets():
    datasets.load_dataset(untrusted(), trust_remote_code=True)  # expect: code-injection
    datasets.load_from_disk(untrusted())  # expect: path-traversal


def sinks_of_sentence_transformers():
    sentence_transformers.SentenceTransformer(untrusted(), trust_remote_code=True)  # expect: code-injection


def sinks_of_skops_io():
    skops.io.load(untrusted(), trusted=True)  # expect: unsafe-deserialization


def sinks_of_dask_dataframe():
    dask.dataframe.read_csv(untrusted())  # expect: path-traversal, server-side-request-forgery


def sinks_of_polars():
    polars.read_csv(untrusted())  # expect: path-traversal, server-side-request-forgery
    polars.sql(untrusted())  # expect: sql-injection


def flows_of_transformers():
    eval(transformers.pipeline()(untrusted()))  # expect: code-injection


def settings_of_keras_config():
    keras.config.enable_unsafe_deserialization()  # expect: unsafe-deserialization


def settings_of_models():
    torch.load(untrusted(), weights_only=True)
    numpy.load(untrusted(), allow_pickle=False)
    keras.models.load_model("model.keras", safe_mode=True)
    transformers.AutoModel.from_pretrained(untrusted())
    transformers.AutoModel.from_pretrained("name/model", trust_remote_code=True)


def frames(connection):
    pandas.read_sql("SELECT * FROM names WHERE name = %s", connection, params=[untrusted()])
    frame = pandas.read_csv("names.csv")
    frame.query(untrusted())  # expect: code-injection
    frame.query("name == @name", local_dict={"name": untrusted()})


def streams():
    pandas.read_csv(io.StringIO(untrusted()))
    pandas.read_csv(request.files["names"])
