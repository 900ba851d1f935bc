"""The clients of Elasticsearch and OpenSearch."""

import elasticsearch
import opensearchpy

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        elasticsearch.Elasticsearch,
        opensearchpy.OpenSearch,
    ]


def sinks_of_elasticsearch(the_elasticsearch: elasticsearch.Elasticsearch):
    the_elasticsearch.search(body=untrusted())  # expect: nosql-injection
    the_elasticsearch.update(script=untrusted())  # expect: code-injection
    the_elasticsearch.update(script=[untrusted()])  # expect: code-injection
    the_elasticsearch.search_template(source=untrusted())  # expect: nosql-injection
    the_elasticsearch.sql.query(query=untrusted())  # expect: sql-injection


def sinks_of_elasticsearch_2():
    elasticsearch.Elasticsearch(untrusted())  # expect: server-side-request-forgery


def sources_of_elasticsearch(the_elasticsearch: elasticsearch.Elasticsearch):
    eval(the_elasticsearch.search())  # expect: code-injection


def settings_of_elasticsearch():
    elasticsearch.Elasticsearch(verify_certs=False)  # expect: tls-verification-disabled


def settings_of_opensearchpy():
    opensearchpy.OpenSearch(verify_certs=False)  # expect: tls-verification-disabled


def searches(search: elasticsearch.Elasticsearch):
    search.search(index="names", query={"match": {"name": untrusted()}})
    search.search(index="names", body=request.get_json())  # expect: nosql-injection
    search.search(index="names", q=untrusted())
    search.update(index="names", id="1", script={"source": "ctx._source.n = params.n", "params": {"n": 1}})
