"""Stories that ring everybody while something is done to the line, and whether all of it came to what it should.

A stream sends stories, each with a copy under another headline later on, and now and then a record that nobody can read.
Its subscriptions go to a real HTTP receiver and a real SMTP receiver in turn. In the end each story must have rung each
subscription, once, in order; what came again must have come again because notify was disturbed in between, under the same
key; no article may have got two versions or another story than its copy; and the counts, the index and the dead letters
must say what was sent.
"""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import combinations, pairwise
from typing import Any

from belfry.supervisor.status import Counts
from eval.stories.material import themes
from schemas.alerts import Alert
from schemas.articles import EnrichedArticle, RawArticle
from schemas.subscriptions import Subscription
from tests.integration.line import Line, Sent, article, subscription, until
from tests.receivers import HttpReceiver, Post, SmtpReceiver

WORD = "chaosklok"
_BROKEN_EVERY = 20
_ANSWER_S = 1.0
"""Between a message's coming and its being noted by a receiver, on a busy machine."""

Coming = tuple[str, float]
"""A key, and when it came, in Unix seconds."""
Got = Mapping[str, Sequence[Coming]]
"""What came, by subscription, in order, repeats among it."""


@dataclass(frozen=True)
class Found:
    """`repeats`: messages that came again. All after it must be 0.

    `needless`: repeats that no disturbance of notify explains: more than one message of a subscription for each.
    """

    bells: int
    came: int
    repeats: int
    missing: int = 0
    strange: int = 0
    disordered: int = 0
    needless: int = 0

    @property
    def wrong(self) -> list[str]:
        """The names of what isn't 0."""
        return [name for name in ("missing", "strange", "disordered", "needless") if getattr(self, name)]


@dataclass(frozen=True)
class Disturbed:
    """From when to when notify was disturbed: one moment for a kill."""

    since: float
    until: float

    def explains(self, before: float, again: float) -> bool:
        """Whether a message that came before this, and again after it, may have been on its way then."""
        return before <= self.until + _ANSWER_S and again >= self.since


def compared(rung: Mapping[str, Sequence[str]], got: Got, disturbances: Iterable[Disturbed]) -> Found:
    """What came, beside what rang."""
    disturbed = list(disturbances)
    missing = strange = disordered = repeats = came = needless = 0
    for id_, keys in rung.items():
        here = got.get(id_, ())
        once = list(dict.fromkeys(key for key, _ in here))
        came += len(here)
        repeats += len(here) - len(once)
        missing += len(set(keys) - set(once))
        strange += len(set(once) - set(keys))
        disordered += [key for key in once if key in set(keys)] != [key for key in keys if key in set(once)]
        needless += _needless(here, disturbed)
    strange += len(got.keys() - rung.keys())
    return Found(sum(map(len, rung.values())), came, repeats, missing, strange, disordered, needless)


def overtakings(rung: Mapping[str, Sequence[str]], got: Got) -> Iterator[str]:
    """Which message came right before one that rang before it, and when each came: where to look for the reason."""
    for id_, keys in rung.items():
        place = {key: number for number, key in enumerate(keys)}
        first: dict[str, float] = {}
        for key, at in got.get(id_, ()):
            if key in place:
                first.setdefault(key, at)
        for (early, early_at), (late, late_at) in pairwise(first.items()):
            if place[early] > place[late]:
                yield f"{id_}: {early} at {early_at:.3f}, though {late}, at {late_at:.3f}, rang before it"


def _needless(comings: Sequence[Coming], disturbed: Sequence[Disturbed]) -> int:
    """Repeats less those that have a disturbance to themselves, each that which ended first."""
    free, last, found = sorted(disturbed, key=lambda one: one.until), dict[str, float](), 0
    for key, at in comings:
        before, last[key] = last.get(key), at
        if before is None:
            continue
        why = next((one for one in free if one.explains(before, at)), None)
        if why is None:
            found += 1
        else:
            free.remove(why)
    return found


def rung(values: Iterable[bytes], ids: set[str]) -> dict[str, list[Alert]]:
    """The alerts of the topic, by subscription, each once."""
    found: dict[str, dict[str, Alert]] = defaultdict(dict)
    for value in values:
        alert = Alert.decode(value)
        if alert.subscription_id in ids:
            found[alert.subscription_id].setdefault(alert.alert_id, alert)
    return {id_: list(alerts.values()) for id_, alerts in found.items()}


def first_of_each_story(alerts: Iterable[Alert]) -> list[str]:
    """The keys of the alerts that ring: copies don't."""
    first: dict[str, str] = {}
    for alert in alerts:
        first.setdefault(alert.story_id or alert.article_id, alert.alert_id)
    return list(first.values())


def came(http: HttpReceiver, mail: SmtpReceiver, by_mailbox: Mapping[str, str]) -> Got:
    """What the receivers have; a webhook's path is its subscription's id. Of mailboxes that aren't named: nothing."""
    found: dict[str, list[Coming]] = defaultdict(list)
    for post in list(http.posts):
        found[post.path[1:]].append((post.key, post.at))
    for message, at in zip(list(mail.mails), list(mail.came_at), strict=False):
        mailbox = message["To"].addresses[0].addr_spec
        if mailbox in by_mailbox:
            found[by_mailbox[mailbox]].append((message["Idempotency-Key"], at))
    return found


def dawdling(seed: int, most_s: float) -> Callable[[Post], int]:
    """A receiver that takes some time between having a message and answering."""
    chance = random.Random(seed)

    def answer(_: Post) -> int:
        time.sleep(chance.uniform(0, most_s))
        return 204

    return answer


def subscribed(
    http: HttpReceiver, count: int, words: Callable[[int], str]
) -> tuple[list[Subscription], dict[str, str]]:
    """So many subscriptions, webhooks and mailboxes in turn; and whose each mailbox is."""
    made: list[Subscription] = []
    mailboxes: dict[str, str] = {}
    for number in range(count):
        one = subscription(words(number))
        if number % 2:
            mailbox = f"{one.id}@example.org"
            mailboxes[mailbox] = one.id
            made.append(one.model_copy(update={"channels": (f"mailto:{mailbox}",)}))
        else:
            made.append(one.model_copy(update={"channels": (http.url(one.id),)}))
    return made, mailboxes


class Writer:
    """Writes headlines and texts in several languages.

    The words of real sentences say a text's language, so that it and its copy are never taken for two; no two texts have
    more than one of their five sentences in common, so that they are never taken for one.
    """

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        by_language: dict[str, list[str]] = defaultdict(list)
        for language, sentences in themes().values():
            by_language[language] += sentences
        self._sentences = dict(by_language)
        self.languages = sorted(by_language)
        self._together: set[tuple[str, str]] = set()

    def headline(self, language: str) -> str:
        """Some words of a sentence."""
        return " ".join(self._chance.choice(self._sentences[language]).split()[:8])

    def body(self, language: str, word: str) -> str:
        """A text of some eighty words that has `word` once."""
        while True:
            sentences = self._chance.sample(self._sentences[language], 5)
            pairs = set(combinations(sorted(sentences), 2))
            if not pairs & self._together:
                self._together |= pairs
                return f"{word}: " + " ".join(f"{sentence} ({self._nonsense()})" for sentence in sentences)

    def _nonsense(self) -> str:
        return " ".join("".join(self._chance.choices("bdfgklmnprstvaeiou", k=7)) for _ in range(6))


@dataclass
class Stream:
    """See the module. Its articles ring nobody else's subscriptions: `word` is its own."""

    line: Line
    http: HttpReceiver
    mail: SmtpReceiver
    seed: int = 1
    subscribers: int = 10
    word: str = ""
    disturbances: list[Disturbed] = field(default_factory=list[Disturbed])
    story_of: dict[str, int] = field(default_factory=dict[str, int])
    """The number of its story, by article id."""
    sent: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    """All records, in order."""

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self.word = f"{WORD}{''.join(self._chance.choices('bdfgklmnprst', k=6))}{time.time_ns() % 10**6}"
        self._writer = Writer(self._chance)
        self._owing: list[RawArticle] = []
        self._texts: dict[str, str] = {}
        self._broken = self._stories = 0
        self._before: Counts | None = None
        self.overtakings: list[str] = []
        self._plans, self._mailboxes = subscribed(self.http, self.subscribers, lambda _: f"={self.word}")

    def begin(self) -> None:
        """Subscribe, on a line that is at rest."""
        self._before = self.line.settled(0, 120).counts
        self.line.store.save(self._plans)
        time.sleep(2)

    def send(self, stories: int) -> None:
        """So many new stories, and copies of earlier ones; returns when Kafka has them."""
        records: list[tuple[bytes, bytes]] = []
        for _ in range(stories):
            language = self._chance.choice(self._writer.languages)
            body = self._writer.body(language, self.word)
            one = article(title=self._writer.headline(language), body=body, language=language)
            self._stories += 1
            records.append(self._noted(one, self._stories))
            self._owing.append(one)
            if self._stories % _BROKEN_EVERY == 0:
                self._broken += 1
                records.append((one.article_id[::-1].encode(), one.encode()[: self._chance.randrange(1, 60)]))
            if len(self._owing) > 2 * self._chance.randrange(1, 1 + max(1, stories)):
                records.append(self._copy())
        self._send(records)

    def send_at_once(self, copies: int) -> Sent:
        """A new story, and so many copies of it, together."""
        language = self._chance.choice(self._writer.languages)
        body = self._writer.body(language, self.word)
        self._stories += 1
        records = [
            self._noted(article(title=self._writer.headline(language), body=body, language=language), self._stories)
            for _ in range(1 + copies)
        ]
        return self._send(records)

    def send_rest(self) -> None:
        """The copies that were not sent yet."""
        self._send([self._copy() for _ in range(len(self._owing))])

    def again(self, records: Sequence[tuple[bytes, bytes]]) -> None:
        """These were sent once more."""
        known = {key for key, value in self.sent if key.decode() in self.story_of}
        self._broken += sum(key not in known for key, _ in records)
        self.sent += records

    def wait_for_bells(self, within_s: float) -> bool:
        """Whether each story has rung everybody within so long."""
        return bool(until(lambda: self._found().came >= self._stories * self.subscribers, within_s))

    def come(self) -> int:
        """How many messages have come, of whomever."""
        return len(self.http.posts) + len(self.mail.mails)

    def disturbed(self, since: float | None = None) -> None:
        """Notify is disturbed now, or has been since then."""
        now = time.time()
        self.disturbances.append(Disturbed(now if since is None else since, now))

    def result(self, within_s: float = 240.0) -> dict[str, Any]:
        """What was found, once all has come to rest; `wrong` is empty where all is as it should be."""
        before, line = self._before, self.line
        assert before is not None
        began = time.monotonic()
        until(lambda: self._found().bells == self._stories * self.subscribers and not self._found().missing, within_s)
        status = line.settled(before.received + len(self.sent), within_s)
        time.sleep(2)  # whatever still came too often
        found = self._found()
        wrong = found.wrong
        if found.bells != self._stories * self.subscribers:
            wrong.append(f"rang {found.bells} instead of {self._stories * self.subscribers}")
        if status.counts is None or any((status.lag or {"": 1}).values()):
            wrong.append(f"didn't come to rest: {status}")
        else:
            status = until(lambda: self._delivered(before, found.bells), 20) or line.status()
            wrong += self._miscounted(before, status.counts, found.bells)
        wrong += self._wrong_in_topics()
        return {
            "records": len(self.sent),
            "stories": self._stories,
            **asdict(found),
            "counts": {name: self._since(before, status.counts, name) for name in asdict(before)},
            "settled_s": round(time.monotonic() - began, 1),
            "wrong": wrong,
            **({"overtakings": self.overtakings} if self.overtakings else {}),
        }

    def _noted(self, one: RawArticle, story: int) -> tuple[bytes, bytes]:
        self.story_of[one.article_id] = story
        self._texts[one.article_id] = one.body or ""
        return one.article_id.encode(), one.encode()

    def _copy(self) -> tuple[bytes, bytes]:
        of = self._owing.pop(self._chance.randrange(len(self._owing)))
        copy = article(title=self._writer.headline(of.language or ""), body=of.body or "", language=of.language)
        return self._noted(copy, self.story_of[of.article_id])

    def _send(self, records: Sequence[tuple[bytes, bytes]]) -> Sent:
        self.sent += records
        return self.line.send_many(records)

    def _alerts(self) -> dict[str, list[Alert]]:
        return rung(self.line.values(self.line.topics.alerts), {plan.id for plan in self._plans})

    def _found(self) -> Found:
        rang = {id_: first_of_each_story(alerts) for id_, alerts in self._alerts().items()}
        mine = {id_: each for id_, each in came(self.http, self.mail, self._mailboxes).items() if id_ in self._ids}
        self.overtakings = list(overtakings(rang, mine))
        return compared(rang, mine, self.disturbances)

    @property
    def _ids(self) -> set[str]:
        return {plan.id for plan in self._plans}

    def _delivered(self, before: Counts, bells: int) -> Any:
        status = self.line.status()
        return status if status.counts and status.counts.delivered - before.delivered >= bells else None

    @staticmethod
    def _since(before: Counts, after: Counts | None, name: str) -> int | None:
        return None if after is None else getattr(after, name) - getattr(before, name)

    def _miscounted(self, before: Counts, after: Counts | None, bells: int) -> list[str]:
        articles = len(self.story_of)
        expected = {
            "received": len(self.sent),
            "indexed": articles,
            "repeated": len(self.sent) - articles - self._broken,
            "dead": self._broken,
            "held": 0,
            "alerts": articles * self.subscribers,
            "delivered": bells,
        }
        counted = {name: self._since(before, after, name) for name in expected}
        return [
            f"{name}: {counted[name]} instead of {count}" for name, count in expected.items() if counted[name] != count
        ]

    def _wrong_in_topics(self) -> list[str]:
        """Versions, stories and texts, in articles.enriched and in the index."""
        versions: dict[str, set[int]] = defaultdict(set)
        stories: dict[int, set[str | None]] = defaultdict(set)
        for value in self.line.values(self.line.topics.enriched):
            sent = EnrichedArticle.decode(value)
            if sent.article_id in self.story_of:
                versions[sent.article_id].add(sent.version)
                stories[self.story_of[sent.article_id]].add(sent.story_id)
        documents = {each["article_id"]: each["text"] for each in self.line.all(self.line.names.articles)}
        named = Counter(one for names in stories.values() for one in names)
        wrong = {
            "articles that were never sent on": len(self.story_of.keys() - versions.keys()),
            "articles of several versions": sum(len(each) > 1 for each in versions.values()),
            "stories that were split": sum(len(each) > 1 for each in stories.values()),
            "stories in one": sum(count > 1 for count in named.values()),
            "documents that differ": sum(documents.get(id_) != body for id_, body in self._texts.items()),
        }
        return [f"{count} {what}" for what, count in wrong.items() if count]
