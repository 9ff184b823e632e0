#!/bin/sh
# Captures counted by one process, by three workers, and by three workers of which one is killed while Redis is restarted: how long each
# takes, and whether all wrote the same bytes. For captures that are too large for the tests: sh scripts/try-fleet.sh CAPTURE...
# Redis listens on 127.0.0.1:${PORT:-17380} with its files in a folder that goes.
set -eu
[ $# -gt 0 ] || { echo "usage: sh scripts/try-fleet.sh CAPTURE..." >&2; exit 2; }
netkit="node $(dirname "$0")/../bin/run.js"
port=${PORT:-17380}
folder=$(mktemp -d)
pids=
redis=
export NETKIT_CLUSTER=

stop() {
  # shellcheck disable=SC2086 # one word each
  kill $pids $redis 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT INT TERM

start_redis() {
  redis-server --port "$port" --bind 127.0.0.1 --dir "$folder" --appendonly yes --save '' >/dev/null &
  redis=$!
  until redis-cli -p "$port" ping 2>/dev/null | grep -q PONG; do sleep 0.1; done
}

start_worker() {
  $netkit worker --cluster "redis://127.0.0.1:$port" --jobs 1 2>>"$folder/workers" &
  pids="$pids $!"
  last=$!
}

now() { date +%s%N; }
seconds() { echo "$(( ($(now) - $1) / 10000000 ))" | sed 's/..$/.&/'; }

start=$(now)
$netkit analyze "$@" --jobs 1 >"$folder/alone"
echo "one process, one thread:       $(seconds "$start") s"
start=$(now)
$netkit analyze "$@" >"$folder/threads"
echo "one process, all threads:      $(seconds "$start") s"
cmp "$folder/alone" "$folder/threads"

start_redis
start_worker
start_worker
start_worker
until [ "$(grep -c 'Ctrl-C ends it' "$folder/workers")" = 3 ]; do sleep 0.1; done
start=$(now)
$netkit analyze "$@" --cluster "redis://127.0.0.1:$port" >"$folder/shared"
echo "three workers:                 $(seconds "$start") s"
cmp "$folder/alone" "$folder/shared"
redis-cli -p "$port" info memory | tr -d '\r' | sed -n 's/^used_memory_peak_human:/Redis, most memory:            /p'

start=$(now)
$netkit analyze "$@" --cluster "redis://127.0.0.1:$port" >"$folder/trouble" &
client=$!
until [ "$(redis-cli -p "$port" llen netkit:count:active)" -gt 2 ]; do :; done
kill -9 "$last"
kill "$redis"
wait "$redis" || true
start_redis
wait "$client"
echo "one killed, Redis restarted:   $(seconds "$start") s"
cmp "$folder/alone" "$folder/trouble"
echo "all of the same $(wc -c <"$folder/alone") bytes"
