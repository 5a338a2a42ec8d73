# Machines never run as root. Where root calls a script (containers, CI), an ordinary account is
# prepared and the script goes on as it, in a copy of the checkout: the checkout itself may lie in
# a folder that only root can read. What was built there is brought back. Sourced after common.sh.

account=vmnetx

prepare_account() {
  if ! id -u "$account" >/dev/null 2>&1; then
    say "Making the account “$account”, because machines never run as root"
    useradd --create-home --shell /bin/bash "$account" || die 69 "no ordinary account could be made"
  fi
  account_home=$(getent passwd "$account" | cut -d: -f6)
  account_runtime=/run/user/$(id -u "$account")
  [ -d "$account_runtime" ] || install -d -m 0755 "${account_runtime%/*}"
  install -d -m 0700 -o "$account" -g "$account" "$account_runtime"

  # The modes that ordinary desktops have.
  [ -e /dev/fuse ] || mknod /dev/fuse c 10 229 2>/dev/null || say "There is no /dev/fuse here."
  if [ -e /dev/fuse ] && ! as_account test -w /dev/fuse; then
    say "Opening /dev/fuse to ordinary users, as desktops do"
    chmod 0666 /dev/fuse || say "/dev/fuse cannot be opened to ordinary users here."
  fi
  if getent group kvm >/dev/null && ! id -nG "$account" | grep -qw kvm; then
    usermod --append --groups kvm "$account"
  fi
  as_account node --version >/dev/null ||
    die 69 "the account $account cannot run Node.js from $(command -v node)"
}

# as_account COMMAND…: runs it as the account with a clean environment.
as_account() {
  local name keep=()
  for name in CI TERM LANG http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY \
    NODE_EXTRA_CA_CERTS SSL_CERT_FILE npm_config_registry npm_config_cafile \
    VMNETX_ACCELERATOR VMNETX_LOG_LEVEL VMNETX_TEST_OTHER_HOST \
    VMNETX_TEST_SEED; do
    [ -z "${!name-}" ] || keep+=("$name=${!name}")
  done
  (cd / && exec runuser -u "$account" -- env -i "${keep[@]}" \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:"${PATH}" \
    HOME="$account_home" USER="$account" LOGNAME="$account" XDG_RUNTIME_DIR="$account_runtime" "$@")
}

# continue_as_account SCRIPT ARGUMENT…: runs a script of the checkout as the account and ends with
# its status.
continue_as_account() {
  local copy status=0
  prepare_account
  copy=$account_home/checkouts/$(printf '%s' "$root" | sha256sum | cut -c1-12)
  say "Going on as “$account” in $copy"
  as_account mkdir -p "$copy"
  # Two runs at once would build over each other.
  exec {lock}>"$copy.lock"
  flock "$lock"
  rsync --archive --delete --chown="$account:$account" --exclude=/.git/ \
    --filter=':- .gitignore' "$root/" "$copy/"
  as_account "$copy/$1" "${@:2}" || status=$?
  bring_back "$copy"
  exit "$status"
}

# bring_back COPY: what the account built becomes part of root's checkout.
bring_back() {
  local part
  for part in node_modules dist types build native/libvirt/build native/chunkfs/build native/locks/build native/gettext/build native/display-guard/build native/kvm-probe/build native/launcher/build native/sound/build; do
    [ ! -d "$1/$part" ] || {
      mkdir -p "$root/$part"
      rsync --archive --delete --chown=root:root "$1/$part/" "$root/$part/"
    }
  done
}
