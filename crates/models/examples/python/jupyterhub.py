"""JupyterHub: spawners."""

import logging
import subprocess

import jupyterhub.spawner


class OwnSpawner(jupyterhub.spawner.Spawner):
    def start(self):
        env = self.get_env()
        logging.info("the token has %d characters", len(env["JUPYTERHUB_API_TOKEN"]))
        logging.info("starting with %s", env)  # expect: secret-in-log
        logging.info("acting by %s", self.api_token)  # expect: secret-in-log

    def start_by_command(self):
        command = ["systemd-run"]
        command += ["--setenv={}={}".format(key, value) for key, value in self.get_env().items()]
        subprocess.run(command, check=True)  # expect: secret-in-process-arguments


def classes():
    return [
        jupyterhub.spawner.Spawner,
        jupyterhub.spawner.LocalProcessSpawner,
        jupyterhub.spawner.SimpleLocalProcessSpawner,
    ]
