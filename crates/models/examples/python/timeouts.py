"""Calls that wait for another host: how long when nothing is said."""

import ftplib
import http.client
import imaplib
import poplib
import smtplib
import socket
import urllib.request

import aiohttp
import httplib2
import httpx
import paramiko
import requests


def without_a_limit(url):
    requests.get(url)  # expect: missing-timeout
    requests.api.get(url)  # expect: missing-timeout
    requests.Session().get(url)  # expect: missing-timeout
    urllib.request.urlopen(url)  # expect: missing-timeout
    urllib.request.build_opener().open(url)  # expect: missing-timeout
    aiohttp.ClientTimeout(total=None)  # expect: missing-timeout
    http.client.HTTPConnection(url)  # expect: missing-timeout
    smtplib.SMTP(url)  # expect: missing-timeout
    ftplib.FTP(url)  # expect: missing-timeout
    poplib.POP3(url)  # expect: missing-timeout
    imaplib.IMAP4(url)  # expect: missing-timeout
    socket.create_connection((url, 80))  # expect: missing-timeout
    paramiko.SSHClient().connect(url)  # expect: missing-timeout
    httplib2.Http()  # expect: missing-timeout
    httpx.get(url, timeout=None)  # expect: missing-timeout


def with_one(url):
    requests.get(url, timeout=5)
    urllib.request.urlopen(url, timeout=5)
    socket.create_connection((url, 80), 5)
    httpx.get(url)
    urllib.request.build_opener().open(url, timeout=10)
    aiohttp.ClientTimeout(total=None, sock_read=10)
