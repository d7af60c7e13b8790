"""Every fixed phrase of the command line's results, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Language, Text

PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        "fitting": Text("Fitting", "正在估计"),
        "assessing": Text("Assessing", "正在评估"),
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
            "{estimator}, {scheme}, {items}; index weights {weights}; {missing}; {replication}.",
            "{estimator}，{scheme}，{items}；指数权重：{weights_in_words}；{missing}；"
            "{replication}。",
        ),
        "estimated_ml": Text(
            "Maximum likelihood; index weights {weights}; {missing}; {replication}.",
            "极大似然法；指数权重：{weights_in_words}；{missing}；{replication}。",
        ),
        "scheme_path": Text("path scheme", "路径加权方案"),
        "scheme_centroid": Text("centroid scheme", "重心加权方案"),
        "scheme_factorial": Text("factorial scheme", "因子加权方案"),
        "items_standardised": Text("standardised items", "题目标准化"),
        "items_raw": Text("raw (centred) items", "题目保持原始尺度（仅中心化）"),
        "and": Text(", ", "，"),
        "higher_repeated": Text("repeated indicators", "高阶潜变量采用重复指标法"),
        "higher_two-stage": Text("two stages (disjoint)", "高阶潜变量采用两阶段法（分离式）"),
        "higher_embedded": Text("two stages (embedded)", "高阶潜变量采用两阶段法（嵌入式）"),
        "missing_em": Text("missing answers by EM", "缺失值采用 EM 算法处理"),
        "missing_pairwise": Text("missing answers pairwise", "缺失值成对删除"),
        "missing_complete": Text("complete cases only", "缺失值整例删除"),
        "wrote_one": Text("Wrote {file}.", "已写入 {file}。"),
        "wrote": Text(
            "Wrote {count} files into {folder}; start with {start}.",
            "已在 {folder} 中写入 {count} 个文件；请先查看 {start}。",
        ),
        "not_written": Text(
            "Not written: {forms} (pip install 'csi[report]').",
            "未输出 {forms}（需先运行 pip install 'csi[report]'）。",
        ),
        "report_open": Text("Open {file}", "请打开 {file}"),
        "kind_workbook": Text("Excel: {files}", "Excel：{files}"),
        "kind_slides": Text("PowerPoint: {files}", "PowerPoint：{files}"),
        "kind_csv": Text("Tables (CSV and JSON): {files}", "数据表（CSV 与 JSON）：{files}"),
        "kind_parquet": Text("Tables (Parquet): {files}", "数据表（Parquet）：{files}"),
        "kind_charts": Text("Charts: {files}", "图：{files}"),
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
        "composite": Text("Reliability", "信度"),
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
        "measures": Text("Fit of the covariances", "协方差结构的拟合"),
        "measure": Text("Measure", "指标"),
        "value": Text("Value", "数值"),
        "interval_90": Text("90% interval", "90% 置信区间"),
        "robust": Text("Robust", "稳健"),
        "fit_chi_square": Text("Chi-square", "卡方"),
        "fit_degrees_of_freedom": Text("Degrees of freedom", "自由度"),
        "fit_baseline_chi_square": Text("Chi-square, independent items", "基线模型卡方"),
        "fit_baseline_degrees_of_freedom": Text(
            "Degrees of freedom, independent items", "基线模型自由度"
        ),
        "fit_cfi": Text("CFI", "CFI"),
        "fit_tli": Text("TLI", "TLI"),
        "fit_nfi": Text("NFI", "NFI"),
        "fit_rmsea": Text("RMSEA (p of 0.05 at most)", "RMSEA（p 为不超过 0.05 的检验）"),
        "fit_srmr": Text("SRMR", "SRMR"),
        "fit_gfi": Text("GFI", "GFI"),
        "fit_log_likelihood": Text("Log-likelihood", "对数似然"),
        "fit_aic": Text("AIC", "AIC"),
        "fit_bic": Text("BIC", "BIC"),
        "fit_free_parameters": Text("Free parameters", "自由参数"),
        "fit_respondents": Text("Respondents", "受访者"),
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
        # plan
        "plan": Text("Plan of a survey", "调查方案"),
        "plan_from": Text(
            "Plan from the figures of {year}: {construct}", "依据{year}数据的调查方案：{construct}"
        ),
        "given": Text("Given", "给定条件"),
        "given_n": Text("n = {value}", "样本量 {value}"),
        "given_margin": Text("margin ±{value}", "误差范围 ±{value}"),
        "given_change": Text("change {value}", "变化 {value} 分"),
        "group": Text("Group", "分组"),
        "all_groups": Text("All respondents", "全部受访者"),
        "index": Text("Index", "指数"),
        "n": Text("n", "样本量"),
        "margin": Text("Margin\n±", "误差范围\n±"),
        "critical": Text("Significant\nchange", "显著\n变化"),
        "detectable": Text("Found in\n{power}", "可检出变化\n（{power}）"),
        "contacts": Text("To\ncontact", "需联系\n人数"),
        "total_n": Text("All\nn", "总样\n本量"),
        "total_contacts": Text("All to\ncontact", "需联系\n总人数"),
        "margin_all": Text("Mean of\nall ±", "均值误差\n范围 ±"),
        "league": Text("Relia-\nbility", "排名\n信度"),
        "deff": Text("Design\neffect", "设计\n效应"),
        "n_for_margin": Text("n for\n±{value}", "±{value}\n所需样本量"),
        "n_for_change": Text("n for\nchange {value}", "检出 {value} 分\n所需样本量"),
        "plan_n": Text(
            "With {n} answers a company, its index has a margin of error of ±{margin} points "
            "({level}).",
            "每家企业 {n} 个样本时，指数的误差范围为 ±{margin} 分（置信水平 {level}）。",
        ),
        "plan_margin": Text(
            "A margin of error of ±{value} points ({level}) takes {n} answers a company; it is "
            "then ±{margin}.",
            "误差范围要控制在 ±{value} 分以内（置信水平 {level}），每家企业需要 {n} 个样本，"
            "此时误差范围为 ±{margin} 分。",
        ),
        "plan_margin_met": Text(
            "A margin of error of ±{value} points ({level}) takes {n} answers a company.",
            "误差范围要控制在 ±{value} 分以内（置信水平 {level}），每家企业需要 {n} 个样本。",
        ),
        "plan_change": Text(
            "To find a true change of {value} points in {power} of cases takes {n} answers a "
            "company in each survey. The margin of error is then ±{margin} points, and a change "
            "must reach {critical} points to be significant (both at {level}).",
            "要以 {power} 的把握检出 {value} 分的真实变化，每次调查每家企业需要 {n} 个样本；"
            "此时误差范围为 ±{margin} 分，变化达到 {critical} 分即为显著（置信水平均为 {level}）。",
        ),
        "plan_changes": Text(
            "A change between two such surveys must reach {critical} points to be significant at "
            "{level}, and a true change of {detectable} points is found in {power} of cases.",
            "两次这样的调查相比，变化达到 {critical} 分才算显著（置信水平 {level}）；"
            "真实变化为 {detectable} 分时，检出的把握为 {power}。",
        ),
        "plan_contacts": Text(
            "At a response rate of {rate}, {contacts} people must be contacted for it.",
            "按 {rate} 的应答率计算，每家企业需联系 {contacts} 人。",
        ),
        "plan_too_many": Text(
            "That is more than there are: this sample cannot be reached.",
            "这已超过客户总数，无法取得这样的样本。",
        ),
        "plan_groups": Text(
            "{groups} companies take {total} answers in all; their mean, all counting the same, "
            "has a margin of ±{margin} points.",
            "{groups} 家企业共需 {total} 个样本；各企业等权平均后，均值的误差范围为 ±{margin} 分。",
        ),
        "plan_league": Text(
            "The reliability of a league table is {reliability}, where true indices have a "
            "standard deviation of {spread} points.",
            "各企业真实指数的标准差为 {spread} 分时，排名的信度为 {reliability}。",
        ),
        "plan_assumed": Text(
            "Assumed: standard deviation {sd} points, design effect {deff}, {population}, {panel}.",
            "计算前提：标准差 {sd} 分，设计效应 {deff}，{population}，{panel}。",
        ),
        "plan_many": Text("a large number of customers", "客户总数很大"),
        "plan_population": Text(
            "{population} customers a company", "每家企业共有 {population} 名客户"
        ),
        "plan_apart": Text("different respondents in each survey", "两次调查的受访者互不重复"),
        "plan_panel": Text(
            "{overlap} of respondents in both surveys (correlation {correlation})",
            "{overlap} 的受访者两次都参加（两次评分的相关系数为 {correlation}）",
        ),
        "present_one": Text(
            "{group}: ±{margin} points with {n} answers; a change must reach {critical} points to "
            "be significant, and one of {detectable} is found in {power} of cases.",
            "{group}：{n} 个样本，误差范围 ±{margin} 分；变化达到 {critical} 分才算显著，"
            "真实变化为 {detectable} 分时，检出的把握为 {power}。",
        ),
        "present_margin": Text(
            "For ±{value} in each group it takes {total} answers in all; there are {now} now.",
            "要使各组误差范围均为 ±{value} 分，共需 {total} 个样本；目前为 {now} 个。",
        ),
        "present_change": Text(
            "To find a change of {value} in each group takes {total} answers in all; there are "
            "{now} now.",
            "要在各组中都能检出 {value} 分的变化，共需 {total} 个样本；目前为 {now} 个。",
        ),
        "present_level": Text(
            "Margins and tests at {level}; the design stays as it is.",
            "误差范围和检验的置信水平为 {level}；抽样设计保持不变。",
        ),
        "present_assumed": Text(
            "No error of a change is known for {groups}: two independent surveys like this one "
            "are taken.",
            "{groups} 没有变化的标准误，按两次相互独立的同类调查计算。",
        ),
        "present_none": Text("{group}: no plan ({why}).", "{group}：无法给出方案（{why}）。"),
        "no_margin": Text("no margin of error", "无误差范围"),
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
