# A second computer for the tests of what a guest can reach: a network namespace with a web server, at an
# address of its own. Only root can make one; where nobody can, the tests use another address of this
# computer, and say so; with CI=true they fail. Sourced after account.sh.

# make_other_host: its address and port become VMNETX_TEST_OTHER_HOST; it goes with the script.
make_other_host() {
  local block=$(($$ % 63 * 4))
  local ours=198.51.100.$((block + 1)) theirs=198.51.100.$((block + 2))
  other_host=vmnetx-test-$$
  trap remove_other_host EXIT
  forget_dead_hosts
  if ! {
    ip netns add "$other_host" &&
      ip link add "vmnetx$$" type veth peer name eth0 netns "$other_host" &&
      ip address add "$ours/30" dev "vmnetx$$" &&
      ip link set "vmnetx$$" up &&
      ip -n "$other_host" address add "$theirs/30" dev eth0 &&
      ip -n "$other_host" link set eth0 up
  } 2>/dev/null; then
    say "No network namespace can be made here: this computer stands for another one in the tests."
    return
  fi
  ip netns exec "$other_host" setpriv --reuid "$account" --regid "$account" --init-groups node -e "
    require('http').createServer((_, answer) => answer.end('here')).listen(8080, '$theirs')" &
  export VMNETX_TEST_OTHER_HOST=$theirs:8080
}

# Those of scripts that were killed.
forget_dead_hosts() {
  local name
  for name in $(ip netns list 2>/dev/null | grep --only-matching '^vmnetx-test-[0-9]*'); do
    [ ! -d "/proc/${name##*-}" ] || continue
    ip netns pids "$name" | xargs --no-run-if-empty kill 2>/dev/null || true
    ip netns delete "$name" || true
  done
}

remove_other_host() {
  ip netns pids "$other_host" 2>/dev/null | xargs --no-run-if-empty kill 2>/dev/null || true
  ip link delete "vmnetx$$" 2>/dev/null || true
  ip netns delete "$other_host" 2>/dev/null || true
}
