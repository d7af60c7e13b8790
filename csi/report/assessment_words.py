"""Phrases of the assessment; see `csi.report.words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.text import Text

ASSESSMENT_PHRASES: Mapping[str, Text] = MappingProxyType(
    {
        "assessment": Text("Is the model any good?", "模型是否可靠"),
        "assessment_of": Text(
            "{estimator}; n = {n}; intervals at {level} from {draws} replicates ({replication}).",
            "{estimator}；n = {n}；{level} 置信区间，基于 {draws} 次重复（{replication}）。",
        ),
        "assessment_where": Text("Respondents with {where}.", "受访者范围：{where}。"),
        "assessment_all": Text("All respondents of the survey.", "全部受访者。"),
        "assessment_legend": Text(
            "Each sentence is one measure judged by a convention of the literature; conventions "
            "are rules of thumb. Good: meets it. Doubtful: near it, or not told by these data. "
            "Poor: misses it. Note: to know, not to judge.",
            "每句话按文献中的惯例评判一项指标；惯例只是经验法则。良好：达到要求；存疑：接近界限或数据不足以判断；"
            "不足：未达要求；说明：供了解，不作评判。",
        ),
        "topic_answers": Text("Answers", "回答质量"),
        "topic_measurement": Text("Measurement", "测量质量"),
        "topic_structure": Text("Structure", "结构模型"),
        "topic_prediction": Text("Prediction", "预测能力"),
        "topic_comparability": Text("Comparability", "可比性"),
        "topic_segments": Text("Hidden groups", "潜在分群"),
        "grade_good": Text("Good", "良好"),
        "grade_doubtful": Text("Doubtful", "存疑"),
        "grade_poor": Text("Poor", "不足"),
        "grade_told": Text("Note", "说明"),
        "topic": Text("Topic", "主题"),
        "worst": Text("Worst", "最低评价"),
        "cap_topics": Text("Verdicts by topic", "各主题评价"),
        "assessment_year": Text(
            "The model in {year}, all groups together.", "{year}的模型，全部分组合并。"
        ),
        "good_of_topic": Text("{topic}: {count} verdicts.", "{topic}：{count} 项评价。"),
        "good_of_topic_one": Text("{topic}: 1 verdict.", "{topic}：1 项评价。"),
        "cap_comparability": Text("What may be compared", "可以比较的内容"),
        "all_constructs": Text("All constructs", "全部潜变量"),
        "pair": Text("Pair", "比较对象"),
        "may_impacts": Text("Paths", "路径"),
        "may_levels": Text("Levels", "水平"),
        "may_pooling": Text("Pooling", "合并"),
        "why": Text("Found", "检验结果"),
        "alt_mediation": Text(
            "Direct, indirect and total effects on {target} with their intervals; the figures are "
            "in the table of effects.",
            "对{target}的直接、间接与总效应及其置信区间；数值见效应表。",
        ),
        "alt_moderation": Text(
            "Lines of the target against the source of each term at a low, average and high "
            "moderator; the slopes are in the table of simple slopes.",
            "各交互项在调节变量较低、平均和较高时，目标随起点变化的线条；斜率见简单斜率表。",
        ),
        "more_tables": Text("More tables", "其他表格"),
        "not_assessed": Text("Not assessed", "未评估的部分"),
        "good_folded": Text("{count} more verdicts are good.", "另有 {count} 项评价为良好。"),
        "good_folded_one": Text("1 more verdict is good.", "另有 1 项评价为良好。"),
        "good_all_one": Text("The one verdict is good.", "唯一一项评价为良好。"),
        "good_all": Text("All {count} verdicts are good.", "全部 {count} 项评价均为良好。"),
        "measure": Text("Measure", "指标"),
        "assessed_by": Text("Convention from {source}.", "惯例来源：{source}。"),
    }
)
