#!/bin/bash
# Asks tshark and capinfos about every capture of test/pcaps and writes what they say to test/golden/oracle, one JSON file a capture.
# How its rows are meant stands at the top of scripts/oracle-pcap.js. Run it after record-pcaps.sh or generate-pcaps.js.
#
#   scripts/oracle-pcaps.sh [FILE...]      paths below test/pcaps; all of them by default
#
# Tools: tshark, capinfos (wireshark-common), node. Each file names the versions that answered.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ $# -gt 0 ]; then files=("$@"); else
  mapfile -t files < <(cd test/pcaps && find . -type f ! -name '*.md' ! -name '.*' -printf '%P\n' | LC_ALL=C sort)
fi
for file in "${files[@]}"; do
  mkdir -p "$(dirname "test/golden/oracle/$file")"
  node scripts/oracle-pcap.js "test/pcaps/$file" "$file" >"test/golden/oracle/$file.json.new"
  mv "test/golden/oracle/$file.json.new" "test/golden/oracle/$file.json"
done
echo "${#files[@]} captures"
