"""Two runs over the same collection, side by side; and a run written down to compare later ones with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import BadInput
from corpus.evaluation.evaluate import Evaluation
from corpus.evaluation.metrics import METRICS
from corpus.evaluation.significance import paired_randomisation_test

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Run:
    """What is kept of an evaluation: each question's value by metric."""

    collection: str
    values: Mapping[str, Mapping[str, float]]  # metric -> question id -> value

    @classmethod
    def of(cls, evaluation: Evaluation) -> Run:
        return cls(
            evaluation.collection.name,
            {metric: {a.question.id: round(a.values[metric], 6) for a in evaluation.answers} for metric in METRICS},
        )

    def mean(self, metric: str) -> float:
        values = self.values[metric].values()
        return sum(values) / len(values)


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric of one collection, in two runs."""

    collection: str
    metric: str
    before: float
    after: float
    p: float  # paired randomisation test, two-sided

    @property
    def change(self) -> float:
        return self.after - self.before


def compare(before: Run, after: Run, metric: str = "nDCG@10") -> Difference:
    """
    Raises:
        BadInput: the runs are not over the same questions.
    """
    questions = before.values[metric].keys()
    if questions != after.values[metric].keys():
        raise BadInput(
            f"The runs over {after.collection!r} do not have the same questions.",
            code="bad_baseline",
            hint="The collection has changed since: write a new baseline.",
        )
    p = paired_randomisation_test(
        [before.values[metric][question] for question in questions],
        [after.values[metric][question] for question in questions],
    )
    return Difference(after.collection, metric, before.mean(metric), after.mean(metric), p)


def save_runs(path: Path, runs: Mapping[str, Run]) -> None:
    """Writes runs by collection name, replacing the file in one step."""
    content = {"format": _FORMAT, "runs": {name: run.values for name, run in sorted(runs.items())}}
    written = path.with_name(path.name + ".new")
    written.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    written.replace(path)


def load_runs(path: Path) -> dict[str, Run]:
    """
    Raises:
        BadInput: the file is missing or is not one that :func:`save_runs` wrote.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            raise BadInput(
                f"{path} has format {content['format']!r}; this version reads {_FORMAT}.", code="bad_baseline"
            )
        return {name: Run(name, {m: dict(values[m]) for m in METRICS}) for name, values in content["runs"].items()}
    except (
        OSError,
        UnicodeDecodeError,
        json.JSONDecodeError,
        KeyError,
        TypeError,
        AttributeError,
        ValueError,
    ) as error:
        raise BadInput(
            f"{path} cannot be read as a saved evaluation ({error}).",
            code="bad_baseline",
            hint="Write one with: lonja eval DIR... --save FILE",
        ) from error
