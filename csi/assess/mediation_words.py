"""Mediation in words."""

from __future__ import annotations

from csi.assess.mediation import Mediation
from csi.assess.mediation_chains import Pattern
from csi.text import Text
from csi.verdict import Verdict, worded


def mediation_verdict(found: Mediation) -> Verdict:
    """Say how one construct acts on another: directly, through others, or both.

    Parameters
    ----------
    found : Mediation
    """
    strongest = _strongest(found)
    sentence = worded(
        _SENTENCES[found.pattern],
        source=found.model.label(found.source),
        target=found.model.label(found.target),
        direct=f"{found.effects.estimate[0]:.2f}",
        indirect=f"{found.effects.estimate[-2]:.2f}",
        total=f"{found.effects.estimate[-1]:.2f}",
        share="" if found.share != found.share else f"{100 * found.share:.0f}",
        strongest=strongest,
    )
    about = f"{found.source} -> {found.target}"
    value = float(found.effects.estimate[-2])
    return Verdict(
        "structure", "mediation", about, "told", sentence, value, "zhao2010reconsidering"
    )


def chain_in_words(found: Mediation, chain: tuple[str, ...]) -> Text:
    """Return a chain by the labels of its constructs."""
    labels = [found.model.label(name) for name in chain]
    return Text(
        " → ".join(label.within("en") for label in labels),
        " → ".join(label.within("zh") for label in labels),
    )


def _strongest(found: Mediation) -> Text:
    """Return the chain with the largest effect, in words; nothing where there is only one."""
    if len(found.chains) < 2:
        return Text("", "")
    effects = found.effects.estimate[1:-2]
    at = int(abs(effects).argmax())
    chain = chain_in_words(found, found.chains[at])
    return worded(_STRONGEST, chain=chain, value=f"{effects[at]:.2f}")


_STRONGEST = Text(
    " The strongest indirect way is {chain} ({value}).",
    "间接效应中最强的一条是{chain}（{value}）。",
)

_SENTENCES: dict[Pattern, Text] = {
    "complementary": Text(
        "The effect of {source} on {target} is direct ({direct}) and, in the same direction, "
        "through other constructs ({indirect}, {share} % of the total {total}): complementary "
        "mediation.{strongest}",
        "“{source}”既直接影响“{target}”（{direct}），又通过其他潜变量同方向影响它"
        "（{indirect}，占总效应{total}的{share}%）：互补中介。{strongest}",
    ),
    "competitive": Text(
        "The direct effect of {source} on {target} ({direct}) and the one through other constructs "
        "({indirect}) have opposite directions: competitive mediation. They partly cancel (total "
        "{total}); look for a mediator that is missing.{strongest}",
        "“{source}”对“{target}”的直接效应（{direct}）与通过其他潜变量的间接效应（{indirect}）方向相反："
        "竞争中介。两者部分抵消（总效应{total}），可能遗漏了中介变量。{strongest}",
    ),
    "indirect-only": Text(
        "The effect of {source} on {target} goes only through other constructs ({indirect}; no "
        "direct effect could be shown): indirect-only mediation. To move {target}, the constructs "
        "between have to move.{strongest}",
        "“{source}”仅通过其他潜变量影响“{target}”（间接效应{indirect}，未发现直接效应）：仅间接中介"
        "（完全中介）。要改变“{target}”，须改善中间环节。{strongest}",
    ),
    "direct-only": Text(
        "The effect of {source} on {target} is direct ({direct}); none through other constructs "
        "could be shown ({indirect}): no mediation.",
        "“{source}”直接影响“{target}”（{direct}），未发现通过其他潜变量的效应（{indirect}）：无中介。",
    ),
    "no effect": Text(
        "No effect of {source} on {target} could be shown, neither direct nor through other "
        "constructs (total {total}).",
        "未发现“{source}”对“{target}”的影响，无论直接还是通过其他潜变量（总效应{total}）。",
    ),
    "no direct path": Text(
        "The effect of {source} on {target} goes through other constructs ({indirect}). The model "
        "has no direct path, so that it cannot tell whether all of the effect does.{strongest}",
        "“{source}”通过其他潜变量影响“{target}”（间接效应{indirect}）。模型未设直接路径，"
        "因此无从判断是否为完全中介。{strongest}",
    ),
}
