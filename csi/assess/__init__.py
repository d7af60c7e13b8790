"""Is the model any good? Measurement, structure and prediction of a fit, with verdicts."""
