"""Tokens and password hashes: PyJWT, python-jose, itsdangerous, passlib and bcrypt."""

import authlib.jose
import bcrypt
import itsdangerous
import jose.jws
import jose.jwt
import jwt
import onelogin.saml2.auth
import onelogin.saml2.utils
import passlib.hash
import passlib.utils
import random

from flask import request


def untrusted():
    return request.args["data"]


def sinks_of_jwt():
    jwt.encode(None, str(random.random()))  # expect: weak-randomness
    jwt.decode(None, str(random.random()))  # expect: weak-randomness


def sinks_of_jose_jwt():
    jose.jwt.encode(None, str(random.random()))  # expect: weak-randomness


def sinks_of_jose_jws():
    jose.jws.sign(None, str(random.random()))  # expect: weak-randomness


def sinks_of_itsdangerous():
    itsdangerous.Signer(str(random.random()))  # expect: weak-randomness


def sinks_of_passlib_hash():
    passlib.hash.anything.hash(salt=str(random.random()))  # expect: weak-randomness


def sinks_of_bcrypt():
    bcrypt.hashpw(None, str(random.random()))  # expect: weak-randomness


def sources_of_jwt():
    eval(jwt.get_unverified_header())  # expect: code-injection


def sources_of_jose_jwt():
    eval(jose.jwt.get_unverified_claims())  # expect: code-injection, signature-verification-disabled


def settings_of_jwt():
    jwt.decode(verify=False)  # expect: signature-verification-disabled
    jwt.encode(algorithm="none")  # expect: signature-verification-disabled


def settings_of_passlib_hash():
    passlib.hash.md5_crypt.hash()  # expect: weak-password-hash


def settings_of_bcrypt():
    bcrypt.gensalt(9)  # expect: weak-password-hash


def neutral_of_jwt():
    eval(jwt.decode(untrusted()))


def neutral_of_jose_jwt():
    eval(jose.jwt.decode(untrusted()))  # expect: signature-verification-disabled


def neutral_of_bcrypt():
    eval(bcrypt.hashpw(untrusted()))


def neutral_of_passlib_hash():
    eval(passlib.hash.anything.hash(untrusted()))


def neutral_of_passlib_utils():
    eval(passlib.utils.consteq(untrusted()))


def neutral_of_itsdangerous():
    eval(itsdangerous.Signer().unsign(untrusted()))
    eval(itsdangerous.Serializer().loads(untrusted()))


def unverified_tokens(first, second, third, key):
    jwt.decode(first, options={"verify_signature": False})  # expect: signature-verification-disabled
    jwt.decode(second, key, algorithms=["none"])  # expect: signature-verification-disabled
    jwt.decode(third, key, algorithms=["HS256", "RS256"])  # expect: signature-verification-disabled


def unverified_tokens_of_an_instance(first, second, key):
    jwt.PyJWT().decode(first, options={"verify_signature": False})  # expect: signature-verification-disabled
    jwt.PyJWT().decode(second, key, algorithms=["none"])  # expect: signature-verification-disabled


def unverified_tokens_of_jose(first, second, third, fourth, fifth, key):
    jose.jwt.decode(first, key, algorithms=["HS256"], options={"verify_signature": False})  # expect: signature-verification-disabled
    jose.jwt.decode(second, key)  # expect: signature-verification-disabled
    jose.jwt.decode(third, key, algorithms=["none"])  # expect: signature-verification-disabled
    jose.jwt.decode(fourth, key, algorithms=["HS256", "RS256"])  # expect: signature-verification-disabled
    jose.jwt.get_unverified_claims(fifth)  # expect: signature-verification-disabled


def more_sinks_of_jwt():
    jwt.PyJWKClient(untrusted())  # expect: server-side-request-forgery


def sinks_of_py_jwt(py_jwt: jwt.PyJWT):
    py_jwt.encode(key=str(random.random()))  # expect: weak-randomness


def sinks_of_authlib_jose():
    authlib.jose.jwt.encode(key=str(random.random()))  # expect: weak-randomness
    authlib.jose.jwt.decode(key=str(random.random()))  # expect: weak-randomness


def sinks_of_onelogin_saml2_auth():
    onelogin.saml2.auth.OneLogin_Saml2_Auth().redirect_to(untrusted())  # expect: open-redirect


def sinks_of_onelogin_saml2_utils():
    onelogin.saml2.utils.OneLogin_Saml2_Utils.redirect(untrusted())  # expect: open-redirect


def sources_of_jose_jws():
    eval(jose.jws.get_unverified_claims())  # expect: code-injection, signature-verification-disabled


def sources_of_itsdangerous():
    eval(itsdangerous.Serializer().loads_unsafe())  # expect: code-injection, signature-verification-disabled


def settings_of_jose_jws():
    jose.jws.get_unverified_claims()  # expect: signature-verification-disabled
    jose.jws.verify(verify=False)  # expect: signature-verification-disabled


def settings_of_itsdangerous():
    itsdangerous.Serializer().loads_unsafe()  # expect: signature-verification-disabled


def settings_of_authlib_jose():
    authlib.jose.JsonWebToken(["none"])  # expect: signature-verification-disabled
    authlib.jose.JsonWebToken(["hs256", "rs256"])  # expect: signature-verification-disabled


def settings_of_onelogin_saml2_auth():
    onelogin.saml2.auth.OneLogin_Saml2_Auth(old_settings={"strict": False})  # expect: signature-verification-disabled


def verified(data):
    eval(itsdangerous.URLSafeSerializer("key").loads_unsafe(data))  # expect: code-injection, signature-verification-disabled
    itsdangerous.URLSafeSerializer("key").loads(data)
    authlib.jose.JsonWebToken(["RS256", "ES256"])
    onelogin.saml2.auth.OneLogin_Saml2_Auth(data, {"strict": True})
