"""The fake store keeps the contract."""

import pytest

from belfry.subscriptions.store import MemorySubscriptionStore
from tests.contract.subscription_store_contract import SubscriptionStoreContract


class TestMemorySubscriptionStore(SubscriptionStoreContract):
    @pytest.fixture
    def store(self) -> MemorySubscriptionStore:
        return MemorySubscriptionStore()
