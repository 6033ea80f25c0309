"""E-mail: each message as text and HTML, by SMTP.

A message has the same Message-ID each time it is sent, so that a mail program that gets it twice can tell. With
BELFRY_UNSUBSCRIBE_URL it carries the headers of one-click unsubscribing (RFC 8058); without, the sender's mailbox is
where to unsubscribe, if that is one that others can write to.
"""

import asyncio
import contextlib
import hashlib
import smtplib
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

import structlog

from belfry.guard import refused
from belfry.notify.message import Message
from belfry.notify.templates import Rendered, rendered
from belfry.notify.view import clean, message_view
from schemas.errors import ChannelError, Undeliverable

_log = structlog.get_logger()

MAX_PREFIX_CHARS = 80
MAX_PASSWORD_BYTES = 4096
_BUSY_FROM, _FINAL_FROM = 400, 500
_ABORT_S = 1.0
_AUTHENTICATION = frozenset({530, 534, 535, 538})

_threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="smtp")
"""Mail waits in threads of its own: a slow mail server takes none from the rest of the process."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. `tls`: auto (STARTTLS where it is offered), none, starttls, tls. `timeout_s` for it all."""

    host: str
    port: int
    tls: str
    user: str | None
    password_file: Path | None
    sender: str
    timeout_s: float


@dataclass(frozen=True)
class Mailbox:
    """Whom a `mailto:` address names. `prefix` is its `subject`, which stands before each message's own."""

    address: str
    prefix: str = ""


def mailbox_of(url: str) -> Mailbox:
    """The mailbox of a `mailto:` address. Raises ChannelError with the remedy."""
    path, _, query = url.partition(":")[2].partition("?")
    if path.startswith("//"):
        raise ChannelError(
            f"{url!r} is no mailbox: write 'mailto:name@example.org'; for a mail server of its own, apprise's 'mailtos://…'"
        )
    address = normal_mailbox(unquote(path))
    if address is None:
        raise ChannelError(f"{url!r} names no mailbox: write 'mailto:name@example.org'")
    fields = parse_qs(query, keep_blank_values=True)
    others = sorted(set(fields) - {"subject"})
    if others:
        raise ChannelError(f"{url!r}: only 'subject' may stand behind the mailbox, not {clean(others[0])!r}")
    return Mailbox(address, " ".join(clean(fields.get("subject", [""])[0]).split())[:MAX_PREFIX_CHARS])


def normal_mailbox(text: str) -> str | None:
    """The mailbox as SMTP takes it, its domain in ASCII; None where it is none."""
    local, at, domain = text.rpartition("@")
    if not at or not text.isprintable() or " " in text or "=?" in text or not domain:
        return None
    try:
        ascii_domain = domain.encode("idna").decode() if not domain.startswith("[") else domain
        # Letters beyond ASCII may stand before the @ where the server takes them (SMTPUTF8); the parser knows only ASCII.
        Address(addr_spec="".join(letter if letter.isascii() else "x" for letter in local) + f"@{ascii_domain}")
    except (ValueError, IndexError, MessageError):
        return None
    return f"{local}@{ascii_domain}"


class EmailChannel:
    """Sends to one mailbox. `unsubscribe` gives the address of one-click unsubscribing for a subscription's id."""

    def __init__(
        self,
        mailbox: Mailbox,
        server: MailServer,
        *,
        unsubscribe: Callable[[str], str] | None = None,
        templates: Path | None = None,
    ) -> None:
        self._mailbox = mailbox
        self._server = server
        self._unsubscribe = unsubscribe
        self._templates = templates

    async def deliver(self, message: Message) -> None:
        """See Channel."""
        url = self._unsubscribe(message.subscription.id) if self._unsubscribe else None
        made = rendered(message_view(message, url), self._templates)
        if made.fault is not None:
            _log.error("template can't be used", fault=made.fault)
        mail = mail_of(message, made, mailbox=self._mailbox, sender=self._server.sender, unsubscribe_url=url)
        connection = _Connection(self._server)
        sending = asyncio.get_running_loop().run_in_executor(_threads, connection.send, mail, self._mailbox.address)
        done, _ = await asyncio.wait([sending], timeout=self._server.timeout_s)
        if not done:
            # Each answer of the server came in time, all together didn't; without its socket the thread ends at once.
            connection.abort()
            done, _ = await asyncio.wait([sending], timeout=_ABORT_S)
        if not done:
            sending.add_done_callback(lambda late: late.cancelled() or late.exception())
            raise Undeliverable("timeout", "the mail server didn't take it in time", retry=True)
        sending.result()


def mail_of(
    message: Message, made: Rendered, *, mailbox: Mailbox, sender: str, unsubscribe_url: str | None
) -> EmailMessage:
    """The message as mail, with its headers: none of them can hold a line break, whatever an article says."""
    ascii_only = mailbox.address.isascii() and sender.isascii()
    mail = EmailMessage(policy=SMTP if ascii_only else SMTPUTF8)
    domain = sender.rpartition("@")[2]
    own_id = hashlib.sha256(f"{message.message_id}\x1f{mailbox.address}".encode()).hexdigest()[:32]
    # An encoded word is decoded by whoever assigns it to a header, and may hold a line break: from outside, none is one.
    mail["Subject"] = f"{mailbox.prefix} {made.subject}".strip().replace("=?", "= ?")
    mail["From"] = _address(sender, "Belfry")
    mail["To"] = _address(mailbox.address)
    mail["Date"] = message.at
    mail["Message-ID"] = f"<{own_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-ID"] = f"<{hashlib.sha256(message.subscription.id.encode()).hexdigest()[:16]}.belfry.{domain}>"
    ways = [f"<{unsubscribe_url}>"] if unsubscribe_url else []
    if "." in domain:  # belfry@localhost is nobody's mailbox
        ways.append(
            f"<mailto:{quote(sender, safe='@')}?subject={quote(f'unsubscribe {message.subscription.id}', safe='')}>"
        )
    if ways:
        mail["List-Unsubscribe"] = ", ".join(ways)
    if unsubscribe_url:
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail["Idempotency-Key"] = message.message_id
    mail.set_content(made.text, cte="quoted-printable")
    mail.add_alternative(made.html, subtype="html", cte="quoted-printable")
    return mail


def _address(mailbox: str, name: str = "") -> Address:
    local, _, domain = mailbox.rpartition("@")
    return Address(name, local, domain)


class _Connection:
    """One delivery in a thread of its own; `abort` ends it from another."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self._aborted = False

    def abort(self) -> None:
        """Take the socket away: whatever waits for it ends with an error, and nothing is sent after it."""
        self._aborted = True
        sock: socket.socket | None = getattr(self._smtp, "sock", None)
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def send(self, mail: EmailMessage, to: str) -> None:
        """Hand the mail in. Raises Undeliverable."""
        try:
            smtp = self._connected()
            if self._aborted:
                raise TimeoutError
            smtp.send_message(mail, from_addr=self._server.sender, to_addrs=[to])
        except Undeliverable:
            raise
        except Exception as error:
            raise undelivered(TimeoutError() if self._aborted else error) from error
        finally:
            self._leave()

    def _connected(self) -> smtplib.SMTP:
        ours = self._server
        if ours.tls == "tls":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(timeout=ours.timeout_s, context=verified_context())
        else:
            smtp = smtplib.SMTP(timeout=ours.timeout_s)
        self._smtp = smtp
        # Connected here, not in the constructor, so that `abort` finds it; by this name the certificate is checked.
        smtp._host = ours.host  # type: ignore[attr-defined]
        smtp.connect(ours.host, ours.port)
        smtp.ehlo_or_helo_if_needed()
        safe = ours.tls == "tls"
        if ours.tls == "starttls" or (ours.tls == "auto" and smtp.has_extn("starttls")):
            safe = ours.tls == "starttls"
            smtp.starttls(context=verified_context() if safe else _unverified())
            smtp.ehlo()
        if ours.user is not None:
            if not safe and not _is_here(smtp):
                raise Undeliverable(
                    "misconfigured",
                    "no password goes to a mail server without BELFRY_SMTP_TLS=starttls or tls",
                    retry=True,
                )
            smtp.login(ours.user, _password(ours.password_file))
        return smtp

    def _leave(self) -> None:
        """Say goodbye; what was taken stays taken, whatever the server answers to that."""
        if self._smtp is None:
            return
        try:
            self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()


def undelivered(error: Exception) -> Undeliverable:
    """What an error of handing mail in means: 4xx and no connection are tried again, 5xx is final."""
    code = _code(error)
    if code is None:
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return Undeliverable("refused", "the mail server can't do what this message or TLS needs", retry=False)
        if isinstance(error, ssl.SSLError):
            return Undeliverable(
                "tls", "no safe connection to the mail server: its certificate doesn't hold", retry=True
            )
        if isinstance(error, TimeoutError):
            return Undeliverable("timeout", "the mail server didn't answer in time", retry=True)
        if isinstance(error, OSError):  # SMTPException is one
            said = error.strerror or type(error).__name__
            return Undeliverable("unreachable", f"the mail server can't be reached: {said}", retry=True)
        return Undeliverable("failed", f"the mail can't be made: {type(error).__name__}", retry=False)
    if code in _AUTHENTICATION or isinstance(error, smtplib.SMTPAuthenticationError):
        return Undeliverable("misconfigured", f"the mail server wants another login ({code})", retry=True)
    if _BUSY_FROM <= code < _FINAL_FROM:
        return Undeliverable("busy", f"the mail server answered {code}: not now", retry=True)
    return Undeliverable("refused", f"the mail server answered {code}", retry=False)


def _code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=None)
    if isinstance(error, smtplib.SMTPResponseException):
        # -1 is smtplib's own for a connection that is lost.
        return error.smtp_code if error.smtp_code >= _BUSY_FROM else None
    return None


def verified_context() -> ssl.SSLContext:
    """One that trusts what this machine does.

    Reading all those certificates takes longer than all else of a mail, and holds up the whole process: it is done again
    only where they were changed.
    """
    paths = ssl.get_default_verify_paths()
    return _trusting(tuple((path, _changed_at(path)) for path in (paths.cafile, paths.capath)))


@lru_cache(maxsize=1)
def _trusting(_store: tuple[tuple[str | None, float], ...]) -> ssl.SSLContext:
    return ssl.create_default_context()


def _changed_at(path: str | None) -> float:
    try:
        return 0.0 if path is None else Path(path).stat().st_mtime
    except OSError:
        return 0.0


def _unverified() -> ssl.SSLContext:
    """Encryption against listeners alone, where a server offers it and nobody asked for more."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _is_here(smtp: smtplib.SMTP) -> bool:
    """Whether the server is on this machine: a password doesn't leave it."""
    address = str(smtp.sock.getpeername()[0]) if smtp.sock is not None else ""
    return "this machine itself" in (refused(address) or "")


def _password(file: Path | None) -> str:
    try:
        return "" if file is None else file.read_text(encoding="utf-8")[:MAX_PASSWORD_BYTES].strip()
    except (OSError, ValueError) as error:
        raise Undeliverable("misconfigured", f"BELFRY_SMTP_PASSWORD_FILE can't be read: {file}", retry=True) from error
