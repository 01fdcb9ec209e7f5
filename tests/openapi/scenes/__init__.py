"""One scene for each documented answer that generated requests do not provoke; the run says which are missing."""

from scenes import checkouts, orders, payments, returns

__all__ = ["checkouts", "orders", "payments", "returns"]
