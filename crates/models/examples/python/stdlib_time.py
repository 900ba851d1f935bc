"""Dates, times, numbers, addresses: what is parsed into one of these can't hold an attacker's text any more."""

import calendar
import datetime
import decimal
import fractions
import ipaddress
import math
import sqlite3
import statistics
import time
import zoneinfo

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        datetime.date,
        datetime.datetime,
        datetime.time,
        datetime.timedelta,
        datetime.tzinfo,
        zoneinfo.ZoneInfo,
        time.struct_time,
        decimal.Decimal,
        fractions.Fraction,
        ipaddress.IPv4Address,
        ipaddress.IPv4Network,
        ipaddress.IPv6Address,
        ipaddress.IPv6Network,
    ]


def types_of_datetime():
    datetime.datetime.combine()
    datetime.date.fromisocalendar()
    datetime.time.fromisoformat()


def types_of_datetime_2(the_datetime: datetime.datetime):
    the_datetime.astimezone()
    the_datetime.date()
    the_datetime.time()
    the_datetime.timestamp()
    the_datetime.utcoffset()


def types_of_date(date: datetime.date):
    date.replace()
    date.isoformat()
    date.year
    date.weekday()
    date.timetuple()


def types_of_timedelta(timedelta: datetime.timedelta):
    timedelta.days
    timedelta.total_seconds()


def types_of_time():
    time.time()
    time.time_ns()
    time.asctime()
    time.gmtime()


def types_of_calendar():
    calendar.timegm()


def types_of_math():
    math.sqrt()
    math.ceil()


def types_of_ipv4_network(ipv4_network: ipaddress.IPv4Network):
    ipv4_network[0]
    ipv4_network.network_address


def types_of_ipv6_network(ipv6_network: ipaddress.IPv6Network):
    ipv6_network.network_address


def types_of_ipv4_address(ipv4_address: ipaddress.IPv4Address):
    ipv4_address.is_global
    ipv4_address.version
    ipv4_address.compressed


def flows_of_date(date: datetime.date):
    eval(date.strftime(untrusted()))  # expect: code-injection


def flows_of_time():
    eval(time.strftime(untrusted()))  # expect: code-injection


def flows_of_ipaddress():
    eval(ipaddress.ip_address(untrusted()))  # expect: code-injection


def barriers_of_datetime():
    eval(datetime.datetime.combine(untrusted()))
    eval(datetime.date.fromisocalendar(untrusted()))
    eval(datetime.time.fromisoformat(untrusted()))
    eval(datetime.date(untrusted()))


def barriers_of_time():
    eval(time.gmtime(untrusted()))


def barriers_of_calendar():
    eval(calendar.timegm(untrusted()))


def barriers_of_zoneinfo():
    eval(zoneinfo.ZoneInfo(untrusted()))


def barriers_of_decimal():
    eval(decimal.Decimal(untrusted()))


def barriers_of_fractions():
    eval(fractions.Fraction(untrusted()))


def barriers_of_math():
    eval(math.ceil(untrusted()))
    eval(math.anything(untrusted()))


def barriers_of_statistics():
    eval(statistics.mean(untrusted()))


def barriers_of_ipaddress():
    sqlite3.connect("db").execute("SELECT " + ipaddress.IPv4Address(untrusted()))


def guard_of_ipaddress():
    value = untrusted()
    ipaddress.IPv4Address(value)
    sqlite3.connect("db").execute("SELECT " + value)


def guard_of_math():
    value = untrusted()
    math.isfinite(value)
    eval(value)


def neutral_of_time():
    eval(time.clock(untrusted()))


def neutral_of_date(date: datetime.date):
    eval(date.isoformat(untrusted()))
