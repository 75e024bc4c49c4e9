"""A fitted topic model: places messages, is saved without pickle, lends itself to BERTopic."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import warnings
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl
from safetensors.numpy import load_file, save_file

from cur_lab import columns as c
from cur_lab import prepare, vectors
from cur_lab.errors import InputError, NotEnoughDataError, ParameterError
from cur_lab.topics import apart, consensus, naming
from cur_lab.topics.joining import joins

if TYPE_CHECKING:
    from bertopic import BERTopic

_CHUNK = 8_192
_FRAMES = ("topics", "assignments", "reasons", "agreement", "hierarchy", "twins")


@dataclass(frozen=True, eq=False)
class Model:
    """What :func:`cur_lab.topics.fit` found.

    Attributes
    ----------
    topics
        Columns of :data:`cur_lab.columns.TOPICS`, a row per topic.
    assignments
        Columns of :data:`cur_lab.columns.ASSIGNMENTS`, a row per message fitted on.
    reasons
        Columns of :data:`cur_lab.columns.TOPIC_NUMBERS`: the numbers of topics that were tried and
        what spoke for each; empty where the number was given.
    agreement
        Columns of :data:`cur_lab.columns.TOPIC_AGREEMENT`: how well every topic is found again by
        half-samples, bootstrap samples and other seeds.
    hierarchy
        Columns of :data:`cur_lab.columns.TOPIC_HIERARCHY`: which topics join first.
    apart
        Number of the topic of thanks and chatter, the last one; None where nothing was set apart.
    twins
        Columns of :data:`cur_lab.columns.TOPIC_TWINS`: what was found as several topics that say
        the same and is one; empty where there was none.
    absent
        Rubrics asked for of which no message speaks in known words.
    """

    topics: pl.DataFrame
    assignments: pl.DataFrame
    reasons: pl.DataFrame
    agreement: pl.DataFrame
    hierarchy: pl.DataFrame
    embedding: vectors.Embedding = field(repr=False)
    centres: npt.NDArray[np.float32] = field(repr=False)
    least_margin: float
    seed: int
    apart: int | None = None
    twins: pl.DataFrame = field(default_factory=c.TOPIC_TWINS.empty)
    absent: tuple[str, ...] = ()
    # Topic of each centre where an analyst made one topic of several.
    owner: tuple[int, ...] | None = None
    # The messages fitted on, their words and vectors: for assign and BERTopic; never saved.
    _texts: pl.DataFrame | None = field(default=None, repr=False)
    _fitted: tuple[list[str], npt.NDArray[np.float32]] | None = field(default=None, repr=False)

    def assign(self, more: pl.DataFrame) -> pl.DataFrame:
        """Place messages, in chunks; those fitted on get what they got then.

        Parameters
        ----------
        more
            Messages, of any number.

        Returns
        -------
        DataFrame
            Columns of :data:`cur_lab.columns.ASSIGNMENTS`, in the order of the message ids.

        Raises
        ------
        SchemaError
            If the id or the text is absent, or an id stands twice.
        """
        rows = in_order(more, where="topics.assign")
        placed = self._remembered(rows)
        parts = [
            self._place(part)
            for part in rows.join(placed, on=c.MESSAGE_ID, how="anti").iter_slices(_CHUNK)
        ]
        return pl.concat([placed, *parts]).sort(c.MESSAGE_ID)

    def embed(self, rows: pl.DataFrame) -> npt.NDArray[np.float32]:
        """Vectors of messages, as topics see them."""
        if isinstance(self.embedding, vectors.Lexical):
            return self.embedding.transform_terms(prepare.with_terms(rows)[c.TERM_LIST])
        return self.embedding.transform(rows[c.TEXT])

    def _remembered(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Look up messages fitted on, which need no vector again; none after a reload."""
        if self._texts is None:
            return c.ASSIGNMENTS.empty()
        same = rows.join(self._texts, on=(c.MESSAGE_ID, c.TEXT), how="semi", nulls_equal=True)
        return self.assignments.join(same, on=c.MESSAGE_ID, how="semi")

    def _place(self, rows: pl.DataFrame) -> pl.DataFrame:
        if self.apart is not None:
            rows = prepare.with_terms(rows)
        topics, margins = consensus.nearest(
            self.embed(rows), self.centres, least_margin=self.least_margin, owner=self.owner
        )
        if self.apart is not None:
            aside = apart.thanks_and_chatter(rows)
            topics[aside], margins[aside] = self.apart, 1.0
        return c.ASSIGNMENTS.conform(
            pl.DataFrame({c.MESSAGE_ID: rows[c.MESSAGE_ID], c.TOPIC: topics, c.MARGIN: margins})
        )

    def write_names(self, path: str | os.PathLike[str]) -> Path:
        """Write a table to edit: ``label`` as found and an empty ``name`` for each topic.

        A name renames the topic; topics given one name are merged; an empty name changes nothing.
        :meth:`renamed` applies the table.
        """
        names = self.topics.sort(c.TOPIC).select(c.LABEL, pl.lit("").alias(c.NAME))
        return naming.write(names, Path(path))

    def renamed(self, names: pl.DataFrame | str | os.PathLike[str] | None) -> Model:
        """Give topics an analyst's names, and merge those given the same one.

        Parameters
        ----------
        names
            Columns ``label`` and ``name``, or the file that :meth:`write_names` wrote, filled in;
            None changes nothing.

        Returns
        -------
        Model
            Numbered by size anew. It assigns as before; a merged topic has no stability, and its
            interval is the sum of those of its parts.

        Raises
        ------
        InputError
            If there is no such file, a row speaks of no topic, or a topic has two names.
        SchemaError
            If a column is absent.
        """
        if names is None:
            return self
        if isinstance(names, pl.DataFrame):
            table, where = names, "Model.renamed"
        else:
            table, where = naming.read(names), Path(names).name
        named = naming.groups(self.topics, table, where=where)
        number = naming.numbered(self.topics, named, self.apart)
        anew = pl.col(c.TOPIC).replace_strict({**number, -1: -1}, return_dtype=pl.Int64)
        topics = naming.merged(self.topics, named, number)
        owner = naming.owners(number, len(self.centres), self.owner)
        single = {n for n in number.values() if list(number.values()).count(n) == 1}
        return replace(
            self,
            topics=topics,
            assignments=self.assignments.with_columns(anew),
            agreement=self.agreement.with_columns(anew)
            .filter(pl.col(c.TOPIC).is_in(sorted(single)))
            .sort(c.TOPIC, c.METHOD),
            hierarchy=joins(naming.middles(self.centres, owner), topics),
            twins=self.twins.with_columns(anew).sort(c.TOPIC, c.SIZE, descending=[False, True]),
            apart=None if self.apart is None else number[self.apart],
            owner=owner,
        )

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the model into a folder (JSON, safetensors, Parquet): wholly or not at all.

        The folder holds no texts but the redacted examples.

        Raises
        ------
        ParameterError
            If the folder exists and holds something else than a saved model.
        """
        target = Path(folder)
        if target.exists() and not (target / "model.json").exists() and any(target.iterdir()):
            raise ParameterError(
                "the folder holds something else", where=str(target), remedy="Name a new folder"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
        try:
            about = {
                "format": 1,
                "least_margin": self.least_margin,
                "seed": self.seed,
                "apart": self.apart,
                "absent": self.absent,
                "owner": self.owner,
            }
            (fresh / "model.json").write_text(json.dumps(about, ensure_ascii=False), "utf-8")
            save_file({"centres": np.ascontiguousarray(self.centres)}, fresh / "model.safetensors")
            for name in _FRAMES:
                getattr(self, name).write_parquet(fresh / f"{name}.parquet")
            self.embedding.save(fresh / "embedding")
            fresh.chmod(0o755)
            if target.exists():
                old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-"))
                target.replace(old / target.name)
                fresh.replace(target)
                shutil.rmtree(old)
            else:
                fresh.replace(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return target

    @cached_property
    def bertopic(self) -> BERTopic:
        """The topics as a BERTopic object: our assignments, its c-TF-IDF, words and figures.

        Texts are the lemmas that ``text.terms`` gives. Of its methods work ``get_topic``,
        ``get_topic_info``, ``get_document_info``, ``topics_per_class``, ``hierarchical_topics``,
        ``approximate_distribution``, ``visualize_barchart``, ``visualize_hierarchy``,
        ``visualize_heatmap``, ``visualize_term_rank``, ``visualize_topics_per_class``,
        ``visualize_distribution``, ``save(serialization="safetensors")``, and
        ``visualize_documents`` with ``reduced_embeddings``. ``visualize_topics`` needs the extra
        ``umap``; ``topics_over_time`` wants dates as datetimes, not strings. ``transform`` needs
        vectors and goes by BERTopic's own topic means: :meth:`assign` is the one that agrees with
        the fit.

        Raises
        ------
        NotEnoughDataError
            If the model was loaded: texts are not saved with it; or all texts are one word.
        """
        if self._fitted is None:
            raise NotEnoughDataError(
                "a loaded model has no texts to give to BERTopic",
                where="Model.bertopic",
                remedy="Fit the model again; the same messages and seed give the same topics",
            )
        documents, rows = self._fitted
        if len({word for document in documents for word in document.split()}) < 2:
            raise NotEnoughDataError(
                "BERTopic counts no texts of a single word",
                where="Model.bertopic",
                remedy="Fit the model on texts that differ",
            )
        # Importing BERTopic silences warnings of the whole process.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from bertopic import BERTopic
            from bertopic.backend import BaseEmbedder
            from bertopic.cluster import BaseCluster
            from bertopic.dimensionality import BaseDimensionalityReduction
            from sklearn.feature_extraction.text import CountVectorizer

            warnings.simplefilter("ignore")
            made = BERTopic(
                language="multilingual",
                embedding_model=BaseEmbedder(),
                umap_model=BaseDimensionalityReduction(),
                hdbscan_model=BaseCluster(),
                vectorizer_model=CountVectorizer(token_pattern=r"\S+", lowercase=False),
            )
            # It would number topics by size anew; ours are permanent.
            made._sort_mappings_by_frequency = lambda frame: frame
            made.fit_transform(documents, rows, y=self.assignments[c.TOPIC].to_list())
            del made._sort_mappings_by_frequency
            made.set_topic_labels(dict(self.topics.select(c.TOPIC, c.LABEL).iter_rows()))
        return made


def in_order(messages: pl.DataFrame, *, where: str) -> pl.DataFrame:
    """Check messages and sort them by id, so that the order of rows decides nothing."""
    c.MESSAGES.require(messages, (c.MESSAGE_ID, c.TEXT), where=where)
    c.check_once(messages, c.MESSAGE_ID, where=where)
    return messages.with_columns(pl.col(c.MESSAGE_ID, c.TEXT).cast(pl.String)).sort(c.MESSAGE_ID)


def load(folder: str | os.PathLike[str]) -> Model:
    """Read a model that was saved.

    Raises
    ------
    InputError
        If the folder holds none.
    """
    source = Path(folder)
    try:
        about = json.loads((source / "model.json").read_text("utf-8"))
        frames = {name: pl.read_parquet(source / f"{name}.parquet") for name in _FRAMES}
        centres = load_file(source / "model.safetensors")["centres"]
        model = Model(
            topics=frames["topics"],
            assignments=frames["assignments"],
            reasons=frames["reasons"],
            agreement=frames["agreement"],
            hierarchy=frames["hierarchy"],
            embedding=vectors.load(source / "embedding"),
            centres=centres,
            least_margin=about["least_margin"],
            seed=about["seed"],
            apart=about["apart"],
            twins=frames["twins"],
            absent=tuple(about["absent"]),
            owner=tuple(about["owner"]) if about["owner"] else None,
        )
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError) as error:
        raise InputError(
            "no saved topic model", where=str(source), remedy="Give the folder that save wrote"
        ) from error
    c.TOPICS.check(model.topics, where=str(source))
    c.ASSIGNMENTS.check(model.assignments, where=str(source))
    c.TOPIC_HIERARCHY.check(model.hierarchy, where=str(source))
    return model
