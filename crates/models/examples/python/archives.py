"""Archives of other formats: py7zr, rarfile and patool."""

import os
import patoolib
import py7zr
import rarfile

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        py7zr.SevenZipFile,
        rarfile.RarFile,
        rarfile.RarInfo,
    ]


def types_of_rar_file(rar_file: rarfile.RarFile):
    rar_file.infolist()[0]
    rar_file.getinfo()


def sources_of_seven_zip_file(seven_zip_file: py7zr.SevenZipFile):
    open(seven_zip_file.getnames()[0], 'wb')  # expect: path-traversal
    open(seven_zip_file.list()[0].filename, 'wb')  # expect: path-traversal


def sources_of_rar_file(rar_file: rarfile.RarFile):
    open(rar_file.namelist()[0], 'wb')  # expect: path-traversal


def sources_of_rar_info(rar_info: rarfile.RarInfo):
    open(rar_info.filename, 'wb')  # expect: path-traversal


def sinks_of_py7zr():
    py7zr.SevenZipFile(untrusted())  # expect: path-traversal


def sinks_of_seven_zip_file(seven_zip_file: py7zr.SevenZipFile):
    seven_zip_file.extractall(untrusted())  # expect: path-traversal


def sinks_of_rarfile():
    rarfile.RarFile(untrusted())  # expect: path-traversal


def sinks_of_rar_file(rar_file: rarfile.RarFile):
    rar_file.extractall(untrusted())  # expect: path-traversal
    rar_file.extract(path=untrusted())  # expect: path-traversal


def sinks_of_patoolib():
    patoolib.extract_archive(untrusted())  # expect: path-traversal
    patoolib.extract_archive(outdir=untrusted())  # expect: path-traversal
    patoolib.extract_archive(program=untrusted())  # expect: command-injection


def neutral_of_seven_zip_file(seven_zip_file: py7zr.SevenZipFile):
    seven_zip_file.extractall("/srv/unpacked")


def neutral_of_rar_file(rar_file: rarfile.RarFile):
    rar_file.extractall("/srv/unpacked")


def unpack():
    with py7zr.SevenZipFile("/srv/upload.7z") as archive:
        archive.extractall("/srv/unpacked")
    with rarfile.RarFile("/srv/upload.rar") as archive:
        for member in archive.infolist():
            with open(os.path.join("/srv/unpacked", member.filename), "wb") as target:  # expect: path-traversal
                target.write(archive.read(member))
            with open(os.path.join("/srv/unpacked", os.path.basename(member.filename)), "wb") as target:
                target.write(archive.read(member))
