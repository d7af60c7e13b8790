"""What tables and columns of an assessment are called and mean."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from csi.report.assessment_notes import ASSESSMENT_CELLS
from csi.report.note_words import in_words
from csi.text import Language, Text

_HEADS: Mapping[str, Text] = MappingProxyType(
    {
        "topic": Text("Topic", "主题"),
        "measure": Text("Measure", "指标"),
        "about": Text("About", "对象"),
        "grade": Text("Grade", "评价"),
        "value": Text("Value", "数值"),
        "sentence": Text("Sentence", "英文说明"),
        "sentence_zh": Text("Sentence in Chinese", "中文说明"),
        "source": Text("Source", "来源"),
        "construct": Text("Construct", "潜变量"),
        "item": Text("Item", "题目"),
        "from": Text("From", "起点"),
        "to": Text("To", "终点"),
        "other": Text("Other", "另一方"),
        "predictor": Text("Predictor", "预测变量"),
        "estimate": Text("Estimate", "估计值"),
        "se": Text("SE", "标准误"),
        "lower": Text("Lower", "下限"),
        "upper": Text("Upper", "上限"),
        "limit": Text("Upper limit", "单侧上限"),
        "p_value": Text("p", "p 值"),
        "p_adjusted": Text("Adjusted p", "校正 p 值"),
        "draws": Text("Draws", "重抽样次数"),
        "note": Text("Note", "备注"),
        "n": Text("n", "样本量"),
        "year": Text("Year", "年份"),
        "group": Text("Group", "分组"),
        "reversed": Text("Reversed", "反向计分"),
        "put": Text("Asked", "询问"),
        "answered": Text("Answered", "回答"),
        "nonresponse": Text("Nonresponse", "未答"),
        "floor": Text("Floor", "最差答案"),
        "ceiling": Text("Ceiling", "最好答案"),
        "style": Text("Style", "作答风格"),
        "mean": Text("Mean", "均值"),
        "flag": Text("Flag", "标记"),
        "sign": Text("Sign", "迹象"),
        "cut_off": Text("Cut-off", "界限"),
        "counted": Text("Counts", "计入"),
        "judged": Text("Judged", "可判断"),
        "flagged": Text("Flagged", "被标记"),
        "share": Text("Share", "比例"),
        "index": Text("Index", "指数"),
        "index_without": Text("Index without", "剔除后指数"),
        "difference": Text("Difference", "差值"),
        "n_flagged": Text("Flagged", "被标记"),
        "share_flagged": Text("Share flagged", "被标记比例"),
        "slope": Text("Slope", "斜率"),
        "slope_without": Text("Slope without", "剔除后斜率"),
        "respondent": Text("Respondent", "受访者"),
        "weight": Text("Weight", "权重"),
        "straight_lining": Text("Straight-lining", "直线作答"),
        "long_string": Text("Longest string", "最长相同串"),
        "irv": Text("IRV", "个体变异"),
        "irv_of_chance": Text("IRV of chance", "随机作答的变异"),
        "mahalanobis": Text("Mahalanobis distance", "马氏距离"),
        "mahalanobis_df": Text("Degrees of freedom", "自由度"),
        "mahalanobis_p": Text("p of distance", "距离的 p 值"),
        "even_odd": Text("Even-odd", "奇偶一致性"),
        "duration": Text("Duration", "用时"),
        "speed": Text("Speed", "速度"),
        "acquiescence": Text("Acquiescence", "默认倾向"),
        "extreme": Text("Extreme answers", "极端答案"),
        "midpoint": Text("Midpoint answers", "中间答案"),
        "flags": Text("Flags", "标记数"),
        "signs": Text("Signs", "迹象数"),
        "impacts": Text("Impacts", "影响力可比"),
        "levels": Text("Levels", "水平可比"),
        "pooling": Text("Pooling", "可合并"),
        "why": Text("Why", "原因"),
        "check": Text("Check", "检查"),
        "holds": Text("Holds", "成立"),
        "detail": Text("Detail", "详情"),
        "detail_zh": Text("Detail in Chinese", "中文详情"),
        "configural": Text("Configural", "构型"),
        "compositional": Text("Compositional", "组合"),
        "equal_means": Text("Equal means", "均值相等"),
        "equal_variances": Text("Equal variances", "方差相等"),
        "invariance": Text("Invariance", "不变性"),
        "correlation": Text("Correlation", "相关"),
        "mean_difference": Text("Mean difference", "均值差"),
        "log_variance_ratio": Text("Log variance ratio", "方差比的对数"),
        "points": Text("Points", "分"),
        "other_share": Text("Other share", "另一方比例"),
        "other_n": Text("Other n", "另一方样本量"),
        "permutations": Text("Permutations", "置换次数"),
        "beyond": Text("Beyond", "超出"),
        "draws_share": Text("In draws", "重抽样比例"),
        "expected_sign": Text("Expected sign", "预期符号"),
        "cause_VIF": Text("VIF of cause", "起点的 VIF"),
        "items": Text("Items", "题目数"),
        "q2_predict": Text("Q²_predict", "Q²_predict"),
        "q2_positive": Text("Q² above 0", "Q² 为正"),
        "judged_by": Text("Judged by", "依据"),
        "better": Text("Better than LM", "优于线性回归"),
        "power": Text("Power", "预测力"),
        "against": Text("Against", "对照"),
        "loss": Text("Loss", "损失"),
        "loss_other": Text("Other loss", "对照损失"),
        "t": Text("t", "t"),
        "freedom": Text("Degrees of freedom", "自由度"),
        "p": Text("p", "p 值"),
        "p_bootstrap": Text("Bootstrap p", "自助法 p 值"),
        "rmse": Text("RMSE", "RMSE"),
        "mae": Text("MAE", "MAE"),
        "rmse_pls": Text("RMSE PLS", "RMSE PLS"),
        "rmse_lm": Text("RMSE LM", "RMSE 线性回归"),
        "rmse_ia": Text("RMSE mean", "RMSE 均值"),
        "mae_pls": Text("MAE PLS", "MAE PLS"),
        "mae_lm": Text("MAE LM", "MAE 线性回归"),
        "mae_ia": Text("MAE mean", "MAE 均值"),
        "rmse_in": Text("RMSE in sample", "样本内 RMSE"),
        "mae_in": Text("MAE in sample", "样本内 MAE"),
        "rmse_lm_in": Text("RMSE LM in sample", "样本内 RMSE 线性回归"),
        "mae_lm_in": Text("MAE LM in sample", "样本内 MAE 线性回归"),
        "overfit": Text("Overfit", "过拟合比"),
        "rmse_sd": Text("SD of RMSE", "RMSE 标准差"),
        "skewness": Text("Skewness", "偏度"),
        "left_out": Text("Left out", "未纳入"),
        "structure": Text("Model", "模型"),
        "critical": Text("Critical", "临界值"),
        "chain": Text("Chain", "路径链"),
        "aic": Text("AIC", "AIC"),
        "aic3": Text("AIC3", "AIC3"),
        "aic4": Text("AIC4", "AIC4"),
        "bic": Text("BIC", "BIC"),
        "caic": Text("CAIC", "CAIC"),
        "hq": Text("HQ", "HQ"),
        "mdl5": Text("MDL5", "MDL5"),
        "icl": Text("ICL", "ICL"),
        "en": Text("EN", "EN（归一化熵）"),
        "nfi": Text("NFI", "NFI"),
        "nec": Text("NEC", "NEC"),
        "loglik": Text("Log-likelihood", "对数似然"),
        "parameters": Text("Parameters", "参数个数"),
        "considered": Text("Considered", "纳入考虑"),
        "converged": Text("Settled", "已收敛"),
        "empty": Text("Empty", "空分群"),
        "floored": Text("At the floor", "触及下限"),
        "unsettled": Text("Not settled", "未收敛"),
        "reached": Text("Reached", "达到最优"),
        "starts": Text("Starts", "起始次数"),
        "steps": Text("Steps", "步数"),
        "smallest_n": Text("Smallest n", "最小样本量"),
        "smallest_share": Text("Smallest share", "最小比例"),
        "share_assigned": Text("Share assigned", "归类比例"),
        "large_enough": Text("Large enough", "规模足够"),
        "probability": Text("Probability", "归属概率"),
        "n_effective": Text("Effective n", "有效样本量"),
        "r2": Text("R²", "R²"),
        "intercept": Text("Intercept", "截距"),
        "residual_variance": Text("Residual variance", "残差方差"),
        "standardised": Text("Standardised", "标准化"),
        "irv_turned": Text("IRV, reversed items turned", "个体变异（反向题转换后）"),
        "row": Text("Row", "行"),
        "moe": Text("Margin of error", "误差范围"),
        "share_in_segment": Text("Share of the segment", "占分群比例"),
        "cramers_v": Text("Cramér's V", "Cramér's V（关联强度）"),
        "design_effect": Text("Design effect", "设计效应"),
        "f": Text("F", "F 值"),
        "df1": Text("df 1", "自由度 1"),
        "df2": Text("df 2", "自由度 2"),
        "flag_straight_lining": Text("Flag: straight lines", "标记：直线作答"),
        "flag_long_string": Text("Flag: long string", "标记：长串相同"),
        "flag_irv_low": Text("Flag: little variability", "标记：变异过小"),
        "flag_irv_high": Text("Flag: much variability", "标记：变异过大"),
        "flag_mahalanobis": Text("Flag: distance", "标记：马氏距离"),
        "flag_even_odd": Text("Flag: even-odd", "标记：奇偶不一致"),
        "flag_speed": Text("Flag: speed", "标记：速度"),
        "flag_nonresponse": Text("Flag: nonresponse", "标记：未答"),
        "flag_acquiescence": Text("Flag: acquiescence", "标记：默认倾向"),
        "term": Text("Term", "项"),
        "moderator": Text("Moderator", "调节变量"),
        "at": Text("At", "取值处"),
        "at_points": Text("At, points", "取值处（分）"),
        "inside": Text("Within the answers", "在回答范围内"),
        "share_beyond": Text("Share beyond", "超出部分比例"),
        "terms": Text("Terms together", "同时纳入的项"),
        "level": Text("Level", "水平"),
        "level_points": Text("Level, points", "水平（分）"),
        "distinct": Text("Different values", "不同取值数"),
        "kurtosis": Text("Kurtosis", "峰度"),
        "statistic": Text("Statistic", "统计量"),
        "copulas": Text("Copulas", "联结项"),
        "moderator_points": Text("Moderator, points", "调节变量（分）"),
        "n_used": Text("n used", "使用样本量"),
        "anderson_darling": Text("Anderson-Darling", "Anderson-Darling"),
        "respondents": Text("Respondents", "受访者"),
        "folds": Text("Folds", "折数"),
        "repetitions": Text("Repetitions", "重复次数"),
        "smallest_fold": Text("Smallest fold", "最小一折"),
        "largest_fold": Text("Largest fold", "最大一折"),
        "folds_failed": Text("Folds without a solution", "无解的折数"),
        "segments": Text("Segments", "分群数"),
        "segment": Text("Segment", "分群"),
        "key": Text("Key", "变量"),
        "values": Text("Values", "取值数"),
    }
)
"""Heads of columns, shown on the page."""

_MEANINGS: Mapping[str, Text] = MappingProxyType(
    {
        "estimate": Text("Value of the measure", "指标的数值"),
        "se": Text("Standard error", "标准误"),
        "lower": Text("Lower end of the interval", "置信区间下限"),
        "upper": Text("Upper end of the interval", "置信区间上限"),
        "limit": Text("One-sided upper limit at the confidence level", "给定置信水平下的单侧上限"),
        "p_value": Text("Two-sided p value", "双侧检验 p 值"),
        "draws": Text(
            "Replicates that the error and the interval rest on", "误差与区间所依据的重复次数"
        ),
        "note": Text(
            "What to know of this row, such as why there is no figure",
            "对该行的说明，如没有数值的原因",
        ),
        "sentence": Text("The verdict as a sentence", "评价（英文）"),
        "grade": Text(
            "good, doubtful, poor, or told for a fact that is not judged",
            "评价：good 良好，doubtful 存疑，poor 不足，told 仅作说明",
        ),
        "source": Text("Key of the convention in the bibliography", "惯例在参考文献中的代号"),
        "loss": Text("Mean squared error of the model's predictions", "模型预测的均方误差"),
        "difference": Text("The one less the other", "两者之差"),
        "overfit": Text("RMSE out of sample over RMSE in sample", "样本外 RMSE 与样本内 RMSE 之比"),
        "critical": Text(
            "Largest value that chance explains at 5 %", "5% 水平下可由随机误差解释的最大值"
        ),
        "share": Text("Weighted share", "加权比例"),
        "floor": Text("Weighted share of the worst answer", "最差答案的加权比例"),
        "ceiling": Text("Weighted share of the best answer", "最好答案的加权比例"),
        "irv": Text(
            "Standard deviation of a respondent's answers, scales from 0 to 1",
            "受访者各题答案的标准差（量表换算为 0–1）",
        ),
    }
)
"""What a column is, where its head does not say enough."""

_CAPTIONS: Mapping[str, Text] = MappingProxyType(
    {
        "verdicts": Text("Verdicts, with their conventions", "全部评价及其惯例来源"),
        "answers_summary": Text("Signs of careless answers", "敷衍作答的迹象"),
        "answers_items": Text(
            "Questions: nonresponse, floor and ceiling", "题目：未答、地板与天花板"
        ),
        "answers_styles": Text("Answering styles", "作答风格"),
        "answers_respondents": Text("Signs by respondent", "各受访者的迹象"),
        "answers_without_flagged": Text(
            "Index with and without the respondents flagged", "包含与剔除被标记受访者的指数"
        ),
        "answers_paths_without": Text(
            "Paths with and without the respondents flagged", "包含与剔除被标记受访者的路径"
        ),
        "measurement_reliability": Text("Reliability and convergent validity", "信度与聚合效度"),
        "measurement_loadings": Text("Loadings and weights", "载荷与权重"),
        "measurement_cross_loadings": Text("Cross-loadings", "交叉载荷"),
        "measurement_discriminant": Text(
            "Discriminant validity: HTMT, HTMT2, Fornell-Larcker",
            "区分效度：HTMT、HTMT2、Fornell-Larcker",
        ),
        "measurement_collinearity": Text("Collinearity: variance inflation", "共线性：方差膨胀"),
        "measurement_formative": Text("Weights of formative blocks", "形成型模块的权重"),
        "measurement_redundancy": Text("Redundancy and communality", "冗余与共同度"),
        "measurement_dimensions": Text("Eigenvalues of the blocks", "各模块的特征值"),
        "measurement_admissibility": Text("Impossible figures", "不可能的数值"),
        "structure_near_collinear": Text(
            "Constructs that can hardly be told apart", "难以区分的潜变量"
        ),
        "structure_path_signs": Text("Signs of the paths", "路径的符号"),
        "measurement_scale_ends": Text("Answers at the ends of the scales", "位于量表两端的回答"),
        "structure_explained": Text("Explained and predicted variance", "解释与预测的方差"),
        "structure_effect_sizes": Text("Effect sizes f² and q²", "效应量 f² 与 q²"),
        "structure_fit": Text(
            "Fit of the saturated and the estimated model", "饱和模型与估计模型的拟合"
        ),
        "structure_criteria": Text("Information criteria", "信息准则"),
        "structure_effects": Text("Direct, indirect and total effects", "直接、间接与总效应"),
        "structure_mediation": Text(
            "Effects on the index, chain by chain", "对指数的各条路径链效应"
        ),
        "structure_terms": Text("Interactions and quadratic effects", "交互项与二次项"),
        "structure_slopes": Text("Simple slopes", "简单斜率"),
        "structure_turning_points": Text("Turning points", "转折点"),
        "structure_copulas": Text("Gaussian copulas", "高斯联结（copula）检验"),
        "structure_normality": Text("Normality of the predictors", "预测变量的正态性"),
        "prediction_items": Text("Prediction of items out of sample", "题目的样本外预测"),
        "prediction_constructs": Text("Predictive power by construct", "各潜变量的预测力"),
        "prediction_index": Text(
            "Prediction of a respondent's index score", "受访者指数得分的预测"
        ),
        "prediction_counts": Text("Folds, and who was predicted", "折数与预测对象"),
        "prediction_cvpat": Text("Predictive ability test (CVPAT)", "预测能力检验（CVPAT）"),
        "comparability_allowed": Text("What may be compared", "可以比较的内容"),
        "comparability_configural": Text(
            "Same questions, scales and treatment", "题目、量表与处理是否相同"
        ),
        "comparability_constructs": Text("Invariance by construct", "各潜变量的不变性"),
        "comparability_tests": Text("Permutation tests", "置换检验"),
        "comparability_levels": Text("Levels of invariance", "不变性水平"),
        "comparability_releases": Text("Equalities that do not hold", "不成立的等值约束"),
        "segments_criteria": Text("Criteria for the number of segments", "分群数的准则"),
        "segments_paths": Text("Paths by segment", "各分群的路径"),
        "segments_equations": Text("Explained variance by segment", "各分群的解释方差"),
        "segments_sizes": Text("Sizes of the segments", "各分群的规模"),
        "segments_members": Text("Segment of each respondent", "各受访者的分群"),
        "segments_association": Text("Keys that explain the segments", "能解释分群的变量"),
        "segments_keys": Text("Segments by key", "按变量列出的分群"),
        "segments_index": Text("Index by segment", "各分群的指数"),
    }
)
"""Captions of tables."""

FILES_ONLY = frozenset({"answers_respondents", "segments_members", "comparability_configural"})
"""Tables that are not on the page."""


def heads(column: str) -> Text:
    """Return the head of a column; its name where it has none."""
    return _HEADS.get(column, Text(column))


def described(column: str) -> Text:
    """Return what a column is."""
    return _MEANINGS.get(column, heads(column))


def captions(name: str) -> Text:
    """Return the caption of a table; its name where it has none."""
    return _CAPTIONS.get(name, Text(name))


def words_of(cell: str, language: Language) -> str:
    """Return a cell of text in the language of the page."""
    if language == "zh" and cell in ASSESSMENT_CELLS:
        return ASSESSMENT_CELLS[cell]
    return in_words(cell, language)
