"""Kafka: kafka-python, aiokafka, confluent-kafka and Faust."""

import aiokafka
import confluent_kafka
import faust
import kafka
import kafka.consumer.fetcher
import os
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        kafka.KafkaConsumer,
        aiokafka.AIOKafkaConsumer,
        aiokafka.ConsumerRecord,
        kafka.consumer.fetcher.ConsumerRecord,
        confluent_kafka.Consumer,
        confluent_kafka.Message,
        faust.App,
    ]


def types_of_kafka_consumer(kafka_consumer: kafka.KafkaConsumer):
    kafka_consumer[0]
    kafka_consumer.poll()[0][0]


async def types_of_aiokafka_consumer(aiokafka_consumer: aiokafka.AIOKafkaConsumer):
    aiokafka_consumer[0]
    (await aiokafka_consumer.getone())
    (await aiokafka_consumer.getmany())[0][0]


def types_of_consumer(consumer: confluent_kafka.Consumer):
    consumer.poll()
    consumer.consume()[0]


def sources_of_consumer_record(consumer_record: aiokafka.ConsumerRecord):
    eval(consumer_record.key)  # expect: code-injection


def sources_of_message(message: confluent_kafka.Message):
    eval(message.key())  # expect: code-injection


def sources_of_app(app: faust.App):
    @app.agent("/")
    def on_agent(first):
        eval(first)  # expect: code-injection


def entries_of_app(app: faust.App):
    @app.agent("/")
    def on_agent_2():
        return ""


def entries_of_app_2(app: faust.App):
    @app.timer("/")
    def on_timer():
        return ""


def decorator_of_app(app: faust.App):
    @app.agent("/")
    def kept_by_agent(text):
        eval(text)  # expect: code-injection

    kept_by_agent(untrusted())


def consume():
    for record in kafka.KafkaConsumer("orders"):
        os.system(record.value)  # expect: command-injection
        sqlite3.connect("orders").execute("INSERT INTO orders VALUES (?)", (record.value,))
        os.system(f"note {record.offset}")
