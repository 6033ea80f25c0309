"""Which model finds names, by language: Belfry's own, an official spaCy model that is installed, or none."""

import re
from dataclasses import dataclass

from schemas.errors import SettingsError

_PAIR = re.compile(r"\s*([a-z]{2,3})\s*=\s*(\S+)\s*")


@dataclass(frozen=True, slots=True)
class NameModels:
    """on: whether any model is asked; without, names are found by the gazetteer and by rules.

    official: (language, package or folder) of spaCy models that are asked instead of Belfry's own for articles in that language.
    """

    on: bool = True
    official: tuple[tuple[str, str], ...] = ()


SHIPPED = NameModels()


def official_models(setting: str) -> tuple[tuple[str, str], ...]:
    """What `nl=nl_core_news_lg, en=/models/en` says. Raises SettingsError that names the part which can't be read."""
    models: dict[str, str] = {}
    for part in setting.split(",") if setting.strip() else ():
        found = _PAIR.fullmatch(part)
        if found is None or found[1] in models:
            raise SettingsError(
                f"BELFRY_NER_MODELS: {part.strip()!r} isn't a language of its own with its model, as in nl=nl_core_news_lg"
            )
        models[found[1]] = found[2]
    return tuple(models.items())
