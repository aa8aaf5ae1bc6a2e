"""The formulas behind metrics and gates, in the standard library alone.

One concern a module: `intervals` of one run's shares and means, `strata` for means over subsets,
`paired` runs question by question, `repeats` of a question, `power` to see a change, `percentile`.
Each formula names its source; the tests hold it to scipy or statsmodels.
"""
