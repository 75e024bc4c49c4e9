#!/usr/bin/env bash
# Babel 2.18.0: format_decimal refuses numbers whose rounded form has more than 28 digits.
#
# The documentation names no limit, and a float of any size is a valid number. Rounding goes through
# decimal.quantize in the caller's decimal context, whose precision is 28 by default: the same number
# is written or refused depending on how many digits the pattern asks for after the comma, with
# decimal.InvalidOperation, which is no ValueError. decimal_quantization=False, documented as keeping
# all digits, does not help; a wider context does. Whoever prints ratios that may explode must bound
# them first.
#
# Seen 2026-11-30 on Python 3.11 with Babel 2.18.0. The script fails if any of this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "Babel==2.18.0"
"$folder/env/bin/python" - <<'PYTHON'
import decimal

from babel.numbers import format_decimal


def written(value, pattern, **options):
    try:
        return format_decimal(value, format=pattern, locale="ru", **options)
    except decimal.InvalidOperation as error:
        return f"InvalidOperation (ValueError: {isinstance(error, ValueError)})"


rows = [
    ("1e26, one digit", written(1e26, "0.0")),
    ("1e26, three digits", written(1e26, "0.000")),
    ("1e28, none", written(1e28, "0")),
    ("1e28, none, unrounded", written(1e28, "0", decimal_quantization=False)),
]
with decimal.localcontext() as context:
    context.prec = 60
    rows.append(("1e28, none, wider context", written(1e28, "0")))
for name, said in rows:
    print(f"{name}: {said}")
refused = "InvalidOperation (ValueError: False)"
seen = [said for _, said in rows]
assert seen[0] == "1" + "0" * 26 + ",0", seen
assert seen[1] == seen[2] == seen[3] == refused, seen
assert seen[4] == "1" + "0" * 28, seen
PYTHON
