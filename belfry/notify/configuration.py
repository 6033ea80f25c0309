"""What of the settings would keep messages from being made or sent. Looks, and leaves nothing behind."""

from collections.abc import Iterator
from datetime import datetime

from belfry.notify.email import normal_mailbox
from belfry.notify.keys import installation_key
from belfry.notify.sample import template_faults
from belfry.settings import Settings
from schemas.errors import SettingsError


def configuration_faults(settings: Settings, now: datetime) -> Iterator[str]:
    """A sentence for each setting that can't be used; nothing where all can."""
    # Where there is no key yet, the first webhook makes one.
    if settings.secret_key_file is not None or (settings.home / "secret.key").exists():
        try:
            installation_key(settings)
        except SettingsError as error:
            yield str(error)
    password = settings.smtp_password_file
    if password is not None:
        try:
            password.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            yield f"BELFRY_SMTP_PASSWORD_FILE, {password}, can't be read: {error}"
    if password is None and settings.smtp_user is not None:
        yield "BELFRY_SMTP_USER logs in without a password: set BELFRY_SMTP_PASSWORD_FILE"
    if normal_mailbox(settings.mail_from) is None:
        yield f"BELFRY_MAIL_FROM, {settings.mail_from!r}, is no mailbox: write 'belfry@example.org'"
    if settings.templates is not None:
        yield from template_faults(settings.templates, now)
