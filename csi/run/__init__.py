"""Runs: everything from files to files as one call, with the record that reproduces it."""

from csi.assess.assessment import Assessment
from csi.run.aggregate_file import read_hierarchy
from csi.run.assess import AssessRun, assess_model, run_assess, write_assess
from csi.run.assess_options import AssessOptions, assess_options
from csi.run.check import Checked, run_check
from csi.run.fit import FitRun, run_fit, write_fit
from csi.run.index import IndexRun, figures_json, respondent_scores, run_index, write_run
from csi.run.inputs import Input, Inputs, find_inputs, packaged_surveys
from csi.run.notebook import start_notebook
from csi.run.office import check_office
from csi.run.office import possible as possible_office
from csi.run.place import check_assessment_place, check_run_place, check_simulation_place
from csi.run.plan import OFFICE, RunPlan, aggregate_options, index_options
from csi.run.repeat import Recorded, read_record
from csi.run.simulated import simulation_plan

__all__ = [
    "OFFICE",
    "AssessOptions",
    "AssessRun",
    "Assessment",
    "Checked",
    "FitRun",
    "IndexRun",
    "Input",
    "Inputs",
    "Recorded",
    "RunPlan",
    "aggregate_options",
    "assess_model",
    "assess_options",
    "check_assessment_place",
    "check_office",
    "check_run_place",
    "check_simulation_place",
    "figures_json",
    "find_inputs",
    "index_options",
    "packaged_surveys",
    "possible_office",
    "read_hierarchy",
    "read_record",
    "respondent_scores",
    "run_assess",
    "run_check",
    "run_fit",
    "run_index",
    "simulation_plan",
    "start_notebook",
    "write_assess",
    "write_fit",
    "write_run",
]
