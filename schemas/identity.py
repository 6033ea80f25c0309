"""Who an article is: its canonical URL, its id, and the hash of its content. Pure.

These rules key all history: changing one re-keys it. Golden values in tests/unit/test_identity.py hold them still.

The order of the rules for a URL: parse as browsers do (lower case, IDN, percent-encoded UTF-8, dot segments); only
http(s) with a host; user and password, fragment, default port dropped; http counted as https; percent-encoding
normalised; leading www. m. mobile. amp. of the host dropped while a dot is left; an AMP cache's address replaced by the
address it holds, from the start; last segments `amp` and trailing slashes dropped; tracking parameters and `amp`
dropped, the rest sorted.
"""

import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime

from ada_url import URL

from schemas.errors import BelfryError
from schemas.text import folded_space

MAX_URL_CHARS = 8192
"""A longer one is refused: no publisher's article has such an address, and browsers and servers stop about here."""

_ID_CHARS = 32

# Those of advertisers' and networks' clicks, of newsletters and campaigns, of measurement, of AMP viewers.
_TRACKING_NAMES = """
fbclid gclid gclsrc dclid gbraid wbraid gad_source gad_campaignid srsltid msclkid yclid twclid ttclid li_fat_id
igshid igsh epik rdt_cid sccid wickedid irclickid fb_action_ids fb_action_types fb_source fb_ref
mc_cid mc_eid mkt_tok vero_id vero_conv ml_subscriber ml_subscriber_hash oly_anon_id oly_enc_id rb_clickid
s_cid s_kwcid ef_id hsctatracking _hsenc _hsmi __hssc __hstc __hsfp _openstat xtor xtref wt_mc wt_zmc
_ga _gl _gac __twitter_impression guccounter guce_referrer guce_referrer_sig
ns_campaign ns_mchannel ns_source ns_linkname ns_fee pk_campaign pk_kwd pk_keyword pk_source pk_medium pk_content
ref_src ref_url mibextid _branch_match_id _branch_referrer _ke ocid cmpid ncid smid smtyp wprov
sc_campaign sc_channel sc_content sc_medium sc_outcome sc_geo sc_country
usqp amp_js_v amp_gsa amp_ct amp_latest_update_time
"""
_TRACKING = frozenset(_TRACKING_NAMES.split())
_TRACKING_PREFIXES = (
    "utm_",
    "mtm_",
    "piwik_",
    "matomo_",
    "hsa_",
    "sfmc_",
    *("at_campaign", "at_medium", "at_custom", "at_link", "at_ptr", "at_recipient"),  # what came after xtor
)

_HOST_PREFIX = re.compile(r"(?:www|m|mobile|amp)\.(?=[^.]+\.)")
_VIEWER_HOST = re.compile(r"(?:google\.[a-z]{2,3}(?:\.[a-z]{2})?|bing\.com)\Z")
_VIEWER_PATH = re.compile(r"/amp/(?:s/)?(?=[^/]*\.)")
_CACHE_HOST = re.compile(r"(?:[^/]*\.)?(?:cdn\.ampproject\.org|bing-amp\.com)\Z")
_CACHE_PATH = re.compile(r"/[a-z]{1,2}/(?:s/)?(?=[^/]*\.)")

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_LITERALS = _UNRESERVED | frozenset("!$&'()*,;=:@")
_NAME_LITERALS = _UNRESERVED | frozenset("!$'()*,;:@")
_DELIMITERS = frozenset("/?+=")
"""Kept literal where they are literal (a path's `?` and a name's `=` never are), and encoded where they are encoded."""
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?|[^A-Za-z0-9\-._~]")


class InvalidUrlError(BelfryError):
    """Not an address that an article can have; the message says why."""


def canonical_url(url: str) -> str:
    """The one form of all addresses of a page: `https://host[:port][/path][?query]`, ASCII.

    Applying it twice changes nothing. Raises InvalidUrlError, and nothing else, for what isn't an absolute http(s) URL
    with a host, or is longer than MAX_URL_CHARS.
    """
    if len(url) > MAX_URL_CHARS:
        raise InvalidUrlError(f"a URL of {len(url):,} characters; at most {MAX_URL_CHARS:,} are taken")
    parsed = _parsed(url)
    while True:
        host, path = _plain_host(parsed.hostname), _normalised(parsed.pathname, _PATH_LITERALS)
        inner = _inside_amp_cache(host, path, parsed.search)
        if inner is None:
            break
        parsed = inner  # shorter each time, so this ends
    port = f":{parsed.port}" if parsed.port not in ("", "443") else ""
    query = _plain_query(parsed.search)
    return f"https://{host}{port}{_without_tail(path)}{'?' if query else ''}{query}"


def article_id(
    *,
    url: str | None = None,
    source: str = "",
    guid: str | None = None,
    title: str = "",
    published_at: datetime | None = None,
) -> str:
    """The id of an article, 32 hex digits: of its canonical URL, else of (source, guid), else of (source, title, date).

    `published_at` is None where the source gave no usable date: the time of fetching would make another article of it
    each time. Titles are compared with white space folded. Raises InvalidUrlError.
    """
    if url:
        key = ["url", canonical_url(url)]
    elif guid:
        key = ["guid", source, guid]
    else:
        moment = "" if published_at is None else _utc(published_at).isoformat(timespec="milliseconds")
        key = ["title", source, _folded(title), moment]
    return _digest(json.dumps(key, ensure_ascii=False, separators=(",", ":")))


def content_hash(title: str, text: str) -> str:
    """The hash of title and text, 32 hex digits; the same for texts that differ in NFC or white space only."""
    # Folding leaves no U+001F, which counts as white space: the two can't run into each other.
    return _digest(f"{_folded(title)}\x1f{_folded(text)}")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_CHARS]


def _folded(text: str) -> str:
    return folded_space(unicodedata.normalize("NFC", text))


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _parsed(url: str) -> URL:
    try:
        url.encode()
        parsed = URL(url)
    except ValueError as error:  # UnicodeEncodeError is one
        raise InvalidUrlError("not an absolute URL with a valid host and port") from error
    if parsed.protocol not in ("http:", "https:"):
        raise InvalidUrlError(f"{parsed.protocol} is not http(s)")
    if not parsed.hostname.strip("."):
        raise InvalidUrlError("a URL without a host")
    if ".." in parsed.hostname or parsed.hostname.startswith("."):
        # No name has an empty label; without its dots such a host would be another one, or an IP address.
        raise InvalidUrlError("a host with nothing between two dots")
    if parsed.protocol == "http:":
        # Written anew, and not set: port 443 of http is the default of https.
        return _parsed(f"https://{parsed.hostname}{_colon(parsed.port)}{parsed.pathname}{parsed.search}")
    return parsed


def _colon(port: str) -> str:
    return f":{port}" if port else ""


def _plain_host(host: str) -> str:
    host = host.removesuffix(".")
    while (prefix := _HOST_PREFIX.match(host)) is not None:
        host = host[prefix.end() :]
    return host


def _inside_amp_cache(host: str, path: str, search: str) -> URL | None:
    """The address that a cache's address holds, or None where it is none (or holds nothing that could be one)."""
    if _VIEWER_HOST.match(host):
        place = _VIEWER_PATH.match(path)
    elif _CACHE_HOST.match(host):
        place = _CACHE_PATH.match(path)
    else:
        return None
    if place is None:
        return None
    try:
        return _parsed(f"https://{path[place.end() :]}{search}")
    except InvalidUrlError:
        return None


def _without_tail(path: str) -> str:
    """`path` without slashes and segments `amp` at its end."""
    while True:
        path = path.rstrip("/")
        if not path.endswith("/amp"):
            return path
        path = path.removesuffix("/amp")


def _plain_query(search: str) -> str:
    pairs: list[tuple[str, str, str]] = []
    for piece in search.removeprefix("?").split("&"):
        name, equals, value = piece.partition("=")
        name = _normalised(name.replace("+", "%20"), _NAME_LITERALS)
        if not (name or value) or _is_dropped(name.lower()):
            continue
        pairs.append((name, equals, _normalised(value.replace("+", "%20"), _NAME_LITERALS)))
    return "&".join(name + equals + value for name, equals, value in sorted(pairs))


def _is_dropped(name: str) -> bool:
    return name == "amp" or name in _TRACKING or name.startswith(_TRACKING_PREFIXES)


def _normalised(component: str, literals: frozenset[str]) -> str:
    """`component` with `literals` decoded, delimiters as they were given, and all else encoded in capitals.

    A `%` that begins no escape becomes `%25`.
    """

    def replaced(match: re.Match[str]) -> str:
        given = match[0]
        if given == "%":
            return "%25"
        if match[1] is None:
            return given if given in literals or given in _DELIMITERS else f"%{ord(given):02X}"  # ada leaves ASCII only
        character = chr(int(match[1], 16))
        return character if character in literals else given.upper()

    return _ESCAPE.sub(replaced, component)
