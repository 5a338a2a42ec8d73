# Shared by the scripts: messages, and building only what changed. Sourced, with `root` set to the
# checkout's folder.

say() { printf '%s\n' "$*" >&2; }

# die STATUS MESSAGE…: ends the script with one clear line.
die() {
  local status=$1
  shift
  say "vmnetx: $*"
  exit "$status"
}

# digest PATH…: one hash over the names and contents of files and folders, without built parts.
digest() {
  find "$@" \( -name node_modules -o -name build -o -name dist \) -prune -o -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# up_to_date STAMP KEY: whether the step that wrote STAMP did so for the same inputs.
up_to_date() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# quietly COMMAND…: shows what the command says only if it fails.
quietly() {
  local said status=0
  said=$("$@" 2>&1) || status=$?
  [ "$status" = 0 ] || say "$said"
  return "$status"
}
