"""What is said to the owner of a subscription about the subscription itself, in their language. Pure."""

from belfry.notify.view import typed_id
from belfry.subscriptions.definition import channel_problem
from schemas.subscriptions import Subscription

_TEXTS = {
    "flood": {
        "en": "This subscription rings far more often than usual ({bells} times within the hour). Until that is over its "
        "bells come together, once an hour. A narrower query or a throttle helps: belfry subscriptions edit {id}",
        "nl": "Dit abonnement luidt veel vaker dan gewoonlijk ({bells} keer binnen het uur). Tot dat voorbij is, komen de "
        "meldingen samen, eens per uur. Een engere zoekvraag of een rem helpt: belfry subscriptions edit {id}",
        "de": "Dieses Abonnement läutet weit öfter als üblich ({bells} Mal in dieser Stunde). Bis das vorbei ist, kommen "
        "seine Meldungen gesammelt, einmal pro Stunde. Eine engere Abfrage oder eine Drosselung hilft: "
        "belfry subscriptions edit {id}",
        "fr": "Cet abonnement sonne bien plus souvent que d'habitude ({bells} fois en une heure). Tant que cela dure, "
        "ses alertes arrivent groupées, une fois par heure. Une requête plus étroite ou une limite y remédie : "
        "belfry subscriptions edit {id}",
    },
    "failing": {
        "en": "Messages of this subscription could not be delivered to {channel} ({reason}). What was given up is kept: "
        "belfry alerts list --subscription {id}",
        "nl": "Berichten van dit abonnement konden niet worden afgeleverd bij {channel} ({reason}). Wat werd opgegeven, "
        "blijft bewaard: belfry alerts list --subscription {id}",
        "de": "Nachrichten dieses Abonnements konnten nicht an {channel} zugestellt werden ({reason}). Was aufgegeben "
        "wurde, bleibt aufbewahrt: belfry alerts list --subscription {id}",
        "fr": "Des messages de cet abonnement n'ont pas pu être remis à {channel} ({reason}). Ce qui a été abandonné est "
        "conservé : belfry alerts list --subscription {id}",
    },
}


def flood_notice(subscription: Subscription, bells: int) -> str:
    """That it floods, and what is done about it."""
    return _text("flood", subscription).format(bells=bells, id=typed_id(subscription.id, alone=True))


def failing_notice(subscription: Subscription, channel: str, reason: str) -> str:
    """That a channel doesn't take messages. Nothing secret of its address is shown."""
    id_ = typed_id(subscription.id)
    return _text("failing", subscription).format(channel=shown_channel(channel), reason=reason, id=id_)


def owner_channels(subscription: Subscription) -> tuple[str, ...]:
    """Where its owner is told: `owner` where that is an address, else the channels of the subscription."""
    for address in (subscription.owner, f"mailto:{subscription.owner}"):
        if subscription.owner and channel_problem(address) is None:
            return (address,)
    return subscription.channels


def shown_channel(url: str) -> str:
    """An address without what may be secret in it: scheme and host, or a mailbox."""
    scheme, _, rest = url.partition(":")
    if not rest.startswith("//"):
        return url.split("?", 1)[0]
    host = rest[2:].split("/", 1)[0].split("?", 1)[0].rsplit("@", 1)[-1]
    # Of an address of apprise, what stands for the host is often a token.
    return f"{scheme}://{host}" if scheme.lower() in {"http", "https"} else f"{scheme}://…"


def _text(name: str, subscription: Subscription) -> str:
    texts = _TEXTS[name]
    return texts.get(subscription.language or "en", texts["en"])
