#!/bin/sh
# A budget's first day cannot change once it is there, so it is chosen once and kept with the environment.
set -eu
[ -n "${LAVA_BUDGET_START:-}" ] || azd env set LAVA_BUDGET_START "$(date -u +%Y-%m-01)"
