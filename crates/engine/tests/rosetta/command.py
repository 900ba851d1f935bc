import os
import socket


def show(peer: socket.socket):
    name = peer.recv(63).decode()
    command = "ip link show %s" % name
    return os.system(command)  # expect: command-injection


def show_known(peer: socket.socket):
    name = peer.recv(63).decode()
    if name != "eth0":
        return 0
    command = "ip link show %s" % name
    return os.system(command)
