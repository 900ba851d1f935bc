"""pyOpenSSL: contexts that do not verify, old protocol versions, short keys, weak digests."""

import OpenSSL.SSL
import OpenSSL.crypto


def classes():
    return [
        OpenSSL.SSL.Context,
        OpenSSL.SSL.Connection,
        OpenSSL.crypto.PKey,
        OpenSSL.crypto.X509,
    ]


def sources_of_connection(connection: OpenSSL.SSL.Connection):
    eval(connection.recv())  # expect: code-injection


def settings_of_context(context: OpenSSL.SSL.Context):
    context.set_verify(OpenSSL.SSL.VERIFY_NONE)  # expect: tls-verification-disabled


def settings_of_OpenSSL_SSL():
    OpenSSL.SSL.Context(OpenSSL.SSL.SSLv2_METHOD)  # expect: insecure-tls-version


def settings_of_pkey(pkey: OpenSSL.crypto.PKey):
    pkey.generate_key(None, 2047)  # expect: weak-key-size


def settings_of_x509(x509: OpenSSL.crypto.X509):
    x509.sign(None, "md5")  # expect: weak-hash
