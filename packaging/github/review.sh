#!/usr/bin/env bash
# What the action runs. Words of `ASSAY_PATHS` and `ASSAY_ARGUMENTS` are arguments; nothing is evaluated.
set -uo pipefail
read -r -d '' -a paths <<<"${ASSAY_PATHS:-.}" || true
read -r -d '' -a arguments <<<"${ASSAY_ARGUMENTS:-}" || true
sarif=${ASSAY_SARIF:-assay.sarif}
summary=${RUNNER_TEMP:-/tmp}/assay-summary.md
if [ "${ASSAY_BASELINE:-none}" != none ]; then
  arguments+=(--baseline "$ASSAY_BASELINE")
fi
if [ -n "${ASSAY_FAIL_ON:-}" ]; then
  arguments+=(--fail-on "$ASSAY_FAIL_ON")
fi
assay=${RUNNER_TEMP:-/tmp}/assay/bin/assay
"$assay" review --quiet --format sarif -o "$sarif" --format summary -o "$summary" --format github \
  "${arguments[@]}" -- "${paths[@]}"
status=$?
if [ -f "$summary" ]; then
  cat "$summary" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
{
  echo "sarif=$sarif"
  echo "summary=$summary"
  echo "status=$status"
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$status"
