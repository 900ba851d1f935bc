"""Compressed data: a kilobyte of it can become a gigabyte."""

import bz2
import gzip
import lzma
import zlib

import brotli
import brotlicffi
from flask import request


def untrusted():
    return request.data


def whole():
    zlib.decompress(untrusted())  # expect: decompression-bomb
    gzip.decompress(untrusted())  # expect: decompression-bomb
    bz2.decompress(untrusted())  # expect: decompression-bomb
    lzma.decompress(untrusted())  # expect: decompression-bomb
    brotli.decompress(untrusted())  # expect: decompression-bomb
    brotlicffi.decompress(untrusted())  # expect: decompression-bomb


def in_pieces():
    zlib.decompressobj().decompress(untrusted())  # expect: decompression-bomb
    zlib.decompressobj().decompress(untrusted(), 1000)
    bz2.BZ2Decompressor().decompress(untrusted())  # expect: decompression-bomb
    lzma.LZMADecompressor().decompress(untrusted())  # expect: decompression-bomb
    lzma.LZMADecompressor().decompress(untrusted(), max_length=1000)
