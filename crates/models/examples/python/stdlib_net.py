"""Outgoing connections: sockets, URLs, HTTP, mail, FTP and the like."""

import asynchat
import asyncio
import asyncore
import cookielib
import email
import email.header
import email.message
import email.mime.application
import email.mime.audio
import email.mime.base
import email.mime.image
import email.mime.message
import email.mime.multipart
import email.mime.text
import email.parser
import email.utils
import flask
import ftplib
import http.client
import http.cookiejar
import httplib
import imaplib
import mailbox
import mimetypes
import nntplib
import pickle
import poplib
import quopri
import six.moves
import smtpd
import smtplib
import socket
import sqlite3
import telnetlib
import subprocess
import urllib
import urllib.error
import urllib.parse
import urllib.request
import urllib.response
import urllib2
import urlparse
import webbrowser
import xmlrpc.client
import xmlrpclib

from flask import request


def untrusted():
    return request.args["data"]


class OwnSMTPServer(smtpd.SMTPServer):
    def process_message(self, first, mailfrom):
        eval(mailfrom)  # expect: code-injection


class Ownasync_chat(asynchat.async_chat):
    def collect_incoming_data(self, first):
        eval(first)  # expect: code-injection


class OwnSMTPServer2(smtpd.SMTPServer):
    def process_message(self):
        return ""


class Ownasync_chat2(asynchat.async_chat):
    def collect_incoming_data(self):
        return ""


class Owndispatcher(asyncore.dispatcher):
    def handle_read(self):
        return ""


def aliases():
    urllib.urlopen
    urllib.urlretrieve
    urllib.URLopener
    urllib.FancyURLopener
    urllib.url2pathname
    urllib.pathname2url
    urllib.quote
    urllib.quote_plus
    urllib.unquote
    urllib.unquote_plus
    urllib.urlencode
    urllib.request.quote
    urllib.request.unquote
    urllib.request.urlparse
    urllib.request.urlsplit
    urllib.request.urljoin
    urllib.request.HTTPError
    urllib.request.URLError
    urllib2
    urlparse
    six.moves.urllib
    six.moves.urllib_parse
    six.moves.urllib_request
    six.moves.urllib_error
    httplib
    six.moves.http_client
    cookielib
    six.moves.http_cookiejar
    xmlrpclib
    six.moves.xmlrpc_client


def classes():
    return [
        socket.socket,
        socket.SocketIO,
        socket.error,
        urllib.request.Request,
        urllib.request.OpenerDirector,
        urllib.request.URLopener,
        urllib.response.addinfourl,
        urllib.error.URLError,
        urllib.error.HTTPError,
        urllib.parse.ParseResult,
        http.client.HTTPConnection,
        http.client.HTTPResponse,
        http.client.HTTPException,
        http.cookiejar.CookieJar,
        xmlrpc.client.ServerProxy,
        ftplib.FTP,
        ftplib.FTP_TLS,
        telnetlib.Telnet,
        imaplib.IMAP4,
        poplib.POP3,
        nntplib.NNTP,
        smtplib.SMTP,
        smtpd.SMTPServer,
        asyncore.dispatcher,
        asynchat.async_chat,
        email.message.Message,
        email.mime.text.MIMEText,
        email.mime.multipart.MIMEMultipart,
        email.mime.base.MIMEBase,
        email.mime.application.MIMEApplication,
        email.mime.image.MIMEImage,
        email.mime.audio.MIMEAudio,
        email.mime.message.MIMEMessage,
        http.client.HTTPMessage,
        email.parser.Parser,
        mailbox.Mailbox,
    ]


def types_of_socket():
    socket.create_connection()
    socket.socketpair()
    socket.socketpair()[0]
    socket.gethostname()
    socket.htons()


def types_of_socket_2(the_socket: socket.socket):
    the_socket.accept()
    the_socket.accept()[0]
    the_socket.dup()
    the_socket.recv()
    the_socket.recvfrom()[0]
    the_socket.makefile()
    the_socket.fileno()


def types_of_urllib_request():
    urllib.request.urlopen()
    urllib.request.build_opener()
    urllib.request.urlretrieve()


def types_of_opener_director(opener_director: urllib.request.OpenerDirector):
    opener_director.open()


def types_of_addinfourl(addinfourl: urllib.response.addinfourl):
    addinfourl.geturl()
    addinfourl.info()
    addinfourl.headers
    addinfourl.code
    addinfourl.getcode()


def types_of_urllib_parse():
    urllib.parse.urlparse()
    urllib.parse.quote()
    urllib.parse.unquote_to_bytes()
    urllib.parse.parse_qs()
    urllib.parse.parse_qs()[0]
    urllib.parse.parse_qs()[0][0]
    urllib.parse.parse_qsl()
    urllib.parse.parse_qsl()[0]
    urllib.parse.parse_qsl()[0][0]


def types_of_parse_result(parse_result: urllib.parse.ParseResult):
    parse_result.scheme
    parse_result.port
    parse_result.geturl()
    parse_result._replace()
    parse_result[0]


def types_of_request(request: urllib.request.Request):
    request.full_url


def types_of_httpconnection(httpconnection: http.client.HTTPConnection):
    httpconnection.getresponse()


def types_of_httpresponse(httpresponse: http.client.HTTPResponse):
    httpresponse.getheader()
    httpresponse.getheaders()
    httpresponse.status
    httpresponse.reason
    httpresponse.headers
    httpresponse.getheaders()[0][0]


def types_of_email():
    email.message_from_string()


def types_of_parser(parser: email.parser.Parser):
    parser.parse()


def types_of_message(message: email.message.Message):
    message.as_string()
    message.as_bytes()
    message.walk()
    message.walk()[0]
    message.get_body()
    message[0]
    message.get("/")
    message.get_all()
    message.get_all()[0]


def types_of_email_utils():
    email.utils.formataddr()
    email.utils.parseaddr()
    email.utils.parseaddr()[0]


def types_of_mailbox(the_mailbox: mailbox.Mailbox):
    the_mailbox[0]
    the_mailbox.get("/")


def sources_of_socket(the_socket: socket.socket):
    eval(the_socket.recv())  # expect: code-injection
    eval(the_socket.recvfrom()[0])  # expect: code-injection
    filled = bytearray(9)
    the_socket.recv_into(filled)
    eval(filled)  # expect: code-injection


def sources_of_socket_io(socket_io: socket.SocketIO):
    eval(socket_io.read())  # expect: code-injection
    eval(socket_io[0])  # expect: code-injection


def sources_of_addinfourl(addinfourl: urllib.response.addinfourl):
    eval(addinfourl.read())  # expect: code-injection
    eval(addinfourl.info())  # expect: code-injection
    eval(addinfourl.headers)  # expect: code-injection
    eval(addinfourl[0])  # expect: code-injection


def sources_of_httpresponse(httpresponse: http.client.HTTPResponse):
    eval(httpresponse.read())  # expect: code-injection
    eval(httpresponse.headers)  # expect: code-injection


def sources_of_httpconnection(httpconnection: http.client.HTTPConnection):
    answer = httpconnection.getresponse()
    pickle.load(answer)  # expect: unsafe-deserialization
    eval(answer.status)


def sources_of_streams(the_socket: socket.socket):
    pickle.load(the_socket.makefile("rb"))  # expect: unsafe-deserialization


def sources_of_server_proxy(server_proxy: xmlrpc.client.ServerProxy):
    eval(server_proxy.anything())  # expect: code-injection


def sources_of_ftp(ftp: ftplib.FTP):
    def on_retrbinary(first):
        eval(first)  # expect: code-injection

    ftp.retrbinary(None, on_retrbinary)


def sources_of_ftp_2(ftp: ftplib.FTP):
    eval(ftp.nlst())  # expect: code-injection


def sources_of_telnet(telnet: telnetlib.Telnet):
    eval(telnet.read_all())  # expect: code-injection
    eval(telnet.expect()[2])  # expect: code-injection


def sources_of_imap4(imap4: imaplib.IMAP4):
    eval(imap4.fetch()[1])  # expect: code-injection


def sources_of_pop3(pop3: poplib.POP3):
    eval(pop3.retr())  # expect: code-injection


def sources_of_nntp(nntp: nntplib.NNTP):
    eval(nntp.article())  # expect: code-injection


def sources_of_dispatcher(dispatcher: asyncore.dispatcher):
    eval(dispatcher.recv())  # expect: code-injection


async def sources_of_stream_reader(stream_reader: asyncio.StreamReader):
    eval((await stream_reader.read()))  # expect: code-injection
    eval(stream_reader[0])  # expect: code-injection


def sinks_of_urllib_request():
    urllib.request.urlopen(untrusted())  # expect: server-side-request-forgery
    urllib.request.urlretrieve(None, untrusted())  # expect: path-traversal


def sinks_of_opener_director(opener_director: urllib.request.OpenerDirector):
    opener_director.open(untrusted())  # expect: server-side-request-forgery


def sinks_of_urlopener(urlopener: urllib.request.URLopener):
    urlopener.open(untrusted())  # expect: server-side-request-forgery
    urlopener.retrieve(None, untrusted())  # expect: path-traversal


def sinks_of_http_client():
    http.client.HTTPConnection(untrusted())  # expect: server-side-request-forgery


def sinks_of_httpconnection(httpconnection: http.client.HTTPConnection):
    httpconnection.request(None, untrusted())  # expect: server-side-request-forgery
    httpconnection.set_tunnel(untrusted())  # expect: server-side-request-forgery


def sources_of_xmlrpc_client():
    with open("request.xml") as file:
        parameters, method = xmlrpc.client.loads(file.read())
    eval(method)  # expect: code-injection


def sinks_of_xmlrpc_client():
    xmlrpc.client.ServerProxy(untrusted())  # expect: server-side-request-forgery


def sinks_of_socket():
    socket.create_connection((untrusted(),))  # expect: server-side-request-forgery


def sinks_of_socket_2(the_socket: socket.socket):
    the_socket.connect((untrusted(),))  # expect: server-side-request-forgery
    the_socket.sendto(None, (untrusted(),))  # expect: server-side-request-forgery


def sinks_of_ftplib():
    ftplib.FTP(untrusted())  # expect: server-side-request-forgery


def sinks_of_ftp(ftp: ftplib.FTP):
    ftp.connect(untrusted())  # expect: server-side-request-forgery
    ftp.sendcmd(untrusted())


def sinks_of_telnetlib():
    telnetlib.Telnet(untrusted())  # expect: server-side-request-forgery


def sinks_of_telnet(telnet: telnetlib.Telnet):
    telnet.open(untrusted())  # expect: server-side-request-forgery


def sinks_of_imaplib():
    imaplib.IMAP4(untrusted())  # expect: server-side-request-forgery


def sinks_of_poplib():
    poplib.POP3(untrusted())  # expect: server-side-request-forgery


def sinks_of_smtplib():
    smtplib.SMTP(untrusted())  # expect: server-side-request-forgery


def sinks_of_smtp(smtp: smtplib.SMTP):
    smtp.connect(untrusted())  # expect: server-side-request-forgery
    smtp.docmd(untrusted())
    smtp.sendmail(None, None, untrusted())  # expect: header-injection


def sinks_of_asyncio():
    asyncio.open_connection(untrusted())  # expect: server-side-request-forgery


def sinks_of_imap4(imap4: imaplib.IMAP4):
    imap4.search(None, untrusted())  # expect: header-injection


def sinks_of_message(message: email.message.Message):
    message.__setitem__(untrusted(), None)


def sinks_of_webbrowser():
    webbrowser.open(untrusted())  # expect: argument-injection


def settings_of_smtp(smtp: smtplib.SMTP):
    smtp.starttls()  # expect: tls-verification-disabled


def settings_of_smtplib():
    smtplib.SMTP_SSL()  # expect: tls-verification-disabled


def settings_of_imaplib():
    imaplib.IMAP4_SSL()  # expect: tls-verification-disabled


def settings_of_imap4(imap4: imaplib.IMAP4):
    imap4.starttls()  # expect: tls-verification-disabled


def settings_of_poplib():
    poplib.POP3_SSL()  # expect: tls-verification-disabled


def settings_of_pop3(pop3: poplib.POP3):
    pop3.stls()  # expect: tls-verification-disabled


def settings_of_ftplib():
    ftplib.FTP_TLS()  # expect: tls-verification-disabled


def settings_of_nntplib():
    nntplib.NNTP_SSL()  # expect: tls-verification-disabled


def settings_of_nntp(nntp: nntplib.NNTP):
    nntp.starttls()  # expect: tls-verification-disabled


def settings_of_http_client():
    http.client.HTTPSConnection(check_hostname=False)  # expect: tls-verification-disabled


def flows_of_urllib_request():
    eval(urllib.request.Request(untrusted()))  # expect: code-injection
    eval(urllib.request.url2pathname(untrusted()))  # expect: code-injection


def flows_of_request():
    eval(urllib.request.Request(untrusted()).get_full_url())  # expect: code-injection


def flows_of_request_2(request: urllib.request.Request):
    request.set_proxy(untrusted())
    eval(request)  # expect: code-injection


def flows_of_urllib_parse():
    eval(urllib.parse.quote(untrusted()))
    eval(urllib.parse.unquote(untrusted()))  # expect: code-injection
    eval(urllib.parse.quote_from_bytes(untrusted()))
    eval(urllib.parse.urlencode(untrusted()))
    eval(urllib.parse.urlencode([untrusted()]))
    eval(urllib.parse.urlencode([[untrusted()]]))
    eval(urllib.parse.urljoin(untrusted()))  # expect: code-injection
    eval(urllib.parse.urlparse(untrusted()))  # expect: code-injection
    eval(urllib.parse.urlunparse([untrusted()]))  # expect: code-injection
    eval(urllib.parse.urlunparse(untrusted()))  # expect: code-injection
    eval(urllib.parse.parse_qs(untrusted()))  # expect: code-injection
    eval(urllib.parse.parse_qsl(untrusted()))  # expect: code-injection
    eval(urllib.parse.ParseResult(untrusted()))  # expect: code-injection


def flows_of_parse_result(parse_result: urllib.parse.ParseResult):
    eval(urllib.parse.ParseResult(untrusted()).geturl())  # expect: code-injection
    eval(parse_result._replace(value=untrusted()))  # expect: code-injection


def flows_of_socket():
    eval(socket.inet_aton(untrusted()))
    eval(socket.inet_pton(None, untrusted()))


def flows_of_socket_2():
    eval(socket.socket(untrusted()).makefile())  # expect: code-injection


def flows_of_email():
    eval(email.message_from_string(untrusted()))  # expect: code-injection


def flows_of_parser(parser: email.parser.Parser):
    eval(parser.parse(untrusted()))  # expect: code-injection
    eval(email.parser.Parser(untrusted()).close())  # expect: code-injection


def flows_of_parser_2(parser: email.parser.Parser):
    parser.feed(untrusted())
    eval(parser)  # expect: code-injection


def flows_of_message(message: email.message.Message):
    eval(email.message.Message(untrusted()).as_string())  # expect: code-injection
    eval(message.get(None, untrusted()))  # expect: code-injection


def flows_of_message_2(message: email.message.Message):
    message.set_payload(untrusted())
    eval(message)  # expect: code-injection


def flows_of_message_3(message: email.message.Message):
    message.__setitem__(None, untrusted())
    eval(message)  # expect: code-injection


def flows_of_email_mime_text():
    eval(email.mime.text.MIMEText(untrusted()))  # expect: code-injection


def flows_of_email_mime_application():
    eval(email.mime.application.MIMEApplication(untrusted()))  # expect: code-injection


def flows_of_email_utils():
    eval(email.utils.formataddr([untrusted()]))  # expect: code-injection
    eval(email.utils.parseaddr(untrusted())[0])  # expect: code-injection
    eval(email.utils.getaddresses([untrusted()])[0][0])  # expect: code-injection
    eval(email.utils.quote(untrusted()))  # expect: code-injection


def flows_of_email_header():
    eval(email.header.Header(untrusted()))  # expect: code-injection


def flows_of_quopri():
    eval(quopri.decodestring(untrusted()))  # expect: code-injection


def flows_of_xmlrpc_client():
    eval(xmlrpc.client.dumps([untrusted()]))  # expect: code-injection
    eval(xmlrpc.client.loads(untrusted()))  # expect: code-injection


def flows_of_mimetypes():
    eval(mimetypes.guess_type(untrusted()))


def barriers_of_urllib_parse():
    flask.make_response(urllib.parse.quote(untrusted()))


def barriers_of_parse_result(parse_result: urllib.parse.ParseResult):
    eval(parse_result.port)


def barriers_of_mimetypes():
    eval(mimetypes.guess_type(untrusted()))


def barriers_of_email_header():
    http.client.HTTPConnection("a.example").putheader("X-Name", email.header.Header().encode(untrusted()))


def barriers_of_socket():
    eval(socket.inet_aton(untrusted()))


def guard_of_socket():
    value = untrusted()
    socket.inet_pton(None, value)
    sqlite3.connect("db").execute("SELECT " + value)


def neutral_of_urllib_request():
    opened = urllib.request.urlopen(untrusted())  # expect: server-side-request-forgery
    pickle.load(opened)  # expect: unsafe-deserialization
    eval(opened.code)
    eval(opened.getcode())


def neutral_of_opener_director(opener_director: urllib.request.OpenerDirector):
    opened = opener_director.open(untrusted())  # expect: server-side-request-forgery
    pickle.load(opened)  # expect: unsafe-deserialization


def neutral_of_http_client():
    eval(http.client.HTTPConnection(untrusted()))  # expect: server-side-request-forgery


def neutral_of_httpconnection(httpconnection: http.client.HTTPConnection):
    eval(httpconnection.close(untrusted()))


def neutral_of_socket():
    eval(socket.create_connection(untrusted()))  # expect: server-side-request-forgery


def neutral_of_socket_2(the_socket: socket.socket):
    eval(the_socket.accept(untrusted()))


def neutral_of_smtplib():
    eval(smtplib.SMTP(untrusted()))  # expect: server-side-request-forgery


def neutral_of_smtp(smtp: smtplib.SMTP):
    eval(smtp.close(untrusted()))


def neutral_of_ftplib():
    eval(ftplib.FTP(untrusted()))  # expect: server-side-request-forgery


def neutral_of_xmlrpc_client():
    eval(xmlrpc.client.ServerProxy(untrusted()))  # expect: server-side-request-forgery


def neutral_of_email_utils():
    eval(email.utils.formatdate(untrusted()))


def neutral_of_webbrowser():
    eval(webbrowser.open(untrusted()))  # expect: argument-injection


def an_address_is_no_option():
    address = untrusted()
    socket.inet_aton(address)
    subprocess.run(["ping", address])
