"""Messages as text and as HTML, by templates: the shipped ones, or a user's of the same name before them.

| template | what it makes |
|---|---|
| `subject.txt.j2` | the one line that stands over it |
| `message.txt.j2`, `message.html.j2` | a whole message |
| `bell.txt.j2`, `bell.html.j2` | one bell in it, and the entry of a feed |
| `marks.txt.j2`, `marks.html.j2` | a sentence with its marks |

They get `message`, `bell` (`belfry.notify.view`) and `phrase(name, count)`. HTML is escaped,
whatever a template forgets; templates run in a sandbox. Where a template of the user's can't be used, the shipped ones
make the message, and the fault is told (`Rendered.fault`).
"""

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from belfry.notify.phrases import phrase
from belfry.notify.view import BellView, MessageView, clean

MAX_SUBJECT_CHARS = 200
MAX_RENDERED_CHARS = 2_000_000
"""A user's template that makes more of a message is at fault."""


SHIPPED_NAMES = frozenset(
    {
        "subject.txt.j2",
        *(f"{name}.{kind}.j2" for name in ("message", "bell", "marks") for kind in ("txt", "html")),
    }
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be sent. `subject` is one line; `fault` names what is wrong with the user's templates."""

    subject: str
    text: str
    html: str
    fault: str | None = None


class _State(NamedTuple):
    """A folder of templates, and when a file in it came or went last."""

    folder: Path | None
    changed_ns: int


class _TooLongError(Exception):
    """A template made more than a message may be."""


class _Folder(FileSystemLoader):
    """A user's templates. What isn't UTF-8 is a fault in a line like any other."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """See FileSystemLoader."""
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            said = f"not UTF-8: byte 0x{error.object[error.start]:02X}"
            raise TemplateSyntaxError(said, line, name=template) from error


def rendered(view: MessageView, folder: Path | None = None) -> Rendered:
    """The message by the templates in `folder`, else (and where these fail) by the shipped ones."""
    if folder is not None:
        try:
            if not folder.is_dir():
                raise NotADirectoryError(f"{folder} is no folder")
            return _rendered(view, folder)
        except Exception as error:  # noqa: BLE001 whatever a user's template does, the message goes out
            shipped = _rendered(view, None)
            return Rendered(shipped.subject, shipped.text, shipped.html, _fault(error, folder))
    return _rendered(view, None)


def rendered_bell(view: MessageView, bell: BellView, folder: Path | None = None) -> str:
    """One bell as HTML, for a feed."""
    if folder is not None:
        try:
            return _made(view, "bell.html.j2", folder, bell=bell)
        except Exception:  # noqa: BLE001, S110 the message that carries the same bell tells the fault
            pass
    return _made(view, "bell.html.j2", None, bell=bell)


def _rendered(view: MessageView, folder: Path | None) -> Rendered:
    subject = re.sub(" {2,}", " ", clean(_made(view, "subject.txt.j2", folder)))
    if len(subject) > MAX_SUBJECT_CHARS:
        subject = f"{subject[: MAX_SUBJECT_CHARS - 1].rstrip()}…"
    return Rendered(
        subject=subject,
        text=_made(view, "message.txt.j2", folder),
        html=_made(view, "message.html.j2", folder),
    )


def _made(view: MessageView, name: str, folder: Path | None, **more: Any) -> str:
    parts: list[str] = []
    length = 0
    stream = (
        _environment(_State(folder, folder.stat().st_mtime_ns if folder else 0))
        .get_template(name)
        .generate(
            message=view,
            phrase=partial(_phrase, view.language),
            **more,
        )
    )
    for part in stream:
        parts.append(part)
        length += len(part)
        if folder is not None and length > MAX_RENDERED_CHARS:
            raise _TooLongError(f"{name} makes more than {MAX_RENDERED_CHARS:,} characters")
    return "".join(parts)


def _phrase(language: str, name: str, count: int = 0) -> str:
    return phrase(name, language, count)


def _fault(error: Exception, folder: Path) -> str:
    """What is wrong, with the template and its line, ready to be read."""
    said = str(error) if isinstance(error, _TooLongError) else f"{type(error).__name__}: {error}"
    if isinstance(error, TemplateSyntaxError):
        return f"{folder / (error.name or '')}, line {error.lineno}: {said}; the shipped templates are used"
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(folder))]
    place = f"{lines[-1].filename}, line {lines[-1].lineno}" if lines else str(folder)
    return f"{place}: {said}; the shipped templates are used"


def _is_html(name: str | None) -> bool:
    return name is None or ".html" in name


@lru_cache(maxsize=4)
def _environment(state: _State) -> ImmutableSandboxedEnvironment:
    """Templates that are compiled; anew where a file came or went, so that a worker sees it at once."""
    folder = state.folder
    shipped = PackageLoader("belfry.notify", "shipped_templates")
    loader: BaseLoader = shipped if folder is None else ChoiceLoader([_Folder(folder), shipped])
    return ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=_is_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
