#!/usr/bin/env bash
# A gate for a pipeline: uploads a folder and ends with 0 only if every asset was post-processed without an error.
#
#     ASSAY_URL=https://assay.example.com ASSAY_TOKEN=asy_… ./gate.sh docs /content/dam/docs
#
# The exit codes are those of the command: 1 some failed, 3 not finished in time, 4 not authorised, 5 unreachable.
set -euo pipefail

folder=$1
target=$2

npx assay import "$folder" "$target"
npx assay status "$target" --wait --timeout "${TIMEOUT_SECONDS:-600}"
