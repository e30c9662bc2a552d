# The crates that are published, packed and unpacked. Sourced after lib.sh by what looks at them, never run.

# The order to publish them in: each needs some of those before it, for its tests at least. toss-sandbox, with which the
# others are tested, depends on none of them.
readonly CRATES=(toss-types toss-sandbox toss-widget toss-payments payment-engine)
readonly WASM=wasm32-unknown-unknown

TARGET=$(realpath -m "${CARGO_TARGET_DIR:-target}")
# One folder for each checkout, and not a new one for each run: under the same path cargo finds again what it has compiled.
ROOM=$TOOLS_CACHE/packages/$(pwd -P | cksum | cut -d ' ' -f 1)
LOG=$(mktemp)
readonly TARGET ROOM LOG
trap 'rm -rf "$LOG" "$ROOM/bare"' EXIT
mkdir -p "$ROOM/.cargo"

for_the_browser() { [ "$1" = toss-types ] || [ "$1" = toss-widget ]; }

# What it says is of interest where it goes wrong.
quietly() {
  local what=$1
  shift
  "$@" >"$LOG" 2>&1 && return
  cat "$LOG" >&2
  stop "$what"
}

# cargo in a folder of the room, with the settings of the workspace, so that both share what has been compiled.
cargo_in() {
  local folder=$1
  shift
  (cd "$ROOM/$folder" && CARGO_TARGET_DIR=$TARGET CARGO_PROFILE_DEV_DEBUG=line-tables-only cargo "$@")
}

# Each into a folder of the room, where nothing else of the project lies and they find each other.
pack() {
  say "Packing ${CRATES[*]}"
  local crate packed
  rm -f "$TARGET"/package/*.crate
  quietly "cargo package failed" cargo package --quiet --no-verify --allow-dirty "${CRATES[@]/#/-p}"
  echo '[patch.crates-io]' >"$ROOM/.cargo/config.toml"
  for crate in "${CRATES[@]}"; do
    packed=$(ls "$TARGET/package/$crate"-[0-9]*.crate)
    printf '%s = { path = "%s" }\n' "$crate" "$ROOM/$crate" >>"$ROOM/.cargo/config.toml"
    # Files in a package are all of one date: what is new has to look new.
    if ! cmp --silent "$packed" "$ROOM/$crate.crate"; then
      rm -rf "${ROOM:?}/$crate" "$ROOM/$crate.crate"
      mkdir "$ROOM/$crate"
      tar -xzmf "$packed" --strip-components 1 -C "$ROOM/$crate"
      cp "$packed" "$ROOM/$crate.crate"
    fi
  done
}

# A copy that is as an app sees the crate: without its own choice of versions, and without what its tests alone depend on.
bare() {
  rm -rf "$ROOM/bare"
  cp -r "$ROOM/$1" "$ROOM/bare"
  rm -f "$ROOM/bare/Cargo.lock"
  awk '/^\[/ { dev = /dev-dependencies/ } !dev' "$ROOM/$1/Cargo.toml" >"$ROOM/bare/Cargo.toml"
}

# All features, as an argument for cargo; but not those that link with what the machine may not have.
features() {
  local manifest=crates/$1/Cargo.toml
  if grep -q '^[a-z-]*-unbundled = ' "$manifest"; then
    printf -- '--features=%s\n' "$(awk '/^\[/ { on = /^\[features\]/ } on && /^[a-z].* = / && !/^[a-z-]*-unbundled/ { printf "%s,", $1 }' "$manifest")"
  else
    echo --all-features
  fi
}

# Which of its tests are run in the room, as arguments for cargo. All are compiled; those that ask one thing of a database after another read
# nothing that a package could lack, and the workspace runs them.
suites() {
  case $1 in
    payment-engine) echo --lib --examples --test migrations --test plans --test sql --test sqlite --test engine ;;
    *) echo --all-targets ;;
  esac
}

# The oldest Rust that a crate says it compiles with.
rust_version() { sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$ROOM/$1/Cargo.toml"; }

# The name by which rustup has that Rust, for the browser too where the crate needs it: its own, or another one under which the
# same version is installed already. It downloads what is missing; fails where that cannot be had.
get_rust() {
  local version=$1 crate=$2 name
  have rustup || return
  for name in "$version" $(rustup toolchain list | cut -d ' ' -f 1); do
    rustup run "$name" rustc --version 2>/dev/null | grep -q "^rustc ${version//./\\.}[. ]" || continue
    ! for_the_browser "$crate" || has_std_for_the_browser "$name" || rustup target add "$WASM" --toolchain "$name" >/dev/null 2>&1 || continue
    echo "$name"
    return
  done
  rustup toolchain install "$version" --profile minimal --no-self-update >/dev/null 2>&1 || return
  ! for_the_browser "$crate" || rustup target add "$WASM" --toolchain "$version" >/dev/null 2>&1 || return
  echo "$version"
}

has_std_for_the_browser() { compgen -G "$(rustup run "$1" rustc --print sysroot)/lib/rustlib/$WASM/lib/libstd-*.rlib" >/dev/null; }
