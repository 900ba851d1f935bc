"""File objects, in memory and on disk, temporary files, file descriptors' wrappers and compressed files."""

import tarfile
import zipfile
import StringIO
import _io
import bz2
import cStringIO
import codecs
import fileinput
import gzip
import io
import lzma
import os
import pathlib
import six
import six.moves
import tempfile
import typing
import zlib

from flask import request


def untrusted():
    return request.args["data"]


def aliases():
    io.open
    _io.open
    StringIO.StringIO
    cStringIO.StringIO
    six.StringIO
    six.BytesIO
    six.moves.StringIO
    six.moves.cStringIO


def classes():
    return [
        io.IOBase,
        typing.IO,
        io.RawIOBase,
        io.BufferedIOBase,
        io.TextIOBase,
        io.FileIO,
        io.BufferedReader,
        io.BufferedWriter,
        io.TextIOWrapper,
        io.BytesIO,
        io.StringIO,
        codecs.StreamReaderWriter,
        tempfile.TemporaryDirectory,
        tempfile.SpooledTemporaryFile,
        fileinput.FileInput,
    ]


def types_of_iobase(iobase: io.IOBase):
    iobase.detach()
    iobase.readlines()
    iobase.fileno()
    iobase.closed
    iobase.name


def types_of_text_iobase(text_iobase: io.TextIOBase):
    text_iobase.read()
    text_iobase.readlines()[0]
    text_iobase[0]


def types_of_buffered_iobase(buffered_iobase: io.BufferedIOBase):
    buffered_iobase.read()
    buffered_iobase.readlines()[0]
    buffered_iobase[0]


def types_of_bytes_io(bytes_io: io.BytesIO):
    bytes_io.getvalue()
    bytes_io.getbuffer()


def types_of_text_iowrapper(text_iowrapper: io.TextIOWrapper):
    text_iowrapper.buffer


def types_of_codecs():
    codecs.open()
    codecs.getreader()()


def types_of_os():
    os.fdopen()


def types_of_tempfile():
    tempfile.NamedTemporaryFile()
    tempfile.gettempdir()
    tempfile.gettempdirb()
    tempfile.mkstemp()
    tempfile.mkstemp()[0]
    tempfile.mkstemp()[1]


def types_of_temporary_directory(temporary_directory: tempfile.TemporaryDirectory):
    temporary_directory.name
    temporary_directory.__enter__()


def types_of_fileinput():
    fileinput.input()


def types_of_file_input(file_input: fileinput.FileInput):
    file_input.readline()


def types_of_gzip():
    gzip.open()
    gzip.compress()


def types_of_bz2():
    bz2.open()


def types_of_lzma():
    lzma.open()


def sources_of_builtins():
    eval(open())  # expect: code-injection


def sources_of_io():
    eval(io.FileIO())  # expect: code-injection


def sources_of_codecs():
    eval(codecs.open())  # expect: code-injection


def sources_of_gzip():
    eval(gzip.open())  # expect: code-injection


def sources_of_os():
    eval(os.fdopen())  # expect: code-injection


def sources_of_path(path: pathlib.Path):
    eval(path.open())  # expect: code-injection


def sources_of_fileinput():
    eval(fileinput.input())  # expect: code-injection


def sinks_of_text_iowrapper(text_iowrapper: io.TextIOWrapper):
    text_iowrapper.write(f"name = {untrusted()}\n")  # expect: config-line-injection
    text_iowrapper.writelines([f"name = {untrusted()}\n"])  # expect: config-line-injection


def sinks_of_io():
    io.FileIO(untrusted())  # expect: path-traversal


def sinks_of_codecs():
    codecs.open(untrusted())  # expect: path-traversal


def sinks_of_fileinput():
    fileinput.input(untrusted())  # expect: path-traversal
    fileinput.input([untrusted()])  # expect: path-traversal


def sinks_of_gzip():
    gzip.open(untrusted())  # expect: path-traversal
    gzip.GzipFile(untrusted())  # expect: path-traversal


def sinks_of_tempfile():
    tempfile.mkdtemp(untrusted())  # expect: path-traversal
    tempfile.mkstemp(untrusted())  # expect: path-traversal
    tempfile.NamedTemporaryFile(suffix=untrusted())  # expect: path-traversal
    tempfile.SpooledTemporaryFile(suffix=untrusted())  # expect: path-traversal


def settings_of_tempfile():
    tempfile.mktemp()  # expect: insecure-temporary-file
    tempfile.mktemp(dir="/tmp")  # expect: insecure-temporary-file
    tempfile.mktemp(dir=tempfile.mkdtemp())


def settings_of_os():
    os.tempnam()  # expect: insecure-temporary-file


def flows_of_iobase():
    eval(io.IOBase(untrusted()).read())  # expect: code-injection
    eval(io.IOBase(untrusted()).readlines()[0])  # expect: code-injection
    eval(io.IOBase(untrusted()).detach())  # expect: code-injection


def flows_of_iobase_2():
    filled = []
    io.IOBase(untrusted()).readinto(filled)
    eval(filled)  # expect: code-injection


def flows_of_bytes_io(bytes_io: io.BytesIO):
    bytes_io.write(untrusted())
    eval(bytes_io)  # expect: code-injection


def flows_of_bytes_io_2(bytes_io: io.BytesIO):
    bytes_io.writelines([untrusted()])
    eval(bytes_io)  # expect: code-injection


def flows_of_io():
    eval(io.BytesIO(untrusted()))  # expect: code-injection
    eval(io.BufferedReader(untrusted()))  # expect: code-injection
    eval(io.TextIOWrapper(untrusted()))  # expect: code-injection


def flows_of_codecs():
    eval(codecs.EncodedFile(untrusted()))  # expect: code-injection
    eval(codecs.getreader()(untrusted()))  # expect: code-injection


def flows_of_gzip():
    eval(gzip.GzipFile(fileobj=untrusted()))  # expect: code-injection
    eval(gzip.compress(untrusted()))  # expect: code-injection


def flows_of_bz2():
    eval(bz2.compress(untrusted()))  # expect: code-injection
    eval(bz2.BZ2Compressor().compress(untrusted()))  # expect: code-injection


def flows_of_zlib():
    eval(zlib.compress(untrusted()))  # expect: code-injection
    eval(zlib.compressobj().compress(untrusted()))  # expect: code-injection


def flows_of_tempfile():
    eval(tempfile.mktemp(untrusted()))  # expect: code-injection, insecure-temporary-file, path-traversal
    eval(tempfile.mkstemp(untrusted())[1])  # expect: code-injection, path-traversal


def neutral_of_iobase(iobase: io.IOBase):
    eval(iobase.close(untrusted()))


def neutral_of_io():
    eval(io.FileIO(untrusted()))  # expect: code-injection, path-traversal


def neutral_of_codecs():
    eval(codecs.open(untrusted()))  # expect: code-injection, path-traversal


def neutral_of_gzip():
    eval(gzip.open(untrusted()))  # expect: code-injection, path-traversal


def files_in_memory():
    zipfile.ZipFile(io.BytesIO(untrusted()))
    zipfile.ZipFile(untrusted())  # expect: path-traversal


def neutral_of_bz2():
    eval(bz2.BZ2File(untrusted()))  # expect: path-traversal


def neutral_of_tempfile():
    eval(tempfile.NamedTemporaryFile(untrusted()))


def neutral_of_fileinput():
    eval(fileinput.input(untrusted()))  # expect: code-injection, path-traversal


def neutral_of_zlib():
    eval(zlib.adler32(untrusted()))


def neutral_of_os():
    eval(os.fdopen(untrusted()))  # expect: code-injection


def folders_that_everybody_can_write():
    open(tempfile.gettempdir() + "/state", "w")  # expect: insecure-temporary-file
    io.open(tempfile.tempdir + "/state", "w")  # expect: insecure-temporary-file
    codecs.open("/tmp/state", "w")  # expect: insecure-temporary-file
    tarfile.open("/tmp/state.tar", "w")  # expect: insecure-temporary-file
    zipfile.ZipFile("/tmp/state.zip", "w")  # expect: insecure-temporary-file
    open(tempfile.mkdtemp() + "/state", "w")
