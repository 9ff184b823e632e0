#!/bin/sh
# Installs the witnesses that tests compare netkit with: tshark, capinfos, mergecap, editcap, tcpdump, zstd, lz4, python3,
# what makes networks to capture on: ip, ethtool, tcpreplay; and chromium, a browser to open reports in.
# On Debian and Ubuntu as root; elsewhere it says what is missing, and the tests that need it say that they are skipped.
set -u

tools='tshark capinfos mergecap editcap tcpdump zstd lz4 gzip python3 ip ethtool tcpreplay chromium redis-server'
packages='tshark wireshark-common tcpdump zstd lz4 gzip python3 iproute2 ethtool tcpreplay chromium redis-server'
# A server that would run from the next start of the machine on: not on a person's own.
if [ -n "${CI:-}" ]; then
  tools="$tools sshd"
  packages="$packages openssh-server"
fi

missing() {
  for tool in $tools; do
    command -v "$tool" >/dev/null 2>&1 || printf '%s ' "$tool"
  done
}

[ -z "$(missing)" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  # 101: no service is started now (invoke-rc.d(8)); tests start an sshd of their own.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap 'rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy
  fi
  # shellcheck disable=SC2086 # one word each
  apt-get update -qq && apt-get install -y -qq $packages >/dev/null
fi

left=$(missing)
[ -z "$left" ] || echo "not installed: $left- tests that need them are skipped"
exit 0
