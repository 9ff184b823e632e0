#!/bin/bash
# Records the captures of test/pcaps that are real traffic: four network namespaces play an office and the internet.
#
#   scripts/record-pcaps.sh [FOLDER]      FOLDER defaults to test/pcaps; takes about a minute, needs root and Linux
#
# Tools: dumpcap, capinfos and tshark (wireshark-common, tshark), tcpdump, ip (iproute2), ping (iputils-ping), ethtool, openssl, python3.
# Nothing here has a route to the outside: the namespaces know only each other. Every process is ended by its id, every namespace removed.
#
#   pc       192.168.1.20  fd00::20 ┐                    ┌ 203.0.113.10, .80   web, 2001:db8:80::10
#   printer  192.168.1.40  fd00::40 ┴ lan ─ gw ─ wan ────┤ 198.51.100.60       voice
#            192.168.1.1   fd00::1          192.0.2.1/30 └ 192.0.2.123 time, 10.0.0.5 files
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:-test/pcaps}
here=$PWD/scripts/pcaps
work=$(mktemp -d)
ns=nk$$                 # names of their own, so that two runs never meet
pids=()

cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  for host in pc printer gw net; do ip netns del "$ns-$host" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

for tool in dumpcap capinfos tshark tcpdump ip ping ethtool openssl python3; do
  command -v "$tool" >/dev/null || { echo "record-pcaps: $tool is not installed" >&2; exit 1; }
done
python=$(python3 -c 'import sys; print(sys.executable)')

on() { local host=$1; shift; ip netns exec "$ns-$host" "$@"; }
# start HOST COMMAND...: in the background, at most 120 s, ended by cleanup
start() { local host=$1; shift; ip netns exec "$ns-$host" timeout 120 "$@" & pids+=($!); }

# ---- the network ------------------------------------------------------------------------------------------------------

link() { # HOST DEVICE MAC: up, quiet, and without offloads, so that a capture sees the frames a wire would carry
  local host=$1 device=$2
  on "$host" ethtool -K "$device" tso off gso off gro off tx off >/dev/null 2>&1 || true
  [ -z "${3:-}" ] || ip -n "$ns-$host" link set "$device" address "$3"
  # a neighbour is asked again after 1 s, not 5 s, so that the idle gap of the office stays idle
  on "$host" sysctl -qw "net.ipv4.neigh.$device.delay_first_probe_time=1" "net.ipv6.neigh.$device.delay_first_probe_time=1"
  ip -n "$ns-$host" link set "$device" up
}
address() { # HOST DEVICE ADDRESS...
  local host=$1 device=$2; shift 2
  for a in "$@"; do
    case $a in *:*) ip -n "$ns-$host" addr add "$a" dev "$device" nodad ;; *) ip -n "$ns-$host" addr add "$a" dev "$device" ;; esac
  done
}

for host in pc printer gw net; do
  ip netns add "$ns-$host"
  # no router solicitations, no duplicate address detection
  on "$host" sysctl -qw net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
    net.ipv4.ping_group_range='0 2147483647'
  ip -n "$ns-$host" link set lo up
done
on gw sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1

ip -n "$ns-gw" link add lan type bridge mcast_snooping 0
for host in pc printer; do
  ip -n "$ns-$host" link add eth0 type veth peer name "to-$host" netns "$ns-gw"
  ip -n "$ns-gw" link set "to-$host" master lan
  link gw "to-$host"
done
ip -n "$ns-gw" link add wan type veth peer name eth0 netns "$ns-net"
link pc eth0 02:00:c0:a8:01:14; link printer eth0 02:00:c0:a8:01:28; link gw lan 02:00:c0:a8:01:01
link gw wan 02:00:c0:00:02:01; link net eth0 02:00:c0:00:02:02

address pc eth0 192.168.1.20/24 fd00::20/64
address printer eth0 192.168.1.40/24 fd00::40/64
address gw lan 192.168.1.1/24 fd00::1/64
address gw wan 192.0.2.1/30 2001:db8:ffff::1/64
address net eth0 192.0.2.2/30 2001:db8:ffff::2/64
address net lo 203.0.113.10/32 203.0.113.80/32 198.51.100.60/32 192.0.2.123/32 10.0.0.5/32 2001:db8:80::10/128
for host in pc printer; do
  ip -n "$ns-$host" route add default via 192.168.1.1
  ip -n "$ns-$host" -6 route add default via fd00::1
done
ip -n "$ns-gw" route add default via 192.0.2.2
ip -n "$ns-gw" -6 route add default via 2001:db8:ffff::2
ip -n "$ns-net" route add 192.168.1.0/24 via 192.0.2.1
ip -n "$ns-net" -6 route add fd00::/64 via 2001:db8:ffff::1

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=cdn.example.net \
  -addext subjectAltName=DNS:cdn.example.net -keyout "$work/key" -out "$work/crt" 2>/dev/null
cat "$work/key" "$work/crt" >"$work/pem"
start gw "$python" "$here/hosts.py" gateway
start net "$python" "$here/hosts.py" internet "$work/pem"
start pc "$python" "$here/hosts.py" web
on pc ping -q -c 2 -i 0.2 -W 2 203.0.113.10 >/dev/null
on pc ping -q -c 2 -i 0.2 -W 2 2001:db8:80::10 >/dev/null
for host in pc gw net; do # the servers are up when they answer, and multicast group reports are over 2 s after link-up
  for _ in $(seq 50); do
    case $host in
      gw) on gw "$python" -c 'import socket,sys; s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(("",67))' 2>/dev/null || break ;;
      *) on $host "$python" -c 'import socket; socket.create_connection(("::1",80),1)' 2>/dev/null && break ;;
    esac
    sleep 0.1
  done
done
sleep 3

# ---- capturing --------------------------------------------------------------------------------------------------------

running=()
# capture HOST FILE COMMAND...: starts COMMAND (which writes $work/FILE) and returns when the file has its header
capture() {
  local host=$1 file=$work/$2; shift 2
  ip netns exec "$ns-$host" timeout 90 "$@" -w "$file" 2>"$file.log" & running+=($!); pids+=($!)
  for _ in $(seq 100); do [ -s "$file" ] && { sleep 0.2; return; }; sleep 0.1; done
  cat "$file.log" >&2; exit 1
}
# The kernel hands packets over in blocks of 250 ms (dumpcap) or 1 s (tcpdump) and throws away what waits at the end, so the end comes later.
# TERM and not INT: bash starts background jobs with INT ignored. A capture with a hole in it is not kept. (tcpdump --immediate-mode -i any
# makes such holes: its 2 MiB ring then has room for 8 packets.)
finish() {
  sleep 1.5
  for pid in "${running[@]}"; do kill -TERM "$pid"; wait "$pid" || true; done
  running=()
  if grep -HE "[1-9][0-9]* packets? dropped|received/dropped on interface .*: [0-9]+/[1-9]" "$work"/*.log >&2; then exit 1; fi
}
forget_neighbours() { for host in pc gw net; do ip -n "$ns-$host" neigh flush all; ip -n "$ns-$host" -6 neigh flush all; done 2>/dev/null; }
pings() { on "$1" ping -q -n -c "${3:-3}" -i 0.2 -W 2 "$2" >/dev/null; }

echo 'office (24 s)'
forget_neighbours
capture pc office.pcapng dumpcap -q -B 16 -i eth0
capture pc office.pcap tcpdump -q -Z root -U -B 16384 -i eth0
capture pc office-snaplen-96.pcap tcpdump -q -Z root -U -B 16384 -s 96 -i eth0
start printer "$python" "$here/hosts.py" printer
on pc "$python" "$here/hosts.py" office
finish

echo 'any, two interfaces'
forget_neighbours
capture gw any-sll.pcapng tshark -q -B 16 -i any -y LINUX_SLL
capture gw any-sll2.pcap tcpdump -q -Z root -U -B 16384 -i any
capture gw two-interfaces.pcapng dumpcap -q -B 16 -i lan -i wan
pings pc 203.0.113.10
pings pc 2001:db8:80::10
on pc "$python" "$here/hosts.py" fetch 203.0.113.10 6000
on gw ping -q -n -c 1 127.0.0.1 >/dev/null
finish

echo 'loopback'
capture pc loopback.pcapng dumpcap -q -B 16 -i lo
pings pc 127.0.0.1
pings pc ::1
on pc "$python" "$here/hosts.py" fetch 127.0.0.1 40000
finish

echo 'fragments'
capture pc fragments.pcapng dumpcap -q -B 16 -i eth0
on pc ping -q -n -c 2 -i 0.2 -s 4000 203.0.113.10 >/dev/null
on pc ping -q -n -c 2 -i 0.2 -s 4000 2001:db8:80::10 >/dev/null
on pc "$python" "$here/hosts.py" datagram 203.0.113.10 3000
finish

# tunnelled NAME: traffic through device t0 of gw and net, seen from outside on gw's wan
tunnelled() {
  local kind=$1
  ip -n "$ns-gw" link set t0 mtu 1400
  ip -n "$ns-net" link set t0 mtu 1400
  case $kind in
    gre | ipip | 6in4) link gw t0; link net t0 ;;
    *) link gw t0 02:00:0a:08:00:01; link net t0 02:00:0a:08:00:02 ;;
  esac
  [ "$kind" = 6in4 ] || { address gw t0 10.8.0.1/24; address net t0 10.8.0.2/24; }
  [ "$kind" = ipip ] || { address gw t0 fd08::1/64; address net t0 fd08::2/64; }
  sleep 0.3
  capture gw "$kind.pcapng" dumpcap -q -B 16 -i wan
  if [ "$kind" != 6in4 ]; then pings gw 10.8.0.2; on gw "$python" "$here/hosts.py" fetch 10.8.0.2 8000; fi
  if [ "$kind" != ipip ]; then pings gw fd08::2; fi
  if [ "$kind" = 6in4 ]; then on gw "$python" "$here/hosts.py" fetch fd08::2 8000; fi
  finish
}

for kind in gre ipip 6in4 geneve vlan qinq; do
  echo "$kind"
  before=${#pids[@]}
  case $kind in
    vlan | qinq)
      start gw "$python" "$here/tunnel.py" $kind t0 wan
      start net "$python" "$here/tunnel.py" $kind t0 eth0 ;;
    *)
      start gw "$python" "$here/tunnel.py" $kind t0 192.0.2.1 192.0.2.2
      start net "$python" "$here/tunnel.py" $kind t0 192.0.2.2 192.0.2.1 ;;
  esac
  for host in gw net; do for _ in $(seq 50); do ip -n "$ns-$host" link show t0 >/dev/null 2>&1 && break; sleep 0.1; done; done
  tunnelled $kind
  for pid in "${pids[@]:before:2}"; do kill "$pid"; wait "$pid" || true; done   # t0 goes with its process
done

echo 'vxlan'
ip -n "$ns-gw" link add t0 type vxlan id 42 dstport 4789 local 192.0.2.1 remote 192.0.2.2
ip -n "$ns-net" link add t0 type vxlan id 42 dstport 4789 local 192.0.2.2 remote 192.0.2.1
tunnelled vxlan

# ---- keep -------------------------------------------------------------------------------------------------------------

"$python" "$here/strip-machine.py" "$work"/*.pcapng
# The twins hold the same frames, though the kernel stamps each program's copy apart.
cmp <(capinfos -Tr -c -d "$work/office.pcap" | cut -f 2-) <(capinfos -Tr -c -d "$work/office.pcapng" | cut -f 2-)
mkdir -p "$target"
for file in "$work"/*.pcap "$work"/*.pcapng; do
  install -m 644 "$file" "$target/"
  capinfos -Tm -c -s "$target/${file##*/}" | tail -1
done
