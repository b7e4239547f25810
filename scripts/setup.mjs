// Makes a fresh clone ready: dependencies exactly as locked, then the bundles in dist/. Does nothing when both are current.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const MARK = "node_modules/.signalbox-setup";

/** Installs when the lockfile is not the one that was installed last. Ends the process with npm's code when that fails. */
export function install() {
  const wanted = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  if (existsSync(MARK) && readFileSync(MARK, "utf8") === wanted) return;
  console.error("Installing dependencies (once) ...");
  // Not `npm ci`: it refuses a lockfile that lacks optional packages of other platforms, and a registry may not carry them all.
  run("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(MARK, wanted);
}

/**
 * Tests of the sandbox want bubblewrap; without it they are skipped with their reason. Tried where it takes no question and no password;
 * whatever comes of it, the run goes on.
 */
export function offerSandbox() {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return;
  const has = (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0;
  if (has("bwrap") || !has("apt-get")) return;
  console.error("Installing bubblewrap for the tests of the sandbox (once) ...");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["install", "-y", "-o", "DPkg::Lock::Timeout=0", "bubblewrap"], {
    env,
    stdio: "ignore",
    timeout: 60_000,
  });
  if (!has("bwrap"))
    console.error("bubblewrap could not be installed; the tests of the real one are skipped.");
}

/** Bundles the entry points; well under a second. */
export function build() {
  run(process.execPath, ["scripts/build.mjs"]);
}

/** Runs a program with our terminal; ends this process with its exit code when it fails. */
export function run(file, args, options = {}) {
  const result = spawnSync(file, args, { stdio: "inherit", ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}
