"""Phrases of the methods page and of the disclosure lists; see `csi.report.words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Text

METHODS_PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        "mt_item": Text("Item", "项目"),
        "mt_said": Text("Statement", "说明"),
        "mt_lead": Text(
            "What is said of the survey stands in the codebook, mostly in its section [study]; "
            "what is said of the figures is what was computed. What the codebook does not state "
            "is listed as not stated under Disclosure.",
            "关于调查的说明取自编码本（主要是 [study] 部分），关于指数的说明即实际所做的计算。"
            "编码本未说明的事项，在“信息披露”中逐条列出。",
        ),
        # the survey
        "cap_study": Text("The survey", "调查"),
        "st_sponsor": Text("Sponsor", "委托方"),
        "st_conducted_by": Text("Conducted by", "执行方"),
        "st_funding": Text("Funding", "资金来源"),
        "st_frame": Text("Sampling frame", "抽样框"),
        "st_sampling": Text("Sampling", "抽样方法"),
        "st_recruitment": Text("Recruitment", "受访者招募"),
        "st_mode": Text("Mode of interviews", "访问方式"),
        "st_fieldwork": Text("Fieldwork", "执行时间"),
        "st_languages": Text("Languages", "访问语言"),
        "st_incentives": Text("Incentives", "酬谢"),
        "st_questionnaire": Text("Source of the questions", "问卷来源"),
        "st_weighting": Text("How weights were made", "权重的构成"),
        "st_quality": Text("Processing and checks", "数据处理与质量控制"),
        "st_limitations": Text("Limitations", "局限"),
        "st_contact": Text("Contact", "联系方式"),
        "st_issued": Text("Issued sample", "发出样本"),
        "st_response_rate": Text("Response rate", "应答率"),
        "st_response_rule": Text("Response rate by", "应答率的计算口径"),
        "st_note": Text("Note", "备注"),
        "st_title": Text("Title", "名称"),
        # the sample
        "cap_sample": Text("Respondents whose answers count", "纳入计算的受访者人数"),
        "cap_waves": Text("Fieldwork and response by period", "各期执行与应答情况"),
        "sample_weighted": Text(
            "Effective n (n_effective in index.csv) is the size of an unweighted sample of the "
            "same precision by Kish's rule.",
            "有效样本量（index.csv 中的 n_effective）按 Kish 公式计算，"
            "即精度相当的未加权样本的大小。",
        ),
        # the model
        "cap_model_words": Text("The model in words", "模型说明"),
        "mk_kind": Text("Measured as", "测量方式"),
        "mk_from": Text("Explained by", "解释变量"),
        "mk_items": Text("Items", "题目"),
        "kind_reflective": Text("factor seen in its items", "反映型"),
        "kind_composite": Text("composite of its items", "组合型"),
        "kind_formative": Text("formed by its items", "形成型"),
        "kind_single": Text("one item", "单题"),
        "kind_whole": Text("made of {parts}", "由{parts}构成"),
        "mk_nothing": Text("nothing in the model", "模型内无"),
        # the figures
        "cap_figures": Text("The figures", "指标的计算"),
        "mt_formula": Text("Index formula", "指数公式"),
        "mt_formula_words": Text(
            "Each item's mean over respondents (by their sampling weights) is brought from the "
            "ends of its answer scale to 0 to 100; the index is the mean of these by the index "
            "weights of the items, which add up to one within a construct (times the length of the "
            "scale where items of a construct have scales of different length).",
            "各题目先求受访者均值（按抽样权重），由量表两端换算为 0–100 分；"
            "指数为各题目按指数权重的加权平均（同一潜变量内权重合计为 1；"
            "若题目量表长度不同，权重再乘以量表长度）。",
        ),
        "mt_margin": Text("What margins cover", "误差范围包含的内容"),
        "mt_margin_words": Text(
            "The error of asking a sample instead of everybody, with the design stated above, and "
            "of estimating the weights of the items from the same survey.",
            "包含以样本代替总体（按上述抽样设计）以及用同一调查估计题目权重所带来的误差。",
        ),
        "mt_margin_fixed": Text(
            "The error of asking a sample instead of everybody, with the design stated above; the "
            "weights of the items are taken as given.",
            "包含以样本代替总体（按上述抽样设计）所带来的误差；题目权重视为给定。",
        ),
        "mt_not_covered": Text("What they do not cover", "误差范围不包含的内容"),
        "mt_not_covered_words": Text(
            "People who could not be reached or did not answer, people missing from the frame, "
            "the wording and order of questions, the mode, errors of processing, and whether "
            "the model is right.",
            "无法接触或拒绝应答者、抽样框遗漏者、题目措辞与顺序、访问方式、"
            "数据处理差错以及模型本身是否正确等影响。",
        ),
        "mt_random": Text(
            "Margins hold for random samples; how people were selected is not stated here.",
            "误差范围以随机抽样为前提；抽样方法未在编码本中说明。",
        ),
        "mt_tests": Text("Tests of changes", "变化的检验"),
        "mt_tests_words": Text(
            "Two-sided, against the year named beside the change, at p < {alpha}. Arrows and stars "
            "test each change by itself; p (Holm) and the column p_bh of index.csv are adjusted "
            "for all changes of a construct at once.",
            "双侧检验，与所注明的对比年份相比，显著性水平 p < {alpha}。箭头和星号为逐个检验；"
            "p 值（Holm）及 index.csv 中的 p_bh 已按同一潜变量的全部变化作多重比较校正。",
        ),
        "mt_league": Text("Ranks", "名次"),
        "mt_league_words": Text(
            "Rank sets of all groups hold together with {level} confidence; letters are of all "
            "pairs at once.",
            "全部分组的名次区间在 {level} 置信水平下同时成立；字母按全部两两比较确定。",
        ),
        "mt_rounding": Text("Rounding", "数值修约"),
        "mt_rounding_words": Text(
            "Figures are rounded for show only, index figures to one decimal; the tables written "
            "beside this page have full precision, and changes are of unrounded figures.",
            "仅在显示时修约，指数保留一位小数；随本页输出的数据表为完整精度，变化由未修约数值计算。",
        ),
        "mt_left": Text("Respondents left out", "剔除的受访者"),
        "mt_left_words": Text("See “{section}”.", "见“{section}”。"),
        # software
        "cap_files": Text("Software and files", "软件与文件"),
        "mt_software": Text("Software", "软件"),
        "mt_sha": Text("SHA-256 of {file}", "{file} 的 SHA-256 值"),
        "mt_repeat": Text("To repeat it", "重现方法"),
        "mt_repeat_words": Text(
            "csi {command} --from run.json --out FOLDER; with the same versions it gives the same "
            "bytes.",
            "运行 csi {command} --from run.json --out 文件夹；软件版本相同时，输出逐字节一致。",
        ),
        # disclosure
        "disclosure": Text("Disclosure", "信息披露"),
        "disclosure_lead": Text(
            "The items that the American Association for Public Opinion Research asks to be "
            "disclosed with results (2021), and where they stand in this report. This list is an "
            "aid to readers and no certificate.",
            "下表列出美国民意研究协会（AAPOR）2021 年要求随结果披露的事项及其在本报告中的位置，"
            "仅供读者核对，并非认证。",
        ),
        "not_stated": Text("not stated by the codebook ({entry})", "编码本未说明（{entry}）"),
        "disclosure_count": Text(
            "Not stated by the codebook ({count}): {entries}.",
            "编码本未说明的事项有 {count} 项：{entries}。",
        ),
        "disclosure_all": Text("The codebook states every entry.", "编码本已说明各项。"),
        "cap_aapor": Text("Disclosure items of AAPOR", "AAPOR 披露事项"),
        "cap_iso": Text("Parts of ISO 10004:2018", "与 ISO 10004:2018 的对应"),
        "ds_where": Text("Where", "所在位置"),
        "ds_clause": Text("Clause", "条款"),
        "ap_strategy": Text("1 Strategy of data collection", "1 数据收集方式"),
        "ap_who": Text("2 Sponsor and conductor", "2 委托方与执行方"),
        "ap_instrument": Text("3 Measurement instrument", "3 测量工具"),
        "ap_population": Text("4 Population", "4 调查总体"),
        "ap_sample": Text("5 How the sample was made", "5 样本的产生与招募"),
        "ap_mode": Text("6 Method and mode", "6 收集方法与访问方式"),
        "ap_dates": Text("7 Dates", "7 执行日期"),
        "ap_sizes": Text("8 Sample size and precision", "8 样本量与精度"),
        "ap_weights": Text("9 Weighting", "9 加权"),
        "ap_processing": Text("10 Processing and quality", "10 数据处理与质量控制"),
        "ap_limits": Text("11 Limitations", "11 局限"),
        "ds_survey": Text(
            "sample survey with scaled questions ({section})", "量表题抽样调查（见“{section}”）"
        ),
        "ds_sections": Text("see {sections}", "见{sections}"),
        "iso_plan": Text("6 Planning", "6 策划"),
        "iso_expect": Text("7 Operation: expectations of customers", "7 运行：识别顾客期望"),
        "iso_gather": Text("7 Operation: gathering data", "7 运行：收集数据"),
        "iso_analyse": Text("7 Operation: analysing data", "7 运行：分析数据"),
        "iso_communicate": Text("7 Operation: communicating", "7 运行：沟通信息"),
        "iso_monitor": Text("7 Operation: monitoring", "7 运行：监视"),
        "iso_improve": Text("8 Maintenance and improvement", "8 保持与改进"),
        "iso_plan_words": Text(
            "periods, groups and aims of the survey are the client's; what was covered: {sections}",
            "调查的目的、周期与对象由委托方确定；实际范围见{sections}",
        ),
        "iso_improve_words": Text(
            "whether the measurement itself is any good: {sections}; decisions and their follow-up "
            "are no part of this report",
            "测量本身的质量见{sections}；决策及其跟进不属于本报告",
        ),
        "iso_none": Text("not in this report", "本报告未包含"),
        "iso_words": Text(
            "By titles of the clauses; the standard prescribes no index formula, and this table "
            "claims no conformity.",
            "按条款名称对应；该标准未规定指数公式，本表不构成符合性声明。",
        ),
    }
)
"""Phrases by key, beside those of `csi.report.words`."""
