# Shared by the scripts: messages, where tools live, how to become root. Sourced, never run.

TOOLS_CACHE=${TOOLS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/toss-checkout}
CARGO_BIN=${CARGO_INSTALL_ROOT:-${CARGO_HOME:-$HOME/.cargo}}/bin
SETUP_LOG=$TOOLS_CACHE/setup.log
mkdir -p "$TOOLS_CACHE"
export PATH="$CARGO_BIN:$PATH"

say() { printf '==> %s\n' "$*" >&2; }
stop() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Says in one line what to do where root is needed and cannot be had; asks for a password where somebody can type one.
need_root() {
  [ "$(id -u)" -eq 0 ] && return
  have sudo && { [ -t 0 ] || sudo -n true 2>/dev/null; } && return
  stop "Root is needed for $1, and there is no sudo without a password here: do it as root, then run this again."
}

apt_update() {
  [ -z "${APT_UPDATED:-}" ] || return 0
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >>"$SETUP_LOG" 2>&1 || true
  APT_UPDATED=1
}

# Is there such a package?
apt_has() {
  have apt-cache || return 1
  apt-cache show "$1" >/dev/null 2>&1 && return
  need_root "looking for the package $1"
  apt_update
  apt-cache show "$1" >/dev/null 2>&1
}

apt_install() {
  need_root "apt-get install $*"
  apt_update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$SETUP_LOG" 2>&1 ||
    stop "apt-get could not install $*. The reason is in $SETUP_LOG."
}

# rustfmt of the active toolchain, or of any installed one: a linked toolchain may come without it.
rustfmt_command() {
  if ! rustup which rustfmt >/dev/null 2>&1 && have rustup && rustup which --toolchain stable rustfmt >/dev/null 2>&1; then
    "$(rustup which --toolchain stable rustfmt)" "$@"
  else
    rustfmt "$@"
  fi
}

playwright_browser_present() {
  (cd end2end && node -e 'process.exit(require("fs").existsSync(require("playwright-core").chromium.executablePath()) ? 0 : 1)') 2>/dev/null
}

# The browser named by CHROMIUM, or the system's; empty when there is only Playwright's own, or none.
browser_path() {
  if [ -n "${CHROMIUM:-}" ]; then
    printf '%s\n' "$CHROMIUM"
  else
    command -v chromium || command -v google-chrome || true
  fi
}

# The folder with initdb, pg_ctl and postgres; empty when there is none.
postgres_bin() {
  if have initdb && have pg_ctl; then
    dirname "$(command -v initdb)"
  else
    { compgen -G '/usr/lib/postgresql/*/bin/initdb' || true; } | sort -V | tail -n 1 | sed 's|/initdb$||'
  fi
}

# Other names, for the compiler, of the folders that sources come from. Panics name their place, so that without these what
# the shopper downloads would tell who built it and where. Of several that fit, rustc takes the last one. A name with a space
# cannot be handed on this way; scripts/check-wasm-paths finds what is left.
remapped_paths() {
  local pair
  for pair in "${CARGO_HOME:-$HOME/.cargo}=/cargo" "$(rustc --print sysroot)=/rust" "$(pwd -P)=/shop"; do
    case $pair in
      *[[:space:]]*) ;;
      *) printf ' --remap-path-prefix=%s' "$pair" ;;
    esac
  done
}

readonly FOR_SIZE='-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none'

# Can std be built for size here? The compiler has to know how, the sources have to be there, and the crates that it is made of
# within reach.
can_build_std() {
  local library
  # shellcheck disable=SC2086
  RUSTC_BOOTSTRAP=1 rustc $FOR_SIZE --print cfg >/dev/null 2>&1 || return
  library=$(rustc --print sysroot)/lib/rustlib/src/rust/library
  [ -f "$library/sysroot/Cargo.toml" ] || return
  RUSTC_BOOTSTRAP=1 cargo fetch --quiet --locked --manifest-path "$library/sysroot/Cargo.toml" --target wasm32-unknown-unknown >>"$SETUP_LOG" 2>&1
}

# The release build as it goes into production: a compressed copy of every file, under names that change with the content.
# What the shopper downloads comes with a std of its own where that can be built, made for size: no texts of panics, no
# places in the source, nothing that formats for debugging. Those flags are the nightly compiler's, and this build alone may
# have them: crates that look for a nightly compiler would find one in the server's.
build_release() {
  local flags=CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS settings=(LEPTOS_HASH_FILES=true) front=() for_size=
  # Where this one is set, even to nothing, cargo looks at no other.
  [ -z "${RUSTFLAGS+set}" ] || flags=RUSTFLAGS
  if can_build_std; then
    for_size=" $FOR_SIZE"
    settings+=(RUSTC_BOOTSTRAP=1)
    front=(--lib-cargo-args=-Zbuild-std=std,panic_abort --lib-cargo-args=-Zbuild-std-features=optimize_for_size)
  fi
  env "${settings[@]}" "$flags=${!flags:-}$(remapped_paths)$for_size" \
    cargo leptos build --release --precompress --frontend-only ${front[@]+"${front[@]}"}
  env LEPTOS_HASH_FILES=true "$flags=${!flags:-}$(remapped_paths)" cargo leptos build --release --precompress --server-only
}

# The built server, with the settings that cargo-leptos would give it. Somebody may have built it last without hashes.
serve_release() {
  local name site hash
  name=$(sed -n 's/^output-name = "\(.*\)"$/\1/p' Cargo.toml)
  site=$(sed -n 's/^site-root = "\(.*\)"$/\1/p' Cargo.toml)
  hash=$(sed -n 's/^js: *//p' target/release/hash.txt 2>/dev/null || true)
  export LEPTOS_OUTPUT_NAME=$name LEPTOS_SITE_ROOT=$site LEPTOS_HASH_FILES=false LEPTOS_ENV=PROD
  [ -z "$hash" ] || [ ! -f "$site/pkg/$name.$hash.js" ] || LEPTOS_HASH_FILES=true
  exec "target/release/$name"
}

# Formats every Rust file of the project, or with --check says which are not.
rustfmt_all() { git ls-files -z --cached --others --exclude-standard '*.rs' | xargs -0 bash -c '. scripts/lib.sh; rustfmt_command --edition 2024 "$@"' rustfmt "$@"; }
