"""Libraries that fetch what an address names: feeds, articles, downloads, browsers that are driven, services described by WSDL, pages that are made into documents."""

import feedparser
import flask
import gdown
import grequests
import newspaper
import playwright.async_api
import playwright.sync_api
import pooch
import pyquery
import requests_html
import selenium.webdriver
import suds.client
import tensorflow.keras.utils
import torch.hub
import trafilatura
import treq
import wget
import yt_dlp

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        selenium.webdriver.Chrome,
        playwright.sync_api.Page,
        playwright.async_api.Page,
        playwright.sync_api.Browser,
        playwright.async_api.Browser,
        requests_html.HTMLSession,
        yt_dlp.YoutubeDL,
    ]


def type_of_1(thing: playwright.sync_api.Browser):
    thing.new_page()


async def type_of_2(thing: playwright.sync_api.Browser):
    (await thing.new_page())


def type_of_3():
    grequests.map()["key"]


async def type_of_4():
    (await treq.get())


def source_5(thing: selenium.webdriver.Chrome):
    thing.page_source


def source_6(thing: playwright.sync_api.Page):
    thing.content()


async def source_7(thing: playwright.sync_api.Page):
    (await thing.content())


def source_8():
    feedparser.parse()


def source_9():
    trafilatura.fetch_url()


def source_10(thing: yt_dlp.YoutubeDL):
    thing.extract_info()


def sink_11(thing: selenium.webdriver.Chrome):
    thing.get(untrusted())  # expect: server-side-request-forgery


def sink_12(thing: selenium.webdriver.Chrome):
    thing.execute_script(untrusted())  # expect: code-injection


def sink_13(thing: playwright.sync_api.Page):
    thing.goto(untrusted())  # expect: server-side-request-forgery


def sink_14(thing: playwright.sync_api.Page):
    thing.evaluate(untrusted())  # expect: code-injection


def sink_15(thing: playwright.sync_api.Page):
    thing.set_content(untrusted())  # expect: cross-site-scripting


def sink_16():
    treq.get(untrusted())  # expect: server-side-request-forgery


def sink_17():
    treq.request("x", untrusted())  # expect: server-side-request-forgery


def sink_18():
    grequests.get(untrusted())  # expect: server-side-request-forgery


def sink_19():
    feedparser.parse(untrusted())  # expect: path-traversal, server-side-request-forgery


def sink_20():
    wget.download(untrusted())  # expect: server-side-request-forgery


def sink_21():
    wget.download("x", untrusted())  # expect: path-traversal


def sink_22():
    gdown.download(untrusted())  # expect: server-side-request-forgery


def sink_23():
    gdown.download("x", untrusted())  # expect: path-traversal


def sink_24():
    pooch.retrieve(untrusted())  # expect: server-side-request-forgery


def sink_25():
    trafilatura.fetch_url(untrusted())  # expect: server-side-request-forgery


def sink_26():
    newspaper.Article(untrusted())  # expect: server-side-request-forgery


def sink_27(thing: yt_dlp.YoutubeDL):
    thing.extract_info(untrusted())  # expect: server-side-request-forgery


def sink_28():
    suds.client.Client(untrusted())  # expect: path-traversal, server-side-request-forgery


def sink_29():
    pyquery.PyQuery(url=untrusted())  # expect: server-side-request-forgery


def sink_30():
    torch.hub.load_state_dict_from_url(untrusted())  # expect: server-side-request-forgery


def sink_31():
    tensorflow.keras.utils.get_file("x", untrusted())  # expect: server-side-request-forgery
