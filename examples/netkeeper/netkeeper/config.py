"""Settings, from the environment with defaults."""

import os


class Config:
    def __init__(self, environ=os.environ):
        self.database_url = environ.get("NETKEEPER_DATABASE", "sqlite:///netkeeper.db")
        self.state_path = environ.get("NETKEEPER_STATE", "/var/lib/netkeeper")
        self.token_secret = environ.get("NETKEEPER_TOKEN_SECRET", "")
        self.agent_ca = environ.get("NETKEEPER_AGENT_CA", "/etc/netkeeper/agents.pem")
        self.agents = dict(item.split("=") for item in environ.get("NETKEEPER_AGENTS", "").split(",") if item)
        self.page_limit = int(environ.get("NETKEEPER_PAGE_LIMIT", "500"))
        self.hook_hosts = frozenset(environ.get("NETKEEPER_HOOK_HOSTS", "hooks.example.org").split(","))


CONF = Config()
