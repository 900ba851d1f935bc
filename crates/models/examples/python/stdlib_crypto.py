"""Cryptography in the standard library: TLS, hashes, message authentication, random numbers, secrets."""

import crypt
import flask
import getpass
import hashlib
import hmac
import hmac
import logging
import md5
import random
import secrets
import sha
import sqlite3
import ssl
import ssl.TLSVersion
import uuid

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        ssl.SSLContext,
        ssl.SSLSocket,
        ssl.SSLError,
        hashlib.md5,
        md5.md5,
        sha.sha,
        hmac.HMAC,
        random.Random,
        random.SystemRandom,
        secrets.SystemRandom,
        uuid.UUID,
    ]


def types_of_ssl():
    ssl.create_default_context()
    ssl.wrap_socket()  # expect: tls-verification-disabled
    ssl.get_server_certificate()  # expect: tls-verification-disabled


def types_of_sslcontext(sslcontext: ssl.SSLContext):
    sslcontext.wrap_socket()


def types_of_sslsocket(sslsocket: ssl.SSLSocket):
    sslsocket.read()
    sslsocket.getpeercert()


def types_of_hashlib():
    hashlib.new()
    hashlib.pbkdf2_hmac()


def types_of_hash_(hash_: hashlib.md5):
    hash_.copy()
    hash_.digest()
    hash_.hexdigest()
    hash_.name


def types_of_hmac():
    hmac.new()
    hmac.digest()
    hmac.compare_digest()


def types_of_hmac_2(the_hmac: hmac.HMAC):
    the_hmac.copy()


def types_of_random():
    random.random()
    random.randint()
    random.sample()
    random.randbytes()


def types_of_random_2(the_random: random.Random):
    the_random.random()
    the_random.randint()
    the_random.sample()


def types_of_secrets():
    secrets.token_hex()
    secrets.token_bytes()
    secrets.randbelow()


def types_of_uuid():
    uuid.uuid1()
    uuid.getnode()


def types_of_uuid_2(the_uuid: uuid.UUID):
    the_uuid.hex
    the_uuid.bytes
    the_uuid.int


def types_of_getpass():
    getpass.getpass()


def types_of_crypt():
    crypt.crypt()


def sources_of_random():
    flask.Flask("app").secret_key = random.random()  # expect: weak-randomness
    filled = bytearray(9)
    random.shuffle(filled)
    hmac.new(filled, b"text", "sha256")  # expect: weak-randomness


def sources_of_random_2(the_random: random.Random):
    flask.Flask("app").secret_key = the_random.random()  # expect: weak-randomness
    filled = bytearray(9)
    the_random.shuffle(filled)
    hmac.new(filled, b"text", "sha256")  # expect: weak-randomness


def sources_of_uuid():
    flask.Flask("app").secret_key = uuid.uuid1()  # expect: weak-randomness


def sources_of_getpass():
    logging.info(getpass.getpass())  # expect: secret-in-log
    eval(getpass.getuser())  # expect: code-injection


def sources_of_secrets():
    logging.info(secrets.token_bytes())  # expect: secret-in-log


def sources_of_sslsocket(sslsocket: ssl.SSLSocket):
    eval(sslsocket.read())  # expect: code-injection


def sinks_of_hmac():
    hmac.new(str(random.random()))  # expect: weak-randomness


def sinks_of_hashlib():
    hashlib.pbkdf2_hmac(None, str(random.random()))  # expect: weak-randomness
    hashlib.scrypt(str(random.random()))  # expect: weak-randomness
    hashlib.scrypt(salt=str(random.random()))  # expect: weak-randomness
    hashlib.blake2b(key=str(random.random()))  # expect: weak-randomness


def sinks_of_crypt():
    crypt.crypt(None, str(random.random()))  # expect: weak-randomness


def sinks_of_sslcontext(sslcontext: ssl.SSLContext):
    sslcontext.load_cert_chain(untrusted())  # expect: path-traversal
    sslcontext.load_verify_locations(untrusted())  # expect: path-traversal


def sinks_of_ssl():
    ssl.get_server_certificate((untrusted(),))  # expect: server-side-request-forgery, tls-verification-disabled


def settings_of_ssl():
    ssl._create_unverified_context()  # expect: tls-verification-disabled
    ssl.wrap_socket()  # expect: tls-verification-disabled
    ssl.wrap_socket(cert_reqs=ssl.CERT_NONE)  # expect: tls-verification-disabled
    ssl.wrap_socket(ssl_version=ssl.PROTOCOL_SSLv2)  # expect: insecure-tls-version, tls-verification-disabled
    ssl.wrap_socket(ciphers="all")  # expect: tls-verification-disabled, weak-cipher
    ssl.SSLContext(ssl.PROTOCOL_SSLv2)  # expect: insecure-tls-version
    ssl.get_server_certificate(None, ssl.PROTOCOL_SSLv2)  # expect: insecure-tls-version, tls-verification-disabled
    ssl.get_server_certificate()  # expect: tls-verification-disabled


def settings_of_sslcontext(sslcontext: ssl.SSLContext):
    sslcontext.set_ciphers("all")  # expect: weak-cipher


def signature_settings_of_hashlib():
    hashlib.md5()  # expect: weak-hash
    hashlib.new("md4")  # expect: weak-hash
    hashlib.file_digest(None, "md4")
    hashlib.file_digest(None, hashlib.md5)
    hashlib.pbkdf2_hmac("md4")  # expect: weak-hash
    hashlib.pbkdf2_hmac(iterations=9999)  # expect: weak-password-hash


def settings_of_hmac():
    hmac.new(digestmod="md4")  # expect: weak-hash
    hmac.new(digestmod=hashlib.md5)  # expect: weak-hash
    hmac.digest(digest="md4")  # expect: weak-hash
    hmac.digest(digest=hashlib.md5)  # expect: weak-hash


def signature_settings_of_md5():
    md5.md5()  # expect: weak-hash


def signature_settings_of_sha():
    sha.sha()  # expect: weak-hash


def settings_of_crypt():
    crypt.crypt(None, crypt.METHOD_CRYPT)  # expect: weak-password-hash
    crypt.mksalt(crypt.METHOD_CRYPT)  # expect: weak-password-hash


def assignments_of_sslcontext(sslcontext: ssl.SSLContext):
    sslcontext.check_hostname = False  # expect: tls-verification-disabled
    sslcontext.verify_mode = ssl.CERT_NONE  # expect: tls-verification-disabled
    sslcontext.verify_mode = False  # expect: tls-verification-disabled
    sslcontext.minimum_version = ssl.TLSVersion.SSLv3  # expect: insecure-tls-version


def assignments_of_ssl():
    ssl._create_default_https_context = ssl._create_unverified_context  # expect: tls-verification-disabled


def flows_of_ssl():
    eval(ssl.wrap_socket(untrusted()))  # expect: code-injection, tls-verification-disabled


def flows_of_sslcontext(sslcontext: ssl.SSLContext):
    eval(sslcontext.wrap_socket(untrusted()))  # expect: code-injection


def flows_of_hashlib():
    eval(hashlib.md5(untrusted()))  # expect: code-injection
    eval(hashlib.new(None, untrusted()))  # expect: code-injection


def flows_of_hash_(hash_: hashlib.md5):
    hash_.update(untrusted())
    eval(hash_)  # expect: code-injection


def flows_of_hash__2():
    eval(hashlib.md5(untrusted()).digest())


def flows_of_hmac():
    eval(hmac.new(None, untrusted()))  # expect: code-injection


def flows_of_random():
    eval(random.choice([untrusted()]))  # expect: code-injection


def flows_of_random_2(the_random: random.Random):
    eval(the_random.choice([untrusted()]))  # expect: code-injection


def flows_of_secrets():
    eval(secrets.choice([untrusted()]))  # expect: code-injection


def flows_of_uuid():
    eval(uuid.UUID(untrusted()))


def flows_of_crypt():
    eval(crypt.crypt(untrusted()))  # expect: code-injection


def barriers_of_hash_(hash_: hashlib.md5):
    eval(hash_.hexdigest(untrusted()))


def barriers_of_hashlib():
    eval(hashlib.pbkdf2_hmac(untrusted()))


def barriers_of_hmac():
    eval(hmac.digest(untrusted()))


def barriers_of_uuid():
    eval(uuid.UUID(untrusted()))


def barriers_of_uuid_2(the_uuid: uuid.UUID):
    eval(the_uuid.hex)


def guard_of_uuid():
    value = untrusted()
    uuid.UUID(value)
    sqlite3.connect("db").execute("SELECT " + value)


def neutral_of_hmac():
    eval(hmac.compare_digest(untrusted()))


def neutral_of_secrets():
    eval(secrets.token_bytes(untrusted()))


def neutral_of_random():
    eval(random.seed(untrusted()))


def neutral_of_uuid():
    eval(uuid.uuid1(untrusted()))


def neutral_of_ssl():
    eval(ssl.create_default_context(untrusted()))


def neutral_of_sslcontext(sslcontext: ssl.SSLContext):
    eval(sslcontext.load_cert_chain(untrusted()))  # expect: path-traversal


def neutral_of_getpass():
    eval(getpass.getpass(untrusted()))
