"""Calls that decide whether somebody or something is to be trusted."""

import hmac
import secrets
import ssl

import django.contrib.auth.hashers
import django.core.signing
import google.oauth2.id_token
import itsdangerous
import jose.jws
import jose.jwt
import jwt
import jwt.api_jwt
import oslo_policy.policy
import rest_framework.views
import werkzeug.security


def tokens(token, key):
    jose.jwt.decode(token, key)
    jwt.api_jwt.decode(token, key)
    google.oauth2.id_token.verify_oauth2_token(token)


def read(token, key):
    try:
        jwt.decode(token, key, algorithms=["HS256"])
    except Exception:  # expect: fail-open
        pass
    return True


def signed(text, key):
    itsdangerous.Signer(key).unsign(text)
    itsdangerous.URLSafeSerializer(key).loads(text)
    django.core.signing.loads(text)
    django.core.signing.Signer().unsign(text)


def hosts(certificate, name):
    ssl.match_hostname(certificate, name)


def compared(first, second):
    secrets.compare_digest(first, second)
    django.contrib.auth.hashers.check_password(first, second)
    werkzeug.security.check_password_hash(first, second)


def equal(first, second):
    try:
        good = hmac.compare_digest(first, second)
    except TypeError:  # expect: fail-open
        good = True
    return good


def allowed(enforcer: oslo_policy.policy.Enforcer, target, credentials):
    enforcer.authorize("rule", target, credentials)


class Checked(rest_framework.views.APIView):
    def put(self, request):
        self.check_permissions(request)
