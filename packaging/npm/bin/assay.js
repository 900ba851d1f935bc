#!/usr/bin/env node
// Starts the program that the package for this platform carries. Nothing is downloaded, and no install script runs.
"use strict";
const { spawnSync } = require("node:child_process");

const name = `assay-review-${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "assay.exe" : "assay";
let program;
try {
  program = require.resolve(`${name}/${file}`);
} catch {
  console.error(`assay: there is no package for this platform (${name}); build it from source with cargo`);
  process.exit(2);
}
const ended = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (ended.error) {
  console.error(`assay: ${ended.error.message}`);
  process.exit(2);
}
if (ended.signal) {
  process.kill(process.pid, ended.signal);
}
process.exit(ended.status ?? 2);
