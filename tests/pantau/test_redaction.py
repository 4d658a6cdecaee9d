"""No credential and no control character in what people are shown, wherever in a text it stands."""

import io
import json
import logging
import string
import unicodedata
from urllib.parse import quote

import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st

from pantau import logs
from pantau.inventory.wording import quote as quoted
from pantau.redaction import HIDDEN, printable, redacted, shown

SECRETS = [
    "config/http:/pantau:geheim@db/hotspots.csv",
    "postgres://pantau:geheim@db/pantau",
    "postgresql+psycopg://pantau:geheim@db:5432/pantau?sslmode=require",
    "postgresql://pantau:ge%40heim@db/pantau",
    "postgresql://pantau:x@geheim@db/pantau",
    "postgresql://pantau:x/geheim@db/pantau",
    "postgresql://pantau:x#geheim?x@db/pantau",
    "postgresql://pantau:x:geheim@db/pantau",
    "postgresql://pantau:x geheim@db/pantau",
    "postgresql://:geheim@db/pantau",
    "postgresql://pantau:geheim@[::1]:5432/pantau",
    "postgresql://db/pantau?user=pantau&password=geheim",
    "postgresql://db/pantau?password=geheim&sslmode=require",
    "postgresql://db/pantau?sslpassword=geheim",
    "postgresql://db/pantau?PASSWORD=geheim",
    "postgresql://db/pantau?p%61ssword=geheim",
    "postgresql://db/pantau?pass%2577ord=geheim",
    "postgres%3A%2F%2Fpantau%3Ageheim%40db%2Fpantau",
    "http://h/p?a=1&password=@geheim&b=2",
    "http://h/p?a=1&password=x@geheim&b=2",
    "http://h/p?token=geheim&mail=noc@example.org",
    "postgresql://db/pantau?user=a@b&password=@geheim",
    "host=db user=pantau password=geheim dbname=pantau",
    "host=db password='geheim und mehr' user=pantau",
    r"host=db password=sehr\ geheim user=pantau",
    "host=db password = geheim",
    "PGPASSWORD=geheim pantau run",
    "https://admin:geheim@grafana.example.org/d/x",
    "https://geheim12345@grafana.example.org",
    "http://grafana/api?api_key=geheim",
    "http://grafana/api?token=geheim&x=1",
    "http://grafana/login?auth_token=geheim",
    "Authorization: Bearer geheim.geheim",
    "authorization: Basic Z2VoZWltOmdlaGVpbQgeheim==",
    "'Authorization': 'Bearer geheim'",
    '{"password": "geheim", "user": "pantau"}',
    "{'secret_key': 'geheim'}",
    "glsa_geheimgeheim_0123",
    "ghp_geheim0123456789",
    "xoxb-1234-geheim-5678",
    "https://hooks.slack.com/services/T00/B00/geheim",
    "https://discord.com/api/webhooks/123/geheim",
    "https://example.webhook.office.com/webhookb2/geheim@x/y",
    "https://api.telegram.org/bot123456:geheim_geheim_geheim_geheim_12/sendMessage",
    "https://events.pagerduty.com/integration/geheim/enqueue",
    "ftp://pantau:geheim@host/file",
    "amqp://pantau:geheim@host",
]
OPEN = [
    "volumes: data:/var/lib:ro",
    "http://127.0.0.1:9090/metrics",
    "http://[::1]:9810",
    "sqlite:///data/journal.sqlite",
    "postgresql://pantau@db.example/pantau",
    "http://host:9090; write to noc@example.org",
    "config/pantau.yml:3: journal.password: is not a known key; did you mean 'url'?",
    "email:noc@example.org",
    "give http://USER:PASSWORD@HOST:PORT",
    "--token-file config/secrets/grafana.token: cannot be read",
    "password_file=/etc/pantau/password",
    "BTG-1, Balai Desa, 10.77.0.1",
    "state=up reason=timeout tokens=5",
]
AROUND = ["{}", "'{}' is no place for a journal; write sqlite:///data/journal.sqlite", "a {} b", "({})", "x:\n{}\ny"]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("text", SECRETS)
def test_a_credential_is_hidden_wherever_it_stands(text: str, around: str) -> None:
    """What is around it stays, and to redact twice changes nothing."""
    once = redacted(around.format(text))
    assert "geheim" not in once
    assert HIDDEN in once
    assert redacted(once) == once
    assert "geheim" not in quoted(around.format(text))


@pytest.mark.parametrize("text", OPEN)
def test_what_is_no_credential_stays(text: str) -> None:
    """Addresses, ports, fields that are called so, paths of files."""
    assert shown(text) == text


@pytest.mark.parametrize("length", range(20, 70))
def test_half_a_password_is_hidden_too(length: int) -> None:
    """A message that was cut off before the ``@``."""
    assert "gehei" not in redacted(("postgresql://pantau:geheimgeheimgeheimgeheimgeheim@db/x")[:length])


PASSWORDS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("Cc", "Cf", "Zs")), min_size=4
)
FORMS = (
    "{name}={value}",
    "x=1 {name}='{value}' y=2",
    "http://h/p?a=1&{name}={value}&b=2",
    '{{"{name}": "{value}"}}',
)
NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=8)


@given(
    scheme=st.sampled_from(["postgres", "postgresql", "http", "https", "postgresql+psycopg", "redis"]),
    user=NAMES,
    password=PASSWORDS,
    before=st.sampled_from(["", "'", "the journal ", "x=", "("]),
    encode=st.booleans(),
)
@example(scheme="http", user="u", password="1234", before="", encode=False)
@example(scheme="http", user="u", password="a://b:c@d", before="", encode=False)
@example(scheme="http", user="u", password="USER:PASSWORD@", before="", encode=False)
def test_no_password_of_a_url_is_shown(scheme: str, user: str, password: str, before: str, encode: bool) -> None:
    """Whatever is in it, encoded or not."""
    written = quote(password, safe="") if encode else password
    said = redacted(f"{before}{scheme}://{user}:{written}@host/name is no place")
    rest = f"{before}{scheme}://{user}:{HIDDEN}@host/name is no place"
    assert written not in said or written in rest


@given(
    name=st.sampled_from(["password", "sslpassword", "PGPASSWORD", "token", "api_key", "client-secret", "passwd"]),
    value=PASSWORDS.filter(lambda text: not set(text) & set("&'\"\\")),
    form=st.sampled_from(FORMS),
)
def test_no_value_of_a_secret_field_is_shown(name: str, value: str, form: str) -> None:
    """In a query, a connection string, JSON."""
    rest = form.format(name=name, value=HIDDEN)
    assert value not in redacted(form.format(name=name, value=value)) or value in rest


@given(st.text())
def test_no_text_moves_a_terminal(text: str) -> None:
    """Tab and line feed stay; what is printable is as it was; and the written form is not written again."""
    said = printable(text)
    assert {unicodedata.category(letter) for letter in said if letter not in "\t\n"} <= CATEGORIES
    assert printable(said) == said
    if all(unicodedata.category(letter) in CATEGORIES for letter in text):
        assert said == text


CATEGORIES = {
    *("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"),
    *("Sm", "Sc", "Sk", "So", "Zs"),
}


def test_the_log_shows_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    """Event, names and values of fields, nested ones, tracebacks; and what libraries say."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    before = structlog.get_config()
    try:
        logs.configure_logs()
        log = structlog.get_logger()
        log.warning("at postgresql://u:geheim@h\x1b[2J", url="http://h?token=geheim", password="geheim", n=1, up=True)
        log.info("x", nested={"token": "geheim", "list": ["password=geheim", 3]}, **{"k\x1b[31m": "v"})
        try:
            raise ValueError("password=geheim \x9b2J")
        except ValueError:
            log.exception("failed")
            logging.getLogger("library").exception("it says postgresql://u:geheim@h \x1b]0;x\x07")
    finally:
        structlog.configure(**before)
    text = stream.getvalue()
    assert [mark for mark in ("geheim", "\x1b", "\x9b", "\x07") if mark in text] == []
    assert text.count(HIDDEN) == 10
    first = json.loads(text.splitlines()[0])
    assert (first["n"], first["up"], first["password"]) == (1, True, HIDDEN)
