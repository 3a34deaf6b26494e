# Sourced by the scripts beside it: what they share. Not run by itself.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

build_packages=(git g++ libc6-dev pkg-config zlib1g-dev libssl-dev libsqlite3-dev libargon2-dev)
swift_minimum=6.2

fail() {
    echo "$*" >&2
    exit 1
}

# Installs those of the named Debian packages that are missing. Does nothing, quickly, when all are there.
install_packages() {
    local package missing=()
    if ! command -v dpkg-query >/dev/null; then
        echo "This is no Debian or Ubuntu. Make sure that you have what these packages hold: $*" >&2
        return
    fi
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "Installing: ${missing[*]}"
    if [ "$(id -u)" -eq 0 ]; then
        apt_install "${missing[@]}"
    elif command -v sudo >/dev/null; then
        apt_install_command=sudo apt_install "${missing[@]}"
    else
        fail "Please install these packages as root, then run this again: apt-get install ${missing[*]}"
    fi
}

# Package lists may be missing or old, so a first failure is answered with an update.
apt_install() {
    local as_root=${apt_install_command:-}
    $as_root apt-get install -y --no-install-recommends "$@" || {
        $as_root apt-get update
        $as_root apt-get install -y --no-install-recommends "$@"
    }
}

# Puts a Swift that is new enough first in PATH, or says where to get one.
require_swift() {
    local candidate version previous=
    for candidate in "$(command -v swift || true)" "$HOME/.local/share/swiftly/bin/swift" /opt/swift/usr/bin/swift /usr/local/bin/swift; do
        [ -x "$candidate" ] && [ "$candidate" != "$previous" ] || continue
        previous=$candidate
        version=$("$candidate" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
        if [ -n "$version" ] && [ "$(printf '%s\n' "$swift_minimum" "$version" | sort -V | head -n 1)" = "$swift_minimum" ]; then
            PATH=$(dirname "$candidate"):$PATH
            return
        fi
        echo "$candidate is Swift ${version:-of an unknown version}: too old." >&2
    done
    fail "Roost needs Swift $swift_minimum or newer. Get it from https://www.swift.org/install/linux/ and run this again."
}
