"""Whether the index hangs on flagged respondents, in plain sentences."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from csi.compare.without_flagged import NOBODY, WithoutFlagged
from csi.text import Text
from csi.verdict import Grade, Verdict, worded

_MOVES = Text(
    "Without the {count} of {n} respondents flagged for careless answers, {index}{where} would be "
    "{without} instead of {level}: {away} points (between {lower} and {upper}). Say which of the "
    "two is published, and why.",
    "若不计入被标记为敷衍作答的{count}名受访者（共{n}名），{index}{where}将为{without}，而不是{level}："
    "相差{away}点（区间{lower}至{upper}）。请说明发布的是哪一个数值及其理由。",
)
_STAYS = Text(
    "Without the {count} of {n} respondents flagged for careless answers, {index}{where} would "
    "move by {away} points (between {lower} and {upper}): too little to show when published.",
    "若不计入被标记为敷衍作答的{count}名受访者（共{n}名），{index}{where}将变动{away}点"
    "（区间{lower}至{upper}）：变动很小，不影响公布的数值。",
)
_OPEN = Text(
    "Without the {count} of {n} respondents flagged for careless answers, {index}{where} would "
    "move by {away} points, but that is uncertain (between {lower} and {upper}): the sample is too "
    "small to say whether they matter.",
    "若不计入被标记为敷衍作答的{count}名受访者（共{n}名），{index}{where}将变动{away}点，"
    "但并不确定（区间{lower}至{upper}）：样本太小，无法判断他们是否影响结果。",
)
_NONE = Text(
    "Nobody is flagged for careless answers{where}: {index} is the same with and without.",
    "{where}没有受访者被标记为敷衍作答：{index}在两种情况下相同。",
)

VISIBLE = 0.5
"""Index points: a smaller difference disappears when the index is published in whole points."""


def without_verdicts(found: WithoutFlagged) -> tuple[Verdict, ...]:
    """Judge, for each year and group, whether the index hangs on flagged respondents.

    Doubtful where the difference is at least half a point and its interval excludes 0, good where
    the whole interval lies within half a point. Suppressed figures are passed over.
    """
    label = found.model.construct(found.model.index).label or Text(found.model.index)
    own = found.figures[found.figures["construct"] == found.model.index]
    verdicts = []
    for row in own[own["se"].notna()].to_dict("records"):
        about = [found.labels.get(row[key]) or Text(row[key]) for key in ("year", "group")
                 if row[key] != "all"]  # fmt: skip
        en, zh = (
            ", ".join(t.within("en") for t in about),
            "，".join(t.within("zh") for t in about),
        )
        where = Text(f" ({en})" if en else "", f"（{zh}）" if zh else "")
        template, grade = _judged(row)
        said = worded(
            template,
            index=label,
            where=where,
            count=f"{row['n_flagged']:,}",
            n=f"{row['n']:,}",
            level=f"{row['index']:.1f}",
            without=f"{row['index_without']:.1f}",
            away=f"{row['difference']:+.2f}",
            lower=f"{row['lower']:+.2f}",
            upper=f"{row['upper']:+.2f}",
        )
        value = float(row["difference"])
        verdicts.append(Verdict("answers", "without flagged", en, grade, said, value))
    return tuple(verdicts)


def _judged(row: Mapping[Hashable, Any]) -> tuple[Text, Grade]:
    """Return the sentence and the grade of one figure."""
    if row["note"] == NOBODY:
        return _NONE, "good"
    if max(abs(row["lower"]), abs(row["upper"])) < VISIBLE:
        return _STAYS, "good"
    clear = row["lower"] * row["upper"] > 0 and abs(row["difference"]) >= VISIBLE
    return (_MOVES, "doubtful") if clear else (_OPEN, "told")
