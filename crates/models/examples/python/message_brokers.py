"""Other brokers: aio-pika (AMQP), NATS and Paho (MQTT)."""

import aio_pika
import aio_pika.abc
import nats
import nats.aio.client
import nats.aio.msg
import nats.aio.subscription
import nats.js
import os
import paho.mqtt.client
import paho.mqtt.subscribe
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        aio_pika.IncomingMessage,
        aio_pika.abc.AbstractIncomingMessage,
        aio_pika.Queue,
        aio_pika.abc.AbstractQueue,
        aio_pika.Channel,
        aio_pika.abc.AbstractChannel,
        aio_pika.Connection,
        aio_pika.abc.AbstractConnection,
        nats.aio.client.Client,
        nats.aio.msg.Msg,
        nats.aio.subscription.Subscription,
        nats.js.JetStreamContext,
        paho.mqtt.client.Client,
        paho.mqtt.client.MQTTMessage,
    ]


async def types_of_aio_pika():
    (await aio_pika.connect())


async def types_of_connection(connection: aio_pika.Connection):
    connection.channel()
    (await connection.channel())


async def types_of_channel(channel: aio_pika.Channel):
    (await channel.declare_queue())


async def types_of_queue(queue: aio_pika.Queue):
    (await queue.get())
    queue.iterator()[0]


def types_of_queue_2(queue: aio_pika.Queue):
    @queue.consume
    def on_consume(first):
        first


async def types_of_nats():
    (await nats.connect())


async def types_of_client(client: nats.aio.client.Client):
    client.jetstream()
    (await client.subscribe())


def types_of_client_2(client: nats.aio.client.Client):
    def on_subscribe(first):
        first

    client.subscribe(cb=on_subscribe)


async def types_of_subscription(subscription: nats.aio.subscription.Subscription):
    (await subscription.next_msg())
    subscription.messages[0]


async def types_of_jet_stream_context(jet_stream_context: nats.js.JetStreamContext):
    (await (await jet_stream_context.pull_subscribe()).fetch())[0]


def types_of_client_3(client: paho.mqtt.client.Client):
    def on_message_callback_add(first, second, third):
        third

    client.message_callback_add(callback=on_message_callback_add)


def types_of_client_4(client: paho.mqtt.client.Client):
    @client.topic_callback("/")
    def on_topic_callback(first, second, third):
        third


def types_of_client_5(client: paho.mqtt.client.Client):
    @client.message_callback("/")
    def on_message_callback(first, second, third):
        third


def types_of_paho_mqtt_subscribe():
    @paho.mqtt.subscribe.callback
    def on_callback(first, second, third):
        third


def types_of_paho_mqtt_subscribe_2():
    paho.mqtt.subscribe.simple()


def sources_of_incoming_message(incoming_message: aio_pika.IncomingMessage):
    eval(incoming_message.body)  # expect: code-injection


def sources_of_msg(msg: nats.aio.msg.Msg):
    eval(msg.data)  # expect: code-injection


def sources_of_mqttmessage(mqttmessage: paho.mqtt.client.MQTTMessage):
    eval(mqttmessage.payload)  # expect: code-injection


def entries_of_queue(queue: aio_pika.Queue):
    @queue.consume
    def on_consume_2():
        return ""


def entries_of_client(client: nats.aio.client.Client):
    def on_subscribe_2():
        return ""

    client.subscribe(cb=on_subscribe_2)


def entries_of_client_2(client: paho.mqtt.client.Client):
    def on_message_callback_add_2():
        return ""

    client.message_callback_add(callback=on_message_callback_add_2)


def entries_of_client_3(client: paho.mqtt.client.Client):
    @client.topic_callback("/")
    def on_topic_callback_2():
        return ""


def entries_of_paho_mqtt_subscribe():
    @paho.mqtt.subscribe.callback
    def on_callback_2():
        return ""


def settings_of_client(client: paho.mqtt.client.Client):
    client.tls_insecure_set(True)  # expect: tls-verification-disabled


async def consume(queue: aio_pika.abc.AbstractQueue):
    async with queue.iterator() as messages:
        async for message in messages:
            os.system(message.body.decode())  # expect: command-injection
            sqlite3.connect("orders").execute("INSERT INTO orders VALUES (?)", (message.body,))


def on_order(client, userdata, message):
    os.system(message.payload.decode())  # expect: command-injection
    os.system(userdata)


def subscribe(client: paho.mqtt.client.Client):
    client.message_callback_add("orders/#", on_order)
    client.tls_insecure_set(False)


def on_message(client, userdata, msg):
    eval(userdata)
    eval(msg.payload)  # expect: code-injection


def on_any_message(client, userdata, message):
    eval(message.payload)  # expect: code-injection


mqtt_client = paho.mqtt.client.Client()
mqtt_client.on_message = on_message
