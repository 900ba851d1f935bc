"""Task queues and schedulers beside Celery: Dramatiq, Huey, RQ and APScheduler."""

import apscheduler.schedulers.asyncio
import apscheduler.schedulers.background
import apscheduler.schedulers.base
import apscheduler.schedulers.blocking
import dramatiq
import huey
import os
import rq
import rq.decorators
import sqlite3

from flask import request


def untrusted():
    return request.args["data"]


def classes():
    return [
        huey.Huey,
        rq.Queue,
        apscheduler.schedulers.base.BaseScheduler,
        apscheduler.schedulers.background.BackgroundScheduler,
        apscheduler.schedulers.asyncio.AsyncIOScheduler,
        apscheduler.schedulers.blocking.BlockingScheduler,
    ]


def sources_of_dramatiq():
    @dramatiq.actor
    def on_actor(value):
        eval(value)  # expect: code-injection


def sources_of_dramatiq_2():
    @dramatiq.actor("/")
    def on_actor_2(value):
        eval(value)  # expect: code-injection


def sources_of_huey(the_huey: huey.Huey):
    @the_huey.task("/")
    def on_task(value):
        eval(value)  # expect: code-injection


def entries_of_dramatiq():
    @dramatiq.actor
    def on_actor_3():
        return ""


def entries_of_dramatiq_2():
    @dramatiq.actor("/")
    def on_actor_4():
        return ""


def entries_of_huey(the_huey: huey.Huey):
    @the_huey.task("/")
    def on_task_2():
        return ""


def entries_of_queue(queue: rq.Queue):
    @queue.enqueue
    def on_enqueue():
        return ""


def entries_of_base_scheduler(base_scheduler: apscheduler.schedulers.base.BaseScheduler):
    @base_scheduler.add_job
    def on_add_job():
        return ""


def entries_of_base_scheduler_2(base_scheduler: apscheduler.schedulers.base.BaseScheduler):
    @base_scheduler.scheduled_job("/")
    def on_scheduled_job():
        return ""


def decorator_of_dramatiq():
    @dramatiq.actor
    def kept_by_actor(text):
        eval(text)  # expect: code-injection

    kept_by_actor(untrusted())


def decorator_of_dramatiq_2():
    @dramatiq.actor("/")
    def kept_by_actor_2(text):
        eval(text)  # expect: code-injection

    kept_by_actor_2(untrusted())


def decorator_of_huey(the_huey: huey.Huey):
    @the_huey.task("/")
    def kept_by_task(text):
        eval(text)  # expect: code-injection

    kept_by_task(untrusted())


def decorator_of_rq():
    @rq.job("/")
    def kept_by_job(text):
        eval(text)  # expect: code-injection

    kept_by_job(untrusted())


def decorator_of_decorators():
    @rq.decorators.job("/")
    def kept_by_job_2(text):
        eval(text)  # expect: code-injection

    kept_by_job_2(untrusted())


def decorator_of_base_scheduler(base_scheduler: apscheduler.schedulers.base.BaseScheduler):
    @base_scheduler.scheduled_job("/")
    def kept_by_scheduled_job(text):
        eval(text)  # expect: code-injection

    kept_by_scheduled_job(untrusted())


def sinks_of_queue(queue: rq.Queue):
    queue.enqueue(untrusted())  # expect: unsafe-reflection


def sinks_of_base_scheduler(base_scheduler: apscheduler.schedulers.base.BaseScheduler):
    base_scheduler.add_job(untrusted())  # expect: unsafe-reflection


@dramatiq.actor(max_retries=3)
def convert(name):
    os.system(name)  # expect: command-injection
    sqlite3.connect("names").execute("INSERT INTO names VALUES (?)", (name,))


def repair(name):
    os.system(name)  # expect: command-injection


def count(name):
    sqlite3.connect("names").execute("INSERT INTO names VALUES (?)", (name,))


def queue_up(queue: rq.Queue):
    queue.enqueue(repair, untrusted())
    queue.enqueue(count, untrusted())


def first_job(first):
    eval(first)  # expect: code-injection


def second_job(first, second):
    eval(second)  # expect: code-injection


def third_job(first, second, third):
    eval(third)  # expect: code-injection


def scheduled(value):
    eval(value)  # expect: code-injection


def more_jobs(queue: rq.Queue, base_scheduler: apscheduler.schedulers.base.BaseScheduler):
    queue.enqueue(first_job, untrusted())
    queue.enqueue(second_job, "", untrusted())
    queue.enqueue(third_job, "", "", untrusted())
    base_scheduler.add_job(scheduled, "date", args=[untrusted()])
