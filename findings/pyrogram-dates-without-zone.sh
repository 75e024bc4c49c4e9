#!/usr/bin/env bash
# Pyrogram 2.0.106: str(message) writes dates on the clock of the machine and does not say which.
#
# Telegram's API gives unix seconds. Message.date is a datetime without a zone on the clock of the
# process, and the JSON of str(message), which dumps are made of, has it as it is: the same message
# dumped on two machines, or by one server before and after its zone was set, has two times, with no
# mark of either. Telethon's to_json of the same message ends in +00:00. Whoever counts hours of the
# day from such a dump must be told the zone of the machine that made it.
#
# Seen 2026-11-30 on Python 3.11 with Pyrogram 2.0.106 and Telethon 1.40.0. The script fails if any
# of this changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check "Pyrogram==2.0.106" "Telethon==1.40.0"
cat > "$folder/dump.py" <<'PYTHON'
import json
from datetime import datetime, timezone

from pyrogram import types, utils
from telethon.tl import types as telethon

SECONDS = 1740812400
pyrogram = types.Message(id=1, date=utils.timestamp_to_datetime(SECONDS), text="Яма")
raw = telethon.Message(
    id=1,
    peer_id=telethon.PeerChannel(15),
    date=datetime.fromtimestamp(SECONDS, timezone.utc),
    message="Яма",
)
print(json.loads(str(pyrogram))["date"], json.loads(raw.to_json())["date"], sep="\t")
PYTHON
for zone in Europe/Moscow Asia/Vladivostok; do
    printf '%s\t' "$zone"
    TZ=$zone "$folder/env/bin/python" "$folder/dump.py" 2>/dev/null
done | tee "$folder/said"
printf 'Europe/Moscow\t2025-03-01 10:00:00\t2025-03-01T07:00:00+00:00\nAsia/Vladivostok\t2025-03-01 17:00:00\t2025-03-01T07:00:00+00:00\n' | diff - "$folder/said"
