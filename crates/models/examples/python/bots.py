"""What talks with people or pages by itself: bots for Slack, Discord and Telegram, and spiders of Scrapy."""

import discord
import discord.ext.commands
import scrapy
import scrapy.http
import scrapy.selector
import slack_bolt
import slack_bolt.async_app
import telebot
import telebot.types
import telegram
import telegram.ext


def classes():
    return [
        slack_bolt.App,
        slack_bolt.async_app.AsyncApp,
        discord.Message,
        discord.Client,
        discord.ext.commands.Bot,
        telegram.Update,
        telegram.ext.CallbackContext,
        telebot.TeleBot,
        telebot.types.Message,
        scrapy.http.Response,
        scrapy.selector.Selector,
    ]


slack = slack_bolt.App()


@slack.command("/host")
def slack_command(ack, command):
    eval(ack)
    eval(command["text"])  # expect: code-injection


class Chat(discord.Client):
    async def on_message(self, message):
        eval(message.content)  # expect: code-injection


client = discord.Client()


@client.event
async def on_message(message):
    eval(message.content)  # expect: code-injection


bot = discord.ext.commands.Bot(command_prefix="!")


@bot.command()
async def host(context, name):
    eval(context)
    eval(name)  # expect: code-injection


@discord.ext.commands.command()
async def port(context, number):
    eval(number)  # expect: code-injection


def telegram_command(update, context):
    eval(update.message.text)  # expect: code-injection
    eval(context.args[0])  # expect: code-injection


def telegram_button(update, context):
    eval(update.callback_query.data)  # expect: code-injection


telegram.ext.CommandHandler("host", telegram_command)
telegram.ext.CallbackQueryHandler(telegram_button)
tele = telebot.TeleBot("token")


@tele.message_handler(commands=["host"])
def telebot_command(message):
    eval(message.text)  # expect: code-injection


def follow(response):
    eval(response.text)  # expect: code-injection


class Spider(scrapy.Spider):
    def parse(self, response):
        eval(response.css("a").get())  # expect: code-injection
        for link in response.xpath("//a"):
            eval(link.css("b").get())  # expect: code-injection
        return scrapy.Request("https://feed.example", follow)
