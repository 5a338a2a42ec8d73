# Installs the distribution's packages that VMNetX needs. Sourced after common.sh.

# missing_packages [LIST]: prints "NAME WHY" of each package of a list that is not installed.
missing_packages() {
  local list=$root/scripts/${1:-debian-packages.txt} installed
  # dpkg-query fails when one of them is unknown, and tells of the others all the same.
  installed=$(sed -n 's/^\([^# ]*\) .*/\1/p' "$list" |
    xargs dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
    sed -n 's/^installed //p') || true
  awk 'NR == FNR { have[$1]; next } /^[^#]/ && !($1 in have)' <(printf '%s\n' "$installed") "$list"
}

# install_packages [LIST]: installs what is missing, by root or sudo; says what and why first.
install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    explain_other_distribution
    return
  fi
  local missing names
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  names=$(awk '{ printf "%s ", $1 }' <<<"$missing")
  say "These packages are needed and will be installed:"
  say "$missing"
  local command=(apt-get install --yes --no-install-recommends)
  if [ "$(id -u)" = 0 ]; then
    as_root=()
  elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
    as_root=(sudo)
  else
    die 69 "only root can install them. Please run: apt-get install $names"
  fi
  # shellcheck disable=SC2086 # names are words
  "${as_root[@]}" apt-get update --quiet >&2 &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${command[@]}" $names >&2 ||
    die 69 "the packages could not be installed. Please run: apt-get install $names"
}

explain_other_distribution() {
  local need=() tool
  for tool in c++ make python3 pkg-config fusermount3 qemu-system-x86_64 qemu-img virsh gio nginx Xvfb; do
    command -v "$tool" >/dev/null || need+=("$tool")
  done
  for tool in gobject-introspection-1.0 cairo libvirt fuse3 libxxhash libpulse gtk+-3.0 gtk-vnc-2.0; do
    pkg-config --exists "$tool" 2>/dev/null || need+=("$tool (pkg-config)")
  done
  [ "${#need[@]}" -gt 0 ] || return 0
  say "This is not Debian or one of its relatives, so please install these yourself:"
  printf '  %s\n' "${need[@]}" >&2
  say "On Debian the packages would be:"
  sed -n 's/^[^#]/  &/p' "$root/scripts/debian-packages.txt" >&2
  exit 69
}
