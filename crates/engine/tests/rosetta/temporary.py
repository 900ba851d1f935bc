import os
import tempfile


def guessed():
    return open(tempfile.mktemp(), "w")  # expect: insecure-temporary-file


def made():
    handle, name = tempfile.mkstemp()
    return os.fdopen(handle, "w")
