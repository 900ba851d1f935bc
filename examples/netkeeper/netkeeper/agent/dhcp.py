"""The files of the DHCP server (dnsmasq)."""

import os

from netkeeper import validators
from netkeeper.config import CONF


class Dnsmasq:
    def __init__(self, network_id):
        self.network_id = network_id
        self.options = []

    def _path(self, name):
        return os.path.join(CONF.state_path, "dhcp", self.network_id, name)

    def add_option(self, port_id, option, value):
        self.options.append("tag:" + port_id + ",option:" + option + "," + value)

    def write_options(self):
        with open(self._path("opts"), "w", encoding="utf-8") as handle:
            handle.write("\n".join(self.options) + "\n")

    def write_host(self, mac, address, hostname):
        mac = validators.name(mac.replace(":", "-"))
        line = "%s,%s,%s\n" % (mac, validators.address(address), validators.name(hostname))
        with open(self._path("host"), "a", encoding="utf-8") as handle:
            handle.write(line)
