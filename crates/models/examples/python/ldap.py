"""LDAP: python-ldap and ldap3."""

import ldap
import ldap.dn
import ldap.filter
import ldap.ldapobject
import ldap3
import ldap3.utils.conv
import ldap3.utils.dn
import ssl

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    ldap.ldapobject.LDAPObject
    ldap3.Connection
    ldap3.Tls


def types_of_ldap():
    ldap.initialize()


def sinks_of_ldapobject(ldapobject: ldap.ldapobject.LDAPObject):
    ldapobject.search(untrusted())  # expect: ldap-injection
    ldapobject.search(filterstr=untrusted())  # expect: ldap-injection
    ldapobject.simple_bind(untrusted())  # expect: ldap-injection
    ldapobject.simple_bind(None, untrusted())  # expect: ldap-empty-password
    ldapobject.add(untrusted())  # expect: ldap-injection


def sinks_of_ldap():
    ldap.initialize(untrusted())  # expect: server-side-request-forgery


def sinks_of_connection(connection: ldap3.Connection):
    connection.search(untrusted())  # expect: ldap-injection
    connection.search(None, untrusted())  # expect: ldap-injection
    connection.add(untrusted())  # expect: ldap-injection


def sinks_of_ldap3():
    ldap3.Connection(user=untrusted())  # expect: ldap-injection
    ldap3.Server(untrusted())  # expect: server-side-request-forgery


def barriers_of_ldap_filter():
    ldap.initialize("ldap://localhost").search_s("dc=example", 2, "(cn=" + ldap.filter.escape_filter_chars(untrusted()) + ")")


def barriers_of_ldap_dn():
    ldap.initialize("ldap://localhost").search_s("dc=example", 2, "(cn=" + ldap.dn.escape_dn_chars(untrusted()) + ")")


def barriers_of_ldap3_utils_conv():
    ldap.initialize("ldap://localhost").search_s("dc=example", 2, "(cn=" + ldap3.utils.conv.escape_filter_chars(untrusted()) + ")")


def barriers_of_ldap3_utils_dn():
    ldap.initialize("ldap://localhost").search_s("dc=example", 2, "(cn=" + ldap3.utils.dn.escape_rdn(untrusted()) + ")")


def flows_of_ldap_filter():
    eval(ldap.filter.escape_filter_chars(untrusted()))  # expect: code-injection


def flows_of_ldap3_utils_conv():
    eval(ldap3.utils.conv.escape_filter_chars(untrusted()))  # expect: code-injection


def settings_of_ldap3():
    ldap3.Tls(validate=ssl.CERT_NONE)  # expect: tls-verification-disabled


def settings_of_ldap():
    ldap.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_NEVER)  # expect: tls-verification-disabled


def settings_of_ldapobject(ldapobject: ldap.ldapobject.LDAPObject):
    ldapobject.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_NEVER)  # expect: tls-verification-disabled


def more_settings_of_ldap3():
    ldap3.Tls(validate=ssl.CERT_NONE)  # expect: tls-verification-disabled
    ldap3.Tls()  # expect: tls-verification-disabled
    ldap3.Server(use_ssl=True)  # expect: tls-verification-disabled


def verified():
    tls = ldap3.Tls(validate=ssl.CERT_REQUIRED)
    ldap3.Server("host.example", use_ssl=True, tls=tls)
    ldap3.Server("host.example", use_ssl=True)  # expect: tls-verification-disabled
