"""Web pages as sites build them, in four languages: what of each is the article is known, and what isn't.

Made from original sentences (CC0). A layout puts the article among what sites put around it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

Layout = Callable[["Words"], str]


@dataclass(frozen=True)
class Words:
    """The texts of one language."""

    language: str
    headline: str
    article: tuple[str, ...]
    caption: str
    consent: tuple[str, ...]
    buttons: tuple[str, ...]
    subscribe: str
    see_also: str
    other: tuple[str, ...]
    comment: str
    rights: str

    @property
    def paragraphs(self) -> str:
        """The article, a paragraph a sentence."""
        return "".join(f"<p>{sentence}</p>\n" for sentence in self.article)

    @property
    def consent_box(self) -> str:
        """The notice, with its buttons."""
        buttons = "".join(f"<button>{button}</button>" for button in self.buttons)
        return "".join(f"<p>{sentence}</p>" for sentence in self.consent) + buttons


WORDS = (
    Words(
        "nl", "Zwembad gaat pas volgend jaar open",
        ("De burgemeester zei gisteren dat het zwembad pas volgend jaar opengaat, omdat de aannemer te weinig stenen kreeg.",
         "Door een staking in de fabriek lag de bouw drie weken stil, en volgens wethouder Anja de Wit is er geen reserve meer.",
         "Omwonenden reageren teleurgesteld: zij hadden op een zomer zonder bouwverkeer gerekend.",
         "Het oude bad blijft tot dan open voor scholen en verenigingen."),
        "Het bad in aanbouw, gezien vanaf de dijk.",
        ("Wij en onze partners gebruiken cookies om de site te analyseren en gepersonaliseerde advertenties te tonen.",
         "U kunt uw toestemming op elk moment intrekken."),
        ("Akkoord", "Instellingen aanpassen"), "Verder lezen? Word abonnee voor 2 euro per week.",
        "Lees ook: Leger trekt troepen samen aan de grens",
        ("Wolf gezien bij speelbos", "Trein ontspoord bij station"), "Schande dat dit zo lang moet duren, vindt Henk uit Ede.",
        "Copyright 2026 De Krant, alle rechten voorbehouden",
    ),
    Words(
        "en", "Pool will not open before next year",
        ("The mayor said yesterday that the pool will not open before next year, as the builder has run short of bricks.",
         "A strike at the factory halted work for three weeks, and councillor Ann Whitlow says that there is no slack left.",
         "People who live nearby are disappointed: they had counted on a summer without lorries.",
         "The old pool stays open until then for schools and clubs."),
        "The pool under construction, seen from the embankment.",
        ("We and our partners use cookies to analyse this site and to show personalised ads.",
         "You can withdraw your consent at any time."),
        ("Accept all", "Manage options"), "Already a subscriber? Log in to keep reading.",
        "Read more: Army masses troops at the border",
        ("Wolf seen near playground", "Train derails at station"), "Shameful that it takes so long, says Harry from Leeds.",
        "© 2026 The Paper. All rights reserved",
    ),
    Words(
        "de", "Schwimmbad öffnet erst im kommenden Jahr",
        ("Die Bürgermeisterin teilte gestern mit, dass das Schwimmbad erst im kommenden Jahr öffnet, weil Ziegel fehlen.",
         "Ein Streik im Werk legte die Baustelle drei Wochen lang lahm, und laut Stadtrat Jens Holm ist keine Reserve mehr da.",
         "Die Anwohner sind enttäuscht: Sie hatten mit einem Sommer ohne Lastwagen gerechnet.",
         "Das alte Bad bleibt bis dahin für Schulen und Vereine geöffnet."),
        "Das Bad im Bau, vom Deich aus gesehen.",
        ("Wir und unsere Partner verwenden Cookies, um die Seite zu analysieren und personalisierte Werbung zu zeigen.",
         "Sie können Ihre Einwilligung jederzeit widerrufen."),
        ("Alle akzeptieren", "Einstellungen"), "Weiterlesen mit Plus: Jetzt vier Wochen kostenlos testen.",
        "Lesen Sie auch: Armee zieht Truppen an der Grenze zusammen",
        ("Wolf am Spielplatz gesehen", "Zug am Bahnhof entgleist"), "Eine Schande, dass das so lange dauert, meint Horst aus Ulm.",
        "© 2026 Die Zeitung. Alle Rechte vorbehalten",
    ),
    Words(
        "fr", "La piscine n'ouvrira que l'an prochain",
        ("Le maire a annoncé hier que la piscine n'ouvrira que l'an prochain, faute de briques en nombre suffisant.",
         "Une grève à l'usine a arrêté le chantier trois semaines, et selon l'adjointe Anne Morel il ne reste aucune marge.",
         "Les riverains sont déçus : ils comptaient sur un été sans camions.",
         "L'ancien bassin reste ouvert jusque-là pour les écoles et les clubs."),
        "Le bassin en construction, vu de la digue.",
        ("Nous et nos partenaires utilisons des cookies pour analyser le site et afficher des publicités personnalisées.",
         "Vous pouvez retirer votre consentement à tout moment."),
        ("Tout accepter", "Paramétrer"), "Il vous reste 70 % de cet article à lire. Abonnez-vous pour deux euros.",
        "À lire aussi : L'armée masse des troupes à la frontière",
        ("Un loup près de l'aire de jeux", "Un train déraille en gare"), "C'est honteux que ce soit si long, dit Henri de Lille.",
        "© 2026 Le Journal. Tous droits réservés",
    ),
)  # fmt: skip


def _document(head: str, body: str, language: str = "nl") -> str:
    return f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def _menu(w: Words) -> str:
    links = "".join(f'<li><a href="/{n}">{title}</a></li>' for n, title in enumerate(w.other))
    return f"<nav><ul>{links}</ul></nav>"


def _clean(w: Words) -> str:
    return _document(
        f"<title>{w.headline} | Site</title>",
        f"{_menu(w)}<article><h1>{w.headline}</h1>{w.paragraphs}</article><footer>{w.rights}</footer>",
    )


def _consent_over_it(w: Words) -> str:
    return _document(
        f"<title>{w.headline}</title>",
        f'<div id="cmp" class="overlay">{w.consent_box}</div>{_menu(w)}<main><h1>{w.headline}</h1>{w.paragraphs}</main>',
    )


def _consent_inside(w: Words) -> str:
    return _document("", f'<div class="x"><h1>{w.headline}</h1>{w.consent_box}{w.paragraphs}</div>')


def _wall_only(w: Words) -> str:
    return _document("<title>Privacy Gate</title>", f'<div class="gate"><h1>Privacy</h1>{w.consent_box}</div>')


def _stub(w: Words) -> str:
    linked = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"%s",'
        '"datePublished":"2026-03-05T07:30:00+01:00","author":[{"@type":"Person","name":"Kim Vale"}],"isAccessibleForFree":"False"}</script>'
    )  # fmt: skip
    body = f"<article><h1>{w.headline}</h1><p>{w.article[0]}</p><p>{w.article[1]}</p><div><p>{w.subscribe}</p></div></article>"
    return _document(linked % w.headline.replace('"', ""), body)


def _see_also(w: Words) -> str:
    first, *rest = [f"<p>{sentence}</p>" for sentence in w.article]
    return _document(
        '<meta property="article:published_time" content="2026-03-05T06:30:00Z"><meta name="author" content="Kim Vale">',
        f"<article><h1>{w.headline}</h1>{first}<p><strong>{w.see_also}</strong></p>{''.join(rest)}<p>{w.rights}</p></article>",
    )


def _deep(w: Words) -> str:
    inner = "".join(f"<div><span><div>{sentence}</div></span></div>" for sentence in w.article)
    return _document(f"<title>{w.headline}</title>", "<div>" * 80 + inner + "</div>" * 80)


def _breaks(w: Words) -> str:
    return _document(f"<title>{w.headline}</title>", f'<div class="story">{"<br><br>".join(w.article)}</div>')


def _amp(w: Words) -> str:
    return _document(
        f'<title>{w.headline}</title><meta property="og:title" content="{w.headline}"><time itemprop="datePublished" datetime="2026-03-05T06:30:00Z">',
        f"<amp-ad></amp-ad><amp-sidebar>{_menu(w)}</amp-sidebar><article><h1>{w.headline}</h1><amp-img src='a.jpg'></amp-img>{w.paragraphs}</article>",
    )


def _captioned(w: Words) -> str:
    figure = f'<figure><img src="a.jpg" alt=""><figcaption>{w.caption}</figcaption></figure>'
    return _document(f"<title>{w.headline}</title>", f"<article><h1>{w.headline}</h1>{figure}{w.paragraphs}</article>")


def _commented(w: Words) -> str:
    aside = "".join(f"<li><a href='/{n}'>{title}</a></li>" for n, title in enumerate(w.other))
    return _document(
        f"<title>{w.headline}</title>",
        f'<article><h1>{w.headline}</h1>{w.paragraphs}</article><aside><ul>{aside}</ul></aside><div id="comments" class="comments"><p>{w.comment}</p></div>',
    )


def _unclosed(w: Words) -> str:
    return f"<html><title>{w.headline}<body><div><h1>{w.headline}</h1><p>" + "<p>".join(w.article)


LAYOUTS: dict[str, Layout] = {
    "clean": _clean,
    "consent over it": _consent_over_it,
    "consent inside": _consent_inside,
    "wall only": _wall_only,
    "paywall stub": _stub,
    "see also": _see_also,
    "deep": _deep,
    "breaks": _breaks,
    "AMP": _amp,
    "caption": _captioned,
    "comments": _commented,
    "unclosed": _unclosed,
}


@dataclass(frozen=True)
class KnownPage:
    """A page with the sentences that are its article, those that must not be taken for it, and what it says about itself."""

    layout: str
    language: str
    html: str
    title: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    has_facts: bool


def known_pages() -> Iterator[KnownPage]:
    """Every layout in every language."""
    for words in WORDS:
        for name, layout in LAYOUTS.items():
            html = layout(words)
            wanted = (*words.article, words.caption) if "figcaption" in html else words.article
            around = (
                *words.consent,
                *words.buttons,
                words.subscribe,
                words.see_also,
                *words.other,
                words.comment,
                words.rights,
            )
            yield KnownPage(
                layout=name,
                language=words.language,
                html=html,
                title="" if name == "wall only" else words.headline,
                wanted=tuple(sentence for sentence in wanted if sentence in html),
                unwanted=tuple(sentence for sentence in around if sentence in html),
                has_facts="Kim Vale" in html,
            )
