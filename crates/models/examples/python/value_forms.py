"""Types that leave no choice of text, and parameters that a framework fills by itself."""

import datetime
import decimal
import enum
import os
import uuid

import fastapi
import fastapi.params
import ninja
import pydantic
import pydantic.main
import sqlmodel
import starlette.background
import starlette.requests
import starlette.responses
import starlette.websockets

application = fastapi.FastAPI()


class Colour(enum.Enum):
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


class Word(enum.StrEnum):
    YES = "yes"


class Mark(enum.Flag):
    OLD = 1


class Item(pydantic.BaseModel):
    name: str
    count: int


class Part(pydantic.main.BaseModel):
    name: str
    size: float
    fresh: bool
    key: uuid.UUID


class Row(sqlmodel.SQLModel):
    name: str
    price: decimal.Decimal
    day: datetime.date


class Call(ninja.Schema):
    name: str
    at: datetime.datetime
    clock: datetime.time
    span: datetime.timedelta


@application.post("/items")
def add(item: Item, part: Part, row: Row, call: Call):
    os.system("add " + item.name)  # expect: command-injection
    os.system("add " + item.count)
    os.system("add " + part.name)  # expect: command-injection
    os.system("add " + part.size + part.fresh + part.key)
    os.system("add " + row.name)  # expect: command-injection
    os.system("add " + row.price + row.day)
    os.system("add " + call.name)  # expect: command-injection
    os.system("add " + call.at + call.clock + call.span)


@application.get("/shown")
def show(colour: Colour, level: Level, word: Word, mark: Mark):
    os.system("show " + colour + level + word + mark)


def current(name: str):
    return "current"


@application.get("/provided")
def provided(
    request: starlette.requests.Request,
    socket: starlette.websockets.WebSocket,
    answer: starlette.responses.Response,
    tasks: starlette.background.BackgroundTasks,
    user=fastapi.Depends(current),
    owner=fastapi.Security(current),
    group=fastapi.params.Depends(current),
    role=fastapi.params.Security(current),
):
    os.system("show " + socket + answer + tasks + user + owner + group + role)


@application.get("/declared/{first}")
def declared(
    first=fastapi.Path(),
    second=fastapi.Query(""),
    third=fastapi.Header(""),
    fourth=fastapi.Cookie(""),
    fifth=fastapi.Body(""),
    sixth=fastapi.Form(""),
    seventh=fastapi.File(""),
):
    os.system("show " + first)  # expect: command-injection
    os.system("show " + second)  # expect: command-injection
    os.system("show " + third)  # expect: command-injection
    os.system("show " + fourth)  # expect: command-injection
    os.system("show " + fifth)  # expect: command-injection
    os.system("show " + sixth)  # expect: command-injection
    os.system("show " + seventh)  # expect: command-injection
