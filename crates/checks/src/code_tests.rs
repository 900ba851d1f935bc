//! Programs with what the analyses of code must report, and must not.

use crate::harness::{check_program, examine};
use assay_finding::Outcome;

/// The outcome and reason of each site of a check, by line.
fn sites(text: &str, check: &str) -> Vec<(u32, Outcome, String)> {
    examine(&[("app", text)]).into_iter().filter(|s| s.check == check).map(|s| (s.line, s.outcome, s.code)).collect()
}

#[test]
fn a_setting_is_followed_to_where_its_value_is_chosen() {
    check_program(
        r#"
import requests

VERIFY = False


class Client:
    def __init__(self, verify=False):
        self.verify = verify

    def get(self, url):
        return requests.get(url, verify=self.verify, timeout=5)  # expect: tls-verification-disabled


def fetch(url, verify):
    return requests.get(url, verify=verify, timeout=5)  # expect: tls-verification-disabled


def main(url):
    requests.get(url, verify=VERIFY, timeout=5)  # expect: tls-verification-disabled
    options = {"verify": False, "timeout": 5}
    requests.get(url, **options)  # expect: tls-verification-disabled
    fetch(url, False)
    return Client().get(url)


class Careful:
    def __init__(self, verify=True):
        self.verify = verify

    def get(self, url):
        return requests.get(url, verify=self.verify, timeout=5)


def careful(url):
    return Careful().get(url)
"#,
    );
}

#[test]
fn a_setting_that_the_code_chooses_is_not_observed() {
    let text = r"
import ssl
import requests


def connect(url, insecure, ca, options):
    context = ssl.create_default_context()
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    requests.get(url, verify=None if ca else False)
    requests.get(url, verify=ca)
    requests.get(url, **options)
    return context
";
    assert_eq!(
        sites(text, "tls-verification-disabled"),
        [
            (9, Outcome::NotObserved, "switchable".to_owned()),
            (10, Outcome::NotObserved, "switchable".to_owned()),
            (11, Outcome::NotObserved, "value-unknown".to_owned()),
            (12, Outcome::NotObserved, "value-unknown".to_owned()),
            (13, Outcome::NotObserved, "value-unknown".to_owned()),
        ]
    );
}

#[test]
fn safe_sites_say_why() {
    let text = r#"
import hashlib
import hmac
import os
import requests


def safe(url, data, key, given):
    requests.get(url, timeout=5)
    requests.get(url, verify="/etc/ssl/ca.pem", timeout=5)
    hashlib.md5(data, usedforsecurity=False)
    hmac.compare_digest(given, key)
    old = os.umask(0)
    os.umask(old)
"#;
    let seen: Vec<(u32, Outcome, String)> =
        examine(&[("app", text)]).into_iter().map(|s| (s.line, s.outcome, s.code)).collect();
    let expected = [
        (9, "validated-setting"),
        (9, "validated-setting"),
        (10, "validated-setting"),
        (10, "validated-setting"),
        (11, "validated-setting"),
        (12, "constant-time"),
        (13, "restored"),
        (14, "restored"),
    ];
    assert_eq!(seen, expected.map(|(line, code)| (line, Outcome::Safe, code.to_owned())));
}

#[test]
fn test_code_is_counted_apart() {
    let text = "import requests\n\nrequests.get('https://example.org', verify=False)\npassword = 'S3cur3-n3t!'\n";
    let seen = examine(&[("test_app", text)]);
    assert_eq!(seen.len(), 3);
    assert!(seen.iter().all(|s| s.outcome == Outcome::Safe && s.code == "test-code" && s.title.is_empty()), "{seen:?}");
}

#[test]
fn classes_derived_from_a_librarys_are_that_class() {
    check_program(
        r"
import jinja2
import requests
from jinja2 import Environment


class Relative(Environment):
    def join_path(self, template, parent):
        return template


class Own(jinja2.Environment):
    def __init__(self, loader):
        super().__init__(loader=loader, trim_blocks=True)  # expect: template-autoescape-off


class Escaping(jinja2.Environment):
    def __init__(self, loader):
        super().__init__(loader=loader, autoescape=True)


class Open(requests.Session):
    verify = False  # expect: tls-verification-disabled

    def __init__(self):
        super().__init__()
        self.verify = False  # expect: tls-verification-disabled


def make(loader):
    Relative(loader=loader, autoescape=True)
    Escaping(loader)
    Own(loader)
    return Relative(loader=loader)  # expect: template-autoescape-off
",
    );
}

#[test]
fn hashes_are_judged_by_their_purpose() {
    let text = r"
import hashlib
import os
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.twofactor.totp import TOTP


def token_digest(token):
    return hashlib.md5(token).hexdigest()


def cache_key(url):
    return hashlib.md5(url).hexdigest()


def random_name():
    return hashlib.sha1(os.urandom(16)).hexdigest()


def size():
    return hashlib.sha1().digest_size


def one_time(key, now):
    return TOTP(key, 6, hashes.SHA1(), 30).generate(now)
";
    let seen = sites(text, "weak-hash");
    let expected = [
        (9, Outcome::Defect, "setting"),
        (13, Outcome::Safe, "no-security-use"),
        (17, Outcome::Safe, "random-input"),
        (21, Outcome::Safe, "described"),
        (25, Outcome::Safe, "keyed"),
    ];
    assert_eq!(seen, expected.map(|(line, outcome, code)| (line, outcome, code.to_owned())));
}

#[test]
fn texts_are_no_truth_values() {
    check_program(
        r#"
import os


class Filter:
    def __init__(self, app, conf):
        self.app = app
        insecure = conf.get("insecure", False)  # expect: tls-verification-disabled
        if insecure:
            self.verify = False
        else:
            self.verify = True


def filter_factory(global_conf, **local_conf):
    conf = global_conf.copy()
    conf.update(local_conf)

    def build(app):
        return Filter(app, conf)

    return build


def from_environment():
    if os.environ.get("INSECURE", False):  # expect: tls-verification-disabled
        return None
    return True


def converted():
    return os.environ.get("INSECURE", "").lower() in ("1", "true")


def of_unknown_kind(options):
    if options.get("insecure", False):
        return None
    return True
"#,
    );
}

#[test]
fn switches_are_known_by_name() {
    check_program(
        r#"
import unknown


def run(app, address, verify_ssl):
    options = {"bind": address, "cert_reqs": True}  # expect: tls-verification-disabled
    unknown.Server(app, options).run()
    unknown.Client(address, ssl_verify=False)  # expect: tls-verification-disabled
    unknown.Client(address, insecure=True)  # expect: tls-verification-disabled
    unknown.Client(address, ssl_verify=True)
    if not verify_ssl:
        unknown.Client(address, ssl_verify=False)
"#,
    );
}

#[test]
fn secrets_are_found_in_every_place_that_names_them() {
    check_program(
        r#"
import hmac
import os

import psycopg2
import requests

CONFIG = {"db_password": "S3cur3-n3t!", "user": "net"}  # expect: hard-coded-secret
KEY = os.environ.get("SECRET_KEY", "x8Kq2vTz91LmWn4s")  # expect: hard-coded-secret
URL = "postgresql://net:S3cur3-n3t!@db.example.org/net"  # expect: hard-coded-secret
AWS = "AKIA2E0A8F3B244C9986"  # expect: hard-coded-secret


class Settings:
    api_key: str = "9f86d081884c7d659a2feaa0c55ad015"  # expect: hard-coded-secret


def connect(host, password="S3cur3-n3t!"):  # expect: hard-coded-secret
    token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789"  # expect: hard-coded-secret
    options = {}
    options["client_secret"] = "Zq9-Rt5-Xw1-Lp7"  # expect: hard-coded-secret
    requests.get(host, auth=("net", "S3cur3-n3t!"), timeout=5)  # expect: hard-coded-secret
    psycopg2.connect("host=db user=net password=S3cur3-n3t!")  # expect: hard-coded-secret
    return host, password, token, options


def sign(data):
    return hmac.new(b"netkeeper", data, "sha256").hexdigest()  # expect: hard-coded-secret


def check(password):
    return password == "letmein-2019"  # expect: hard-coded-secret
"#,
    );
}

#[test]
fn names_messages_and_placeholders_are_no_secrets() {
    check_program(
        r#"
import os

PASSWORD_FIELD = "S3cur3-n3t!"
TOKEN_URL = "https://example.org/oauth2/token"
TOKEN_HEADER = "X-Auth-Token"
RESET_PASSWORD = "reset-password-2"
MESSAGES = {"password": "The password is wrong.", "token": "expired"}
SECRET_KEY = os.environ["SECRET_KEY"]
DB_PASSWORD = "<password>"
API_KEY = "your-api-key-1234"
CLIENT_SECRET = "%(client_secret)s"
AUTH_TOKEN = "auth_token_v2"
TYPES = {"password": "oauth2", "secret": "application/x-www-form-urlencoded"}
ADDRESS = "postgresql://user:password@localhost/db"


def connect(password="", secret=None, api_key="API_KEY"):
    print("password: %s" % password)
    return secret, api_key
"#,
    );
}

#[test]
fn comparisons_of_secrets_with_what_comes_from_outside() {
    check_program(
        r#"
import base64
import hashlib
import hmac

from django import forms
from django.conf import settings
from flask import request


class Key:
    def sign(self, message):
        return hmac.new(self.key, message, hashlib.sha256).digest()

    def verify(self, message, signature):
        return signature == self.sign(message)  # expect: secret-comparison


class PasswordForm(forms.Form):
    def clean_password(self):
        data = self.cleaned_data["password"]
        if data != self.restriction.password:  # expect: secret-comparison
            raise ValueError
        return data


def authorize(request, username, configured_password):
    scheme, given = request.META["HTTP_AUTHORIZATION"].split(" ", 1)
    user, password = base64.b64decode(given.strip()).decode("utf-8").split(":", 1)
    return user == username and password == configured_password  # expect: secret-comparison


def hook():
    return request.headers["X-Api-Key"] == settings.API_KEY  # expect: secret-comparison
"#,
    );
}

#[test]
fn comparisons_that_tell_nobody_anything() {
    check_program(
        r#"
import enum

from flask import request


class Kind(enum.Enum):
    PASSWORD = 1
    TOKEN = 2


class Account:
    def __init__(self, password):
        self.password = password

    def __eq__(self, other):
        return self.password == other.password


def tokens(stream, kind, token, Model, query):
    if kind == Kind.PASSWORD or token == "(" or token is None:
        return None
    return query.filter(Model.api_key == request.args["key"])


def change(form, old_password, new_password, password1, password2):
    if old_password == new_password or password1 != password2:
        return False
    return request.form["password"] == request.form["password_confirm"]


def lengths(secret, other):
    return len(secret) == len(other)
"#,
    );
}

#[test]
fn temporary_files_under_known_names() {
    check_program(
        r#"
import os


def lock():
    yield os.open("/tmp/lock", os.O_CREAT | os.O_WRONLY)  # expect: insecure-temporary-file
    yield os.open("/tmp/lock", os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    yield os.open("/var/lib/lock", os.O_CREAT | os.O_WRONLY)
"#,
    );
}

#[test]
fn permissions_by_the_names_of_stat() {
    check_program(
        r"
import os
import stat


def publish(path):
    os.chmod(path, stat.S_IRWXU | stat.S_IRWXG | stat.S_IRWXO)  # expect: insecure-file-permissions
    os.chmod(path, os.stat(path).st_mode | stat.S_IWOTH)  # expect: insecure-file-permissions
    os.chmod(path, os.stat(path).st_mode | stat.S_IEXEC)
    os.chmod(path, stat.S_IRUSR | stat.S_IWUSR)
    os.makedirs(path, 0o777)
",
    );
}

#[test]
fn parsers_are_judged_where_they_are_used_or_leave() {
    check_program(
        r#"
import xml.sax
from lxml import etree

PARSER = etree.XMLParser(remove_blank_text=True)  # expect: xxe
SAFE = etree.XMLParser(resolve_entities=False)


def read(text):
    parser = etree.XMLParser(remove_blank_text=True)
    return etree.fromstring(text, parser)  # expect: xxe


def own():
    parser = etree.XMLParser(remove_blank_text=True)
    return etree.fromstring("<a/>", parser)


def features(filename, **given):
    parser = xml.sax.make_parser()
    for name, value in given.items():
        parser.setFeature(name, value)  # expect: xxe
    parser.parse(filename)
"#,
    );
}

#[test]
fn xml_rpc_needs_a_protected_parser() {
    let client = "from xmlrpc.client import ServerProxy\n\n\ndef connect(url):\n    return ServerProxy(url)\n";
    let found = |modules: &[(&str, &str)]| -> Vec<(String, u32, Outcome)> {
        examine(modules).into_iter().filter(|s| s.check == "xxe").map(|s| (s.module, s.line, s.outcome)).collect()
    };
    assert_eq!(found(&[("client", client)]), [("client".to_owned(), 1, Outcome::Potential)]);
    let patch = "import defusedxml.xmlrpc\n\ndefusedxml.xmlrpc.monkey_patch()\n";
    assert_eq!(found(&[("client", client), ("patch", patch)]), [("client".to_owned(), 1, Outcome::Safe)]);
    let import_only = "from xmlrpc.client import ServerProxy, Fault\n";
    assert_eq!(found(&[("client", import_only)]), []);
}

#[test]
fn constructors_that_hand_on_their_options_are_looked_through() {
    check_program(
        r"
import jinja2


class Open(jinja2.Environment):
    def __init__(self, name, **options):
        self.name = name
        super().__init__(**options)


class Closed(jinja2.Environment):
    def __init__(self, name, **options):
        options.setdefault('autoescape', True)
        super().__init__(**options)


def make(loader):
    Open('a', loader=loader, autoescape=True)
    Closed('b', loader=loader)
    return Open('c', loader=loader)  # expect: template-autoescape-off
",
    );
}

#[test]
fn keys_of_sessions_must_be_random() {
    check_program(
        r#"
from flask import Flask

app = Flask(__name__)
app.secret_key = "dev"  # expect: hard-coded-secret
app.config["SECRET_KEY"] = "super secret key"  # expect: hard-coded-secret
app.config["SECRET_KEY_FILE"] = "keys"
FIELDS = {"secret_key": "string"}
SECRET_KEY = "SECRET_KEY"
"#,
    );
}

#[test]
fn a_password_where_a_module_of_a_package_is_run_by_itself_is_not_observed() {
    let text = r#"
class Store:
    pass


if __name__ == "__main__":
    password = "Tr1ckyHorse"
    Store(password)
"#;
    let found = |module: &str| -> Vec<(u32, Outcome, String)> {
        let sites = examine(&[(module, text)]).into_iter().filter(|s| s.check == "hard-coded-secret");
        sites.map(|s| (s.line, s.outcome, s.code)).collect()
    };
    assert_eq!(found("shop.store"), [(7, Outcome::NotObserved, "run-by-itself".to_owned())]);
    assert_eq!(found("store"), [(7, Outcome::Defect, "constant-secret".to_owned())]);
}
