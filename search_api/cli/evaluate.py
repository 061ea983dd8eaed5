"""``lonja eval``"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from search_api.cli.exits import Exit
from search_api.cli.options import JsonOption
from search_api.cli.output import Output, Step

if TYPE_CHECKING:
    from corpus.evaluation.comparison import Difference
    from corpus.evaluation.evaluate import Evaluation
    from search_api.evaluation.searcher import Searched

MODES = "hybrid, semantic, keyword; several with commas between, each then held against the first"
FIRST = 3  # passages of a question answered badly that are shown


@dataclass(frozen=True, slots=True)
class Measured:
    name: str  # of the collection and the mode: what a run is kept and found by
    mode: str
    evaluation: Evaluation


def register(app: typer.Typer) -> None:
    app.command("eval")(evaluate)


def evaluate(
    collections: Annotated[
        list[Path], typer.Argument(help="Folders of collections, or of questions over --documents.", show_default=False)
    ],
    mode: Annotated[str, typer.Option(help=MODES)] = "hybrid",
    documents: Annotated[
        Path | None,
        typer.Option(help="What a questions.jsonl is asked of; else the demonstration documents.", show_default=False),
    ] = None,
    worst: Annotated[int, typer.Option(min=0, help="List this many questions that were answered worst.")] = 0,
    save: Annotated[Path | None, typer.Option(help="Keep each question's nDCG@10, to compare with later.")] = None,
    compare: Annotated[Path | None, typer.Option(help="Hold the result against what was kept with --save.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure search on questions with judged passages.

    Prints nDCG@10, P@1, recall@10, MRR@10 and mAP@100, overall and by pair of the question's and the passage's
    language, and how often nothing was found: wrongly, and where there is no answer. What is searched is indexed in
    a temporary folder and searched by the search that members use. Two settings are compared by a run of each: the
    first with --save, the second with --compare.

    Exit code 1 when a collection is more than 0.01 nDCG@10 below what it is compared with.
    """
    from corpus.evaluation.comparison import Run, load_runs, save_runs
    from corpus.evaluation.comparison import compare as difference
    from search_api.cli.choices import choose_mode

    output = Output(as_json=as_json)
    modes = [choose_mode(each.strip()) for each in mode.split(",")]
    baseline = {} if compare is None else load_runs(compare)
    found: list[Measured] = []
    between: list[Difference] = []
    for folder in collections:
        of_folder = _evaluate(output, folder, documents, modes)
        runs = [Run.of(each.name, each.evaluation) for each in of_folder]
        between += [difference(runs[0], run) for run in runs[1:]]
        found += of_folder
    kept = {each.name: Run.of(each.name, each.evaluation) for each in found}
    since = [difference(baseline[name], run) for name, run in kept.items() if name in baseline]
    if save is not None:
        save_runs(save, kept)
    if as_json:
        output.json(
            {
                "evaluations": [_plain(each, worst) for each in found],
                "between_modes": between,
                "since_baseline": since,
            }
        )
    else:
        for each in found:
            _print(output, each, worst)
        for each_difference in between:
            _print_difference(output, each_difference, f"against {modes[0].value}")
        for each_difference in since:
            _print_difference(output, each_difference, "since then")
    if any(each.has_fallen for each in since):
        raise typer.Exit(Exit.PARTLY)


def _searched(folder: Path, documents: Path | None, step: Step) -> AbstractContextManager[Searched]:
    from corpus.evaluation.collection import load_collection
    from corpus.evaluation.questions import FILE_NAME

    if (folder / FILE_NAME).is_file():
        from search_api.cli.demo import samples_folder
        from search_api.evaluation.documents import ingested

        return ingested(folder / FILE_NAME, documents or samples_folder(), step)
    from search_api.evaluation.collections import indexed

    return indexed(load_collection(folder), step)


def _evaluate(output: Output, folder: Path, documents: Path | None, modes: list[Any]) -> list[Measured]:
    from corpus.evaluation.evaluate import evaluate as measured

    found = []
    with output.bar(folder.resolve().name) as step, _searched(folder, documents, step) as searched:
        collection = searched.collection
        for mode in modes:
            asked = 0

            def progress(mode: Any = mode) -> None:
                nonlocal asked
                asked += 1
                step(asked, len(collection.questions), f"questions, {mode.value}")

            evaluation = measured(collection, searched.searcher(mode), progress=progress)
            found.append(Measured(f"{collection.name} {mode.value}", mode.value, evaluation))
    return found


def _plain(measured: Measured, worst: int) -> dict[str, Any]:
    evaluation = measured.evaluation
    return {
        "collection": evaluation.collection.name,
        "mode": measured.mode,
        "questions": len(evaluation.answers),
        "nothing_found": evaluation.lost,
        "unanswerable": len(evaluation.unanswerable),
        "unanswerable_answered": evaluation.false_answers,
        "overall": dict(evaluation.means),
        "by_pair": {f"{asked}-{answered}": dict(row) for (asked, answered), row in evaluation.by_pair.items()},
        "worst": [
            {
                "question": answer.question,
                "nDCG@10": answer.values["nDCG@10"],
                "nothing_found": answer.nothing_found,
                "first": answer.ranking[:FIRST],
                "relevant": evaluation.collection.judgements[answer.question.id],
            }
            for answer in evaluation.worst(worst)
        ],
    }


def _print(output: Output, measured: Measured, worst: int) -> None:
    from rich.table import Table

    evaluation = measured.evaluation
    title = f"{evaluation.collection.name}, {measured.mode}: {len(evaluation.answers)} questions"
    table = Table(title=title, title_justify="left", box=None)
    table.add_column("question - passage")
    for metric in evaluation.means:
        table.add_column(metric, justify="right")
    table.add_column("questions", justify="right")
    for pair, row in evaluation.by_pair.items():
        table.add_row(" - ".join(pair), *(f"{value:.3f}" for value in row.values()), str(evaluation.count(pair)))
    means = (f"{value:.3f}" for value in evaluation.means.values())
    table.add_row("all", *means, str(len(evaluation.answers)), style="bold")
    console = output.console
    console.print(table)
    if evaluation.lost:
        console.print(f"{evaluation.lost} of them would be told that nothing was found.")
    if evaluation.unanswerable:
        console.print(
            f"{evaluation.false_answers} of {len(evaluation.unanswerable)} questions without an answer got something."
        )
    _print_worst(output, evaluation, worst)
    console.print()


def _print_worst(output: Output, evaluation: Evaluation, worst: int) -> None:
    """Each question with what came first and why, and where what is relevant stands."""
    from rich.text import Text

    console = output.console
    texts = {passage.id: " ".join(passage.text.split())[:100] for passage in evaluation.collection.passages}
    for answer in evaluation.worst(worst):
        told = "  (nothing found)" if answer.nothing_found else ""
        console.print(Text(f"\n{answer.values['nDCG@10']:.3f}  {answer.question.text}{told}", style="bold"))
        for rank, ranked in enumerate(answer.ranking[:FIRST], start=1):
            console.print(Text(f"   {rank}. {ranked.passage_id} ({ranked.because}): {texts[ranked.passage_id]}"))
        ranks = {ranked.passage_id: (rank, ranked) for rank, ranked in enumerate(answer.ranking, start=1)}
        for relevant in evaluation.collection.judgements[answer.question.id]:
            place = "not found"
            if relevant in ranks:
                rank, ranked = ranks[relevant]
                place = f"{rank}., {ranked.because}"
            console.print(Text(f"   relevant: {relevant} ({place}): {texts[relevant]}", style="green"))


def _print_difference(output: Output, difference: Difference, what: str) -> None:
    sure = "could be chance" if difference.p > 0.05 else "no chance"
    output.console.print(
        f"{difference.name}, {what}: nDCG@10 {difference.before:.3f} -> {difference.after:.3f} "
        f"({difference.change:+.3f}, p = {difference.p:.4f}: {sure})"
    )
