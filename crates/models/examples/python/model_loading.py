"""Files of models and other objects that run code when they are read, and where such files come from."""

import compress_pickle
import cffi
import distributed.protocol
import fairseq.checkpoint_utils
import flair.models
import gensim.models
import gdown
import hickle
import huggingface_hub
import joblib
import kagglehub
import keras.models
import keras.utils
import mlflow.pyfunc
import modelscope
import msgpack_numpy
import multiprocessing.connection
import multiprocessing.managers
import nltk.data
import numpy.ctypeslib
import numpy.f2py
import onnx
import pandas.compat.pickle_compat
import pickleshare
import pooch
import pyarrow
import pycaret.classification
import Pyro4
import Pyro4.configuration
import pytorch_lightning
import ray.cloudpickle
import rpyc
import rpyc.utils.server
import sqlitedict
import srsly
import stable_baselines3
import tensorflow
import torch
import torch.package
import torch.utils.cpp_extension
import torch.utils.model_zoo
import zodbpickle.pickle

from flask import request


def untrusted():
    return request.args["data"]


class Net(pytorch_lightning.LightningModule):
    pass


def models():
    torch.utils.model_zoo.load_url(untrusted())  # expect: unsafe-deserialization
    torch.package.PackageImporter(untrusted())  # expect: unsafe-deserialization
    Net.load_from_checkpoint(untrusted())  # expect: unsafe-deserialization
    fairseq.checkpoint_utils.load_model_ensemble([untrusted()])  # expect: unsafe-deserialization
    fairseq.checkpoint_utils.load_checkpoint_to_cpu(untrusted())  # expect: unsafe-deserialization
    flair.models.SequenceTagger.load(untrusted())  # expect: unsafe-deserialization
    stable_baselines3.PPO.load(untrusted())  # expect: unsafe-deserialization
    mlflow.pyfunc.load_model(untrusted())  # expect: unsafe-deserialization
    gensim.models.Word2Vec.load(untrusted())  # expect: unsafe-deserialization
    pycaret.classification.load_model(untrusted())  # expect: unsafe-deserialization
    nltk.data.load(untrusted())  # expect: unsafe-deserialization
    keras.models.model_from_yaml(untrusted())  # expect: unsafe-deserialization
    onnx.load(untrusted())  # expect: path-traversal


def objects():
    hickle.load(untrusted())  # expect: unsafe-deserialization
    sqlitedict.SqliteDict(untrusted())  # expect: unsafe-deserialization
    pickleshare.PickleShareDB(untrusted())  # expect: unsafe-deserialization
    compress_pickle.loads(untrusted())  # expect: unsafe-deserialization
    zodbpickle.pickle.loads(untrusted())  # expect: unsafe-deserialization
    ray.cloudpickle.loads(untrusted())  # expect: unsafe-deserialization
    distributed.protocol.loads(untrusted())  # expect: unsafe-deserialization
    srsly.pickle_loads(untrusted())  # expect: unsafe-deserialization
    msgpack_numpy.unpackb(untrusted())  # expect: unsafe-deserialization
    pyarrow.deserialize(untrusted())  # expect: unsafe-deserialization
    pandas.compat.pickle_compat.load(untrusted())  # expect: unsafe-deserialization
    eval(hickle.load(untrusted()))  # expect: code-injection, unsafe-deserialization
    eval(pyarrow.deserialize(untrusted()))  # expect: code-injection, unsafe-deserialization


def native():
    tensorflow.load_op_library(untrusted())  # expect: code-injection
    torch.utils.cpp_extension.load("name", untrusted())  # expect: code-injection
    torch.ops.load_library(untrusted())  # expect: code-injection
    numpy.ctypeslib.load_library(untrusted(), ".")  # expect: code-injection
    numpy.f2py.compile(untrusted())  # expect: code-injection
    cffi.FFI().dlopen(untrusted())  # expect: code-injection


def downloaded():
    joblib.load(huggingface_hub.hf_hub_download("someone/model", "model.joblib"))  # expect: unsafe-deserialization
    joblib.load(modelscope.snapshot_download("someone/model"))  # expect: unsafe-deserialization
    joblib.load(kagglehub.model_download("someone/model"))  # expect: unsafe-deserialization
    joblib.load(pooch.retrieve("https://models.example/model"))  # expect: unsafe-deserialization
    joblib.load(gdown.download("https://models.example/model"))  # expect: unsafe-deserialization
    joblib.load(keras.utils.get_file("model", "https://models.example/model"))  # expect: unsafe-deserialization


def paths():
    eval(huggingface_hub.hf_hub_download("someone/model", "model.joblib"))
    eval(modelscope.snapshot_download("someone/model"))
    eval(kagglehub.model_download("someone/model"))
    eval(pooch.retrieve("https://models.example/model"))
    eval(gdown.download("https://models.example/model"))
    eval(keras.utils.get_file("model", "https://models.example/model"))


def settings(service):
    rpyc.utils.server.ThreadedServer(service, protocol_config={"allow_pickle": True})  # expect: unsafe-deserialization
    rpyc.connect("node", 18861, config={"allow_pickle": True})  # expect: unsafe-deserialization
    rpyc.connect("node", 18861, config={"allow_pickle": False})
    multiprocessing.connection.Listener(("", 6000), authkey=b"abracadabra")  # expect: hard-coded-secret
    multiprocessing.managers.BaseManager(("", 6000), authkey=b"abracadabra")  # expect: hard-coded-secret
    Pyro4.config.SERIALIZER = "pickle"  # expect: unsafe-deserialization
    Pyro4.config.SERIALIZER = "serpent"
    return Pyro4.configuration.Configuration
