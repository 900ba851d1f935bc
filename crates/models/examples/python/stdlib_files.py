"""The file system: os, os.path, shutil, glob, pathlib and what else opens files by name."""

import filecmp
import fnmatch
import glob
import linecache
import ntpath
import os
import os.path
import pathlib
import posix
import posixpath
import shutil

from flask import request


def untrusted():
    return request.args["data"]


def aliases():
    posixpath
    ntpath
    posix
    os.getcwdu


def classes():
    return [
        os.stat_result,
        os.DirEntry,
        os._Environ,
        pathlib.PurePath,
        pathlib.Path,
    ]


def types_of_os():
    os.environ
    os.getcwd()
    os.getcwdb()
    os.name
    os.listdir()
    os.listdir()[0]
    os.scandir()
    os.scandir()[0]
    os.walk()[0]
    os.walk()[0][0]
    os.walk()[0][1]
    os.walk()[0][1][0]
    os.stat()
    os.getpid()
    os.access()


def types_of__environ(_environ: os._Environ):
    _environ.get("/")
    _environ[0]


def types_of_dir_entry(dir_entry: os.DirEntry):
    dir_entry.stat()
    dir_entry.name
    dir_entry.is_dir()


def types_of_stat_result(stat_result: os.stat_result):
    stat_result.st_mode


def types_of_os_path():
    os.path.exists()
    os.path.abspath()
    os.path.split()
    os.path.split()[0]
    os.path.getatime()
    os.path.getsize()


def types_of_shutil():
    shutil.copy()


def types_of_glob():
    glob.glob()
    glob.iglob()
    glob.glob()[0]
    glob.escape()


def types_of_fnmatch():
    fnmatch.filter()
    fnmatch.fnmatch()
    fnmatch.translate()


def types_of_linecache():
    linecache.getline()
    linecache.getlines()


def types_of_pure_path(pure_path: pathlib.PurePath):
    pure_path.joinpath()
    pure_path.parent
    pure_path.parents[0]
    pure_path.anchor
    pure_path.as_posix()
    pure_path.__bytes__()
    pure_path.parts
    pure_path.parts[0]
    pure_path.suffixes
    pure_path.is_absolute()


def types_of_path(path: pathlib.Path):
    path.absolute()
    path.parent
    path.parents[0]
    path.glob()[0]
    path.glob()
    path.exists()
    path.open()
    path.read_text()
    path.read_bytes()
    path.write_bytes()
    path.stat()


def types_of_pathlib():
    pathlib.Path.cwd()


def sources_of_os():
    eval(os.environ)  # expect: code-injection
    eval(os.getenv())  # expect: code-injection
    eval(os.getcwd())  # expect: code-injection
    eval(os.read())  # expect: code-injection
    eval(os.listdir()[0])  # expect: code-injection
    eval(os.walk()[0][1][0])  # expect: code-injection
    eval(os.readlink())  # expect: code-injection


def sources_of_dir_entry(dir_entry: os.DirEntry):
    eval(dir_entry.name)  # expect: code-injection


def sources_of_glob():
    eval(glob.glob()[0])  # expect: code-injection


def sources_of_linecache():
    eval(linecache.getline())  # expect: code-injection


def sources_of_path(path: pathlib.Path):
    eval(path.read_text())  # expect: code-injection
    eval(path.glob()[0])  # expect: code-injection


def sinks_of_os():
    os.open(untrusted())  # expect: path-traversal
    os.listdir(untrusted())  # expect: path-traversal
    os.walk(untrusted())  # expect: path-traversal
    os.makedirs(untrusted())  # expect: path-traversal
    os.rename(untrusted())  # expect: path-traversal
    os.renames(untrusted())  # expect: path-traversal
    os.chdir(untrusted())  # expect: path-traversal
    os.setxattr(untrusted())  # expect: path-traversal
    os.write(None, f"name = {untrusted()}\n")  # expect: config-line-injection


def sinks_of_shutil():
    shutil.copy(untrusted())  # expect: path-traversal
    shutil.rmtree(untrusted())  # expect: path-traversal
    shutil.make_archive(untrusted())  # expect: path-traversal
    shutil.unpack_archive(untrusted())  # expect: archive-extraction, path-traversal
    shutil.unpack_archive(untrusted())  # expect: archive-extraction, path-traversal


def sinks_of_glob():
    glob.glob(untrusted())  # expect: path-traversal
    glob.glob(root_dir=untrusted())  # expect: path-traversal


def sinks_of_linecache():
    linecache.getline(untrusted())  # expect: path-traversal


def sinks_of_path(path: pathlib.Path):
    pathlib.Path(untrusted()).open()  # expect: path-traversal
    path.rename(untrusted())  # expect: path-traversal
    path.replace(untrusted())  # expect: path-traversal
    pathlib.Path(untrusted()).replace("b")  # expect: path-traversal
    pathlib.Path(untrusted()).replace("a", "b")
    path.glob(untrusted())  # expect: path-traversal
    path.write_text(f"name = {untrusted()}\n")  # expect: config-line-injection


def sinks_of_filecmp():
    filecmp.cmp(untrusted())  # expect: path-traversal


def settings_of_os():
    os.chmod(None, 0o777)  # expect: insecure-file-permissions
    os.mkfifo(None, 0o777)  # expect: insecure-file-permissions
    os.umask(False)  # expect: insecure-file-permissions


def settings_of_path(path: pathlib.Path):
    path.chmod(0o777)  # expect: insecure-file-permissions


def flows_of_os_path():
    eval(os.path.abspath(untrusted()))  # expect: code-injection
    eval(os.path.relpath(untrusted()))  # expect: code-injection
    eval(os.path.join(untrusted()))  # expect: code-injection
    eval(os.path.split(untrusted())[0])  # expect: code-injection
    eval(os.path.commonpath([untrusted()]))  # expect: code-injection
    os.path.walk(None, lambda first: eval(first), untrusted())  # expect: code-injection


def flows_of_os():
    eval(os.fsencode(untrusted()))  # expect: code-injection
    eval(os.getenv(None, untrusted()))  # expect: code-injection
    eval(os.walk(untrusted())[0][0])  # expect: code-injection, path-traversal
    eval(os.scandir(untrusted())[0].path)  # expect: code-injection, path-traversal
    eval(os.putenv(None, untrusted()))  # expect: code-injection


def flows_of_shutil():
    eval(shutil.copy(None, untrusted()))  # expect: code-injection, path-traversal
    eval(shutil.make_archive(untrusted()))  # expect: code-injection, path-traversal
    eval(shutil.which(untrusted()))  # expect: code-injection


def flows_of_shutil_2():
    filled = []
    shutil.copyfileobj(untrusted(), filled)
    eval(filled)  # expect: code-injection


def flows_of_glob():
    eval(glob.glob(untrusted())[0])  # expect: code-injection, path-traversal
    eval(glob.escape(untrusted()))  # expect: code-injection


def flows_of_fnmatch():
    eval(fnmatch.filter([untrusted()])[0])  # expect: code-injection
    eval(fnmatch.translate(untrusted()))  # expect: code-injection


def flows_of_pathlib():
    eval(pathlib.PurePath(untrusted()))  # expect: code-injection


def flows_of_pure_path(pure_path: pathlib.PurePath):
    eval(pathlib.PurePath(untrusted()).joinpath())  # expect: code-injection
    eval(pure_path.joinpath(untrusted()))  # expect: code-injection


def flows_of_path(path: pathlib.Path):
    eval(pathlib.Path(untrusted()).absolute())  # expect: code-injection
    eval(path.rename(untrusted()))  # expect: code-injection, path-traversal
    eval(pathlib.Path(untrusted()).glob()[0])  # expect: code-injection, path-traversal


def barriers_of_os_path():
    open(os.path.basename(untrusted()))
    open("/srv/upload" + os.path.splitext(untrusted())[1])
    open("/srv/" + os.path.splitext(untrusted())[0])  # expect: path-traversal


def barriers_of_pure_path(pure_path: pathlib.PurePath):
    open(pure_path.name)


def neutral_of_os():
    eval(os.access(untrusted()))


def neutral_of_os_path():
    eval(os.path.exists(untrusted()))


def neutral_of_shutil():
    eval(shutil.rmtree(untrusted()))  # expect: path-traversal


def neutral_of_fnmatch():
    eval(fnmatch.fnmatch(untrusted()))


def neutral_of_filecmp():
    eval(filecmp.cmp(untrusted()))  # expect: path-traversal


def neutral_of_linecache():
    eval(linecache.getline(untrusted()))  # expect: code-injection, path-traversal


def neutral_of_pure_path(pure_path: pathlib.PurePath):
    eval(pure_path.is_absolute(untrusted()))


def neutral_of_path(path: pathlib.Path):
    eval(path.chmod(untrusted()))


def files_made_by_path():
    pathlib.Path("/tmp/state").open("w")  # expect: insecure-temporary-file
    pathlib.Path("/tmp/state").open("x")
    os.mkdir("/tmp/state")  # expect: insecure-temporary-file
    os.makedirs("/tmp/state")  # expect: insecure-temporary-file
    shutil.copy("/etc/hosts", "/tmp/hosts")  # expect: insecure-temporary-file
    pathlib.Path("/tmp/mark").touch()  # expect: insecure-temporary-file
    pathlib.Path("/tmp/mark").touch(exist_ok=False)
