"""People's judgement as numbers: coded texts, expert panels, surveys.

====================  =========================================================================
``agreement(…)``      how far coders agree, on what they part, how good each is
``panel(…)``          entries scored by experts, the experts' severity taken out
``plan(…)``           how many texts to code for an interval of a wanted length
``prevalence(…)``     how common codes are: what people coded puts a model's count right
``survey(…)``         weighted shares of a survey's answers, with their design effect
``rake(…)``           weights that meet known margins
``card(…)``           what has to be told beside a published figure, and whether it is
``train(…)``          a model taught by coded texts, and how good it is
``sample(…)``         which texts to code, and with what probability each was drawn
====================  =========================================================================
"""

from cur_lab.coding.agreement import Agreement, agreement
from cur_lab.coding.cards import ITEMS, card
from cur_lab.coding.panel import Panel, panel
from cur_lab.coding.planning import plan
from cur_lab.coding.prevalence import Prevalence, prevalence
from cur_lab.coding.sampling import sample
from cur_lab.coding.surveying import Raked, rake, survey
from cur_lab.coding.training import Trained, train

__all__ = [
    "ITEMS",
    "Agreement",
    "Panel",
    "Prevalence",
    "Raked",
    "Trained",
    "agreement",
    "card",
    "panel",
    "plan",
    "prevalence",
    "rake",
    "sample",
    "survey",
    "train",
]
