# Builds what the checkout needs, each part only when its inputs changed. Sourced after common.sh.

check_node() {
  command -v node >/dev/null && command -v npm >/dev/null ||
    die 69 "Node.js 20.19 or newer, with npm, is needed: https://nodejs.org"
  node -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die 69 "Node.js 20.19 or newer is needed; this is $(node --version)"
  # Node's headers where they lie beside it; else node-gyp fetches them. The variable is node-gyp's.
  local prefix
  prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  if [ -e "$prefix/include/node/node_api.h" ]; then
    unset npm_config_nodedir
    export npm_package_config_node_gyp_nodedir=$prefix
  fi
}

install_modules() {
  local key stamp=$root/node_modules/.vmnetx-stamp
  key=$(digest "$root/package.json" "$root/package-lock.json")-$(node --version)
  up_to_date "$stamp" "$key" && return
  say "Installing the npm packages (node-gtk is compiled: about a minute)"
  quietly npm ci --prefix "$root" --loglevel=error || die 69 "npm could not install the packages"
  printf '%s' "$key" >"$stamp"
}

build_addons() {
  local addon key stamp
  for addon in libvirt chunkfs locks gettext display-guard kvm-probe launcher sound; do
    stamp=$root/native/$addon/build/.vmnetx-stamp
    key=$(digest "$root/native/$addon")-$(node --version)
    up_to_date "$stamp" "$key" && continue
    say "Compiling native/$addon"
    quietly "$root/node_modules/.bin/node-gyp" rebuild -C "$root/native/$addon" --loglevel=error ||
      die 70 "native/$addon could not be compiled"
    printf '%s' "$key" >"$stamp"
  done
}

build_typescript() {
  local key stamp=$root/dist/.vmnetx-stamp
  key=$(digest "$root/tsconfig.json" "$root/src" "$root/test" "$root/scripts" \
    "$root/bench" "$root/package-lock.json" "$root/types/.stamp")
  if ! up_to_date "$stamp" "$key"; then
    say "Compiling TypeScript"
    # Nothing may stay of a source that is gone: tests are found, and programs installed, by folder.
    rm -rf "$root/dist"
    "$root/node_modules/.bin/tsc" -p "$root/tsconfig.json" >&2 || return 1
    printf '%s' "$key" >"$stamp"
  fi
  build_translations
}

# Each language of po/LINGUAS, as the C library reads it.
build_translations() {
  local key language folder stamp=$root/dist/.translations-stamp
  key=$(digest "$root/po")
  up_to_date "$stamp" "$key" && return
  rm -rf "$root/dist/locale"
  while read -r language; do
    folder=$root/dist/locale/$language/LC_MESSAGES
    mkdir -p "$folder"
    msgfmt --check --output-file="$folder/vmnetx.mo" "$root/po/$language.po" >&2 || return 1
  done <"$root/po/LINGUAS"
  printf '%s' "$key" >"$stamp"
}
