#!/bin/sh
# Runs irctest against Roost. README.md beside this file says what it needs.
#   run.sh generic            everything that is not about one implementation
#   run.sh all                the tests written for Ergo too
#   run.sh MODULE [MODULE...] only these, such as: run.sh join sasl
set -eu
here=$(cd "$(dirname "$0")" && pwd)
suite=${IRCTEST_DIR:?the folder of a checkout of irctest}
venv=${IRCTEST_VENV:?a virtual environment with what irctest needs}
: "${DAEMON_BIN:?the roost executable}"
generic='not implementation-specific and not deprecated'
everything='(Ergo or not implementation-specific) and not deprecated'
marks=$everything
targets=
case "${1:-generic}" in
generic) marks=$generic targets=irctest/server_tests ;;
all) targets=irctest/server_tests ;;
*) for module in "$@"; do targets="$targets irctest/server_tests/$module.py"; done ;;
esac
PYTHONPATH=$here${PYTHONPATH:+:$PYTHONPATH}
PATH=$venv/bin:$PATH
export DAEMON_BIN PYTHONPATH PATH
cd "$suite"
# shellcheck disable=SC2086
exec python -m pytest -p guard --controller roost_controller -m "$marks" --timeout 180 -n "${JOBS:-2}" -rfEs --tb=short -q $targets
