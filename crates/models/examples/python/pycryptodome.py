"""PyCrypto and PyCryptodome (also under the name Cryptodome): broken ciphers, modes and hashes, keys that are too short."""

import Crypto.Cipher
import Crypto.Cipher.AES
import Crypto.Hash
import Crypto.Protocol.KDF
import Crypto.PublicKey
import Crypto.Random
import random

from flask import request


def untrusted():
    return request.args["data"]


def settings_of_Crypto_Cipher():
    Crypto.Cipher.DES.new()  # expect: weak-cipher
    Crypto.Cipher.AES.new(None, Crypto.Cipher.AES.MODE_ECB)  # expect: weak-cipher


def signature_settings_of_Crypto_Hash():
    Crypto.Hash.MD2.new()  # expect: weak-hash


def settings_of_Crypto_PublicKey():
    Crypto.PublicKey.RSA.generate(2047)  # expect: weak-key-size


def settings_of_Crypto_Protocol_KDF():
    Crypto.Protocol.KDF.PBKDF2(count=99999)  # expect: weak-password-hash


def sinks_of_Crypto_Cipher():
    Crypto.Cipher.AES.new(str(random.random()))  # expect: weak-randomness


def sinks_of_Crypto_Hash():
    Crypto.Hash.HMAC.new(str(random.random()))  # expect: weak-randomness


def neutral_of_Crypto_Random():
    eval(Crypto.Random.get_random_bytes(untrusted()))
