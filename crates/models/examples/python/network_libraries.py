"""netaddr, pyroute2 and ovsdbapp."""

import dns.asyncresolver
import dns.query
import dns.resolver
import dns.zone
import netaddr
import os
import ovsdbapp.api
import ovsdbapp.backend.ovs_idl.idlutils
import pyroute2
import pysnmp.hlapi
import random

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        netaddr.IPAddress,
        netaddr.IPNetwork,
        netaddr.IPRange,
        netaddr.IPSet,
        netaddr.EUI,
        pyroute2.IPRoute,
        ovsdbapp.api.API,
        ovsdbapp.api.Command,
        ovsdbapp.api.Transaction,
    ]


def types_of_ipnetwork(ipnetwork: netaddr.IPNetwork):
    ipnetwork.ip
    ipnetwork.cidr
    ipnetwork.next()
    ipnetwork.subnet()[0]
    ipnetwork.iter_hosts()[0]
    ipnetwork[0]
    ipnetwork.prefixlen


def types_of_ipaddress(ipaddress: netaddr.IPAddress):
    ipaddress.ipv4()
    ipaddress.version


def types_of_netaddr():
    netaddr.cidr_merge()[0]


def types_of_eui(eui: netaddr.EUI):
    eui.ipv6_link_local()


def types_of_api(api: ovsdbapp.api.API):
    api.transaction()
    api.db_create()


def types_of_transaction(transaction: ovsdbapp.api.Transaction):
    transaction.add()


def barriers_of_netaddr():
    eval(netaddr.IPAddress(untrusted()))
    eval(netaddr.cidr_merge(untrusted()))


def guard_of_netaddr():
    value = untrusted()
    if netaddr.valid_ipv4(value):
        eval(value)


def guard_of_netaddr_2():
    value = untrusted()
    if netaddr.valid_mac(value):
        eval(value)


def neutral_of_netaddr():
    eval(netaddr.IPAddress(untrusted()))


def neutral_of_ovsdbapp_backend_ovs_idl_idlutils():
    eval(ovsdbapp.backend.ovs_idl.idlutils.row_by_value(untrusted()))


def neutral_of_api(api: ovsdbapp.api.API):
    api.db_create(untrusted())


def neutral_of_command(command: ovsdbapp.api.Command):
    command.execute(untrusted())


def neutral_of_pyroute2():
    pyroute2.netns.create(untrusted())


def names(unknown):
    unknown.db_create()
    unknown.db_create_row()
    unknown.db_destroy()
    unknown.db_set()
    unknown.db_add()
    unknown.db_clear()
    unknown.db_get()
    unknown.db_list()
    unknown.db_list_rows()
    unknown.db_find()
    unknown.db_find_rows()
    unknown.db_remove()


def sources_of_dns_resolver():
    eval(dns.resolver.resolve())  # expect: code-injection


async def sources_of_dns_asyncresolver():
    eval((await dns.asyncresolver.resolve()))  # expect: code-injection


def sinks_of_dns_query():
    dns.query.udp(where=untrusted())  # expect: server-side-request-forgery


def sinks_of_dns_zone():
    dns.zone.from_file(untrusted())  # expect: path-traversal


def sinks_of_pysnmp_hlapi():
    pysnmp.hlapi.UsmUserData(authKey=str(random.random()))  # expect: weak-randomness
    pysnmp.hlapi.UsmUserData(privKey=str(random.random()))  # expect: weak-randomness


def texts():
    for record in dns.resolver.resolve("host.example", "TXT"):
        os.system(str(record))  # expect: command-injection
