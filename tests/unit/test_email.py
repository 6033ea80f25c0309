"""E-mail, at a real SMTP server on this machine."""

import asyncio
import email
import email.policy
import os
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from hypothesis import given
from hypothesis import strategies as st

from belfry.notify.channel import channel_for
from belfry.notify.email import Mailbox, mail_of, mailbox_of, normal_mailbox, undelivered, verified_context
from belfry.notify.keys import installation_key, unsubscribe_token
from belfry.notify.message import Bell, bell_message
from belfry.notify.templates import rendered
from belfry.notify.view import message_view
from belfry.settings import Settings
from schemas.alerts import Excerpt
from schemas.errors import ChannelError, Undeliverable
from tests.unit.notify_examples import NOW, alert, article, bell, digest, notice, subscription
from tests.unit.own_certificate import own_certificate


class Inbox:
    """What the server was handed; `answer` is what it says to a recipient or to the mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.to_recipient = "250 OK"
        self.to_mail = "250 OK"
        self.wait_s = 0.0
        self.port = 0

    async def handle_RCPT(  # noqa: N802 aiosmtpd's name
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 aiosmtpd's name
        await asyncio.sleep(self.wait_s)
        if self.to_mail.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.envelopes.append(envelope)
            parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(parsed, EmailMessage)
            self.mails.append(parsed)
        return self.to_mail


def accept(server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
    assert isinstance(login, LoginPassword)
    return AuthResult(handled=False, success=(login.login, login.password) == (b"belfry", b"secret"))


@contextmanager
def listening(**options: Any) -> Iterator[Inbox]:
    inbox = Inbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        inbox.port = free.getsockname()[1]
    controller = Controller(
        inbox, hostname="127.0.0.1", port=inbox.port, authenticator=accept, enable_SMTPUTF8=True, **options
    )
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with listening(auth_require_tls=False) as inbox:
        yield inbox


def settings(tmp_path: Path, inbox: Inbox, **changes: object) -> Settings:
    values: dict[str, object] = {"home": tmp_path, "smtp_host": "127.0.0.1", "smtp_port": inbox.port}
    return Settings.model_validate(values | {"mail_from": "bells@belfry.example.org"} | changes)


async def refusal(ours: Settings) -> Undeliverable:
    with pytest.raises(Undeliverable) as caught:
        await channel_for("mailto:desk@example.org", ours).deliver(bell())
    return caught.value


def bodies(mail: EmailMessage) -> tuple[str, str]:
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content().replace("\r\n", "\n"), html.get_content()


async def test_a_bell_arrives_as_text_and_html_in_the_subscribers_language_and_time(tmp_path: Path, inbox: Inbox):
    one = bell(language="nl", time_zone="Europe/Brussels")
    await channel_for("mailto:desk@example.org", settings(tmp_path, inbox)).deliver(one)
    [mail] = inbox.mails
    assert mail.get_content_type() == "multipart/alternative"
    assert mail["Subject"] == "Troepenopbouw: Troepen aan de grens"
    assert (mail["From"], mail["To"]) == ("Belfry <bells@belfry.example.org>", "desk@example.org")
    text, html = bodies(mail)
    for said in (
        "belga",
        "dinsdag 24 november 2026, 13:05 (CET)",
        "Nederlands",
        "Russia, NATO",
        "https://news.example.org/a/1",
    ):
        assert said in text
        assert said in html
    assert "Rusland bouwt *troepen* op aan de *grens*." in text
    assert re.search(r"bouwt <mark[^>]*>troepen</mark> op aan de <mark[^>]*>grens</mark>\.", html)
    assert "troep* → troepen; grens → grens" in text
    assert "belfry subscriptions pause build-up" in text


async def test_the_same_message_has_the_same_id_whenever_it_is_sent_and_another_for_another_mailbox(
    tmp_path: Path, inbox: Inbox
):
    ours = settings(tmp_path, inbox)
    for mailbox in ("a@example.org", "a@example.org", "b@example.org"):
        await channel_for(f"mailto:{mailbox}", ours).deliver(bell())
    ids = [mail["Message-ID"] for mail in inbox.mails]
    assert ids[0] == ids[1] != ids[2]
    assert {mail["Idempotency-Key"] for mail in inbox.mails} == {f"{1:032x}"}
    assert all(id_.endswith("@belfry.example.org>") for id_ in ids)


async def test_one_click_unsubscribing_where_its_address_is_set_else_by_mail(tmp_path: Path, inbox: Inbox):
    ours = settings(tmp_path, inbox, unsubscribe_url="https://belfry.example.org/u?id={id}&token={token}")
    await channel_for("mailto:desk@example.org", ours).deliver(bell(id="a/b&c"))
    await channel_for("mailto:desk@example.org", settings(tmp_path, inbox)).deliver(bell(id="a/b&c"))
    one_click, by_mail = inbox.mails
    token = unsubscribe_token(installation_key(ours), "a/b&c", "desk@example.org")
    url = f"https://belfry.example.org/u?id=a%2Fb%26c&token={token}"
    mailto = "<mailto:bells@belfry.example.org?subject=unsubscribe%20a%2Fb%26c>"
    assert one_click["List-Unsubscribe"].replace(" ", "") == f"<{url}>,{mailto}"
    assert one_click["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url in bodies(one_click)[0]
    assert by_mail["List-Unsubscribe"].strip() == mailto
    assert by_mail["List-Unsubscribe-Post"] is None


async def test_a_mailbox_that_nobody_can_write_to_is_no_way_to_unsubscribe(tmp_path: Path, inbox: Inbox):
    await channel_for("mailto:desk@example.org", settings(tmp_path, inbox, mail_from="belfry@localhost")).deliver(
        bell()
    )
    (mail,) = inbox.mails
    assert mail["List-Unsubscribe"] is None
    assert mail["List-Unsubscribe-Post"] is None
    assert "nsubscribe" not in "".join(bodies(mail))


async def test_an_article_cannot_add_headers_markup_or_links(tmp_path: Path, inbox: Inbox):
    evil = "Evil\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>\u2028\u202e"
    one = alert(
        shown=article(title=evil, source=evil, url="javascript:alert(1)"),
        excerpts=(Excerpt(field="text", text=evil, marks=((0, 4),)),),
        entities=(evil,),
    )
    message = bell_message(
        subscription(name="N", query='x "</p><img>"'), Bell(one, (article(title=evil, url="data:x"),)), NOW
    )
    await channel_for("mailto:desk@example.org?subject=Hi%0d%0aBcc:%20x@y.z", settings(tmp_path, inbox)).deliver(
        message
    )
    [mail] = inbox.mails
    assert mail["Bcc"] is None
    assert inbox.envelopes[0].rcpt_tos == ["desk@example.org"]
    assert mail["Subject"] == "Hi Bcc: x@y.z N: Evil Bcc: all@example.org <script>alert(1)</script>"
    text, html = bodies(mail)
    assert "<script>" not in html
    assert "javascript:" not in html + text
    assert "data:x" not in html + text
    assert "\u202e" not in html + text


NASTY = st.sampled_from(
    [
        *"ab é中😀\"()<>@,;:\\=?_&'\u00a0\u202f\u200d\u0301\x7f\x85\r\n\t",
        "x" * 50,
        "ß" * 60,
        "=?utf-8?q?a=0D=0ABcc:_x@y.z?=",
    ]
)


@given(st.lists(NASTY, max_size=40).map("".join), st.lists(NASTY, max_size=10).map("".join))
def test_whatever_a_title_holds_the_headers_are_ours(title: str, prefix: str):
    message = bell_message(subscription(), Bell(alert(shown=article(title=title))), NOW)
    url = "mailto:a@b.org?" + urlencode({"subject": prefix})
    mail = mail_of(
        message, rendered(message_view(message)), mailbox=mailbox_of(url), sender="x@y.org", unsubscribe_url=None
    )
    head = mail.as_bytes().split(b"\r\n\r\n")[0]
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert names == [
        *(b"Subject", b"From", b"To", b"Date", b"Message-ID", b"Auto-Submitted", b"List-ID", b"List-Unsubscribe"),
        *(b"Idempotency-Key", b"MIME-Version", b"Content-Type"),
    ]


async def test_digests_and_notices_are_mail_too(tmp_path: Path, inbox: Inbox):
    channel = channel_for("mailto:desk@example.org", settings(tmp_path, inbox))
    await channel.deliver(digest(3, language="fr"))
    await channel.deliver(notice("Il sonne trop.\nMoins, donc.", language="fr"))
    subjects = [mail["Subject"] for mail in inbox.mails]
    assert subjects == ["Troepenopbouw\u00a0: 3 alertes", "Troepenopbouw\u00a0: à propos de cet abonnement"]
    assert bodies(inbox.mails[0])[0].count("Lire l’article") == 3
    assert "Il sonne trop.\nMoins, donc." in bodies(inbox.mails[1])[0]


@pytest.mark.parametrize(
    ("where", "answer", "reason", "retry"),
    [
        ("recipient", "550 no such user", "refused", False),
        ("recipient", "450 greylisted", "busy", True),
        ("mail", "554 spam", "refused", False),
        ("mail", "452 disk full", "busy", True),
        ("recipient", "530 log in first", "misconfigured", True),
    ],
)
async def test_an_answer_of_4_is_tried_again_and_one_of_5_is_final(
    tmp_path: Path, inbox: Inbox, where: str, answer: str, reason: str, retry: bool
):
    setattr(inbox, f"to_{where}", answer)
    error = await refusal(settings(tmp_path, inbox))
    assert (error.reason, error.retry) == (reason, retry)


async def test_a_server_that_is_away_slow_or_asks_for_tls_that_it_has_not(tmp_path: Path, inbox: Inbox):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        away = await refusal(settings(tmp_path, inbox, smtp_port=free.getsockname()[1]))
    plain = await refusal(settings(tmp_path, inbox, smtp_tls="starttls"))
    implicit = await refusal(settings(tmp_path, inbox, smtp_tls="tls", delivery_timeout_s=1))
    inbox.wait_s = 2
    slow = await refusal(settings(tmp_path, inbox, delivery_timeout_s=1))
    assert [(error.reason, error.retry) for error in (away, slow, plain)] == [
        ("unreachable", True),
        ("timeout", True),
        ("refused", False),
    ]
    assert (implicit.reason in {"tls", "timeout"}, implicit.retry) == (True, True)
    assert inbox.mails == []


async def test_a_server_that_trickles_does_not_hold_a_delivery_beyond_its_time(tmp_path: Path, inbox: Inbox):
    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for _ in range(400):
                writer.write(b"220-welcome\r\n")
                await writer.drain()
                await asyncio.sleep(0.05)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        began = asyncio.get_running_loop().time()
        error = await refusal(settings(tmp_path, inbox, smtp_port=port, delivery_timeout_s=1))
        assert asyncio.get_running_loop().time() - began < 5
    assert (error.reason, error.retry) == ("timeout", True)


async def test_logging_in_takes_the_password_from_its_file(tmp_path: Path, inbox: Inbox):
    file = tmp_path / "password"
    file.write_text("secret\n")
    ours = settings(tmp_path, inbox, smtp_user="belfry", smtp_password_file=file)
    await channel_for("mailto:desk@example.org", ours).deliver(bell())
    assert len(inbox.mails) == 1
    file.write_text("wrong")
    wrong = await refusal(ours)
    file.unlink()
    missing = await refusal(ours)
    assert [(error.reason, error.retry) for error in (wrong, missing)] == [("misconfigured", True)] * 2
    assert "wrong" not in str(wrong)


async def test_tls_is_used_where_it_is_offered_and_its_certificate_checked_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "password"
    file.write_text("secret")
    with listening(tls_context=own_certificate(tmp_path), require_starttls=True) as inbox:
        ours = settings(tmp_path, inbox, smtp_user="belfry", smtp_password_file=file)
        await channel_for("mailto:desk@example.org", ours).deliver(bell())
        plain = await refusal(settings(tmp_path, inbox, smtp_tls="none"))
        unknown = await refusal(settings(tmp_path, inbox, smtp_tls="starttls"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        await channel_for("mailto:desk@example.org", settings(tmp_path, inbox, smtp_tls="starttls")).deliver(bell())
        monkeypatch.setattr("belfry.notify.email._is_here", lambda _: False)
        unsafe = await refusal(ours)
    assert len(inbox.mails) == 2
    assert [(error.reason, error.retry) for error in (plain, unknown, unsafe)] == [
        ("misconfigured", True),
        ("tls", True),
        ("misconfigured", True),
    ]


def test_what_cannot_be_told_from_the_server_is_told_from_the_error():
    errors = [ssl.SSLError(), smtplib.SMTPServerDisconnected("x"), smtplib.SMTPNotSupportedError(), RuntimeError()]
    assert [undelivered(error).reason for error in errors] == ["tls", "unreachable", "refused", "failed"]
    assert [undelivered(error).retry for error in errors] == [True, True, False, False]


@pytest.mark.parametrize(
    ("url", "mailbox"),
    [
        ("mailto:desk@example.org", Mailbox("desk@example.org")),
        ("MAILTO:a.b%2Bnews@Example.org?subject=Belfry%3A", Mailbox("a.b+news@Example.org", "Belfry:")),
        ("mailto:desk@bücher.example", Mailbox("desk@xn--bcher-kva.example")),
        ("mailto:désk@example.org", Mailbox("désk@example.org")),
    ],
)
def test_a_mailbox_is_read_from_its_address(url: str, mailbox: Mailbox):
    assert mailbox_of(url) == mailbox


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mailto:desk", "names no mailbox"),
        ("mailto:a@b@c", "names no mailbox"),
        ("mailto:a%0d%0ab@example.org", "names no mailbox"),
        ("mailto:a@example..org", "names no mailbox"),
        ("mailto:=%3Futf-8%3Fq%3Fa=0D=0ABcc:_x%3F=@example.org", "names no mailbox"),
        ("mailto:a@b.org?bcc=c@d.org", "not 'bcc'"),
        ("mailto://user:password@example.org", "mailtos://"),
    ],
)
def test_what_is_no_mailbox_is_refused_with_the_remedy(url: str, said: str):
    with pytest.raises(ChannelError, match=re.escape(said)):
        mailbox_of(url)


@pytest.mark.parametrize("text", ["", "@", "a@", "@b", "a b@c.d", "a\n@c.d", "a" * 5000, "a@" + "b" * 300 + ".org"])
def test_a_text_that_is_no_mailbox_is_none(text: str):
    assert normal_mailbox(text) is None


async def test_a_name_that_is_not_ascii_arrives_where_the_server_takes_it(tmp_path: Path, inbox: Inbox):
    await channel_for("mailto:désk@example.org", settings(tmp_path, inbox)).deliver(bell())
    assert inbox.envelopes[0].rcpt_tos == ["désk@example.org"]


def test_the_certificates_that_the_machine_trusts_are_read_again_only_where_they_were_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    store = tmp_path / "trusted.pem"
    store.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(store))
    first = verified_context()
    assert verified_context() is first
    os.utime(store, (1, 1))
    assert verified_context() is not first
    assert verified_context().verify_mode is ssl.CERT_REQUIRED
