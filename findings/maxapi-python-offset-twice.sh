#!/usr/bin/env bash
# maxapi-python 2.5.0: the offset of a formatted piece of text is lost in the model and doubled in a dump.
#
# MAX sends {"type": "STRONG", "from": 0, "length": 3}. Element declares from_ with a serialization
# alias only, and the alias generator of its base class makes "from_" of the name: what arrives under
# "from" is no field, from_ stays None, and the number is kept as an extra member. Dumped by alias, as
# the API itself writes, the JSON has the name "from" twice, first null, then the number: Python's
# json keeps the last, others the first, a strict parser refuses it. Whoever reads such a dump must not
# take offsets from from_, nor trust "from" to be there once.
#
# Seen 2026-11-30 on Python 3.11 with maxapi-python 2.5.0. The script fails if any of this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "maxapi-python==2.5.0"
"$folder/env/bin/python" - <<'PYTHON'
import json
from importlib.metadata import version

from pymax.types.domain.message import Message

sent = {
    "id": 1,
    "time": 1740812400000,
    "type": "CHANNEL",
    "text": "Яма",
    "elements": [{"type": "STRONG", "from": 0, "length": 3}],
}
message = Message.model_validate(sent)
by_alias = message.model_dump_json(by_alias=True)
pairs = json.loads(by_alias, object_pairs_hook=list)
element = dict(pairs)["elements"][0]
offsets = [value for name, value in element if name == "from"]
print("maxapi-python", version("maxapi-python"))
print("from_ of the model:", message.elements[0].from_)
print("values of \"from\" in the dump by alias:", offsets)
assert message.elements[0].from_ is None
assert offsets == [None, 0], offsets
PYTHON
