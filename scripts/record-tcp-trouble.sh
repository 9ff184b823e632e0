#!/bin/bash
# Records test/pcaps/tcp-trouble.pcap: TCP over a bad link, between two network namespaces with a third one in the middle.
#
#   scripts/record-tcp-trouble.sh [FILE]      needs root and Linux, takes about 15 s; new bytes every time
#
# Tools: tcpdump, ip (iproute2), ethtool, python3. Nothing here has a route to the outside. Every process is ended by its id.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-test/pcaps/tcp-trouble.pcap}
here=$PWD/scripts/pcaps
ns=nk$$
pids=()
work=$(mktemp -d)

cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  for host in a b link; do ip netns del "$ns-$host" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

for tool in tcpdump ip ethtool python3; do
  command -v "$tool" >/dev/null || { echo "record-tcp-trouble: $tool is not installed" >&2; exit 1; }
done
python=$(python3 -c 'import sys; print(sys.executable)')

on() { local host=$1; shift; ip netns exec "$ns-$host" "$@"; }
start() { local host=$1; shift; ip netns exec "$ns-$host" timeout 120 "$@" & pids+=($!); }

for host in a b link; do ip netns add "$ns-$host"; done
on link sysctl -qw net.ipv6.conf.all.disable_ipv6=1
for host in a b; do
  ip link add "v$host" netns "$ns-$host" type veth peer name "w$host" netns "$ns-link"
  for end in "$host v$host" "link w$host"; do
    read -r where device <<<"$end"
    on "$where" ip link set dev "$device" up
    # Segments as a wire would carry them.
    on "$where" ethtool -K "$device" tso off gso off gro off tx off rx off >/dev/null 2>&1
  done
done
number=1
for host in a b; do
  on $host ip addr add "10.99.0.$number/24" dev "v$host"
  on $host ip -6 addr add "fd99::$number/64" dev "v$host" nodad
  number=2
done

# Loss, delay, jitter, reordered, repeated, seed.
start link "$python" "$here/bad-link.py" wa wb 0.05 0.012 0.002 0.03 0.02 11
start a "$python" "$here/tcp-hosts.py" server
# Enough for IPv6 and all options: what is analysed is in the headers.
start b tcpdump -q -n -U -i vb -s 120 -w "$work/trouble.pcap" tcp 2>/dev/null
sleep 1.5
on b timeout 60 "$python" "$here/tcp-hosts.py" client download upload download6 slow idle reset abort refused reuse
sleep 1
cp "$work/trouble.pcap" "$target"
chmod 644 "$target"
