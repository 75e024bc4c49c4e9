"""What a change in one channel says, beside that of the others and of all: in words."""

from __future__ import annotations

from dataclasses import dataclass

from cur_lab import wording


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


def _within(effect: Effect) -> str:
    return f"от {wording.change(effect.low)} до {wording.change(effect.high)}"


def of_total(total: Effect, moved: list[str]) -> str:
    """Word a change of all messages; ``moved``: channels whose share changed with it."""
    if not total.direction:
        return f"общее число: {_within(total)}; изменилось ли оно, не определяется"
    rose = "выросло" if total.direction > 0 else "уменьшилось"
    shift = (
        f"сдвинулись доли каналов: {', '.join(sorted(moved))}" if moved else "доли каналов те же"
    )
    return f"{rose} число сообщений ({_within(total)}); {shift}"


def of_channel(
    own: Effect, others: Effect, total: Effect, shares: Shares, partners: list[str]
) -> str:
    """Word a change of one channel; ``partners``: channels that went the other way then."""
    rose, more = ("выросло", "больше") if own.direction > 0 else ("уменьшилось", "меньше")
    whole = f"всего без заметных изменений ({_within(total)})"
    if total.direction == 0 and partners:
        way = "из каналов" if own.direction > 0 else "в каналы"
        came = "перешли сюда" if own.direction > 0 else "ушли отсюда"
        return f"люди {came} {way} {', '.join(partners)}; {whole}"
    if total.direction == own.direction and not shares.moved:
        return f"{rose} число сообщений, канал изменился вместе со всеми ({_within(total)})"
    if total.direction == own.direction and others.direction == own.direction:
        return f"{rose} число сообщений во всех каналах ({_within(total)}), в этом — сильнее"
    if total.direction == own.direction:
        return (
            f"{rose} число сообщений ({_within(total)}), но остальные каналы не следуют: "
            f"стало ли {more} бед или изменился круг пишущих, не определяется"
        )
    # What the channel alone would have done to the total, had nobody moved.
    alone = shares.before[0] * own.value
    if shares.moved and total.direction == 0 and not total.low <= alone <= total.high:
        return f"доля канала сдвинулась; {whole}: похоже на переход между каналами"
    return f"всего {_within(total)}: переход или изменение числа сообщений — не определяется"
