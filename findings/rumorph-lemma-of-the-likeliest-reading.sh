#!/usr/bin/env bash
# rumorph 0.4.0: lemmatize gives the lemma that the library's own probabilities hold less likely.
#
# The documentation calls prob the probability of a reading, and the readings of a word are ordered by
# it. A noun is written alike in several cases, so its probability is divided among three readings; a
# verb has one. The lemma of the first reading is then not the likeliest lemma: «заросли» is the noun
# with 0.6 and the verb with 0.4, and lemmatize says the verb. The other way round too: «колонка» is
# given as the pump, where the animal «колонок» adds up to more. Who wants the likeliest lemma
# must add up prob over analyze; whoever compares systems must know which of the two was counted.
#
# Seen 2026-11-30 on Python 3.11 with rumorph 0.4.0. The script fails if any of this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "rumorph==0.4.0"
"$folder/env/bin/python" - <<'PYTHON'
from collections import Counter
from importlib.metadata import version

from rumorph import Analyzer

analyzer = Analyzer()
print("rumorph", version("rumorph"))
seen = {}
for word in ("заросли", "спил", "колонка", "целого", "лампы"):
    share = Counter()
    for reading in analyzer.analyze(word):
        share[reading.lemma] += reading.prob
    likeliest, given = share.most_common(1)[0][0], analyzer.lemmatize([word])[0]
    seen[word] = (given, likeliest)
    print(f"{word}: lemmatize {given} ({share[given]:.2f}), likeliest {likeliest} ({share[likeliest]:.2f})")
assert seen["заросли"] == ("зарасти", "заросль"), seen
assert seen["спил"] == ("спить", "спил"), seen
assert seen["колонка"] == ("колонка", "колонок"), seen
assert seen["целого"] == ("целое", "целый"), seen
assert seen["лампы"] == ("лампа", "лампа"), seen
PYTHON
