# Shared by ./idiolect and ./test: makes and keeps the virtual environment, the system
# libraries and the models. Quick when there is nothing to do. Expects $ROOT; POSIX sh.

VENV=$ROOT/.venv
STAMP=$VENV/.idiolect-installed

LIBRARIES="libportaudio2 libasound2-plugins libegl1 libgl1 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0
libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxcb-randr0 libxcb-render-util0 libxcb-image0"
[ -z "${WAYLAND_DISPLAY:-}" ] || LIBRARIES="$LIBRARIES wl-clipboard"
# A virtual screen, a virtual microphone, a window manager, a Wayland desktop, a screen reader's library and a voice.
TEST_LIBRARIES="xvfb openbox xdotool strace xclip xterm pulseaudio pulseaudio-utils espeak-ng flite dbus dbus-daemon
at-spi2-core python3-pyatspi gir1.2-atspi-2.0 sway wl-clipboard wtype"

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# prepare EXTRAS PACKAGES: everything that pip and the system's package manager give.
prepare() {
    wanted=$(fingerprint)
    installed=""
    if [ -f "$STAMP" ]; then
        { read -r known && read -r installed; } < "$STAMP" || known=""
        [ "$known" = "$wanted" ] || installed=""
    fi
    missing=""
    for extra in $(echo "$1" | tr ',' ' '); do
        case ",$installed," in *",$extra,"*) ;; *) missing="$missing $extra" ;; esac
    done
    [ -n "$missing" ] || return 0

    system_libraries "$2"
    make_venv
    extras=$(echo "$installed,$1" | tr ',' '\n' | sed '/^$/d' | sort -u | tr '\n' ',' | sed 's/,$//')
    say "Setting up Idiolect ($extras): this is done once and takes a few minutes."
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
        --constraint "$ROOT/constraints.txt" --editable "$ROOT[$extras]" ||
        fail "The Python packages could not be installed: check the connection and the message above, then run this again."
    printf '%s\n%s\n' "$wanted" "$extras" > "$STAMP"
}

# Changes when the requirements do (those above as well), or when the folder was moved.
fingerprint() {
    { cat "$ROOT/pyproject.toml" "$ROOT/constraints.txt" "$ROOT/packaging/environment.sh" && printf '%s' "$ROOT"; } | cksum | tr ' ' '-'
}

make_venv() {
    if [ -d "$VENV" ] && ! "$VENV/bin/python" -c 'import pip' 2> /dev/null; then
        say "The virtual environment no longer works and is made anew."
        rm -rf "$VENV"
    fi
    [ -d "$VENV" ] && return 0
    python=$(find_python) ||
        fail "Idiolect needs Python 3.11 or newer: install it from your system's packages or https://www.python.org."
    if ! "$python" -c 'import ensurepip, venv' 2> /dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        install_with_apt "python$version-venv" || true
        "$python" -c 'import ensurepip, venv' 2> /dev/null ||
            fail "Python's venv module is missing: run  sudo apt-get install python$version-venv  and then this again."
    fi
    "$python" -m venv "$VENV" || fail "$VENV could not be made: see the message above."
}

# The first Python on the PATH that is new enough; IDIOLECT_PYTHON goes before all.
find_python() {
    for candidate in ${IDIOLECT_PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
        if command -v "$candidate" > /dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    return 1
}

system_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    if command -v dpkg-query > /dev/null 2>&1; then
        absent=""
        for package in $1; do
            # shellcheck disable=SC2016
            dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || absent="$absent $package"
        done
        [ -n "$absent" ] || return 0
        # shellcheck disable=SC2086
        install_with_apt $absent && return 0
        say "Some system libraries are missing. If something does not work, run:"
        say "  sudo apt-get install -y$absent"
    elif ! ldconfig -p 2> /dev/null | grep -q 'libportaudio\.so\.2' || ! ldconfig -p | grep -q 'libxcb-cursor\.so\.0'; then
        say "Some system libraries are missing. If the microphone or the window does not work, run:"
        if command -v dnf > /dev/null 2>&1; then
            say "  sudo dnf install portaudio xcb-util-cursor libxkbcommon-x11 mesa-libEGL"
        elif command -v pacman > /dev/null 2>&1; then
            say "  sudo pacman -S portaudio xcb-util-cursor libxkbcommon-x11"
        else
            say "  your package manager for PortAudio, xcb-util-cursor, libxkbcommon-x11 and EGL"
        fi
    fi
}

# install_with_apt PACKAGE...: only as root or where sudo asks for no password.
install_with_apt() {
    command -v apt-get > /dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then
        root=""
    elif sudo -n true 2> /dev/null; then
        root="sudo -n"
    else
        return 1
    fi
    say "Installing system libraries: $*"
    log=$(mktemp)
    if $root apt-get update -qq > "$log" 2>&1 &&
        $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >> "$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    tail -n 3 "$log" >&2
    rm -f "$log"
    return 1
}

# Where engine.models keeps them (platformdirs' cache folder).
models_dir() {
    if [ -n "${IDIOLECT_MODELS:-}" ]; then
        echo "$IDIOLECT_MODELS"
    elif [ -n "${IDIOLECT_HOME:-}" ]; then
        echo "$IDIOLECT_HOME/cache/models"
    elif [ "$(uname -s)" = Darwin ]; then
        echo "$HOME/Library/Caches/idiolect/models"
    else
        echo "${XDG_CACHE_HOME:-$HOME/.cache}/idiolect/models"
    fi
}

# fetch_models NAME...: those that are not there yet.
fetch_models() {
    for model in "$@"; do
        [ -f "$(models_dir)/$model/idiolect.json" ] || "$VENV/bin/idiolect" models fetch "$model" || return 1
    done
}
