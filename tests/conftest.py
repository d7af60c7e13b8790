"""Settings for all tests: one BLAS thread, no window for charts, repeatable property tests."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")

from hypothesis import HealthCheck, settings

settings.register_profile(
    "csi",
    deadline=None,  # other processes share the cores
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("csi")
