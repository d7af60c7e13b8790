"""Is the model any good? Measurement, structure and prediction of a fit, with verdicts."""

from csi.assess.assessment import Assessment
from csi.assess.blindfolding import blindfold
from csi.assess.cautions import cautions
from csi.assess.copula import copula_check
from csi.assess.copula_tables import copula_table
from csi.assess.copula_verdicts import copula_verdicts
from csi.assess.criteria import criteria_table
from csi.assess.cvpat import CvpatOptions, cvpat, cvpat_of
from csi.assess.cvpat_verdicts import cvpat_verdicts
from csi.assess.exact_fit import exact_fit, exact_fits
from csi.assess.measurement import measurement
from csi.assess.mediation import mediation, mediations
from csi.assess.mediation_words import mediation_verdict
from csi.assess.model_choice import compare_models
from csi.assess.moderation import moderation
from csi.assess.moderation_tables import simple_slopes
from csi.assess.moderation_terms import interaction, quadratic
from csi.assess.moderation_verdicts import moderation_verdicts
from csi.assess.predict import PredictOptions, predict
from csi.assess.predict_verdicts import prediction_verdicts
from csi.assess.redundancy import redundancy_analysis
from csi.assess.structure import structure
from csi.assess.verdicts_formative import redundancy_verdict

__all__ = [
    "Assessment",
    "CvpatOptions",
    "PredictOptions",
    "blindfold",
    "cautions",
    "compare_models",
    "copula_check",
    "copula_table",
    "copula_verdicts",
    "criteria_table",
    "cvpat",
    "cvpat_of",
    "cvpat_verdicts",
    "exact_fit",
    "exact_fits",
    "interaction",
    "measurement",
    "mediation",
    "mediation_verdict",
    "mediations",
    "moderation",
    "moderation_verdicts",
    "predict",
    "prediction_verdicts",
    "quadratic",
    "redundancy_analysis",
    "redundancy_verdict",
    "simple_slopes",
    "structure",
]
