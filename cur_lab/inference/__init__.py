"""What numbers allow to say: shared by every room that answers a question.

=================  ===================================================================
``intervals``      of proportions and counts; what clustering does to them
``p_values``       of many hypotheses
``overdispersed``  counts that scatter more than a Poisson count
``rhythm``         how activity is spread over the hours of a week
``survival``       time to an event
``arrays``         names of arrays
=================  ===================================================================
"""

from cur_lab.inference.arrays import BoolArray, FloatArray, IntArray
from cur_lab.inference.intervals import design_effect, garwood, wilson
from cur_lab.inference.p_values import cauchy, q_values, sidak

__all__ = [
    "BoolArray",
    "FloatArray",
    "IntArray",
    "cauchy",
    "design_effect",
    "garwood",
    "q_values",
    "sidak",
    "wilson",
]
