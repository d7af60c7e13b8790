"""First step of MICOM: what data can tell about two groups being asked and treated alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csi.arrays import Array
from csi.compare.two_groups import Pair
from csi.estimate.fit import Fit
from csi.index.options import IndexOptions
from csi.model.model import Model
from csi.survey.survey import Survey
from csi.text import Text
from csi.verdict import worded

OUTSIDE = 0.05
"""Share of a group's answers beyond all answers of the other from which scales may differ; a rule
of this package."""

CHANCE = 1e-4
"""... unless chance leaves the other group without such answers with at least this probability."""

DECISIVE = ("items", "answers", "signs")
"""Checks without which a construct is not the same in both groups."""

COLUMNS = ("construct", "group", "other", "check", "holds", "detail", "detail_zh")

GONE = Text("{items} not asked in {group}", "{group}未询问{items}")
BEYOND = Text(
    "{item}: {share} of the answers in {group} are outside {ends}, the range of all answers in "
    "{other}",
    "{item}：{group}有{share}的回答超出{ends}，而{other}的回答全部在此范围内",
)
WITHOUT = Text("compared without items {items}", "比较时不含题目 {items}")
NOT_THERE = Text("not in the model: {names}", "模型中没有 {names}")
TURNED = Text(
    "{item}: loading {a} in {group}, {b} in {other}",
    "{item}：载荷在{group}为{a}，在{other}为{b}",
)
NOT_ADMISSIBLE = Text(
    "not in {groups}: a negative weight, say", "{groups}的解不合理（如出现负权重）"
)
SETTINGS = Text(
    "{estimator}; missing answers by {missing}; the same for both",
    "两者相同：{estimator}，缺失回答处理方法 {missing}",
)
WORDING = Text(
    "words, order and mode of the questions: compare the questionnaires",
    "题目的措辞、顺序与访问方式：请核对问卷",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the first step.

    Attributes
    ----------
    construct : str
        Empty where it is about the whole model.
    check : str
        ``items``: no item was asked in one group only; ``answers``: the same part of the scale
        is used; ``signs``: loadings have the same signs; ``model``: nothing left it;
        ``admissible``: both fits are; ``settings``: one estimator for both, by construction;
        ``wording``: what no data can tell.
    holds : bool or None
        None where it cannot be told.
    detail : Text
    """

    construct: str
    check: str
    holds: bool | None
    detail: Text


def configural_checks(
    survey: Survey,
    model: Model,
    pair: Pair,
    fits: tuple[Fit, Fit],
    options: IndexOptions,
) -> list[Check]:
    """Check what the data tell about two groups being asked and treated alike.

    Parameters
    ----------
    survey : Survey
    model : Model
        As asked for; that of the pair may have fewer items.
    pair : Pair
    fits : (Fit, Fit)
        Of the groups, single members.
    options : IndexOptions
    """
    found = []
    for construct in model.constructs:
        name, items = construct.name, construct.items
        found.append(_items(survey, pair, name, items))
        if name in pair.model.names:
            kept = pair.model.construct(name).items
            found += [_answers(pair, name, kept), _signs(pair, fits, name, kept)]
    bad = [_name(pair, k) for k in (0, 1) if not bool(fits[k].admissible)]
    detail = worded(NOT_ADMISSIBLE, groups=", ".join(bad)) if bad else Text()
    treatment = worded(SETTINGS, estimator=fits[0].estimator, missing=options.missing)
    return [
        *found,
        _model(model, pair),
        Check("", "admissible", not bad, detail),
        Check("", "settings", True, treatment),
        Check("", "wording", None, WORDING),
    ]


def scale_departures(a: Array, b: Array) -> tuple[float, float]:
    """Return the share of each group's answers beyond all answers of the other.

    Parameters
    ----------
    a, b : (n_a), (n_b) answers to one item, none missing

    Returns
    -------
    tuple of float
        Of the first group and of the second; 0 where it is below 5 % or may well be chance.

    Examples
    --------
    >>> scale_departures(np.tile(np.arange(1.0, 11.0), 30), np.tile(np.arange(1.0, 6.0), 60))
    (0.5, 0.0)
    """
    found = []
    for own, other in ((a, b), (b, a)):
        if not (len(own) and len(other)):
            found.append(0.0)
            continue
        share = float(np.mean((own < other.min()) | (own > other.max())))
        chance = (1.0 - share) ** len(other)
        found.append(share if share >= OUTSIDE and chance < CHANCE else 0.0)
    return found[0], found[1]


def _name(pair: Pair, k: int) -> str:
    return pair.cells[k].label[0]


def _items(survey: Survey, pair: Pair, name: str, items: tuple[str, ...]) -> Check:
    """Check that the same items were asked; what nobody was asked in either is no difference."""
    here = ~np.isnan(survey.columns(items))
    asked = [np.asarray(here[cell.rows].any(axis=0)) for cell in pair.cells]
    said = []
    for k in (0, 1):
        only = np.asarray(asked[1 - k] & ~asked[k]).tolist()
        gone = ", ".join(item for item, lacks in zip(items, only, strict=True) if lacks)
        said += [worded(GONE, items=gone, group=_name(pair, k))] if gone else []
    return Check(name, "items", not said, joined(said))


def _model(model: Model, pair: Pair) -> Check:
    """Say what left the model for this pair."""
    said = []
    if items := [item for item in model.items if item not in pair.model.items]:
        said.append(worded(WITHOUT, items=", ".join(items)))
    if names := [name for name in model.names if name not in pair.model.names]:
        said.append(worded(NOT_THERE, names=", ".join(names)))
    return Check("", "model", not said, joined(said))


def _answers(pair: Pair, name: str, items: tuple[str, ...]) -> Check:
    """Check that both groups answered on the same part of the scale."""
    said = []
    for item in items:
        column = pair.model.items.index(item)
        own = [sample.rows[:, column] for sample in pair.samples]
        own = [x[~np.isnan(x)] for x in own]
        for k, share in enumerate(scale_departures(own[0], own[1])):
            if share:
                ends = f"{own[1 - k].min():g}–{own[1 - k].max():g}"
                names = {"group": _name(pair, k), "other": _name(pair, 1 - k)}
                said.append(worded(BEYOND, item=item, share=f"{share:.0%}", ends=ends, **names))
    return Check(name, "answers", not said, joined(said))


def _signs(pair: Pair, fits: tuple[Fit, Fit], name: str, items: tuple[str, ...]) -> Check:
    """Check that loadings have the same signs in both groups."""
    at = [pair.model.items.index(item) for item in items]
    loadings = [fit.loadings[at] for fit in fits]
    names = {"group": _name(pair, 0), "other": _name(pair, 1)}
    turned = [
        worded(TURNED, item=item, a=f"{a:.2f}", b=f"{b:.2f}", **names)
        for item, a, b in zip(items, *loadings, strict=True)
        if a * b < 0
    ]
    return Check(name, "signs", not turned, joined(turned))


def joined(words: Sequence[Text]) -> Text:
    """Join words in both languages.

    Examples
    --------
    >>> joined([Text("a", "甲"), Text("b", "乙")])
    Text(en='a; b', zh='甲；乙')
    """
    return Text("; ".join(w.within("en") for w in words), "；".join(w.within("zh") for w in words))
