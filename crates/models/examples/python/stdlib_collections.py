"""Containers, iterators, functions over functions, copies."""

import Queue
import UserDict
import UserList
import UserString
import abc
import array
import asyncio
import bisect
import collections
import contextlib
import contextvars
import copy
import dataclasses
import enum
import functools
import heapq
import itertools
import multiprocessing
import operator
import queue
import six.moves
import typing
import weakref

from flask import request


def untrusted():
    return request.args["data"]


def aliases():
    Queue
    six.moves.queue
    UserDict.UserDict
    UserList.UserList
    UserString.UserString
    six.moves.UserDict
    itertools.izip
    itertools.imap
    itertools.ifilter
    itertools.izip_longest
    itertools.ifilterfalse
    six.moves.zip_longest


def classes():
    return [
        collections.OrderedDict,
        collections.defaultdict,
        collections.Counter,
        collections.ChainMap,
        collections.UserDict,
        collections.UserList,
        collections.UserString,
        collections.deque,
        typing.DefaultDict,
        typing.OrderedDict,
        typing.Deque,
        array.array,
        contextvars.ContextVar,
        queue.Queue,
        multiprocessing.Queue,
        queue.Empty,
        weakref.ref,
        weakref.WeakKeyDictionary,
        weakref.WeakSet,
        contextlib.ExitStack,
        enum.Enum,
        enum.IntEnum,
        enum.StrEnum,
        abc.ABC,
        abc.ABCMeta,
    ]


def types_of_counter(counter: collections.Counter):
    counter.most_common()
    counter.most_common()[0]
    counter.elements()


def types_of_deque(deque: collections.deque):
    deque.copy()


def types_of_chain_map(chain_map: collections.ChainMap):
    chain_map.new_child()


def types_of_itertools():
    itertools.accumulate()
    itertools.chain.from_iterable()
    itertools.tee()
    itertools.tee()[0]
    itertools.batched()[0]
    itertools.count()[0]


def types_of_heapq():
    heapq.nlargest()
    heapq.merge()


def types_of_bisect():
    bisect.bisect()


def types_of_dataclasses():
    dataclasses.asdict()
    dataclasses.astuple()


def types_of_operator():
    operator.eq()


def types_of_exit_stack(exit_stack: contextlib.ExitStack):
    exit_stack.pop_all()


def types_of_array(the_array: array.array):
    the_array.tobytes()


def types_of_enum(the_enum: enum.Enum):
    the_enum.name


def flows_of_collections():
    eval(collections.OrderedDict([untrusted()])[0])  # expect: code-injection
    eval(collections.OrderedDict([("", untrusted())])[0])  # expect: code-injection
    eval(collections.OrderedDict(value=untrusted())["value"])  # expect: code-injection
    eval(collections.ChainMap(None, [untrusted()])[0])  # expect: code-injection
    eval(collections.defaultdict(lambda: untrusted())[0])  # expect: code-injection
    eval(collections.defaultdict(None, [untrusted()])[0])  # expect: code-injection
    eval(collections.deque([untrusted()])[0])  # expect: code-injection
    eval(collections.Counter([untrusted()]))  # expect: code-injection
    eval(collections.UserString(untrusted()))  # expect: code-injection
    eval(collections.namedtuple()(untrusted()))  # expect: code-injection
    eval(collections.namedtuple()()._replace(value=untrusted()))  # expect: code-injection
    eval(collections.namedtuple()._make([untrusted()]))  # expect: code-injection


def flows_of_deque(deque: collections.deque):
    deque.appendleft(untrusted())
    eval(deque[0])  # expect: code-injection


def flows_of_deque_2(deque: collections.deque):
    deque.extendleft([untrusted()])
    eval(deque[0])  # expect: code-injection


def flows_of_deque_3():
    eval(collections.deque(untrusted()).popleft())  # expect: code-injection


def flows_of_counter():
    eval(collections.Counter(untrusted()).most_common()[0])  # expect: code-injection


def flows_of_chain_map():
    eval(collections.ChainMap(untrusted()).new_child()[0])  # expect: code-injection


def flows_of_queue(the_queue: queue.Queue):
    the_queue.put(untrusted())
    eval(the_queue[0])  # expect: code-injection


def flows_of_context_variable(variable: contextvars.ContextVar):
    variable.set(untrusted())
    eval(variable.get())  # expect: code-injection


def flows_of_context_variable_2(variable: contextvars.ContextVar):
    eval(variable.get(untrusted()))  # expect: code-injection


def flows_of_queue_2():
    eval(filled(queue.Queue()).get())  # expect: code-injection


def flows_of_queue_3(queue: asyncio.Queue):
    queue.put(untrusted())
    eval(queue[0])  # expect: code-injection


async def flows_of_queue_4():
    eval(filled(asyncio.Queue()).get_nowait())  # expect: code-injection
    eval(await filled(asyncio.Queue()).get())  # expect: code-injection


def flows_of_array():
    eval(array.array(None, untrusted()))  # expect: code-injection


def flows_of_array_2():
    eval(array.array("B", untrusted()).tobytes())  # expect: code-injection


def flows_of_weakref():
    eval(weakref.ref(untrusted()))  # expect: code-injection


def flows_of_itertools():
    eval(itertools.chain([untrusted()])[0])  # expect: code-injection
    eval(itertools.chain.from_iterable([[untrusted()]])[0])  # expect: code-injection
    eval(itertools.cycle([untrusted()])[0])  # expect: code-injection
    eval(itertools.repeat(untrusted())[0])  # expect: code-injection
    eval(itertools.dropwhile(None, [untrusted()])[0])  # expect: code-injection
    itertools.dropwhile(lambda first: eval(first), [untrusted()])  # expect: code-injection
    eval(itertools.starmap(lambda: untrusted())[0])  # expect: code-injection
    itertools.starmap(lambda first: eval(first), [(untrusted(),)])  # expect: code-injection
    itertools.starmap(lambda first, second: eval(second), [("", untrusted())])  # expect: code-injection
    itertools.starmap(lambda first, second, third: eval(third), [("", "", untrusted())])  # expect: code-injection
    eval(itertools.accumulate([untrusted()])[0])  # expect: code-injection
    eval(itertools.combinations([untrusted()])[0][0])  # expect: code-injection
    eval(itertools.product([untrusted()])[0][0])  # expect: code-injection
    eval(itertools.product(None, [untrusted()])[0][1])  # expect: code-injection
    eval(itertools.product(None, None, [untrusted()])[0][0])  # expect: code-injection
    eval(itertools.groupby([untrusted()])[0][1][0])  # expect: code-injection
    eval(itertools.groupby(None, lambda: untrusted())[0][0])  # expect: code-injection
    itertools.groupby([untrusted()], lambda first: eval(first))  # expect: code-injection
    eval(itertools.tee([untrusted()])[0][0])  # expect: code-injection


def flows_of_heapq():
    filled = []
    heapq.heappush(filled, untrusted())
    eval(filled[0])  # expect: code-injection


def flows_of_heapq_2():
    eval(heapq.heappop([untrusted()]))  # expect: code-injection
    eval(heapq.nlargest(None, [untrusted()])[0])  # expect: code-injection
    eval(heapq.merge([untrusted()])[0])  # expect: code-injection


def flows_of_bisect():
    filled = []
    bisect.insort(filled, untrusted())
    eval(filled[0])  # expect: code-injection


def flows_of_copy():
    eval(copy.copy(untrusted()))  # expect: code-injection


def flows_of_dataclasses():
    eval(dataclasses.replace(untrusted()))  # expect: code-injection
    eval(dataclasses.replace(value=untrusted()))  # expect: code-injection
    eval(dataclasses.asdict(untrusted())[0])  # expect: code-injection
    eval(dataclasses.astuple(untrusted())[0])  # expect: code-injection
    eval(dataclasses.field(default=untrusted()))  # expect: code-injection
    eval(dataclasses.field(default_factory=lambda: untrusted()))  # expect: code-injection


def flows_of_functools():
    functools.reduce(lambda first, second: eval(second), [untrusted()])  # expect: code-injection
    functools.reduce(lambda first: eval(first), [untrusted()])  # expect: code-injection
    functools.reduce(lambda first: eval(first), None, untrusted())  # expect: code-injection
    eval(functools.reduce(lambda: untrusted()))  # expect: code-injection
    functools.reduce(lambda first, second: eval(first) or untrusted(), [1, 2])  # expect: code-injection
    functools.partial(lambda first: eval(first), untrusted())  # expect: code-injection
    functools.partial(lambda first, second: eval(second), None, untrusted())  # expect: code-injection
    functools.partial(lambda first, second, third: eval(third), None, None, untrusted())  # expect: code-injection
    eval(functools.partial(untrusted()))  # expect: code-injection


def flows_of_operator():
    eval(operator.add(untrusted()))  # expect: code-injection
    eval(operator.getitem([untrusted()]))  # expect: code-injection
    eval(operator.itemgetter()([untrusted()]))  # expect: code-injection
    eval(operator.attrgetter()(untrusted()))  # expect: code-injection
    eval(operator.methodcaller()(untrusted()))  # expect: code-injection
    eval(operator.methodcaller(None, untrusted()))  # expect: code-injection


def flows_of_operator_2():
    filled = []
    operator.setitem(filled, None, untrusted())
    eval(filled[0])  # expect: code-injection


def flows_of_contextlib():
    eval(contextlib.closing(untrusted()))  # expect: code-injection


def flows_of_exit_stack(exit_stack: contextlib.ExitStack):
    eval(exit_stack.enter_context(untrusted()))  # expect: code-injection
    exit_stack.callback(lambda first: eval(first), untrusted())  # expect: code-injection
    exit_stack.callback(lambda first, second: eval(second), None, untrusted())  # expect: code-injection


def flows_of_typing():
    eval(typing.cast(None, untrusted()))  # expect: code-injection
    eval(typing.NewType()(untrusted()))  # expect: code-injection
    eval(typing.assert_type(untrusted()))  # expect: code-injection


def neutral_of_collections():
    eval(collections.namedtuple(untrusted()))


def neutral_of_queue():
    eval(queue.Queue(untrusted()))


def neutral_of_queue_2(the_queue: queue.Queue):
    eval(the_queue.empty(untrusted()))


def neutral_of_heapq():
    eval(heapq.heapify(untrusted()))


def neutral_of_bisect():
    eval(bisect.bisect(untrusted()))


def neutral_of_operator():
    eval(operator.eq(untrusted()))


def neutral_of_dataclasses():
    eval(dataclasses.fields(untrusted()))


def neutral_of_itertools():
    eval(itertools.count(untrusted()))


def neutral_of_enum():
    eval(enum.auto(untrusted()))


def neutral_of_contextlib():
    eval(contextlib.redirect_stderr(untrusted()))


def neutral_of_deque(deque: collections.deque):
    eval(deque.rotate(untrusted()))


def decorator_of_functools():
    @functools.cache
    def kept_by_cache(text):
        eval(text)  # expect: code-injection

    kept_by_cache(untrusted())


def decorator_of_functools_2():
    @functools.lru_cache()
    def kept_by_lru_cache(text):
        eval(text)  # expect: code-injection

    kept_by_lru_cache(untrusted())


def decorator_of_abc():
    @abc.abstractmethod
    def kept_by_abstractmethod(text):
        eval(text)  # expect: code-injection

    kept_by_abstractmethod(untrusted())


def decorator_of_dataclasses():
    @dataclasses.dataclass
    def kept_by_dataclass(text):
        eval(text)  # expect: code-injection

    kept_by_dataclass(untrusted())


def decorator_of_dataclasses_2():
    @dataclasses.dataclass()
    def kept_by_dataclass_2(text):
        eval(text)  # expect: code-injection

    kept_by_dataclass_2(untrusted())


def decorator_of_enum():
    @enum.unique
    def kept_by_unique(text):
        eval(text)  # expect: code-injection

    kept_by_unique(untrusted())


def decorator_of_typing():
    @typing.dataclass_transform()
    def kept_by_dataclass_transform(text):
        eval(text)  # expect: code-injection

    kept_by_dataclass_transform(untrusted())


def filled(queue_):
    queue_.put(untrusted())
    return queue_


def named_tuples():
    point = collections.namedtuple("Point", "x y")(untrusted(), 1)
    eval(point._replace(y=2))  # expect: code-injection
    eval(point._asdict())  # expect: code-injection
