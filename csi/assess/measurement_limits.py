"""The thresholds by which measurement is judged, each with its source: nowhere else."""

RELIABLE, RELIABLE_AT_FIRST, REPETITIVE = 0.70, 0.60, 0.95
"""Reliability that is enough, enough for a first study, and so high that items repeat one another
[hair2019use]."""

EXTRACTED = 0.50
"""Least average variance extracted: the construct explains half of its items
[fornell1981evaluating]."""

STRONG, WEAK = 0.708, 0.40
"""A loading from the first on is half of the item's variance; below the second the item goes
[hair2019use]."""

HTMT_SIMILAR, HTMT_DISTINCT = 0.90, 0.85
"""Largest HTMT of constructs that are alike in content, as those of a satisfaction model, and of
others [henseler2015new]."""

FORMATIVE_LOADING = 0.50
"""Loading from which on an item of a formative block counts by itself although its weight is not
significant [hair2019use]."""

VIF_CRITICAL, VIF_HIGH = 5.0, 3.0
"""Variance inflation that harms, and that may [hair2019use]."""

ONE_DIMENSION = 1.0
"""Second eigenvalue below which a block has one dimension [tenenhaus2005pls]."""

CONVERGENT = 0.708
"""Least path of a formative block on a global measure of the same thing [hair2019use]."""

CROWDED_SCORE = 0.15
"""A score has a ceiling (floor) where more than this share of the respondents have the best (worst)
possible one [terwee2007quality]."""

CROWDED_ITEM = 0.50
"""Share at one end of an item's scale from which on the median answer is that end: a rule of this
package."""

MANY = 0.05
"""Share of replicates without an admissible solution from which on it is told: a rule of this
package."""

ALIKE = 0.95
"""Constructs with a larger correlation can hardly be told apart: a rule of this package, that of
`csi.estimate.covariance.diagnosis`."""

LARGEST_PATH = 1.0
"""A standardised path beyond it is a sign of collinear causes [joreskog1999large]."""
