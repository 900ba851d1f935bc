"""Message consumers and remote procedure calls: Celery, Kombu, Pika, gRPC, Redis and the AWS SDK."""

import boto3
import botocore.session
import celery
import celery.app
import grpc
import kombu
import kombu.message
import kombu.mixins
import kombu.serialization
import pika
import pika.adapters.blocking_connection
import pika.channel
import redis
import redis.asyncio
import redis.client

from flask import request


def untrusted():
    return request.args["data"]


class OwnConsumerMixin(kombu.mixins.ConsumerMixin):
    def on_message(self, first):
        eval(first)  # expect: code-injection


class OwnConsumerMixin2(kombu.mixins.ConsumerMixin):
    def on_message(self):
        return ""


def classes():
    return [
        celery.Celery,
        celery.app.Celery,
        kombu.Consumer,
        kombu.message.Message,
        pika.channel.Channel,
        pika.adapters.blocking_connection.BlockingChannel,
        pika.BlockingConnection,
        redis.Redis,
        redis.client.Redis,
        redis.client.PubSub,
    ]


def types_of_blocking_connection(blocking_connection: pika.BlockingConnection):
    blocking_connection.channel()


def types_of_redis():
    redis.from_url()
    redis.Redis.from_url()


def types_of_redis_2(the_redis: redis.Redis):
    the_redis.pipeline()
    the_redis.pubsub()


def types_of_consumer(consumer: kombu.Consumer):
    @consumer.register_callback
    def on_register_callback(first, second):
        second


def types_of_boto3():
    boto3.client()
    boto3.Session().client()


def sources_of_celery(the_celery: celery.Celery):
    @the_celery.task
    def on_task(value):
        eval(value)  # expect: code-injection


def sources_of_celery_2(the_celery: celery.Celery):
    @the_celery.task()
    def on_task_2(value):
        eval(value)  # expect: code-injection


def sources_of_celery_3():
    @celery.shared_task
    def on_shared_task(value):
        eval(value)  # expect: code-injection


def sources_of_celery_4():
    @celery.shared_task()
    def on_shared_task_2(value):
        eval(value)  # expect: code-injection

    @celery.shared_task(bind=True)
    def on_shared_task_3(self, value):
        eval(self.name)
        eval(value)  # expect: code-injection


def sources_of_consumer(consumer: kombu.Consumer):
    @consumer.register_callback
    def on_register_callback_2(first):
        eval(first)  # expect: code-injection


def sources_of_message(message: kombu.message.Message):
    eval(message.body)  # expect: code-injection
    eval(message.decode())  # expect: code-injection


def sources_of_channel(channel: pika.channel.Channel):
    def on_basic_consume(first, second, third):
        eval(third)  # expect: code-injection

    channel.basic_consume(None, on_basic_consume)


def sources_of_channel_2(channel: pika.channel.Channel):
    eval(channel.basic_get()[2])  # expect: code-injection


def sources_of_pub_sub(pub_sub: redis.client.PubSub):
    eval(pub_sub.get_message())  # expect: code-injection
    eval(pub_sub.listen()[0])  # expect: code-injection


def sources_of_client():
    client = boto3.client()
    eval(client.receive_message())  # expect: code-injection
    eval(client.get_object())  # expect: code-injection


def entries_of_celery(the_celery: celery.Celery):
    @the_celery.task
    def on_task_3():
        return ""


def entries_of_celery_2(the_celery: celery.Celery):
    @the_celery.task()
    def on_task_4():
        return ""


def entries_of_celery_3():
    @celery.shared_task
    def on_shared_task_3():
        return ""


def entries_of_celery_4():
    @celery.shared_task()
    def on_shared_task_4():
        return ""


def entries_of_consumer(consumer: kombu.Consumer):
    @consumer.register_callback
    def on_register_callback_3():
        return ""


def entries_of_channel(channel: pika.channel.Channel):
    def on_basic_consume_2():
        return ""

    channel.basic_consume(None, on_basic_consume_2)


def decorator_of_celery(the_celery: celery.Celery):
    @the_celery.task
    def kept_by_task(text):
        eval(text)  # expect: code-injection

    kept_by_task(untrusted())


def decorator_of_celery_2(the_celery: celery.Celery):
    @the_celery.task()
    def kept_by_task_2(text):
        eval(text)  # expect: code-injection

    kept_by_task_2(untrusted())


def decorator_of_celery_3():
    @celery.shared_task
    def kept_by_shared_task(text):
        eval(text)  # expect: code-injection

    kept_by_shared_task(untrusted())


def decorator_of_celery_4():
    @celery.shared_task()
    def kept_by_shared_task_2(text):
        eval(text)  # expect: code-injection

    kept_by_shared_task_2(untrusted())


def sinks_of_redis(the_redis: redis.Redis):
    the_redis.eval(untrusted())  # expect: code-injection
    the_redis.execute_command(untrusted())  # expect: nosql-injection


def sinks_of_grpc():
    grpc.insecure_channel(untrusted())  # expect: server-side-request-forgery


def sinks_of_client():
    client = boto3.client()
    client.download_file(Filename=untrusted())  # expect: path-traversal
    client.upload_file(untrusted())  # expect: path-traversal


def sinks_of_kombu_serialization():
    kombu.serialization.pickle_loads(untrusted())  # expect: unsafe-deserialization


def names_of_boto3():
    client = boto3.client("s3")
    for stored in client.list_objects_v2(Bucket="a")["Contents"]:
        client.download_file("a", stored["Key"], "/srv/" + stored["Key"])  # expect: path-traversal
    for page in client.get_paginator("list_objects_v2").paginate(Bucket="a"):
        open("/srv/" + page["Contents"][0]["Key"], "wb")  # expect: path-traversal
    for stored in boto3.resource("s3").Bucket("a").objects.all():
        open("/srv/" + stored.key, "wb")  # expect: path-traversal


def settings_of_boto3():
    boto3.client(verify=False)  # expect: tls-verification-disabled


def settings_of_redis():
    redis.Redis(ssl_cert_reqs="none")  # expect: tls-verification-disabled
    redis.Redis(ssl=True, ssl_cert_reqs=None)  # expect: tls-verification-disabled


def neutral_of_redis(the_redis: redis.Redis):
    eval(the_redis.set(untrusted()))


def neutral_of_channel(channel: pika.channel.Channel):
    eval(channel.basic_publish(untrusted()))


class OwnTask(celery.Task):
    def run(self, value):
        eval(value)  # expect: code-injection


class OwnTask_2(celery.Task):
    def run(self):
        return ""


def types_of_celery(the_celery: celery.Celery):
    the_celery.conf


def types_of_redis_asyncio():
    redis.asyncio.Redis()
    redis.asyncio.from_url()


def more_types_of_redis(the_redis: redis.Redis):
    the_redis.register_script()


def types_of_botocore_session():
    botocore.session.get_session().create_client()


def more_types_of_boto3():
    boto3.resource()
    boto3.Session().resource()


def types_of_resource():
    boto3.resource().Queue().receive_messages()[0]


def more_sources_of_client():
    eval(boto3.client().invoke()["Payload"])  # expect: code-injection


def more_sources_of_message():
    eval(boto3.resource().Queue().receive_messages()[0].body)  # expect: code-injection


def sources_of_resource():
    eval(boto3.resource().Object().get())  # expect: code-injection


async def more_sources_of_pub_sub(pub_sub: redis.client.PubSub):
    eval((await pub_sub.get_message()))  # expect: code-injection


def more_sinks_of_redis(the_redis: redis.Redis):
    the_redis.register_script(untrusted())  # expect: code-injection


def more_sinks_of_client():
    boto3.client().execute_statement(sql=untrusted())  # expect: sql-injection
    boto3.client().batch_execute_statement(sql=untrusted())  # expect: sql-injection
    boto3.client().start_query_execution(QueryString=untrusted())  # expect: sql-injection
    boto3.client().select_object_content(Expression=untrusted())  # expect: sql-injection


def sinks_of_resource():
    boto3.resource().Bucket().download_file(Filename=untrusted())  # expect: path-traversal
    boto3.resource().Bucket().upload_file(untrusted())  # expect: path-traversal
    boto3.resource().Object().download_file(untrusted())  # expect: path-traversal


def more_settings_of_boto3():
    boto3.Session().client(verify=False)  # expect: tls-verification-disabled


def settings_of_settings(the_celery: celery.Celery):
    the_celery.conf.update(accept_content=["pickle"])  # expect: unsafe-deserialization


def settings_of_kombu():
    kombu.enable_insecure_serializers()  # expect: unsafe-deserialization


def settings_of_workers(the_celery: celery.Celery):
    the_celery.conf.update(accept_content=["json"])
    the_celery.conf.accept_content = ["json", "pickle"]  # expect: unsafe-deserialization
    the_celery.conf.accept_content = ["json"]


def statements(name):
    client = boto3.client("rds-data")
    client.execute_statement(sql="SELECT * FROM names WHERE name = :name", parameters=[{"name": untrusted()}])


def scripts(the_redis: redis.Redis):
    the_redis.eval("return redis.call('GET', KEYS[1])", 1, untrusted())


class Settings:
    CELERY_ACCEPT_CONTENT = ["json", "pickle"]
    SESSION_SERIALIZER = "django.contrib.sessions.serializers.PickleSerializer"


the_worker = celery.Celery("worker")


class WorkerTask(the_worker.Task):
    def run(self, command):
        eval(command)  # expect: code-injection


def what_redis_holds(the_redis: redis.Redis):
    eval(the_redis.get(untrusted()))
    eval(the_redis.hget("names", untrusted()))
    eval(the_redis.lindex(untrusted(), 0))
    eval(the_redis.smembers(untrusted()))


async def what_redis_holds_later(the_redis: redis.asyncio.Redis):
    eval(await the_redis.get(untrusted()))
