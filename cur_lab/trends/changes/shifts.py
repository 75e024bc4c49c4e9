"""What a change in one channel says, beside that of the others and of all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """Relative change with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def direction(self) -> int:
        """1 up, −1 down, 0 where the interval holds no change."""
        return (self.low > 0) - (self.high < 0)

    @property
    def cells(self) -> tuple[float, float, float]:
        """Value, lower and upper end."""
        return self.value, self.low, self.high


@dataclass(frozen=True, slots=True)
class Shares:
    """A channel's share of messages before and after with 95 % intervals."""

    before: tuple[float, ...]
    after: tuple[float, ...]
    moved: bool


def of_total(total: Effect, moved: list[str]) -> str:
    """Judge a change of all messages; ``moved``: channels whose share changed with it."""
    if not total.direction:
        return "total_unclear"
    return f"{'rose' if total.direction > 0 else 'fell'}_{'and_shifted' if moved else 'together'}"


def of_channel(
    own: Effect, others: Effect, total: Effect, shares: Shares, partners: list[str]
) -> str:
    """Judge a change of one channel; ``partners``: channels that went the other way then."""
    rose = "rose" if own.direction > 0 else "fell"
    if total.direction == 0 and partners:
        return "came_over" if own.direction > 0 else "went_over"
    if total.direction == own.direction and not shares.moved:
        return f"{rose}_with_all"
    if total.direction == own.direction:
        return f"{rose}_most" if others.direction == own.direction else f"{rose}_alone"
    # What the channel alone would have done to the total, had nobody moved.
    alone = shares.before[0] * own.value
    if shares.moved and total.direction == 0 and not total.low <= alone <= total.high:
        return "share_shifted"
    return "move_or_rise"
