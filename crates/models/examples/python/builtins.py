"""The built-in functions and types."""

import __builtin__
import __builtins__
import builtins
import json
import collections.abc
import http.client
import logging
import six.moves
import sqlite3
import types
import typing
import typing_extensions

from flask import request


def untrusted():
    return request.args["data"]


def aliases():
    __builtin__
    __builtins__
    six.moves.builtins
    six.moves.input
    six.moves.range
    six.moves.xrange
    six.moves.map
    six.moves.filter
    six.moves.zip
    six.moves.reduce
    six.moves.intern
    builtins.reduce
    builtins.raw_input
    builtins.xrange
    builtins.unicode
    builtins.basestring
    builtins.long
    builtins.unichr
    builtins.file
    builtins.reload
    types.StringType
    types.UnicodeType
    types.IntType
    types.DictType
    types.ListType
    types.TupleType


def classes():
    return [
        object,
        type,
        str,
        bytes,
        bytearray,
        memoryview,
        int,
        float,
        complex,
        bool,
        list,
        dict,
        set,
        frozenset,
        tuple,
        range,
        slice,
        property,
        enumerate,
        typing.Iterator,
        collections.abc.Iterator,
        types.GeneratorType,
        typing.Generator,
        collections.abc.Generator,
        types.FunctionType,
        types.MethodType,
        types.CodeType,
        types.ModuleType,
        types.NoneType,
        types.TracebackType,
        types.FrameType,
        types.SimpleNamespace,
        typing.Text,
        typing.List,
        collections.abc.Sequence,
        typing.Dict,
        collections.abc.Mapping,
        typing.Set,
        collections.abc.Set,
        typing.FrozenSet,
        typing.Tuple,
        typing.Type,
        collections.abc.KeysView,
        typing.KeysView,
        BaseException,
        BaseExceptionGroup,
        ExceptionGroup,
        Exception,
        ArithmeticError,
        FloatingPointError,
        OverflowError,
        ZeroDivisionError,
        AssertionError,
        AttributeError,
        BufferError,
        EOFError,
        ImportError,
        ModuleNotFoundError,
        LookupError,
        IndexError,
        KeyError,
        MemoryError,
        NameError,
        UnboundLocalError,
        OSError,
        BlockingIOError,
        ChildProcessError,
        ConnectionError,
        BrokenPipeError,
        ConnectionAbortedError,
        ConnectionRefusedError,
        ConnectionResetError,
        FileExistsError,
        FileNotFoundError,
        InterruptedError,
        IsADirectoryError,
        NotADirectoryError,
        PermissionError,
        ProcessLookupError,
        TimeoutError,
        ReferenceError,
        RuntimeError,
        NotImplementedError,
        RecursionError,
        StopAsyncIteration,
        StopIteration,
        SyntaxError,
        IndentationError,
        TabError,
        SystemError,
        TypeError,
        ValueError,
        UnicodeError,
        UnicodeDecodeError,
        UnicodeEncodeError,
        UnicodeTranslateError,
        Warning,
        BytesWarning,
        DeprecationWarning,
        EncodingWarning,
        FutureWarning,
        ImportWarning,
        PendingDeprecationWarning,
        ResourceWarning,
        RuntimeWarning,
        SyntaxWarning,
        UnicodeWarning,
        UserWarning,
        GeneratorExit,
        KeyboardInterrupt,
        SystemExit,
        StandardError,
    ]


def types_of_str_(str_: str):
    str_.capitalize()
    str_.encode()
    str_.split()
    str_.partition()
    str_.split()[0]
    str_.isalnum()
    str_.isdecimal()
    str_.count()
    str_[0]


def types_of_bytes_(bytes_: bytes):
    bytes_[0]
    bytes_.capitalize()
    bytes_.split()[0]
    bytes_.decode()


def types_of_bytearray(bytearray: bytearray):
    bytearray.capitalize()


def types_of_memoryview(memoryview: memoryview):
    memoryview.tobytes()


def types_of_builtins():
    bytes.fromhex()
    bytearray.fromhex()
    int.from_bytes()
    float.fromhex()
    dict.fromkeys()
    ascii()
    hash()
    all()
    dir()
    dir()[0]
    globals()
    iter()
    divmod()
    enumerate()[0]
    enumerate()[0][0]
    compile()
    __import__()
    open()
    __name__


def types_of_int_(int_: int):
    int_.to_bytes()
    int_.bit_length()


def types_of_float_(float_: float):
    float_.is_integer()
    float_.hex()


def types_of_list_(list_: list):
    list_.copy()
    list_.count()
    list_.__len__()


def types_of_dict_(dict_: dict):
    dict_.copy()
    dict_.keys()
    dict_.iterkeys()
    dict_.items()[0]
    dict_.popitem()
    dict_.has_key()


def types_of_set_(set_: set):
    set_.copy()
    set_.isdisjoint()


def types_of_frozenset(frozenset: frozenset):
    frozenset.copy()


def types_of_range_(range_: range):
    range_[0]
    range_.start


def types_of_object_(object_: object):
    object_.__dict__
    object_.__doc__
    object_.__str__()
    object_.__hash__()
    object_.__eq__()


def types_of_type_(type_: type):
    type_.__name__
    type_.__bases__
    type_.mro()


def types_of_traceback(traceback: types.TracebackType):
    traceback.tb_frame


def types_of_frame(frame: types.FrameType):
    frame.f_back
    frame.f_code
    frame.f_globals


def types_of_function_(function_: types.FunctionType):
    function_.__code__
    function_.__globals__


def types_of_base_exception(base_exception: BaseException):
    base_exception.__traceback__
    base_exception.__cause__
    base_exception.with_traceback()
    base_exception.__init__(untrusted())
    base_exception.args


def sources_of_builtins():
    eval(input())  # expect: code-injection


def sources_of_base_exception(base_exception: BaseException):
    print(base_exception.args)


def sources_of_oserror(oserror: OSError):
    print(oserror.strerror)


def sources_of_syntax_error(syntax_error: SyntaxError):
    print(syntax_error.msg)


def sinks_of_builtins():
    eval(untrusted())  # expect: code-injection
    compile(untrusted())  # expect: code-injection
    __import__(untrusted())  # expect: unsafe-reflection
    getattr(None, untrusted())()  # expect: unsafe-reflection
    globals()[untrusted()]()  # expect: unsafe-reflection
    vars().get(untrusted())()  # expect: unsafe-reflection
    setattr(None, untrusted(), None)  # expect: attribute-injection
    execfile(untrusted())  # expect: code-injection
    open(untrusted())  # expect: path-traversal


def sinks_of_str_(str_: str):
    untrusted().format()  # expect: format-string


def flows_of_str_(str_: str):
    eval(untrusted().capitalize())  # expect: code-injection
    eval(untrusted().casefold())  # expect: code-injection
    eval(untrusted().split()[0])  # expect: code-injection
    eval(str_.join([untrusted()]))  # expect: code-injection
    eval(str_.replace(None, untrusted()))  # expect: code-injection
    eval(str_.center(None, untrusted()))  # expect: code-injection
    eval(str_.format(untrusted()))  # expect: code-injection
    eval(str_.format_map([untrusted()]))  # expect: code-injection
    eval(str_.format_map(untrusted()))  # expect: code-injection
    eval(str_.__add__(untrusted()))  # expect: code-injection
    eval(str_.translate([untrusted()]))  # expect: code-injection


def flows_of_bytearray():
    eval(bytearray(untrusted().encode()).copy())  # expect: code-injection


def flows_of_memoryview():
    eval(memoryview(untrusted()).tobytes())  # expect: code-injection


def flows_of_builtins():
    eval(str.maketrans(untrusted())[0])  # expect: code-injection
    eval(bytes.fromhex(untrusted()))  # expect: code-injection
    eval(str(untrusted()))  # expect: code-injection
    eval(memoryview(untrusted()))  # expect: code-injection
    eval(repr(untrusted()))  # expect: code-injection
    eval(format(untrusted()))  # expect: code-injection
    eval(chr(untrusted()))  # expect: code-injection
    eval(dict.fromkeys(None, untrusted())[0])  # expect: code-injection
    eval(dict.fromkeys([untrusted()]))  # expect: code-injection
    eval(dict([untrusted()])[0])  # expect: code-injection
    eval(dict([("", untrusted())])[0])  # expect: code-injection
    eval(dict(value=untrusted())["value"])  # expect: code-injection
    eval(list([untrusted()])[0])  # expect: code-injection
    sorted([untrusted()], key=lambda first: eval(first))  # expect: code-injection
    eval(iter(lambda: untrusted())[0])  # expect: code-injection
    eval(next([untrusted()]))  # expect: code-injection
    eval(next(None, untrusted()))  # expect: code-injection
    eval(enumerate([untrusted()])[0][1])  # expect: code-injection
    eval(zip([untrusted()])[0][0])  # expect: code-injection
    eval(zip(None, [untrusted()])[0][1])  # expect: code-injection
    eval(zip(None, None, [untrusted()])[0][2])  # expect: code-injection
    eval(zip(None, None, None, [untrusted()])[0][3])  # expect: code-injection
    map(lambda first: eval(first), [untrusted()])  # expect: code-injection
    map(lambda first, second: eval(second), None, [untrusted()])  # expect: code-injection
    map(lambda first, second, third: eval(third), None, None, [untrusted()])  # expect: code-injection
    eval(map(lambda: untrusted())[0])  # expect: code-injection
    filter(lambda first: eval(first), [untrusted()])  # expect: code-injection
    eval(filter(None, [untrusted()])[0])  # expect: code-injection
    eval(max([untrusted()]))  # expect: code-injection
    eval(max(default=untrusted()))  # expect: code-injection
    max([untrusted()], key=lambda first: eval(first))  # expect: code-injection
    eval(sum([untrusted()]))  # expect: code-injection
    eval(getattr(untrusted()))  # expect: code-injection
    eval(getattr(None, None, untrusted()))  # expect: code-injection
    eval(vars(untrusted()))  # expect: code-injection
    eval(BaseException(untrusted()).args[0])  # expect: code-injection
    eval(BaseException(untrusted()))  # expect: code-injection


def flows_of_bytearray_2(bytearray: bytearray):
    bytearray.append(untrusted())
    eval(bytearray)  # expect: code-injection


def flows_of_bytearray_3(bytearray: bytearray):
    bytearray.insert(None, untrusted())
    eval(bytearray)  # expect: code-injection


def flows_of_list_(list_: list):
    list_.append(untrusted())
    eval(list_[0])  # expect: code-injection


def flows_of_list__2(list_: list):
    list_.insert(None, untrusted())
    eval(list_[0])  # expect: code-injection


def flows_of_list__3(list_: list):
    list_.extend([untrusted()])
    eval(list_[0])  # expect: code-injection


def flows_of_list__4(list_: list):
    eval([untrusted()].pop())  # expect: code-injection
    eval([untrusted()].copy()[0])  # expect: code-injection
    eval(list_.__add__([untrusted()])[0])  # expect: code-injection
    [untrusted()].sort(key=lambda first: eval(first))  # expect: code-injection
    eval([untrusted()].__getitem__())  # expect: code-injection


def flows_of_list__5(list_: list):
    list_.__setitem__(None, untrusted())
    eval(list_[0])  # expect: code-injection


def flows_of_dict_(dict_: dict):
    eval({"key": untrusted()}.get())  # expect: code-injection
    eval(dict_.get(None, untrusted()))  # expect: code-injection
    eval({"key": untrusted()}.popitem()[1])  # expect: code-injection
    eval(json.loads(untrusted()).keys()[0])  # expect: code-injection
    eval({"key": untrusted()}.values()[0])  # expect: code-injection
    eval({"key": untrusted()}.items()[0][1])  # expect: code-injection
    eval(json.loads(untrusted()).items()[0][0])  # expect: code-injection
    eval({"key": untrusted()}.copy()["key"])  # expect: code-injection


def flows_of_dict__2(dict_: dict):
    dict_.setdefault(None, untrusted())
    eval(dict_[0])  # expect: code-injection


def flows_of_dict__3(dict_: dict):
    dict_.update([untrusted()])
    eval(dict_[0])  # expect: code-injection


def flows_of_dict__4(dict_: dict):
    dict_.update(value=untrusted())
    eval(dict_["value"])  # expect: code-injection


def flows_of_set_(set_: set):
    set_.add(untrusted())
    eval(set_[0])  # expect: code-injection


def flows_of_set__2(set_: set):
    set_.update([untrusted()])
    eval(set_[0])  # expect: code-injection


def flows_of_set__3(set_: set):
    eval({untrusted()}.pop())  # expect: code-injection
    eval({untrusted()}.copy()[0])  # expect: code-injection
    eval(set_.symmetric_difference([untrusted()])[0])  # expect: code-injection


def flows_of_iterator():
    eval(iter([untrusted()]).__next__())  # expect: code-injection
    eval(iter([untrusted()]).__iter__()[0])  # expect: code-injection


def flows_of_object_():
    eval([untrusted()].__str__())  # expect: code-injection


def flows_of_base_exception():
    eval(BaseException(untrusted()).with_traceback())  # expect: code-injection


def flows_of_builtins_2():
    filled = []
    print(untrusted(), file=filled)
    eval(filled)  # expect: code-injection


def flows_of_types():
    types.MethodType(lambda first: eval(first), untrusted())  # expect: code-injection
    eval(types.SimpleNamespace(value=untrusted()))  # expect: code-injection
    eval(types.MappingProxyType(untrusted()))  # expect: code-injection


def barriers_of_builtins():
    eval(int(untrusted()))
    eval(int.from_bytes(untrusted()))
    eval(float.fromhex(untrusted()))
    logging.info(repr(untrusted()))


def barriers_of_bytes_(bytes_: bytes):
    eval(bytes_.hex(untrusted()))


def guard_of_str_():
    value = untrusted()
    if value.isdigit():
        eval(value)


def guard_of_bytes_():
    value = untrusted()
    if value.isdigit():
        eval(value)


def guard_of_str__2():
    value = untrusted()
    if value.isalnum():
        sqlite3.connect("db").execute("SELECT " + value)


def guard_of_str__3():
    value = untrusted()
    if value.isprintable():
        http.client.HTTPConnection("a.example").putheader("X-Name", value)


def guard_of_builtins():
    value = untrusted()
    int(value)
    eval(value)


def neutral_of_str_(str_: str):
    eval(str_.count(untrusted()))
    eval(str_.isdecimal(untrusted()))


def neutral_of_list_(list_: list):
    eval(list_.count(untrusted()))
    eval(list_.clear(untrusted()))


def neutral_of_dict_(dict_: dict):
    eval(dict_.clear(untrusted()))


def neutral_of_set_(set_: set):
    eval(set_.isdisjoint(untrusted()))
    eval(set_.clear(untrusted()))


def neutral_of_object_(object_: object):
    eval(object_.__eq__(untrusted()))


def neutral_of_builtins():
    eval(len(untrusted()))
    print(untrusted())


def decorator_of_typing():
    @typing.final
    def kept_by_final(text):
        eval(text)  # expect: code-injection

    kept_by_final(untrusted())


def decorator_of_typing_extensions():
    @typing_extensions.final
    def kept_by_final_2(text):
        eval(text)  # expect: code-injection

    kept_by_final_2(untrusted())


def names(unknown):
    unknown.format()
    unknown.split()
    unknown.split("utf-8")
    unknown.rsplit()
    unknown.rsplit("utf-8")
    unknown.strip()
    unknown.strip("utf-8")
    unknown.lstrip()
    unknown.lstrip("utf-8")
    unknown.rstrip()
    unknown.rstrip("utf-8")
    unknown.encode()
    unknown.encode("utf-8")
    unknown.decode()
    unknown.decode("utf-8")
    unknown.partition("-")
    unknown.rpartition("-")
    unknown.removeprefix("-")
    unknown.removesuffix("-")
    unknown.lower()
    unknown.upper()
    unknown.casefold()
    unknown.capitalize()
    unknown.swapcase()
    unknown.splitlines()
    unknown.replace("a", "b")


class Refused(Exception):
    pass


def arguments_of_exceptions():
    eval(Refused(untrusted()).args[0])  # expect: code-injection
    eval(Refused(untrusted()))  # expect: code-injection


def guard_of_bytes():
    value = untrusted().encode()
    if value.isdigit():
        eval(value)
