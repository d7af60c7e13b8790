"""The headline in sentences, the method in words, and texts that stand in for the charts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import get_args

from csi.estimate.intervals import IntervalKind
from csi.moments.values import Missing
from csi.report.numbers import chance, count, interval, number, percent, signed, with_margin
from csi.report.remarks import move
from csi.report.style import FEW
from csi.report.view import Row, View, rows_of


def headline(view: View, *, highest: bool = True) -> tuple[str, ...]:
    """Return what the last year says: one paragraph a group, or a summary of many groups.

    Parameters
    ----------
    view : View
    highest : bool
        Whether a summary names the group with the highest figure; no where a league table says
        more of it.
    """
    year = view.years[-1]
    rows = view.by_group(view.index_name, year)
    if len(rows) <= FEW:
        return tuple(_of_group(view, group, row) for group, row in rows.items())
    there = {group: row for group, row in rows.items() if math.isfinite(row["index"])}
    when = view.year_in_words(year)
    lines = [view.say("many_groups", year=when, shown=len(there), groups=len(rows))]
    if len(there):
        ranked = sorted(there, key=lambda group: float(there[group]["index"]))
        for key, group in (("highest", ranked[-1]), ("lowest", ranked[0])):
            if key == "highest" and not highest:
                continue
            index, moe = number(there[group]["index"]), number(there[group]["moe"])
            lines.append(view.say(key, group=view.group(group), index=index, moe=moe))
        moves = Counter(move(row, view.yearly.metric.level) for row in there.values())
        lines.append(
            view.say(
                "moves",
                up=moves["rose"],
                down=moves["fell"],
                level=moves["level"],
                untested=moves["untested"] + moves["no_change"],
                alpha=chance(view.yearly.metric.level),
            )
        )
    return tuple(lines)


def _of_group(view: View, group: str, row: Row) -> str:
    year, name = view.year_in_words(view.years[-1]), view.group(group)
    if not math.isfinite(row["index"]):
        reason = view.told(row["note"]) or view.say("no_reason")
        return view.say("no_index", group=name, year=year, reason=reason)
    figures = {
        "index": number(row["index"]),
        "moe": number(row["moe"]),
        "n": count(row["n"]),
    }
    alone = view.one_group and group == "all"
    first = view.say("index_is_all" if alone else "index_is", year=year, group=name, **figures)
    return first + ("" if view.language == "zh" else " ") + _change(view, row)


def _change(view: View, row: Row) -> str:
    moved = move(row, view.yearly.metric.level)
    if moved == "no_change":
        why = view.told(row["note"])
        return view.say("no_change_why", why=why) if why else view.say("no_change")
    change, level = row["change"], percent(view.yearly.metric.level)
    spread = interval(row["change_lower"], row["change_upper"])
    return view.say(
        moved,
        change=number(abs(change)) if moved in ("rose", "fell") else signed(change),
        before=view.year_in_words(str(row["compared_with"])),
        interval=f"{view.say('interval', level=level)} {spread}",
    )


def arrows(view: View) -> str:
    """Return what the arrows of the index table mean."""
    level = view.yearly.metric.level
    return view.say("arrows", alpha=chance(level), level=percent(level))


def unweighted(view: View) -> tuple[str, ...]:
    """Return which of the years have no weights, as a sentence; nothing where all have."""
    periods = [year for year in view.years if year in view.yearly.codebook.unweighted]
    words = comma(view).join(view.year_in_words(period) for period in periods)
    return (view.say("unweighted_years", periods=words),) if periods else ()


def method_parts(view: View) -> dict[str, str]:
    """Return the method in words, by the key of each term."""
    yearly, say, metric = view.yearly, view.say, view.yearly.metric
    codebook, language, mark = yearly.codebook, view.language, comma(view)
    title = yearly.model.title.within(language)
    brackets = "{}（{}）" if language == "zh" else "{} ({})"
    name = brackets.format(title, yearly.model.name) if title else yearly.model.name
    return {
        "m_population": codebook.population.within(language) or say("unstated"),
        "m_source": codebook.source.within(language) or say("unstated"),
        "m_years": mark.join(view.year(year) for year in view.years),
        "m_groups": mark.join(view.group(group) for group in view.groups),
        "m_design": _design(view),
        "m_missing": _missing(view),
        "m_model": name,
        "m_index": view.construct(view.index_name),
        "m_estimator": view.told(metric.estimator),
        "m_metric": say(metric.metric)
        if metric.metric in ("standardised", "raw")
        else metric.metric,
        "m_weights": _weights(view),
        "m_scale": _scale(view),
        "m_replication": view.told(metric.replication),
        "m_draws": say("draws_seed", draws=count(metric.draws), seed=metric.seed),
        "m_interval": _interval_kind(view),
        "m_level": percent(metric.level),
        "m_suppression": say("suppression", min_n=metric.min_n),
    }


def method(view: View) -> tuple[tuple[str, str], ...]:
    """Return the method as pairs of a term and its description."""
    return tuple((view.say(key), words) for key, words in method_parts(view).items())


def record_pairs(record: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield the entries of a run record, nested names joined by dots.

    Examples
    --------
    >>> list(record_pairs({"versions": {"csi": "0.1.0"}, "seed": 7}))
    [('versions.csi', '0.1.0'), ('seed', '7')]
    """
    for key, value in record.items():
        if isinstance(value, Mapping):
            yield from record_pairs(value, f"{before}{key}.")
        elif isinstance(value, list | tuple):
            yield f"{before}{key}", ", ".join(str(entry) for entry in value)
        else:
            yield f"{before}{key}", str(value)


def alt_index(view: View) -> str:
    """Return the index chart in words."""
    rows = view.by_group(view.index_name, view.years[-1])
    figures = [
        f"{view.group(group)} {with_margin(row['index'], row['moe'])}"
        for group, row in rows.items()
    ]
    return view.say(
        "alt_index_one" if view.one_group else "alt_index",
        first=view.year(view.years[0]),
        last=view.year_in_words(view.years[-1]),
        groups=len(figures),
        figures=comma(view).join(figures),
    )


def alt_paths(view: View, year: str, group: str) -> str:
    """Return a path diagram in words."""
    frame = view.yearly.paths
    rows = frame[(frame["year"] == year) & (frame["group"] == group)]
    arrows = [
        f"{view.construct(row['from'])} → {view.construct(row['to'])} {number(row['estimate'], 2)}"
        for row in rows_of(rows)
    ]
    when, who = view.year_in_words(year), view.group(group)
    return view.say("alt_paths", year=when, group=who, paths=comma(view).join(arrows))


def comma(view: View) -> str:
    """Return what stands between the entries of a list."""
    return "、" if view.language == "zh" else ", "


def _design(view: View) -> str:
    book, say = view.yearly.codebook, view.say
    parts = [say("design_weighted", column=book.weight)] if book.weight else []
    parts = parts or [say("design_unweighted")]
    if book.unweighted:
        periods = comma(view).join(view.year(period) for period in book.unweighted)
        parts.append(say("design_periods", periods=periods))
    parts += [say("design_simple")] if view.yearly.metric.design == "simple" else _sampled(view)
    return _semicolon(view).join(parts)


def _sampled(view: View) -> list[str]:
    """Return how units were sampled: the columns of the design beside the weights."""
    book = view.yearly.codebook
    columns = {
        "design_stratum": book.stratum,
        "design_cluster": book.cluster,
        "design_fpc": book.fpc,
    }
    parts = [view.say(key, column=column) for key, column in columns.items() if column]
    if book.replicates:
        count_, kind = len(book.replicate_weights), book.replicates.kind
        parts.append(view.say("design_replicates", count=count_, kind=kind))
    return parts


def _semicolon(view: View) -> str:
    return "；" if view.language == "zh" else "; "


def _missing(view: View) -> str:
    treated = view.yearly.metric.missing
    return view.say(f"missing_{treated}") if treated in get_args(Missing) else treated


def _weights(view: View) -> str:
    kind, _, period = view.yearly.metric.weights.partition(":")
    if kind not in ("own", "pooled", "frozen", "equal"):
        return view.yearly.metric.weights
    return view.say(f"w_{kind}", period=view.year(period))


def _interval_kind(view: View) -> str:
    kind = view.yearly.metric.interval
    words = view.say(f"i_{kind}") if kind in get_args(IntervalKind) else kind
    if kind == "normal" or not view.yearly.tables:
        return words
    return f"{words}{_semicolon(view)}{view.say('i_comparisons')}"


def _scale(view: View) -> str:
    """Return the ends of the answer scales, items of the same scale together."""
    by_ends: dict[tuple[float, float], list[str]] = {}
    for item, low, high in view.yearly.metric.scale:
        by_ends.setdefault((low, high), []).append(item)
    parts = [
        view.say("scale_words", items=comma(view).join(names), low=f"{low:g}", high=f"{high:g}")
        for (low, high), names in by_ends.items()
    ]
    return _semicolon(view).join(parts)
