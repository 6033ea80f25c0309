"""Hits by day, and the bells that they would have been."""

from datetime import UTC, date, datetime, timedelta

from belfry.search.stored import StoredArticle
from belfry.search.tally import STORY_DAYS, Estimate, Tally

NOON = datetime(2022, 1, 14, 12, tzinfo=UTC)


def article(story: str | None = None, days_ago: int = 0) -> StoredArticle:
    return StoredArticle(article_id="a", text="", published_at=NOON - timedelta(days=days_ago), story_id=story)


def tallied(*articles: StoredArticle) -> Tally:
    tally = Tally()
    for each in articles:
        tally.add(each)
    return tally


def test_hits_are_counted_by_day_of_publication() -> None:
    tally = tallied(article(), article(), article(days_ago=2))

    assert tally.count == 3
    assert tally.per_day == {date(2022, 1, 14): 2, date(2022, 1, 12): 1}


def test_a_story_rings_once_and_an_article_without_one_for_itself() -> None:
    assert tallied(article("s"), article("s"), article("s", 1), article("t", 1), article(), article()).bells == 4


def test_stories_of_long_ago_are_forgotten() -> None:
    tally = tallied(article("s"), article("t", STORY_DAYS + 1), article("s", STORY_DAYS + 1))

    assert tally.bells == 3
    assert len(tally._stories) == 2


def test_dates_at_the_end_of_the_calendar_are_counted() -> None:
    last = datetime.max.replace(tzinfo=UTC)

    assert tallied(StoredArticle(article_id="a", text="", published_at=last, story_id="s")).bells == 1


def test_the_estimate_is_over_days_on_which_there_were_articles() -> None:
    estimate = Estimate(count=6, bells=3, days=4, per_day={date(2022, 1, 14): 2, date(2022, 1, 12): 4})

    assert estimate.bells_per_day == 0.75
    assert estimate.busiest_day == date(2022, 1, 12)
    assert estimate.as_object() == {
        "count": 6,
        "bells": 3,
        "days": 4,
        "bells_per_day": 0.75,
        "per_day": {"2022-01-12": 4, "2022-01-14": 2},
    }


def test_nothing_found_is_no_bells() -> None:
    estimate = Estimate(count=0, bells=0, days=0, per_day={})

    assert (estimate.bells_per_day, estimate.busiest_day) == (0.0, None)
