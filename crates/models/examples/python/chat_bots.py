"""More bots: aiogram, Pyrogram, Telethon, Slixmpp, matrix-nio, IRC, Errbot, Sopel and forks of discord.py; and methods on D-Bus."""

import aiogram
import aiogram.types
import dbus.service
import dbus_next.service
import discord.app_commands
import discord.ext.commands
import disnake
import errbot
import irc.bot
import nextcord
import nio
import pyrogram
import pyrogram.types
import slixmpp
import sopel.plugin
import telethon
import telethon.events
import twisted.words.protocols.irc


def classes():
    return [
        aiogram.Router,
        aiogram.types.Message,
        aiogram.types.CallbackQuery,
        telethon.events.NewMessage.Event,
        nio.RoomMessage,
        pyrogram.Client,
        pyrogram.types.Message,
        telethon.TelegramClient,
        slixmpp.ClientXMPP,
        nio.AsyncClient,
    ]


router = aiogram.Router()


@router.message()
async def aiogram_message(message):
    eval(message.text)  # expect: code-injection


@router.callback_query()
async def aiogram_button(query):
    eval(query.data)  # expect: code-injection


pyro = pyrogram.Client("bot")


@pyro.on_message()
async def pyrogram_message(client, message):
    eval(client)
    eval(message.text)  # expect: code-injection


tele = telethon.TelegramClient("bot", 1, "hash")


@tele.on("message")
async def telethon_message(event):
    eval(event.raw_text)  # expect: code-injection


class Jabber(slixmpp.ClientXMPP):
    def start(self):
        self.add_event_handler("message", self.message)

    def message(self, stanza):
        eval(stanza["body"])  # expect: code-injection


async def matrix_message(room, event):
    eval(room)
    eval(event.body)  # expect: code-injection


nio.AsyncClient("https://matrix.example").add_event_callback(matrix_message, None)


class Irc(irc.bot.SingleServerIRCBot):
    def on_pubmsg(self, connection, event):
        eval(event.arguments[0])  # expect: code-injection


class TwistedIrc(twisted.words.protocols.irc.IRCClient):
    def privmsg(self, user, channel, message):
        eval(message)  # expect: code-injection


class Err(errbot.BotPlugin):
    @errbot.botcmd
    def say(self, message, arguments):
        eval(arguments)  # expect: code-injection

    @errbot.botcmd(split_args_with=None)
    def shout(self, message, arguments):
        eval(arguments[0])  # expect: code-injection


@sopel.plugin.command("say")
def sopel_command(bot, trigger):
    eval(trigger.group(2))  # expect: code-injection


@discord.ext.commands.hybrid_command()
async def hybrid(context, text):
    eval(text)  # expect: code-injection


@discord.app_commands.command()
async def slash(interaction, text):
    eval(text)  # expect: code-injection


class Forked(nextcord.Client):
    async def on_message(self, message):
        eval(message.content)  # expect: code-injection


class OtherFork(disnake.Client):
    async def on_message(self, message):
        eval(message.content)  # expect: code-injection


class Service(dbus.service.Object):
    @dbus.service.method("org.example.Service", in_signature="s")
    def run(self, text):
        eval(text)  # expect: code-injection


class NextService:
    @dbus_next.service.method()
    def run(self, text):
        eval(text)  # expect: code-injection


tree = discord.app_commands.CommandTree(None)
tree_of_bot = discord.ext.commands.Bot("!")


@tree.command(name="first")
async def first_of_tree(interaction, text):
    eval(text)  # expect: code-injection


@tree_of_bot.tree.command(name="second")
async def second_of_tree(interaction, text):
    eval(text)  # expect: code-injection
