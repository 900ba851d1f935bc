"""Code as data: imports by name, evaluation, inspection, native libraries, tracebacks."""

import ast
import bdb
import cProfile
import cgitb
import code
import codeop
import ctypes
import ctypes.util
import gc
import imp
import importlib
import importlib.machinery
import importlib.metadata
import importlib.resources
import importlib.util
import inspect
import operator
import pdb
import pkgutil
import pydoc
import platform
import runpy
import site
import traceback
import types
import zipimport

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        code.InteractiveInterpreter,
        ast.AST,
        ast.NodeVisitor,
        inspect.Signature,
        inspect.Parameter,
        ctypes.CDLL,
        traceback.TracebackException,
        importlib.metadata.EntryPoint,
    ]


def types_of_importlib():
    importlib.import_module()


def types_of_imp():
    imp.load_module()


def types_of_importlib_util():
    importlib.util.module_from_spec()


def types_of_importlib_resources():
    importlib.resources.read_text()
    importlib.resources.read_binary()


def types_of_importlib_metadata():
    importlib.metadata.version()
    importlib.metadata.entry_points()[0]


def types_of_pkgutil():
    pkgutil.get_data()


def types_of_runpy():
    runpy.run_module()


def types_of_ast():
    ast.parse()
    ast.dump()


def types_of_inspect():
    inspect.getsource()
    inspect.getmembers()
    inspect.isabstract()
    inspect.signature()
    inspect.currentframe()


def types_of_signature(signature: inspect.Signature):
    signature.parameters
    signature.parameters[0]


def types_of_parameter(parameter: inspect.Parameter):
    parameter.name


def types_of_traceback():
    traceback.format_exc()
    traceback.extract_stack()
    traceback.format_exception()[0]


def types_of_ctypes():
    ctypes.sizeof()
    ctypes.string_at()


def types_of_ctypes_util():
    ctypes.util.find_library()


def sources_of_traceback():
    print(traceback.format_exc())
    print(traceback.extract_tb()[0])


def sources_of_traceback_exception(traceback_exception: traceback.TracebackException):
    print(traceback_exception.format()[0])


def sources_of_cgitb():
    print(cgitb.html())


def sinks_of_importlib():
    operator.methodcaller(untrusted())  # expect: unsafe-reflection
    importlib.import_module(untrusted())  # expect: unsafe-reflection


def sinks_of_importlib_util():
    importlib.util.spec_from_file_location(None, untrusted())  # expect: code-injection


def sinks_of_importlib_machinery():
    importlib.machinery.SourceFileLoader(None, untrusted())  # expect: code-injection


def sinks_of_imp():
    imp.load_source(None, untrusted())  # expect: code-injection
    imp.find_module(untrusted())  # expect: unsafe-reflection


def sinks_of_runpy():
    runpy.run_module(untrusted())  # expect: unsafe-reflection
    runpy.run_path(untrusted())  # expect: code-injection


def sinks_of_pkgutil():
    pkgutil.resolve_name(untrusted())  # expect: unsafe-reflection
    pkgutil.get_data(None, untrusted())  # expect: path-traversal


def sinks_of_importlib_resources():
    importlib.resources.open_text(None, untrusted())  # expect: path-traversal


def sinks_of_code():
    code.interact(local=untrusted())  # expect: code-injection
    code.compile_command(untrusted())  # expect: code-injection


def sinks_of_codeop():
    codeop.compile_command(untrusted())  # expect: code-injection


def sinks_of_interactive_interpreter(interactive_interpreter: code.InteractiveInterpreter):
    interactive_interpreter.runsource(untrusted())  # expect: code-injection
    interactive_interpreter.runcode(untrusted())  # expect: code-injection
    interactive_interpreter.push(untrusted())  # expect: code-injection


def sinks_of_pdb():
    pdb.run(untrusted())  # expect: code-injection


def sinks_of_bdb():
    bdb.Bdb().run(untrusted())  # expect: code-injection


def sinks_of_cProfile():
    cProfile.run(untrusted())  # expect: code-injection


def sinks_of_ctypes():
    ctypes.CDLL(untrusted())  # expect: code-injection
    ctypes.cdll.LoadLibrary(untrusted())  # expect: code-injection


def sinks_of_types():
    types.FunctionType(untrusted())  # expect: code-injection


def sinks_of_site():
    site.addsitedir(untrusted())  # expect: code-injection


def sinks_of_zipimport():
    zipimport.zipimporter(untrusted())  # expect: code-injection


def flows_of_ast():
    eval(ast.literal_eval(untrusted()))  # expect: code-injection
    eval(ast.parse(untrusted()))  # expect: code-injection
    eval(ast.unparse(untrusted()))  # expect: code-injection
    eval(ast.fix_missing_locations(untrusted()))  # expect: code-injection
    eval(ast.copy_location(untrusted()))  # expect: code-injection


def flows_of_builtins():
    eval(compile(untrusted()))  # expect: code-injection
    eval(eval(untrusted()))  # expect: code-injection


def flows_of_inspect():
    eval(inspect.cleandoc(untrusted()))  # expect: code-injection
    eval(inspect.unwrap(untrusted()))  # expect: code-injection


def flows_of_importlib():
    eval(importlib.reload(untrusted()))  # expect: code-injection


def flows_of_traceback():
    eval(traceback.format_exception(untrusted())[0])  # expect: code-injection


def flows_of_ctypes():
    eval(ctypes.string_at(untrusted()))  # expect: code-injection
    eval(ctypes.create_string_buffer(untrusted()))  # expect: code-injection


def neutral_of_ast():
    ast.literal_eval(untrusted())


def neutral_of_importlib():
    eval(importlib.import_module(untrusted()))  # expect: unsafe-reflection


def neutral_of_imp():
    eval(imp.find_module(untrusted()))  # expect: unsafe-reflection


def neutral_of_inspect():
    eval(inspect.currentframe(untrusted()))


def neutral_of_traceback():
    eval(traceback.print_exc(untrusted()))


def neutral_of_ctypes():
    eval(ctypes.CDLL(untrusted()))  # expect: code-injection


def neutral_of_gc():
    eval(gc.collect(untrusted()))


def sinks_of_pydoc():
    pydoc.locate(untrusted())  # expect: unsafe-reflection


def neutral_of_pkgutil():
    eval(pkgutil.get_data(untrusted()))


def neutral_of_platform():
    eval(platform.linux_distribution(untrusted()))
