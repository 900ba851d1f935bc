"""Requests to hooks and agents."""

import logging
import subprocess

import requests

from netkeeper import validators
from netkeeper.config import CONF

LOG = logging.getLogger(__name__)


class Hook:
    def __init__(self, url):
        self.url = url

    def test(self):
        return requests.post(self.url, json={"type": "test"}, timeout=5).status_code

    def notify(self, event):
        url = validators.hook_url(self.url)
        return requests.post(url, json=event, timeout=5, allow_redirects=False).status_code


class AgentClient:
    def __init__(self, host, password):
        self.base = "https://" + host + ":9798"
        self.password = password

    def register(self, name):
        return requests.post(self.base + "/register", json={"name": name}, verify=False)

    def state(self):
        return requests.get(self.base + "/state", verify=CONF.agent_ca, timeout=10).json()

    def install_key(self, key):
        LOG.debug("installing a key with password %s", self.password)
        subprocess.run(["netkeeper-key", "--password=" + self.password, "install"], input=key.encode(), check=True)

    def remove_key(self):
        subprocess.run(["netkeeper-key", "remove"], input=self.password.encode(), check=True)


def status_page(name):
    return requests.get("https://status.example.org/services/" + validators.name(name), timeout=5).text
