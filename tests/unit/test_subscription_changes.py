"""From a definition to the next version of a subscription."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from belfry.subscriptions.changes import added, edited, imported, paused, resumed
from belfry.subscriptions.definition import Definition
from belfry.subscriptions.exchange import ImportedDefinition
from processors.subscription_book import rings_for
from schemas.subscriptions import Examples, Subscription

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def definition(**fields: Any) -> Definition:
    return Definition.model_validate({"id": "troops", "query": "troepen", **fields})


def line(**fields: Any) -> ImportedDefinition:
    return ImportedDefinition.model_validate({"id": "troops", "query": "troepen", **fields})


def test_a_new_one_is_version_1_and_rings_from_now_on():
    new = added(definition(channels=["mailto:a@b.c"], examples={"match": ["troepen"]}), NOW)
    assert (new.version, new.created_at, new.resumed_at) == (1, NOW, None)
    assert new.channels == ("mailto:a@b.c",)
    assert new.examples == Examples(match=("troepen",))
    assert rings_for(new, NOW)
    assert not rings_for(new, NOW - timedelta(seconds=1))


def test_an_edit_counts_a_version_and_keeps_when_it_began():
    after = edited(added(definition(), NOW), definition(query="tanks", name="Tanks"), LATER)
    assert (after.query, after.name, after.version) == ("tanks", "Tanks", 2)
    assert (after.created_at, after.resumed_at) == (NOW, None)


def test_an_edit_that_changes_nothing_is_none():
    before = added(definition(name="Troops"), NOW)
    assert edited(before, definition(name="Troops"), LATER) is before


def test_an_edit_takes_the_mark_of_invalidity_away():
    before = added(definition(), NOW).model_copy(update={"invalid": "no such concept"})
    after = edited(before, definition(), LATER)
    assert (after.invalid, after.version) == (None, 2)


def test_an_edit_that_sets_it_going_does_not_ring_for_the_past():
    after = edited(added(definition(paused=True), NOW), definition(), LATER)
    assert after.resumed_at == LATER
    assert not rings_for(after, NOW)


def test_pausing_silences_and_resuming_rings_from_then_on():
    silent = paused(added(definition(), NOW))
    assert (silent.paused, silent.version) == (True, 2)
    assert not rings_for(silent, LATER)
    again = resumed(silent, LATER)
    assert (again.paused, again.version, again.resumed_at) == (False, 3, LATER)
    assert rings_for(again, LATER)
    assert not rings_for(again, LATER - timedelta(seconds=1))


def test_pausing_a_paused_one_and_resuming_a_ringing_one_change_nothing():
    ringing = added(definition(), NOW)
    silent = paused(ringing)
    assert paused(silent) is silent
    assert resumed(ringing, LATER) is ringing


def test_an_imported_new_one_begins_now():
    new = imported(line(), {}, NOW)
    assert (new.version, new.created_at, new.resumed_at) == (1, NOW, None)


def test_an_exported_one_comes_back_as_it_was():
    was = resumed(paused(added(definition(), NOW)), LATER)
    back = imported(ImportedDefinition.model_validate(was.model_dump()), {}, LATER + timedelta(days=1))
    assert back == was


def test_an_imported_known_one_is_edited():
    before = added(definition(), NOW)
    after = imported(line(query="tanks", version=9, created_at=LATER), {"troops": before}, LATER)
    assert (after.query, after.version, after.created_at) == ("tanks", 2, NOW)


def test_importing_what_is_known_already_changes_nothing():
    before = added(definition(), NOW)
    assert imported(line(), {"troops": before}, LATER) is before


STEPS = st.lists(st.sampled_from(["edit", "pause", "resume", "same"]), max_size=12)


@given(STEPS)
def test_the_version_counts_just_the_changes_and_the_past_never_rings(steps: list[str]):
    now, subscription, changes = NOW, added(definition(), NOW), 0
    for number, step in enumerate(steps):
        now += timedelta(minutes=1)
        before: Subscription = subscription
        match step:
            case "edit":
                fresh = definition(query=f"query {number}", paused=before.paused)
                subscription = edited(before, fresh, now)
            case "pause":
                subscription = paused(before)
            case "resume":
                subscription = resumed(before, now)
            case _:
                subscription = edited(before, definition(query=before.query, paused=before.paused), now)
        changes += subscription is not before
        if before.paused:
            assert not rings_for(subscription, now - timedelta(seconds=1))
    assert subscription.version == 1 + changes
