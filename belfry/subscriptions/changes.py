"""From what a person wants to the next version of a subscription. Pure: the instant is given.

`version` counts changes from 1; a change that changes nothing gives the very same subscription back, so that nothing
needs to be written. `resumed_at` moves whenever a paused one is set going again: it doesn't ring for the past.
"""

from collections.abc import Mapping
from datetime import datetime

from belfry.subscriptions.definition import Definition, definition_fields
from belfry.subscriptions.exchange import ImportedDefinition
from schemas.subscriptions import Subscription


def added(definition: Definition, now: datetime) -> Subscription:
    """The first version of a new subscription, ringing for what is fetched from `now` on."""
    return Subscription.model_validate({**definition_fields(definition), "created_at": now})


def edited(subscription: Subscription, definition: Definition, now: datetime) -> Subscription:
    """The subscription as newly defined; the same one where nothing differs. The definition has been checked."""
    changes = {
        name: value for name, value in definition_fields(definition).items() if value != getattr(subscription, name)
    }
    if not changes and subscription.invalid is None:
        return subscription
    if subscription.paused and not definition.paused:
        changes["resumed_at"] = now
    return subscription.model_copy(update={**changes, "invalid": None, "version": subscription.version + 1})


def paused(subscription: Subscription) -> Subscription:
    """The subscription, silent until it is resumed; the same one where it was paused already."""
    if subscription.paused:
        return subscription
    return subscription.model_copy(update={"paused": True, "version": subscription.version + 1})


def resumed(subscription: Subscription, now: datetime) -> Subscription:
    """The subscription, ringing for what is fetched from `now` on; the same one where it wasn't paused."""
    if not subscription.paused:
        return subscription
    return subscription.model_copy(update={"paused": False, "resumed_at": now, "version": subscription.version + 1})


def imported(definition: ImportedDefinition, existing: Mapping[str, Subscription], now: datetime) -> Subscription:
    """The subscription that a line of an import makes, given those that exist.

    A known id is edited: it keeps its `created_at` and counts its own versions. A new id takes `version`,
    `created_at` and `resumed_at` from the line where it has them, so that an export that is read back is what was
    exported.
    """
    known = existing.get(definition.id)
    if known is not None:
        return edited(known, definition, now)
    return Subscription.model_validate(
        {
            **definition_fields(definition),
            "version": definition.version,
            "created_at": definition.created_at or now,
            "resumed_at": definition.resumed_at,
        }
    )
