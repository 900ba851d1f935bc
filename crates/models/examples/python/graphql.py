"""Resolvers of GraphQL: graphene, Strawberry and Ariadne."""

import ariadne
import graphene
import graphene.relay
import strawberry


class Query(graphene.ObjectType):
    host = graphene.String(name=graphene.String())

    def resolve_host(self, info, name):
        eval(info)
        eval(name)  # expect: code-injection


class Rename(graphene.Mutation):
    def mutate(self, info, name):
        eval(name)  # expect: code-injection


class Remove(graphene.ClientIDMutation):
    @classmethod
    def mutate_and_get_payload(cls, root, info, name):
        eval(name)  # expect: code-injection


class Restore(graphene.relay.ClientIDMutation):
    @classmethod
    def mutate_and_get_payload(cls, root, info, **values):
        eval(values["name"])  # expect: code-injection


@strawberry.type
class Fields:
    @strawberry.field
    def host(self, name: str, number: int) -> str:
        eval(number)
        return eval(name)  # expect: code-injection

    @strawberry.mutation(description="Gives a host another name.")
    def rename(self, name: str) -> str:
        return eval(name)  # expect: code-injection


def ports(name: str):
    return eval(name)  # expect: code-injection


strawberry.field(resolver=ports)
hosts = ariadne.QueryType()


@hosts.field("host")
def resolve_host(parent, info, name):
    eval(info)
    return eval(name)  # expect: code-injection


def resolve_port(parent, info, number):
    return eval(number)  # expect: code-injection


hosts.set_field("port", resolve_port)
