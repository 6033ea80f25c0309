"""Abbreviations with a point, by language: what to know to tell where sentences end. Own lists of common written use."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EVERYWHERE = _words("Dr Prof Mr Mrs Ms St Jr Sr Gen Col Lt Capt ca cf vs v.Chr")

ABBREVIATIONS = {
    "": _EVERYWHERE,
    "nl": _EVERYWHERE
    | _words(
        "dr drs ir ing mr mw mevr dhr prof ds lic bc jhr st nr nrs blz bijv bv d.w.z m.n o.a o.m o.l.v t.o.v t.a.v i.v.m "
        "i.p.v m.b.t n.a.v t.g.v t.w.v z.g zgn a.h.w i.c i.h.b resp incl excl max min gem mln mld jl ll a.s ong afd art "
        "burg gen kol lt kap maj sgt adj insp red vgl zie.o w.o v.d v.h a.d ev tel mej wed"
    ),
    "en": _EVERYWHERE
    | _words(
        "Gov Sen Rep Reps Sens Sgt Maj Cmdr Cpl Pvt Adm Brig Rev Hon Pres Supt Insp Det Mt Ft Messrs Mme Fr e.g i.e viz "
        "approx dept est Ave Blvd Rd al Ald Atty Asst Assoc Univ Vol"
    ),
    "de": _EVERYWHERE
    | _words(
        "Hr Hrn Fr Frl bzw z.B d.h u.a u.ä o.ä i.d.R z.T z.Z zz evtl ggf inkl exkl Mio Mrd Str Abs Art Bd Jh Jhd geb gest "
        "sog vgl Chr Tel Nr Hl Ing Dipl Mag Min Abg Reg gegr verh Bgm Gef Ofw Hptm Obst Maj allg bes ehem zit einschl i.H.v"
    ),
    "fr": _EVERYWHERE
    | _words(
        "M MM Mme Mmes Mlle Me Pr Mgr Ste av apr env p.ex ex art vol chap éd Gén Cap Cdt Adj bd fasc réf tél hab max min "
        "resp c.-à-d J.-C"
    ),
}
"""Behind these a sentence goes on, as far as anybody can tell. Also with a capital where they are written small."""

BEFORE_NUMBERS = _words(
    "No Nos no nos nr Nr n p pp blz S Bl art Art Abs par § vol Vol fig Fig ch chap tel Tel Jan Feb Mar Mär Apr Jun Jul Aug "
    "Sep Sept Oct Okt Nov Dec Dez jan feb mrt apr jun jul aug sep sept okt nov dec janv févr avr juin juil août oct déc "
    "ca circa max min v about"
)
"""Behind these goes on what a number follows: `No. 5`, `Feb. 3`."""

_US = _words("U.S U.K U.N E.U U.S.A D.C a.m p.m")

MAY_END = {
    "": _US,
    "nl": _US | _words("enz e.d e.a etc N.V B.V n.v b.v V.N V.S a.u.b"),
    "en": _US | _words("etc Inc Ltd Co Corp Bros Jr Sr Ph.D"),
    "de": _US | _words("usw etc u.s.w e.V Co"),
    "fr": _US | _words("etc Cie S.A O.N.U"),
}
"""A sentence may end with these."""

OPENERS = {
    "": frozenset[str](),
    "nl": _words(
        "De Het Een In Op Dat Die Dit Deze Er Hij Zij Ze We Wij Maar En Ook Volgens Toen Daar Nu Na Voor Bij Met Als Om "
        "Volgende Daarna Vorige Zo Wie Wat Waarom Hoe Ik Je U Van Tijdens Sinds Toch Daarom"
    ),
    "en": _words(
        "The A An In On At It He She They We I You But And That This These Those There His Her Its Their Our After Before "
        "When While As If Of For From With By To Since However Meanwhile What Who Why How Where No Not Some Many More Most "
        "Last Earlier Later Then Now Yet So Both Under During"
    ),
    "de": _words(
        "Der Die Das Ein Eine Einer Im In Am An Auf Er Sie Es Wir Ich Aber Und Auch Nach Vor Bei Mit Als Wenn Dass Da Dort "
        "Dann Nun Seit Zum Zur Laut Damit Dies Diese Dieser Dieses Doch Denn Für Um Was Wer Wie Wo Während Zudem"
    ),
    "fr": _words(
        "Le La Les L' D' C' J' Qu' S' N' Un Une Des Du De En Au Aux À A Il Elle Ils Elles On Nous Vous Je Ce Cette Ces Cela  Mais Et Ou "
        "Selon Après Avant Dans Sur Pour Par Avec Depuis Pendant Quand Lorsque Si Son Sa Ses Leur Leurs Dès Pourtant Enfin"
    ),
}
"""Words that usually begin a sentence when they have a capital."""
