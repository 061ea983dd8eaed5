"""``lonja eval``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from search_api.cli.options import JsonOption
from search_api.cli.output import Output

if TYPE_CHECKING:
    from corpus.evaluation.comparison import Difference
    from corpus.evaluation.evaluate import Evaluation

MODES = "hybrid, semantic, keyword; several with commas between"


def register(app: typer.Typer) -> None:
    app.command("eval")(evaluate)


def evaluate(
    collections: Annotated[list[Path], typer.Argument(help="Folders of collections.", show_default=False)],
    mode: Annotated[str, typer.Option(help=MODES)] = "hybrid",
    worst: Annotated[int, typer.Option(min=0, help="List this many questions that were answered worst.")] = 0,
    save: Annotated[Path | None, typer.Option(help="Keep each question's values, to compare with later.")] = None,
    compare: Annotated[Path | None, typer.Option(help="Hold the result against values kept with --save.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure search on collections of questions with judged passages.

    Prints nDCG@10, P@1, recall@10, MRR@10 and mAP@100, overall and by pair of the question's and the passage's
    language. Each collection is indexed in a temporary folder and searched by the search that members use.
    """
    from corpus.evaluation.collection import load_collection
    from corpus.evaluation.comparison import Run, load_runs, save_runs
    from corpus.evaluation.comparison import compare as difference
    from search_api.cli.choices import choose_mode

    output = Output(as_json=as_json)
    modes = [choose_mode(each.strip()) for each in mode.split(",")]
    loaded = [load_collection(folder) for folder in collections]
    baseline = {} if compare is None else load_runs(compare)
    found: list[tuple[str, Evaluation, int]] = []
    for collection in loaded:
        found += _evaluate(output, collection, modes)
    runs = {_key(each.collection.name, mode): Run.of(each) for mode, each, _ in found}
    differences = [difference(baseline[key], run) for key, run in runs.items() if key in baseline]
    if save is not None:
        save_runs(save, runs)
    if as_json:
        output.json([_plain(mode, each, lost, worst) for mode, each, lost in found] + list(differences))
        return
    for mode_name, each, lost in found:
        _print(output, mode_name, each, lost, worst)
    for each_difference in differences:
        _print_difference(output, each_difference)


def _key(collection: str, mode: str) -> str:
    return f"{collection} {mode}"


def _evaluate(output: Output, collection: Any, modes: list[Any]) -> list[tuple[str, Evaluation, int]]:
    from corpus.evaluation.evaluate import evaluate as measured
    from search_api.evaluating import indexed

    found = []
    with (
        output.bar(collection.name) as step,
        indexed(collection, lambda done, total: step(done, total, "passages")) as by,
    ):
        for mode in modes:
            asked = 0

            def progress(mode: Any = mode) -> None:
                nonlocal asked
                asked += 1
                step(asked, len(collection.answerable), f"questions, {mode.value}")

            searcher = by(mode)
            evaluation = measured(collection, searcher, progress=progress)
            lost = sum(searcher.finds_nothing(question.text) for question in collection.answerable)
            found.append((mode.value, evaluation, lost))
    return found


def _plain(mode: str, evaluation: Evaluation, lost: int, worst: int) -> dict[str, Any]:
    return {
        "collection": evaluation.collection.name,
        "mode": mode,
        "questions": len(evaluation.answers),
        "nothing_found": lost,
        "overall": dict(evaluation.means),
        "by_pair": {f"{asked}-{answered}": dict(row) for (asked, answered), row in evaluation.by_pair.items()},
        "worst": [
            {
                "question": answer.question,
                "nDCG@10": answer.values["nDCG@10"],
                "first": answer.ranking[:3],
                "relevant": evaluation.collection.judgements[answer.question.id],
            }
            for answer in evaluation.worst(worst)
        ],
    }


def _print(output: Output, mode: str, evaluation: Evaluation, lost: int, worst: int) -> None:
    from rich.table import Table
    from rich.text import Text

    name = evaluation.collection.name
    table = Table(title=f"{name}, {mode}: {len(evaluation.answers)} questions", title_justify="left", box=None)
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
    if lost:
        console.print(f"{lost} of them would be told that nothing was found.")
    texts = {passage.id: passage.text for passage in evaluation.collection.passages}
    for answer in evaluation.worst(worst):
        console.print(Text(f"\n{answer.values['nDCG@10']:.3f}  {answer.question.text}", style="bold"))
        for rank, ranked in enumerate(answer.ranking[:3], start=1):
            console.print(Text(f"   {rank}. {ranked.passage_id} ({ranked.because}): {texts[ranked.passage_id][:100]}"))
        for relevant in evaluation.collection.judgements[answer.question.id]:
            console.print(Text(f"   relevant: {relevant}: {texts[relevant][:100]}", style="green"))
    console.print()


def _print_difference(output: Output, difference: Difference) -> None:
    sure = "could be chance" if difference.p > 0.05 else "no chance"
    output.console.print(
        f"{difference.collection}: {difference.metric} {difference.before:.3f} -> {difference.after:.3f} "
        f"({difference.change:+.3f}, p = {difference.p:.3f}: {sure})"
    )
