"""What a table is: an ordered set of described columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl
from polars.datatypes import DataTypeClass

from cur_lab.errors import ParameterError, SchemaError

TIME = pl.Datetime("us", "UTC")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its polars type, what it means, whether nulls are allowed."""

    name: str
    dtype: pl.DataType | DataTypeClass
    meaning: str
    nullable: bool = True
    unit: str | None = None


def interval(
    name: str,
    meaning: str,
    nullable: bool = True,
    unit: str | None = None,
    *,
    ends: str = "95 % interval",
) -> tuple[Column, Column, Column]:
    """Describe a number and the ends of its interval, ``x``, ``x_low`` and ``x_high``."""
    said = {"": meaning, "_low": f"lower end of the {ends}", "_high": f"upper end of the {ends}"}
    return tuple(  # type: ignore[return-value]
        Column(name + end, pl.Float64, words, nullable, unit) for end, words in said.items()
    )


@dataclass(frozen=True, slots=True)
class Table:
    """An ordered set of columns.

    ``optional`` columns may be absent: they are there where the source has them.
    """

    name: str
    columns: tuple[Column, ...]
    optional: tuple[Column, ...] = ()

    @property
    def schema(self) -> pl.Schema:
        """Names and polars types of the columns that are always there."""
        return pl.Schema({column.name: column.dtype for column in self.columns})

    @property
    def full_schema(self) -> pl.Schema:
        """Names and polars types of all columns, optional ones last."""
        return pl.Schema({column.name: column.dtype for column in self.columns + self.optional})

    def splits(self, frame: pl.DataFrame) -> list[str]:
        """Name the optional columns a frame has: what its series or groups are split by."""
        return [column.name for column in self.optional if column.name in frame.columns]

    def split_by(self, by: Sequence[str], *, where: str) -> list[str]:
        """Return columns to split by, each once.

        Raises
        ------
        ParameterError
            If one is none of the optional columns.
        """
        allowed = [column.name for column in self.optional]
        names = list(dict.fromkeys([by] if isinstance(by, str) else by))
        if unknown := set(names) - set(allowed):
            raise ParameterError(
                f"by {', '.join(sorted(unknown))} is not known",
                where=where,
                remedy=f"Take some of {', '.join(allowed)}",
            )
        return names

    def empty(self) -> pl.DataFrame:
        """Return a table without rows."""
        return pl.DataFrame(schema=self.schema)

    def conform(self, frame: pl.DataFrame, *, digits: int | None = None) -> pl.DataFrame:
        """Return the frame's known columns in schema order and type; add absent ones as nulls.

        Numbers that a sum of products or a logarithm made keep so many significant digits where
        ``digits`` is given: the rest hangs on the processor.

        Raises
        ------
        SchemaError
            If a value cannot be cast, or a null stands where none is allowed.
        """
        missing = [
            pl.lit(None, dtype=column.dtype).alias(column.name)
            for column in self.columns
            if column.name not in frame.columns
        ]
        known = [name for name in self.full_schema if name in frame.columns or name in self.schema]
        try:
            conformed = frame.with_columns(missing).select(
                pl.col(name).cast(self.full_schema[name]) for name in known
            )
        except pl.exceptions.PolarsError as error:
            raise SchemaError(
                f"a value does not fit the table's types ({error})", where=self.name
            ) from error
        self.check(conformed, where=self.name)
        if digits is None:
            return conformed
        return conformed.with_columns(pl.col(pl.Float64).round_sig_figs(digits))

    def complete(self, frame: pl.DataFrame, *names: str) -> pl.DataFrame:
        """Add the named columns that are absent, as nulls, and give all-null ones their type."""
        kinds = {name: self.full_schema[name] for name in names}
        try:
            return frame.with_columns(
                pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, kind).alias(name)
                for name, kind in kinds.items()
            )
        except pl.exceptions.PolarsError as error:
            raise SchemaError(
                f"a value does not fit the table's types ({error})", where=self.name
            ) from error

    def check(self, frame: pl.DataFrame, *, where: str) -> None:
        """Raise :class:`SchemaError` unless the frame has this table's columns, types and nulls."""
        self.require(frame, self.schema.keys(), where=where)
        for column in self.columns + self.optional:
            if column.name not in frame.columns:
                continue
            found = frame.schema[column.name]
            if found != column.dtype:
                raise SchemaError(
                    f"column {column.name} is {found}, expected {column.dtype}", where=where
                )
            if not column.nullable and (nulls := frame[column.name].null_count()):
                raise SchemaError(f"column {column.name} has {nulls} empty values", where=where)

    def require(self, frame: pl.DataFrame, names: Collection[str], *, where: str) -> None:
        """Raise :class:`SchemaError` unless the frame has the named columns in the right types.

        A function asks only for what it uses, so that a frame with a message id and a text is
        enough for most of the package.
        """
        if absent := set(names) - set(frame.columns):
            raise SchemaError.missing(absent, frame.columns, where=where)
        for name in names:
            expected, found = self.full_schema[name], frame.schema[name]
            # An all-null column has no type of its own; it is as good as an empty one.
            if found not in (expected, pl.Null):
                raise SchemaError(f"column {name} is {found}, expected {expected}", where=where)


def check_once(frame: pl.DataFrame, name: str, *, where: str) -> None:
    """Raise :class:`SchemaError` if a value of the column stands on more than one row."""
    twice = frame.filter(pl.col(name).is_duplicated())
    if twice.height:
        raise SchemaError(
            f"{name} {twice[name][0]} stands on more than one row",
            where=where,
            remedy=f'Keep one row of each: frame.unique("{name}")',
        )
