"""Which index something stands in. Every name begins with the settings' `index_prefix`."""

from dataclasses import dataclass

from processors.document import MAPPING_VERSION, index_name


@dataclass(frozen=True, slots=True)
class IndexNames:
    """The names of Belfry's indices under one prefix: what readers use (aliases) and what writers use (concrete)."""

    prefix: str = ""

    @property
    def articles(self) -> str:
        """Read alias of all months."""
        return f"{self.prefix}articles"

    @property
    def articles_pattern(self) -> str:
        """All concrete article indices of this mapping version."""
        return index_name("*", self.prefix)

    def month(self, month: str) -> str:
        """The concrete index of the articles whose first version was seen for `month` ("2022-01", or "old")."""
        return index_name(month, self.prefix)

    @property
    def alerts(self) -> str:
        """Read alias of the alerts."""
        return f"{self.prefix}alerts"

    @property
    def pipeline(self) -> str:
        """Read alias of the workers' minutes."""
        return f"{self.prefix}pipeline"

    @property
    def dead_letters(self) -> str:
        """Read alias of the dead letters."""
        return f"{self.prefix}dead-letters"

    def concrete(self, alias: str) -> str:
        """The one index behind `alerts`, `pipeline` or `dead-letters`."""
        return f"{alias}-v{MAPPING_VERSION}"
