"""Every setting, each an environment variable `BELFRY_…`; read once, at the edge, and passed on as values."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, WithJsonSchema, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from belfry.guard import Network, networks
from processors.ner.choice import NameModels, official_models
from schemas.errors import SettingsError
from schemas.topics import Topics

File = Annotated[Path, WithJsonSchema({"type": "string", "format": "file-path"})]


def _default_home() -> Path:
    return Path("~/.local/share/belfry").expanduser()


def _default_cache() -> Path:
    return Path("~/.cache/belfry").expanduser()


class Settings(BaseSettings):
    """Where things are and how big they may get. Unset servers mean: those that `belfry up` runs on this machine."""

    model_config = SettingsConfigDict(env_prefix="BELFRY_", frozen=True, extra="ignore")

    home: Path = Field(default_factory=_default_home, description="data, logs and state of the local stack")
    cache: Path = Field(default_factory=_default_cache, description="downloads and what is compiled from them")
    kafka_bootstrap: str | None = Field(default=None, description="host:port,… of a Kafka of your own")
    elasticsearch_url: str | None = Field(default=None, description="address of an Elasticsearch of your own")
    kafka_port: int = Field(default=0, ge=0, le=65535, description="port of the local Kafka; 0: a free one")
    elasticsearch_port: int = Field(
        default=0, ge=0, le=65535, description="port of the local Elasticsearch; 0: a free one"
    )
    maven_repository: str | None = Field(default=None, description="where the servers' jars come from (http or file)")
    topic_prefix: str = Field(default="belfry.", pattern=r"^[A-Za-z0-9._-]*$", description="before every topic's name")
    index_prefix: str = Field(default="", pattern=r"^[a-z0-9._-]*$", description="before every index's name")
    partitions: int = Field(default=4, ge=1, le=256, description="of the topics keyed by article; fixed once made")
    max_article_bytes: int = Field(default=2 * 1024 * 1024, ge=1024, description="a larger article is refused")
    linger_ms: int = Field(
        default=200, ge=0, le=10_000, description="how long index waits to fill a batch; who is on a bell's way doesn't"
    )
    batch_size: int = Field(default=100, ge=1, le=5_000, description="records that a stage takes at once, at most")
    enrich_timeout_s: float = Field(
        default=20.0, gt=0, description="an article that takes more processor time is dead-lettered"
    )
    story_days: int = Field(default=3, ge=1, le=60, description="so far apart copies of a report are still one story")
    story_articles: int = Field(
        default=200_000,
        ge=1_000,
        le=5_000_000,
        description="of which copies are known, in each part of the topic; up to 3 KB each",
    )
    ner: bool = Field(default=True, description="find names by a model too, not by lists and rules alone")
    ner_models: str = Field(default="", description="spaCy models of your own by language: nl=nl_core_news_lg,…")
    concepts: Path | None = Field(default=None, description="concepts of your own, YAML files beside the shipped ones")
    allow_addresses: str = Field(default="", description="networks that webhooks and feeds may be in, though private")
    secret_key_file: File | None = Field(
        default=None, description="key of webhooks' secrets; the same on every machine"
    )
    digest_at: str = Field(
        default="07:00",
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="when daily and weekly digests come, by the subscriber's clock",
    )
    flood_per_hour: int = Field(
        default=6000, ge=1, description="a subscription that rings more often is slowed to a digest"
    )
    retry_first_s: float = Field(
        default=1.0, gt=0, description="pause before a message is tried again; then it doubles"
    )
    retry_longest_s: float = Field(default=60.0, gt=0, description="longest pause before a message is tried again")
    retry_for_s: float = Field(default=86_400.0, ge=0, description="a message that isn't taken for so long is given up")
    deliveries_at_once: int = Field(default=8, ge=1, le=1000, description="to one receiver, at most")
    delivery_timeout_s: float = Field(default=15.0, ge=1, le=300, description="how long a receiver may take")
    smtp_host: str = Field(default="localhost", min_length=1, description="server that takes e-mail")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="port of the server that takes e-mail")
    smtp_tls: str = Field(default="auto", pattern=r"^(auto|none|starttls|tls)$", description="how e-mail is encrypted")
    smtp_user: str | None = Field(default=None, description="who logs in at the server that takes e-mail")
    smtp_password_file: File | None = Field(default=None, description="file with the password of BELFRY_SMTP_USER")
    mail_from: str = Field(
        default="belfry@localhost", pattern=r"^[^\s@<>,;]+@[^\s@<>,;]+$", description="sender of e-mail"
    )
    unsubscribe_url: str | None = Field(default=None, description="https address with `{id}` and `{token}` in e-mail")
    templates: Path | None = Field(default=None, description="templates of your own for messages, before the shipped")
    log_level: str = Field(default="INFO", pattern=r"^(DEBUG|INFO|WARNING|ERROR)$", description="of logs on stderr")

    @field_validator("allow_addresses")
    @classmethod
    def _networks(cls, text: str) -> str:
        networks(text)
        return text

    @field_validator("unsubscribe_url")
    @classmethod
    def _one_click(cls, url: str | None) -> str | None:
        if url and not (url.isprintable() and " " not in url and url.startswith("https://") and "{token}" in url):
            raise ValueError("write https://…?id={id}&token={token}")
        return url

    @property
    def allowed_networks(self) -> tuple[Network, ...]:
        """The networks of `allow_addresses`."""
        return networks(self.allow_addresses)

    @property
    def name_models(self) -> NameModels:
        """What finds names besides lists and rules. Raises SettingsError where it can't be read."""
        return NameModels(self.ner, official_models(self.ner_models))

    @property
    def topics(self) -> Topics:
        """The topics' names and shapes."""
        return Topics(self.topic_prefix, self.partitions)


@cache
def settings() -> Settings:
    """The settings of this process. Raises SettingsError that names each variable that can't be used."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"BELFRY_{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']}" for item in error.errors()
        )
        raise SettingsError(f"settings that can't be used: {wrong}") from error
