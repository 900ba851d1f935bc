"""Salt: the variables that its loader puts into execution, state and other modules."""


def present(name):
    comment = __salt__["cmd.run"]("id")
    __utils__["files.normalize_mode"]("0644")
    __states__["file.absent"](name)
    __proxy__["napalm.call"]("close")
    __runner__["jobs.active"]()
    __serializers__["json.serialize"]({})
    __executors__["direct_call.execute"]()
    __opts__.get("cachedir")
    __grains__.get("os")
    __pillar__.get("key")
    __context__.setdefault("seen", name)
    __low__.get("state")
    __lowstate__.get("state")
    __running__.get("state")
    __master_opts__.get("cachedir")
    return {"name": name, "comment": comment}
