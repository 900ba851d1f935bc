"""The package `cryptography`: broken ciphers, modes and hashes, and keys that are too short."""

import cryptography.fernet
import cryptography.hazmat.backends
import cryptography.hazmat.decrepit.ciphers.algorithms
import cryptography.hazmat.primitives.asymmetric.dh
import cryptography.hazmat.primitives.asymmetric.dsa
import cryptography.hazmat.primitives.asymmetric.ec
import cryptography.hazmat.primitives.asymmetric.rsa
import cryptography.hazmat.primitives.ciphers.aead
import cryptography.hazmat.primitives.ciphers.algorithms
import cryptography.hazmat.primitives.ciphers.modes
import cryptography.hazmat.primitives.constant_time
import cryptography.hazmat.primitives.hashes
import cryptography.hazmat.primitives.hmac
import cryptography.hazmat.primitives.kdf.pbkdf2
import logging
import random

from flask import request


def untrusted():
    return request.args["data"]


def settings_of_cryptography_hazmat_primitives_ciphers_algorithms():
    cryptography.hazmat.primitives.ciphers.algorithms.ARC4()  # expect: weak-cipher


def settings_of_cryptography_hazmat_decrepit_ciphers_algorithms():
    cryptography.hazmat.decrepit.ciphers.algorithms.ARC4()  # expect: weak-cipher


def settings_of_cryptography_hazmat_primitives_ciphers_modes():
    cryptography.hazmat.primitives.ciphers.modes.ECB()  # expect: weak-cipher


def signature_settings_of_cryptography_hazmat_primitives_hashes():
    cryptography.hazmat.primitives.hashes.MD5()  # expect: weak-hash


def settings_of_cryptography_hazmat_primitives_asymmetric_rsa():
    cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key(None, 2047)  # expect: weak-key-size


def settings_of_cryptography_hazmat_primitives_asymmetric_dsa():
    cryptography.hazmat.primitives.asymmetric.dsa.generate_private_key(2047)  # expect: weak-key-size


def settings_of_cryptography_hazmat_primitives_asymmetric_dh():
    cryptography.hazmat.primitives.asymmetric.dh.generate_parameters(None, 2047)  # expect: weak-key-size


def settings_of_cryptography_hazmat_primitives_asymmetric_ec():
    cryptography.hazmat.primitives.asymmetric.ec.SECP192R1()  # expect: weak-key-size


def settings_of_cryptography_hazmat_primitives_kdf_pbkdf2():
    cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC(iterations=99999)  # expect: weak-password-hash


def sinks_of_cryptography_fernet():
    cryptography.fernet.Fernet(str(random.random()))  # expect: weak-randomness


def sinks_of_cryptography_hazmat_primitives_ciphers_algorithms():
    cryptography.hazmat.primitives.ciphers.algorithms.AES(str(random.random()))  # expect: weak-randomness


def sinks_of_cryptography_hazmat_primitives_ciphers_aead():
    cryptography.hazmat.primitives.ciphers.aead.AESGCM(str(random.random()))  # expect: weak-randomness


def sinks_of_cryptography_hazmat_primitives_ciphers_modes():
    cryptography.hazmat.primitives.ciphers.modes.CBC(str(random.random()))  # expect: weak-randomness


def sinks_of_cryptography_hazmat_primitives_hmac():
    cryptography.hazmat.primitives.hmac.HMAC(str(random.random()))  # expect: weak-randomness


def sources_of_cryptography_fernet():
    logging.info(cryptography.fernet.Fernet.generate_key())  # expect: secret-in-log


def neutral_of_cryptography_hazmat_primitives_constant_time():
    eval(cryptography.hazmat.primitives.constant_time.bytes_eq(untrusted()))


def neutral_of_cryptography_hazmat_primitives_asymmetric_rsa():
    eval(cryptography.hazmat.primitives.asymmetric.rsa.generate_private_key(untrusted()))


def neutral_of_cryptography_hazmat_backends():
    eval(cryptography.hazmat.backends.default_backend(untrusted()))
