"""What a command says beside its results: choices it made, files it wrote."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from csi.cli import parts
from csi.cli.words import phrase
from csi.text import Language

if TYPE_CHECKING:
    from csi.index.values import YearlyIndex


def used(plan: parts.run.RunPlan, found: parts.run.IndexRun) -> list[str]:
    """Say which settings a run had, above all those that nobody chose."""
    language: Language = plan.language
    lines = [method(plan, found.yearly)]
    groups = [key.name for key in found.survey.codebook.groups]
    if plan.group is None and len(groups) == 1:
        lines.append(phrase("only_group", language, group=groups[0]))
    elif plan.group is None and groups:
        lines.append(phrase("groups_there", language, groups=", ".join(groups)))
    return lines + published(plan, found.inputs)


def method(plan: parts.run.RunPlan, yearly: YearlyIndex) -> str:
    """Say how the figures were estimated."""
    language, metric, pls = plan.language, yearly.metric, plan.options.pls
    view = parts.view.View(yearly, language)
    kind, _, period = metric.weights.partition(":")
    return phrase(
        "estimated_ml" if plan.options.estimator == "ml" else "estimated",
        language,
        estimator="PLSc" if pls.consistent else "PLS",
        scheme=phrase(f"scheme_{pls.scheme}", language),
        items=_items(plan, yearly),
        missing=phrase(f"missing_{metric.missing}", language),
        weights=metric.weights,
        weights_in_words=view.say(f"w_{kind}", period=period),
        replication=view.told(metric.replication),
    )


def _items(plan: parts.run.RunPlan, yearly: YearlyIndex) -> str:
    """Say how items enter, and how constructs of constructs are estimated where there are any."""
    pls = plan.options.pls
    names = [f"items_{pls.metric}", *([f"higher_{pls.higher}"] if yearly.model.wholes else [])]
    return phrase("and", plan.language).join(phrase(name, plan.language) for name in names)


def published(plan: parts.run.RunPlan, inputs: parts.run.Inputs) -> list[str]:
    """Name the settings of the published figures where a catalogue model is fitted otherwise."""
    if inputs.model is None or inputs.model.origin != "catalogue":
        return []
    if plan.options.estimator != "pls":
        return []
    usual, own = parts.models.entry(inputs.model.name).estimator, plan.options.pls
    if (usual.metric, usual.scheme) == (own.metric, own.scheme):
        return []
    return [
        phrase(
            "published" if usual.published else "usual",
            plan.language,
            model=inputs.model.name,
            metric=usual.metric,
            scheme=usual.scheme,
            own_metric=own.metric,
            own_scheme=own.scheme,
        )
    ]


def repeated(recorded: parts.run.Recorded) -> list[str]:
    """Name the programs whose version is another than in the record."""
    return [
        phrase("version", recorded.plan.language, program=program, then=then, now=now)
        for program, then, now in recorded.changed
    ]


def wrote(files: Sequence[Path], folder: Path, language: Language, *, start: str) -> list[str]:
    """Say how many files were written, and which to look at first."""
    if len(files) == 1:
        return [phrase("wrote_one", language, file=files[0])]
    first = folder / start
    return [phrase("wrote", language, count=len(files), folder=folder, start=first)]


def not_written(forms: Sequence[str], language: Language) -> list[str]:
    """Say which files of a report could not be written here."""
    return [phrase("not_written", language, forms=", ".join(forms))] if forms else []


def written_by_kind(files: Sequence[Path], folder: Path, language: Language) -> list[str]:
    """Say what a report consists of, and which file to open."""
    kinds: dict[str, list[str]] = {}
    for file in files:
        kinds.setdefault(KINDS.get(file.suffix, "kind_more"), []).append(file.name)
    lines = [phrase("report_open", language, file=folder / "index.html")]
    for kind in dict.fromkeys(KINDS.values()):
        names = kinds.get(kind, [])
        if kind == "kind_page" or not names:
            continue
        shown = ", ".join(names) if len(names) <= NAMED else str(len(names))
        lines.append(phrase(kind, language, files=shown))
    return lines


NAMED = 2
"""Up to so many files of a kind are named, of more their number is."""

KINDS = {
    ".html": "kind_page",
    ".xlsx": "kind_workbook",
    ".pptx": "kind_slides",
    ".csv": "kind_csv",
    ".parquet": "kind_parquet",
    ".png": "kind_charts",
    ".svg": "kind_charts",
}
"""What files are, by their ending; the others are not counted."""
