"""Two runs over the same questions, side by side; and a run written down to compare later ones with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from corpus.errors import BadInput
from corpus.evaluation.evaluate import Evaluation
from corpus.evaluation.significance import paired_randomisation_test

METRIC = "nDCG@10"
TOLERATED_FALL = 0.01
"""Of a collection's mean. What falls by more has to be looked at before it is merged."""

_FORMAT = 2


@dataclass(frozen=True, slots=True)
class Run:
    """What is kept of an evaluation: neither its texts nor its ids, which belong to the collection."""

    name: str  # of the collection and of what searched it
    questions: str  # a digest of the ids of the answerable questions, in their order
    values: tuple[float, ...]  # nDCG@10 of each

    @classmethod
    def of(cls, name: str, evaluation: Evaluation) -> Run:
        ids = "\n".join(answer.question.id for answer in evaluation.answers)
        values = tuple(round(answer.values[METRIC], 4) for answer in evaluation.answers)
        return cls(name, hashlib.sha256(ids.encode()).hexdigest()[:16], values)

    @property
    def mean(self) -> float:
        return fmean(self.values)


@dataclass(frozen=True, slots=True)
class Difference:
    """nDCG@10 of two runs."""

    name: str
    before: float
    after: float
    p: float  # paired randomisation test, two-sided

    @property
    def change(self) -> float:
        return self.after - self.before

    @property
    def has_fallen(self) -> bool:
        return self.change < -TOLERATED_FALL


def compare(before: Run, after: Run) -> Difference:
    """
    Raises:
        BadInput: the runs are not over the same questions.
    """
    if (before.questions, len(before.values)) != (after.questions, len(after.values)):
        raise BadInput(
            f"The runs {before.name!r} and {after.name!r} do not have the same questions.",
            code="bad_baseline",
            hint="The collection has changed since: write a new baseline.",
        )
    return Difference(after.name, before.mean, after.mean, paired_randomisation_test(before.values, after.values))


def save_runs(path: Path, runs: Mapping[str, Run]) -> None:
    """Writes runs by name, a line each, replacing the file in one step."""
    lines = [f"  {json.dumps(name)}: {json.dumps(_plain(run))}" for name, run in sorted(runs.items())]
    written = path.with_name(path.name + ".new")
    content = ",\n".join(lines)
    written.write_text(f'{{"format": {_FORMAT}, "metric": "{METRIC}", "runs": {{\n{content}\n}}}}\n', encoding="utf-8")
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
        return {
            name: Run(name, str(run["questions"]), tuple(float(value) for value in run["values"]))
            for name, run in content["runs"].items()
        }
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


def _plain(run: Run) -> dict[str, object]:
    return {"mean": round(run.mean, 4), "questions": run.questions, "values": run.values}
