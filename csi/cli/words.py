"""Every fixed phrase of the command line's results, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Language, Text

PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        "fitting": Text("Fitting", "正在估计"),
        "only_group": Text(
            "Groups: {group}, the only group key of the codebook (--group none for no groups).",
            "分组：{group}（编码本中唯一的分组变量；不分组请用 --group none）。",
        ),
        "groups_there": Text(
            "No groups; the codebook has {groups} (--group NAME).",
            "未分组；编码本中可用的分组变量有 {groups}（--group 名称）。",
        ),
        "published": Text(
            "The published figures of {model} rest on --metric {metric} --scheme {scheme}; "
            "this run on --metric {own_metric} --scheme {own_scheme}.",
            "{model} 已发布的结果采用 --metric {metric} --scheme {scheme}；"
            "本次采用 --metric {own_metric} --scheme {own_scheme}。",
        ),
        "usual": Text(
            "Usual settings of {model} are --metric {metric} --scheme {scheme}; "
            "this run has --metric {own_metric} --scheme {own_scheme}.",
            "{model} 的常用设置为 --metric {metric} --scheme {scheme}；"
            "本次采用 --metric {own_metric} --scheme {own_scheme}。",
        ),
        "estimated": Text(
            "{estimator}, {scheme}, {items}; index weights {weights}; {missing}; "
            "{draws} bootstrap draws, seed {seed}.",
            "{estimator}，{scheme}，{items}；指数权重：{weights_in_words}；{missing}；"
            "自助法抽样 {draws} 次，随机种子 {seed}。",
        ),
        "scheme_path": Text("path scheme", "路径加权方案"),
        "scheme_centroid": Text("centroid scheme", "重心加权方案"),
        "scheme_factorial": Text("factorial scheme", "因子加权方案"),
        "items_standardised": Text("standardised items", "题目标准化"),
        "items_raw": Text("raw (centred) items", "题目保持原始尺度（仅中心化）"),
        "missing_em": Text("missing answers by EM", "缺失值采用 EM 算法处理"),
        "missing_pairwise": Text("missing answers pairwise", "缺失值成对删除"),
        "missing_complete": Text("complete cases only", "缺失值整例删除"),
        "wrote_one": Text("Wrote {file}.", "已写入 {file}。"),
        "wrote": Text(
            "Wrote {count} files into {folder}; start with {start}.",
            "已在 {folder} 中写入 {count} 个文件；请先查看 {start}。",
        ),
        "empty": Text(
            "No figure of the index could be given; the notes say why.",
            "没有可以发布的指数；原因见备注。",
        ),
        "version": Text(
            "The record was made with {program} {then}, this is {now}: bytes may differ.",
            "原运行使用 {program} {then}，当前为 {now}：文件可能不完全一致。",
        ),
        # fit
        "paths": Text("Paths", "路径系数"),
        "effects": Text("Total effects", "总效应"),
        "weights": Text("Weights and loadings (± standard error)", "权重与载荷（± 标准误）"),
        "quality": Text("Explained variance and reliability", "解释方差与信度"),
        "from": Text("From", "起点"),
        "to": Text("To", "终点"),
        "estimate": Text("Path", "路径系数"),
        "se": Text("SE", "标准误"),
        "interval": Text("{level} interval", "{level} 置信区间"),
        "indirect": Text("Indirect", "间接"),
        "total": Text("Total", "总效应"),
        "construct": Text("Construct", "潜变量"),
        "item": Text("Item", "题目"),
        "weight": Text("Weight", "权重"),
        "loading": Text("Loading", "载荷"),
        "index_weight": Text("Index weight", "指数权重"),
        "r2": Text("R²", "R²"),
        "r2_adjusted": Text("Adj. R²", "调整后 R²"),
        "reliability": Text("rho_A", "rho_A"),
        "theory": Text("* sign against theory", "* 符号与理论预期相反"),
        "ended": Text(
            "Settled after {steps} steps; {n} respondents (effective {effective}); "
            "{used} of {draws} draws used.",
            "迭代 {steps} 次后收敛；样本量 {n}（有效样本量 {effective}）；"
            "{draws} 次抽样中使用了 {used} 次。",
        ),
        "inadmissible": Text(
            "The solution is not admissible (a negative weight, say): look at the weights.",
            "解不合理（例如出现负权重），请检查各题目的权重。",
        ),
        # check
        "faults": Text("{count} faults", "{count} 处错误"),
        "fault": Text("1 fault", "1 处错误"),
        "where": Text("Where", "位置"),
        "what": Text("What", "问题"),
        "fix": Text("How to go on", "处理办法"),
        "clean": Text(
            "No faults: {n} respondents of {rows} rows in {file}.",
            "未发现错误：{file} 共 {rows} 行，纳入 {n} 名受访者。",
        ),
        "clean_model": Text(
            "The model {model} fits the codebook: {items} items in {constructs} constructs.",
            "模型 {model} 与编码本相符：{constructs} 个潜变量、{items} 个题目。",
        ),
        "item_table": Text("Answers", "各题目作答情况"),
        "label": Text("Label", "标签"),
        "scale": Text("Scale", "量表"),
        "answers": Text("Answers", "有效"),
        "gaps": Text("Missing", "缺失"),
        "mean": Text("Mean", "均值"),
        "sd": Text("SD", "标准差"),
        "left_out": Text(
            "{count} respondents left out: {reason}", "剔除 {count} 名受访者：{reason}"
        ),
        # codebook
        "column": Text("Column", "列名"),
        "codes": Text("Missing codes", "缺失代码"),
        "keys": Text("Time and groups", "时间与分组"),
        "name": Text("Name", "名称"),
        "values": Text("Values", "取值"),
        "design": Text("Design: {parts}", "抽样设计：{parts}"),
        "reversed": Text("reversed", "反向"),
        # models
        "catalogue": Text("Catalogue of models", "模型目录"),
        "title": Text("Title", "模型"),
        "since": Text("Since", "起始年"),
        "items": Text("Items", "题目"),
        "constructs": Text("Constructs", "潜变量"),
        "n_paths": Text("Paths", "路径"),
        "more": Text(
            "More of one: csi models show NAME [--questionnaire] [--lang zh]",
            "查看详情：csi models show 名称 [--questionnaire] [--lang zh]",
        ),
    }
)
"""Phrases by key; words in braces are filled in by :func:`phrase`."""


def phrase(key: str, language: Language, **values: object) -> str:
    """Return the phrase called `key` in `language`, with its braces filled.

    Examples
    --------
    >>> phrase("wrote_one", "zh", file="codebook.toml")
    '已写入 codebook.toml。'
    """
    return PHRASES[key].within(language).format(**values)
