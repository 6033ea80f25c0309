"""What is done about an alert, a digest that is due, a changed subscription, a channel that fails. Pure.

`policy(state, event, now, rules)` gives the state afterwards and the items to keep. Of an alert, in this order:

1. its article was canceled, or its subscription is gone: nothing;
2. it was decided before (`decided`, `item`): the same again, and nothing more;
3. a repeat, a copy or an edit without new text (story.py): the story notes it, nothing rings;
4. it is a day old (notify didn't run): old news, a dead letter;
5. paused, a digest, quiet hours, a flood, the throttle: it waits for a digest;
6. else it rings.

What it makes is written in the order items, head, story. A kill between any two of these is no harm: the alert is read
again, and the policy is told what is there of it already.
"""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from belfry.notify.digests import digest_due, digest_slot, subscription_changed
from belfry.notify.events import (
    COUNTED,
    AlertCame,
    ChannelFailed,
    ChannelWorks,
    DigestDue,
    Event,
    Outcome,
    State,
    SubscriptionChanged,
    predates,
    to_channels,
    with_head,
)
from belfry.notify.message import notice_id
from belfry.notify.notices import failing_notice, flood_notice, owner_channels
from belfry.notify.pace import Rules, counted, is_throttled, rung
from belfry.notify.records import Head, Item, ItemBell, Why
from belfry.notify.story import told
from belfry.notify.times import quiet_until
from schemas.subscriptions import Subscription


def policy(state: State, event: Event, now: datetime, rules: Rules) -> Outcome:
    """What the event makes of the state."""
    match event:
        case AlertCame():
            return _alert_came(state, event, now, rules)
        case DigestDue():
            return digest_due(state, event, now, rules)
        case SubscriptionChanged():
            return subscription_changed(state, now, rules)
        case ChannelFailed():
            return _channel_failed(state, event, now)
        case ChannelWorks():
            failing = tuple(url for url in state.head.failing if url != event.url)
            return Outcome(with_head(state, failing=failing))


def _alert_came(state: State, event: AlertCame, now: datetime, rules: Rules) -> Outcome:
    alert, subscription = event.bell.alert, state.subscription
    if subscription is None or predates(subscription, alert.matched_at):
        return Outcome(state, decision="removed")
    if event.canceled:
        return Outcome(state, decision="canceled")
    story, kind = told(state.story, alert, now)
    if kind == "repeat":
        return Outcome(state, decision="repeat")
    after = replace(state, story=story)
    if event.decided:
        return Outcome(after, decision="also_in" if event.item is None else "waits" if event.item.why else "rings")
    if event.item is None and kind not in ("first", "new_text"):
        return Outcome(after, decision="also_in")
    if event.item is None and alert.matched_at < now - rules.late_after:
        return Outcome(after, decision="late")
    head, notices = _paced(state.head, subscription, now, rules)
    why = _why_it_waits(subscription, head, now)
    if event.item is not None:
        why = event.item.why
        head = head.model_copy(update={"seq": max(head.seq, event.item.seq - 1)})
    if why is not None:
        head, item = _waiting(head, subscription, event.bell, why, now, rules)
        return Outcome(replace(after, head=head), (item, *notices), "waits")
    head = rung(head.model_copy(update={"seq": head.seq + 1}), subscription, now)
    return Outcome(replace(after, head=head), (_bell(subscription, event.bell, head.seq, now), *notices), "rings")


def _paced(head: Head, subscription: Subscription, now: datetime, rules: Rules) -> tuple[Head, tuple[Item, ...]]:
    """The head with one bell more; a notice where a flood begins with it. Whoever has digests isn't flooded."""
    head, begins = counted(head, now, rules)
    if subscription.digest is not None:
        return head.model_copy(update={"slowed": False}), ()
    if not begins:
        return head, ()
    return _noticed(head, subscription, f"flood {head.hour}", flood_notice(subscription, head.hour_bells), now)


def _bell(subscription: Subscription, bell: ItemBell, seq: int, now: datetime) -> Item:
    return Item(
        id=bell.alert.alert_id,
        message_id=bell.alert.alert_id,
        subscription_id=subscription.id,
        kind="bell",
        state="open",
        seq=seq,
        at=now,
        alert_ids=(bell.alert.alert_id,),
        bells=(bell,),
        channels=to_channels(subscription.channels),
    )


def _why_it_waits(subscription: Subscription, head: Head, now: datetime) -> Why | None:
    if subscription.paused:
        return "paused"
    if subscription.digest is not None:
        return "digest"
    if quiet_until(now, subscription.quiet_hours, ZoneInfo(subscription.time_zone)) is not None:
        return "quiet"
    if head.slowed:
        return "flood"
    return "throttle" if is_throttled(head, subscription, now) else None


def _waiting(
    head: Head, subscription: Subscription, bell: ItemBell, why: Why, now: datetime, rules: Rules
) -> tuple[Head, Item]:
    whole = head.waiting < rules.max_waiting
    slot = None if why == "paused" else digest_slot(subscription, why, now, head, rules)
    earliest = min((each for each in (slot, head.digest_at) if each is not None), default=None)
    after = head.model_copy(
        update={
            "seq": head.seq + 1,
            "waiting": head.waiting + whole,
            "more": head.more + (not whole),
            "digest_at": earliest,
            "why": head.why or why,
            "version": subscription.version,
        }
    )
    item = _bell(subscription, bell, after.seq, now).model_copy(update={"state": "waiting", "channels": (), "why": why})
    return after, item if whole else item.settled(digest=COUNTED)


def _channel_failed(state: State, event: ChannelFailed, now: datetime) -> Outcome:
    """The owner is told once, on the other channels, until it works again."""
    subscription = state.subscription
    if subscription is None or event.url in state.head.failing:
        return Outcome(state)
    head = state.head.model_copy(update={"failing": (*state.head.failing, event.url)})
    head, notices = _noticed(
        head,
        subscription,
        f"failing {event.url} {now.isoformat()}",
        failing_notice(subscription, event.url, event.reason),
        now,
        but=event.url,
    )
    return Outcome(replace(state, head=head), notices, "notice" if notices else "nothing")


def _noticed(
    head: Head, subscription: Subscription, about: str, text: str, now: datetime, *, but: str = ""
) -> tuple[Head, tuple[Item, ...]]:
    channels = tuple(url for url in owner_channels(subscription) if url != but)
    if not channels:
        return head, ()
    head = head.model_copy(update={"seq": head.seq + 1})
    id_ = notice_id(subscription.id, about)
    notice = Item(
        id=id_,
        message_id=id_,
        subscription_id=subscription.id,
        kind="notice",
        state="open",
        seq=head.seq,
        at=now,
        notice=text,
        channels=to_channels(channels),
    )
    return head, (notice,)
