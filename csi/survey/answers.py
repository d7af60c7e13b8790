"""Ready maps from the words of an answer scale to its points, by name.

The worded scales are those in daily use; the points run from 1, the worst, upwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from csi.survey.cells import same_word


def _scale(*words: str) -> Mapping[str, float]:
    """Return the points of a scale, worst first; ``a/b`` are two ways to say one point."""
    return MappingProxyType(
        {word: float(point) for point, said in enumerate(words, 1) for word in said.split("/")}
    )


READY: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "satisfaction5_zh": _scale("不满意", "不太满意", "一般", "满意", "很满意"),
        "satisfaction5_very_zh": _scale(
            "非常不满意/很不满意", "不满意/比较不满意/不太满意", "一般", "满意/比较满意", "非常满意"
        ),
        "satisfaction5_zh_hant": _scale("不滿意", "不太滿意", "一般", "滿意", "很滿意"),
        "satisfaction5_very_zh_hant": _scale(
            "非常不滿意/很不滿意",
            "不滿意/比較不滿意/不太滿意",
            "一般/普通",
            "滿意/比較滿意",
            "非常滿意",
        ),
        "satisfaction5_en": _scale(
            "very dissatisfied",
            "dissatisfied/somewhat dissatisfied",
            "neither satisfied nor dissatisfied/neutral",
            "satisfied/somewhat satisfied",
            "very satisfied",
        ),
        "satisfaction4_zh": _scale(
            "很不满意/非常不满意", "不太满意", "比较满意", "很满意/非常满意"
        ),
        "satisfaction4_zh_hant": _scale(
            "很不滿意/非常不滿意", "不太滿意", "比較滿意", "很滿意/非常滿意"
        ),
        "satisfaction4_en": _scale(
            "very dissatisfied", "fairly dissatisfied", "fairly satisfied", "very satisfied"
        ),
        "satisfaction7_zh": _scale(
            "非常不满意", "不满意", "比较不满意", "一般", "比较满意", "满意", "非常满意"
        ),
        "satisfaction7_zh_hant": _scale(
            "非常不滿意", "不滿意", "比較不滿意", "一般/普通", "比較滿意", "滿意", "非常滿意"
        ),
        "satisfaction7_en": _scale(
            "very dissatisfied",
            "dissatisfied",
            "somewhat dissatisfied",
            "neither satisfied nor dissatisfied/neutral",
            "somewhat satisfied",
            "satisfied",
            "very satisfied",
        ),
        "agreement5_zh": _scale(
            "非常不同意/完全不同意",
            "不同意/比较不同意/不太同意",
            "一般/中立",
            "同意/比较同意",
            "非常同意/完全同意",
        ),
        "agreement5_zh_hant": _scale(
            "非常不同意/完全不同意",
            "不同意/比較不同意/不太同意",
            "一般/普通/中立",
            "同意/比較同意",
            "非常同意/完全同意",
        ),
        "agreement5_en": _scale(
            "strongly disagree",
            "disagree",
            "neither agree nor disagree/neutral",
            "agree",
            "strongly agree",
        ),
        "agreement7_zh": _scale(
            "非常不同意", "不同意", "比较不同意", "一般/中立", "比较同意", "同意", "非常同意"
        ),
        "agreement7_en": _scale(
            "strongly disagree",
            "disagree",
            "somewhat disagree",
            "neither agree nor disagree/neutral",
            "somewhat agree",
            "agree",
            "strongly agree",
        ),
    }
)
"""Answer maps a codebook may name: ``answers = "satisfaction5_zh"``."""


def ready_map_for(words: Iterable[str]) -> str | None:
    """Return the name of the shortest ready map that knows all of `words`, or None.

    Two maps of the same length fit equally well only if they give these words the same
    points; where they do not, the words do not tell the scale and the answer is None. A map
    in which two of the words share a point does not fit.

    Examples
    --------
    >>> ready_map_for(["很满意", "满意", "不太满意"])
    'satisfaction5_zh'
    >>> ready_map_for(["不满意"]) is None
    True
    """
    said = {same_word(word) for word in words}
    fits: list[tuple[float, str, tuple[float, ...]]] = []
    for name, scale in READY.items():
        points = {same_word(word): point for word, point in scale.items()}
        if said and said <= points.keys():
            meant = tuple(points[word] for word in sorted(said))
            if len(set(meant)) == len(meant):
                fits.append((max(scale.values()), name, meant))
    if not fits:
        return None
    shortest = min(length for length, _, _ in fits)
    best = [fit for fit in fits if fit[0] == shortest]
    return best[0][1] if len({points for _, _, points in best}) == 1 else None
