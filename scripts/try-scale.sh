#!/bin/sh
# What a large amount of captures costs here: COPIES copies of CAPTURE, each later than the one before, in FOLDER (editcap makes them), through
# `netkit analyze` by one process and by WORKERS workers of a fleet: seconds, processor time, memory, bytes through Redis; the same bytes or it ends.
# For docs/scale.md: sh scripts/try-scale.sh CAPTURE SECONDS FOLDER COPIES [WORKERS]
# SECONDS is at least how long the capture lasts. FOLDER keeps the copies.
set -eu
[ $# -ge 4 ] || { sed -n 2,5p "$0" >&2; exit 2; }
capture=$1 seconds=$2 copies=$3 count=$4 workers=${5:-2}
netkit="node $(dirname "$0")/../bin/run.js"
port=${PORT:-17381}
folder=$(mktemp -d)
pids=
export NETKIT_CLUSTER=

stop() {
  # shellcheck disable=SC2086 # one word each
  [ -z "$pids" ] || kill $pids 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT INT TERM

mkdir -p "$copies"
i=0
while [ "$i" -lt "$count" ]; do
  copy=$copies/$(printf '%05d' "$i").pcap
  [ -e "$copy" ] || editcap -F pcap -t "$((i * seconds))" "$capture" "$copy"
  i=$((i + 1))
done
du -sh "$copies"

timed() {
  name=$1
  shift
  "$(command -v time)" -f "$name: %e s, processor %U + %S s, %M kB" "$@"
}

timed 'one process' $netkit analyze "$copies" --window 60 --format csv -n -o "$folder/alone.csv"
wc -lc "$folder/alone.csv"

redis-server --port "$port" --bind 127.0.0.1 --dir "$folder" --save '' >/dev/null &
pids=$!
until redis-cli -p "$port" ping 2>/dev/null | grep -q PONG; do sleep 0.1; done
i=0
while [ "$i" -lt "$workers" ]; do
  timed "worker $i" $netkit worker --cluster "redis://127.0.0.1:$port" --jobs 1 2>>"$folder/workers" &
  pids="$pids $!"
  i=$((i + 1))
done
until [ "$(grep -c 'Ctrl-C ends it' "$folder/workers")" = "$workers" ]; do sleep 0.1; done
timed 'client' $netkit analyze "$copies" --window 60 --format csv -n -o "$folder/fleet.csv" --cluster "redis://127.0.0.1:$port"
cmp "$folder/alone.csv" "$folder/fleet.csv"
redis-cli -p "$port" info | tr -d '\r' | grep -E '^(used_memory_peak_human|total_net_(in|out)put_bytes):'
