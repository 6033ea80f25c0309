"""The installation's key, and the secrets that are made from it: of webhooks, and of links to unsubscribe.

A subscription's secret is derived, not stored: it is the same on every worker that has the key, it survives restarts,
and it is in no topic, export or log (docs/adr/0013-secrets-are-derived.md).
"""

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from belfry.settings import Settings
from schemas.errors import SettingsError

MIN_KEY_BYTES = 16
MAX_KEY_BYTES = 4096


def installation_key(settings: Settings) -> bytes:
    """The key in BELFRY_SECRET_KEY_FILE, else in BELFRY_HOME, where it is made at first use, for its owner's eyes.

    Raises SettingsError where it can't be read, can't be made, or is too short to be one.
    """
    path = settings.secret_key_file
    try:
        if path is None:
            path = settings.home / "secret.key"
            if not path.exists():
                _make(path)
        found = path.stat()
        return _read(path, found.st_ino, found.st_mtime_ns, found.st_size)
    except OSError as error:
        raise SettingsError(
            f"the key of this installation, {error.filename}, can't be used: {error.strerror or error}. Without it no "
            "webhook can be signed; set BELFRY_SECRET_KEY_FILE to a file that every worker may read"
        ) from error


def webhook_secret(key: bytes, subscription_id: str) -> str:
    """The secret of a subscription's webhooks, 64 hexadecimal digits; as text, it is what HMAC is keyed with."""
    return _derived(key, "webhook", subscription_id)


def unsubscribe_token(key: bytes, subscription_id: str, mailbox: str) -> str:
    """What proves that whoever follows a link to unsubscribe was sent it: of this subscription, to this mailbox."""
    return _derived(key, "unsubscribe", subscription_id, mailbox)


def _derived(key: bytes, *parts: str) -> str:
    return hmac.new(key, "\x1f".join(("belfry", *parts)).encode(), hashlib.sha256).hexdigest()


@lru_cache(1)
def _read(path: Path, _inode: int, _changed_ns: int, _size_bytes: int) -> bytes:
    """The key in the file as it is since then: each webhook asks for it."""
    return _checked(path, path.read_bytes()[: MAX_KEY_BYTES + 1])


def _checked(path: Path, key: bytes) -> bytes:
    key = key.strip()
    if not MIN_KEY_BYTES <= len(key) <= MAX_KEY_BYTES:
        raise SettingsError(
            f"{path} holds {len(key)} bytes; a key has {MIN_KEY_BYTES} to {MAX_KEY_BYTES}: `openssl rand -hex 32`"
        )
    return key


def _make(path: Path) -> None:
    """Make the key in one step: of many that do this at once, one key stands, whole from the first moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode() + b"\n")
            file.flush()
            os.fsync(descriptor)
        try:
            path.hardlink_to(part)
        except FileExistsError:
            return
    finally:
        part.unlink(missing_ok=True)
