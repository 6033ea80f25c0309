"""What works is waited for, however long it takes."""

from processors.agents.patience import Patience


def test_who_works_is_waited_for_and_who_is_idle_only_for_so_long():
    now = 0.0
    patience = Patience(10.0, lambda: now)
    for _ in range(100):
        now += 9.0
        assert not patience.is_over(used_s=now / 100)
    now += 9.0
    assert not patience.is_over(9.0)
    now += 2.0
    assert patience.is_over(9.0)
    assert not patience.is_over(0.5), "another process, which has just begun"
