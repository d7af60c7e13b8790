"""The commonest faults in Chinese; they are written in English where they are found."""

from __future__ import annotations

import re

from csi.errors import Fault
from csi.text import Language, Text

COUNTED = Text("{count} faults in the {subject}:", "{subject}有 {count} 处错误：")
LINE = Text("{where}: {what}; {fix}", "{where}：{what}；{fix}")

SUBJECTS = {
    "input": "输入", "codebook": "编码本", "survey": "调查数据", "model": "模型", "moments": "矩",
    "estimation": "估计", "index": "指数", "report": "报告", "options": "选项",
}  # fmt: skip

WHERES = (
    Text("option {name}", "选项 {name}"),
    Text("survey {name}", "调查 {name}"),
    Text("codebook {name}", "编码本 {name}"),
    Text("model {name}", "模型 {name}"),
    Text("construct {name}", "潜变量 {name}"),
    Text("item {name}", "题目 {name}"),
    Text("path {name}", "路径 {name}"),
    Text("{file}, column {name}", "{file}，{name} 列"),
    Text("codebook", "编码本"),
    Text("model", "模型"),
    Text("paths", "路径"),
    Text("index", "指数"),
)
"""Places."""

WRONGS = (
    Text("there is no such file", "没有该文件"),
    Text("there is no folder {name}", "没有文件夹 {name}"),
    Text("there is no codebook.toml in {place}", "{place} 中没有 codebook.toml"),
    Text("there is no model.toml in {place}", "{place} 中没有 model.toml"),
    Text("holds no file called survey.*", "其中没有名为 survey.* 的文件"),
    Text("holds several surveys ({names})", "其中有多个调查文件（{names}）"),
    Text("is not a key of the codebook", "不是编码本中的变量"),
    Text("is not a group of the codebook", "不是编码本中的分组变量"),
    Text("is the group, too", "同时又是分组变量"),
    Text("{value} is not possible", "{value} 不可用"),
    Text("there is no group to rank", "没有可排名的分组"),
    Text("there is one group to rank", "只有一个分组，无法排名"),
    Text("there is nothing to compare", "没有可比较的内容"),
    Text("there is no table of nodes they are for", "没有与之对应的汇总权重表"),
    Text("the file is empty: no data rows", "文件为空：没有数据行"),
    Text("nobody answered any item", "所有题目均无人作答"),
    Text("nobody answered item {name}", "题目 {name} 无人作答"),
    Text(
        "the file has no such column ({use} of the codebook)",
        "文件中没有该列（编码本中用于 {use}）",
    ),
    Text(
        "item {name} is constant: every answer is {value}",
        "题目 {name} 没有变化：所有回答均为 {value}",
    ),
    Text(
        "answers outside the scale {low} to {high}: {rows}",
        "有回答超出量表范围 {low} 至 {high}：{rows}",
    ),
    Text("it is not valid TOML: {why}", "不是有效的 TOML：{why}"),
    Text("unknown entry", "未知的条目"),
    Text("it has no name", "缺少名称"),
    Text("it has no constructs", "没有潜变量"),
    Text("it has no items", "没有题目"),
    Text("unknown construct {name}", "没有潜变量 {name}"),
    Text("unknown kind {name}", "没有测量方式 {name}"),
    Text("defined {count} times", "重复定义 {count} 次"),
    Text("given {count} times", "重复给出 {count} 次"),
    Text("no path leads from it or to it", "没有与之相连的路径"),
    Text("a circle: {path}", "路径构成环：{path}"),
    Text("it leads from a construct to itself", "路径由潜变量指向其自身"),
    Text("used {count} times (constructs: {names})", "重复使用 {count} 次（潜变量：{names}）"),
    Text("the name is not usable", "名称不可用"),
    Text("cannot write here ({why})", "无法写入（{why}）"),
    Text(
        "holds {names}, which would be replaced, and no {record} of csi",
        "其中已有 {names}，会被覆盖，且没有 csi 的 {record}",
    ),
    Text("the recorded file is not there", "记录中的文件不存在"),
    Text(
        "is not the file of the record (its SHA-256 differs)",
        "与记录中的文件不同（SHA-256 不一致）",
    ),
    Text("cannot be written here", "无法在此环境中输出"),
)
"""What is wrong."""

FIXES = (
    Text("did you mean {name}?", "是否为 {name}？"),
    Text("did you mean {name}? Known: {names}", "是否为 {name}？可用的有：{names}"),
    Text("known here: {names}", "可用的有：{names}"),
    Text("known: {names}", "可用的有：{names}"),
    Text("there is none to choose from", "没有可供选择的"),
    Text("correct the path", "请更正路径"),
    Text("give --codebook FILE, or draft one with `csi codebook draft`",
         "请用 --codebook 文件 指定，或用 `csi codebook draft` 起草"),
    Text("give --model FILE or a name that `csi models` lists",
         "请用 --model 指定文件，或指定 `csi models` 列出的名称"),
    Text("give a group key with --group", "请用 --group 指定分组变量"),
    Text("name one file", "请指定其中一个文件"),
    Text("name one with --aggregate FILE", "请用 --aggregate 文件 指定"),
    Text("choose another folder with --out", "请用 --out 指定其他文件夹"),
    Text("choose another folder with --out, or empty it",
         "请用 --out 指定其他文件夹，或清空该文件夹"),
    Text("give a file with answers", "请给出含有回答的文件"),
    Text("check columns and missing codes", "请检查列名与缺失代码"),
    Text("correct them, or declare such codes under missing in the codebook",
         "请更正，或在编码本的 missing 中声明这些代码"),
    Text("correct that line", "请更正该行"),
    Text("connect it or leave it out", "请为其添加路径，或删去"),
    Text("give it items or leave it out", "请为其添加题目，或删去"),
    Text("leave it out", "请删去"),
    Text("give it once", "请只给出一次"),
    Text("let it measure one construct, once", "每道题目只应测量一个潜变量，且只用一次"),
    Text("restore the file, or make a new run without --from",
         "请恢复该文件，或不用 --from 重新计算"),
    Text("use one of {names}", "请使用其中之一：{names}"),
    Text("use {names}", "请使用 {names}"),
    Text("try {value}", "可试用 {value}"),
)  # fmt: skip
"""How to go on."""


def counted(count: int, subject: str, language: Language) -> str:
    """Return how many faults there are.

    Examples
    --------
    >>> counted(2, "model", "zh")
    '模型有 2 处错误：'
    """
    name = SUBJECTS.get(subject, subject) if language == "zh" else subject
    return COUNTED.within(language).format(count=count, subject=name)


def sentence(fault: Fault | str, language: Language) -> str:
    """Return a fault as one line; each part stays English where no Chinese is known for it.

    Examples
    --------
    >>> lost = Fault("survey mobil", "there is no such file", "did you mean 'mobile'?")
    >>> sentence(lost, "zh")
    "调查 mobil：没有该文件；是否为 'mobile'？"
    """
    if language == "en" or isinstance(fault, str):
        return str(fault)
    told = {
        "where": _told(fault.where, WHERES),
        "what": _told(fault.what, WRONGS),
        "fix": _told(fault.fix, FIXES),
    }
    return LINE.within(language).format(**told)


def _told(words: str, known: tuple[Text, ...]) -> str:
    """Return words in Chinese by the most telling sentence that fits, else as they are."""
    for text in sorted(known, key=lambda text: -len(re.sub(r"\{\w+\}", "", text.en))):
        pieces = re.split(r"\{(\w+)\}", text.en)
        looks = (f"(?P<{p}>.+?)" if n % 2 else re.escape(p) for n, p in enumerate(pieces))
        if found := re.fullmatch("".join(looks), words, re.DOTALL):
            return text.zh.format(**found.groupdict())
    return words
