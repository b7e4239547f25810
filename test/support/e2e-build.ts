import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runProgram } from "../../src/adapters/process/spawn.ts";

/** The product as it would be installed, in a folder of its own. */
export interface Product {
  /** argv prefix of a command. */
  readonly command: readonly [file: string, script: string];
  /** Bundled scripted model endpoint. */
  readonly endpointScript: string;
}

let built: Promise<Product> | undefined;

/** Bundles the sources as they stand, once per test file; removed when its process ends. */
export function builtProduct(): Promise<Product> {
  built ??= build();
  return built;
}

async function build(): Promise<Product> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-product-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["package.json", "examples", "schemas", "node_modules"]) {
    symlinkSync(resolve(name), join(folder, name));
  }
  const outdir = join(folder, "dist");
  const made = await runProgram(process.execPath, ["scripts/build.mjs", "--outdir", outdir], {
    cwd: resolve("."),
    env: { PATH: process.env.PATH ?? "" },
  });
  if (made.code !== 0) throw new Error(`the product could not be built: ${made.stderr}`);
  return {
    command: [process.execPath, join(outdir, "cli/main.js")],
    endpointScript: join(outdir, "endpoint/main.js"),
  };
}
