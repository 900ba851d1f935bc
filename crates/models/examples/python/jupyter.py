"""Handlers of Jupyter Server and of the classic notebook."""

import os

import jupyter_server.base.handlers
import jupyter_server.utils
import notebook.base.handlers
import notebook.utils


class Files(jupyter_server.base.handlers.JupyterHandler):
    def get(self, path):
        os.system("ls " + path)  # expect: command-injection

    def post(self):
        body = self.get_json_body()
        os.system(body["command"])  # expect: command-injection
        os.system(jupyter_server.utils.url_path_join("/", body["name"]))  # expect: command-injection
        os.system(jupyter_server.utils.url_unescape(body["name"]))  # expect: command-injection


class OldFiles(notebook.base.handlers.IPythonHandler):
    def get(self, path):
        os.system("ls " + path)  # expect: command-injection
        os.system(notebook.utils.url_path_join("/", path))  # expect: command-injection
        os.system(notebook.utils.url_escape(path))  # expect: command-injection
