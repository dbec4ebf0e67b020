#!/usr/bin/env bash
# Installs the kiosk from the wheelhouse that this script lies in, on Debian or Raspberry Pi OS. Run it again at will.
#   sudo ./install.sh [--session kms|x11|cage] [--diagonal INCHES] [--rotate 0|90|180|270] [--no-start]
#   sudo ./install.sh --back          go back to the version before
# Versions lie side by side in /opt/taploop; `current` points at the one that runs, `previous` at the one before.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd -P)
root=${TAPLOOP_ROOT:-}  # another root folder: for an image that is being built, and for tests
opt=$root/opt/taploop
session=kms diagonal='' rotate='' start=yes back=no

say() { printf '%s\n' "$*"; }
stop() { printf 'install: %s\n' "$*" >&2; exit 1; }
usage() { sed -n '2,5s/^# \{0,1\}//p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --session) session=${2:-}; shift ;;
    --diagonal) diagonal=${2:-}; shift ;;
    --rotate) rotate=${2:-}; shift ;;
    --no-start) start=no ;;
    --back) back=yes ;;
    -h | --help) usage; exit 0 ;;
    *) stop "I do not know $1; see: $0 --help" ;;
  esac
  shift
done
case $session in kms | x11 | cage) ;; *) stop "--session is kms, x11 or cage, not '$session'" ;; esac
case $rotate in '' | 0 | 90 | 180 | 270) ;; *) stop "--rotate is 0, 90, 180 or 270, not '$rotate'" ;; esac
[[ $diagonal =~ ^([0-9]+(\.[0-9]+)?)?$ ]] || stop "--diagonal is a number of inches, such as 15.6, not '$diagonal'"
[ -n "$root" ] || [ "$(id -u)" = 0 ] || stop "run me as root: sudo $0"

point() { # makes a name point at a version, in one step that a power cut cannot halve
  ln -sfn "$2" "$opt/.$1.new"
  mv -T "$opt/.$1.new" "$opt/$1"
  sync -f "$opt"
}

restart() {
  [ -z "$root" ] && [ "$start" = yes ] || return 0
  systemctl reset-failed taploop-kiosk.service 2>/dev/null || true
  systemctl restart taploop-kiosk.service || stop "it did not start; see: journalctl -u taploop-kiosk -n 50"
}

if [ "$back" = yes ]; then
  now=$(readlink "$opt/current" || true) before=$(readlink "$opt/previous" || true)
  [ -n "$before" ] && [ -x "$opt/$before/bin/taploop-kiosk" ] || stop "there is no version before to go back to"
  point current "$before"
  point previous "$now"
  say "Version $before is current again; $now stays beside it."
  restart
  exit 0
fi

# --- what it was made for -------------------------------------------------------------------------------
[ -f "$here/made-for" ] || stop "this is no wheelhouse; make one with deploy/kiosk/wheelhouse.sh"
arch='' python=''
# shellcheck disable=SC1091
. "$here/made-for"
[ "$(uname -m)" = "$arch" ] || stop "this wheelhouse is for $arch, this machine is $(uname -m)"
(cd "$here" && sha256sum --quiet --check SHA256SUMS) || stop "files are damaged; copy the wheelhouse again"

# --- Debian packages ------------------------------------------------------------------------------------
packages=(python3 python3-venv tzdata libgl1 libegl1 libgl1-mesa-dri libgbm1 libdrm2 libudev1)
case $session in
  x11) packages+=(xserver-xorg xinit) ;;
  cage) packages+=(cage xwayland) ;;
esac
missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ] && [ -z "$root" ]; then
  say "Installing from Debian: ${missing[*]}"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; } ||
    stop "without a network these must be there first: apt-get install ${missing[*]}"
fi
interpreter=$(command -v "python$python" || command -v python3 || true)
[ "$("$interpreter" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$python" ] ||
  stop "this wheelhouse is for Python $python; make one for $(python3 --version 2>&1)"

# --- the program: a folder for each version, then one step ------------------------------------------------
wheel=$(find "$here/wheels" -name 'taploop-*.whl' | head -1)
[ -n "$wheel" ] || stop "the wheelhouse does not hold taploop itself"
# Two builds of the same version are two folders: the one that runs is never touched.
version=$(basename "$wheel" | cut -d- -f2)-$(sha256sum "$here/SHA256SUMS" | cut -c1-8)
mkdir -p "$opt"
if [ ! -f "$opt/$version/.whole" ]; then
  rm -rf "${opt:?}/$version"
  "$interpreter" -m venv "$opt/$version"
  into=("$opt/$version/bin/python" -m pip --isolated --quiet --disable-pip-version-check install --no-index)
  "${into[@]}" --find-links "$here/wheels" --require-hashes --requirement "$here/requirements.txt"
  "${into[@]}" --no-deps "$wheel"
  "$opt/$version/bin/python" -m compileall -q "$opt/$version/lib" >/dev/null || true
  "$opt/$version/bin/taploop-kiosk" --version >/dev/null || stop "version $version does not start; nothing was changed"
  touch "$opt/$version/.whole"
fi
before=$(readlink "$opt/current" || true)
if [ "$before" != "$version" ]; then
  [ -z "$before" ] || point previous "$before"
  point current "$version"
fi
for old in "$opt"/*/; do # two versions stay
  name=$(basename "$old")
  case $name in current | previous | "$version" | "$(readlink "$opt/previous" || true)") ;; *) [ ! -f "$old/.whole" ] || rm -rf "$old" ;; esac
done

# --- user, units, rules -----------------------------------------------------------------------------------
put() { install -D -m 644 "$here/$1" "$root/$2"; }
put taploop-kiosk.service etc/systemd/system/taploop-kiosk.service
put taploop-kiosk-failed.service etc/systemd/system/taploop-kiosk-failed.service
put system/70-taploop-kiosk.rules etc/udev/rules.d/70-taploop-kiosk.rules
put system/journald-taploop.conf etc/systemd/journald.conf.d/taploop.conf
put system/watchdog-taploop.conf etc/systemd/system.conf.d/taploop.conf
[ -f "$root/etc/default/taploop-kiosk" ] || put system/taploop-kiosk.default etc/default/taploop-kiosk
install -D -m 755 "$here/system/taploop-doctor" "$root/usr/local/bin/taploop-doctor"
if [ "$session" = kms ]; then
  rm -f "$root/etc/systemd/system/taploop-kiosk.service.d/session.conf"
else
  put "sessions/$session.conf" etc/systemd/system/taploop-kiosk.service.d/session.conf
fi
for setting in "DIAGONAL=$diagonal" "ROTATE=$rotate"; do
  [ -z "${setting#*=}" ] || sed -i "s/^TAPLOOP_${setting%%=*}=.*/TAPLOOP_$setting/" "$root/etc/default/taploop-kiosk"
done
if [ -n "$root" ]; then
  say "Version $version is installed in $root."
  exit 0
fi
getent passwd taploop-kiosk >/dev/null || useradd --system --user-group --home-dir /var/lib/taploop-kiosk --shell /usr/sbin/nologin taploop-kiosk
for group in video render input audio tty; do
  getent group "$group" >/dev/null || groupadd --system "$group"
  usermod -aG "$group" taploop-kiosk
done
install -d -m 700 -o taploop-kiosk -g taploop-kiosk /var/lib/taploop-kiosk
systemctl daemon-reload
udevadm control --reload && udevadm trigger --subsystem-match=backlight --action=add || true
systemctl restart systemd-journald
systemctl disable --quiet getty@tty1.service || true  # tty2 stays for a service visit
systemctl mask --quiet ctrl-alt-del.target
systemctl enable --quiet taploop-kiosk.service
restart
say "Version $version is installed${before:+ (before: $before)}."
[ -f /var/lib/taploop-kiosk/identity.json ] ||
  say "Next: copy this terminal's identity file to /var/lib/taploop-kiosk/identity.json (owner taploop-kiosk, mode 600)."
say "Then: sudo taploop-doctor"
