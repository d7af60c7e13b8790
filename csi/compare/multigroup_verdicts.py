"""What a multi-group comparison found, in sentences."""

from __future__ import annotations

import pandas as pd

from csi.compare.multigroup import SIGNIFICANT, Multigroup
from csi.model.model import Model
from csi.text import Text
from csi.verdict import Verdict, worded

SOURCE = "chin2010permutation"

WHAT = {
    "path": Text("The impact of {source} on {target}", "{source}对{target}的影响"),
    "total effect": Text("The total effect of {source} on {target}", "{source}对{target}的总影响"),
    "slope": Text(
        "The impact of {source} on {target}, in points", "{source}对{target}的影响（按分值）"
    ),
    "loading": Text("The loading of {target} on {source}", "{target}在{source}上的载荷"),
    "weight": Text("The weight of {target} in {source}", "{target}在{source}中的权重"),
}
DIFFERS = Text(
    "{what} differs between {a} and {b}: {one} against {other} (difference {difference}, from "
    "{lower} to {upper}), beyond chance even among all comparisons made (p = {p}).",
    "{what}在{a}与{b}之间不同：{one}对{other}（差异 {difference}，区间 {lower} 至 {upper}），"
    "经多重比较校正后仍显著（p = {p}）。",
)
BUT = Text(
    " But {note}: the difference may lie in the measuring.",
    "但按 MICOM，相关潜变量在两组中的构成方式不同，该差异可能来自测量本身。",
)
NOTHING = Text(
    "No {kind} differs between {pairs} beyond chance (smallest adjusted p = {p}). One set of "
    "figures may serve for all; smaller differences than the intervals show cannot be ruled out.",
    "{pairs}之间{kind}均无显著差异（校正后最小 p = {p}）。可以用同一套结果说明各组；"
    "但不能排除区间范围以内的差异。",
)
KINDS = {
    "path": Text("impact", "各项影响"),
    "total effect": Text("total effect", "各项总影响"),
    "slope": Text("impact in points", "各项影响（按分值）"),
    "loading": Text("loading", "各项载荷"),
    "weight": Text("weight", "各项权重"),
}
GROUPS = Text("the {n} pairs of groups compared", "所比较的 {n} 对组别")


def multigroup_verdicts(found: Multigroup) -> tuple[Verdict, ...]:
    """Return what differs, most certain first, or that nothing does; measure by measure.

    Parameters
    ----------
    found : Multigroup

    Returns
    -------
    tuple of Verdict
        ``told`` for differences and their absence, ``doubtful`` where a construct concerned is not
        comparable by MICOM.
    """
    said: list[Verdict] = []
    for measure, rows in found.table.groupby("measure", sort=False):
        differing = rows[rows["p_holm"] < SIGNIFICANT].sort_values("p_holm", kind="stable")
        said += [_differs(found, row) for _, row in differing.iterrows()]
        if not len(differing):
            said.append(_nothing(found, str(measure), float(rows["p_holm"].min())))
    return tuple(said)


def _differs(found: Multigroup, row: pd.Series) -> Verdict:
    """Say how one parameter differs."""
    model = found.model
    what = worded(
        WHAT[str(row["measure"])],
        source=_label(model, str(row["from"])),
        target=_label(model, str(row["to"])),
    )
    figures = {
        "one": row["estimate_a"], "other": row["estimate_b"], "difference": row["difference"],
        "lower": row["lower"], "upper": row["upper"],
    }  # fmt: skip
    sentence = worded(
        DIFFERS, what=what, a=found.labels[str(row["group_a"])],
        b=found.labels[str(row["group_b"])], p=f"{row['p_holm']:.3f}",
        **{name: f"{value:.2f}" for name, value in figures.items()},
    )  # fmt: skip
    about = f"{row['from']}, {row['to']}"
    warning = next(
        (part for part in str(row["note"]).split("; ") if part.startswith("not comparable")), ""
    )
    value = float(row["difference"])
    if not warning:
        return Verdict("comparability", "difference", about, "told", sentence, value, SOURCE)
    more = worded(BUT, note=warning)
    sentence = Text(sentence.en + more.en, sentence.zh + more.zh)
    return Verdict("comparability", "difference", about, "doubtful", sentence, value, SOURCE)


def _nothing(found: Multigroup, measure: str, p: float) -> Verdict:
    """Say that nothing differs."""
    if len(found.pairs) == 1:
        a, b = (found.labels[name] for name in found.pairs[0])
        pairs = worded(Text("{a} and {b}", "{a}与{b}"), a=a, b=b)
    else:
        pairs = worded(GROUPS, n=str(len(found.pairs)))
    sentence = worded(NOTHING, kind=KINDS[measure], pairs=pairs, p=f"{p:.2f}")
    return Verdict("comparability", "difference", "", "told", sentence, p, SOURCE)


def _label(model: Model, name: str) -> Text:
    """Return the label of a construct, or the name where it has none (items too)."""
    if name in model.names and model.construct(name).label:
        return model.construct(name).label
    return Text(name, name)
