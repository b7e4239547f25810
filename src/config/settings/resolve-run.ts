import type { Check, RunOverrides, RunSettings } from "../../core/definition.ts";
import { pathFault } from "../schema/paths.ts";
import type { Settings } from "./settings.ts";

/**
 * Running settings at one place of a workflow. Layers go from broad to narrow (workflow, phase, role, slot), a narrower
 * one wins; environment and flags stand above them, the files below. Limits, judge, critic, provision and `env.set` are
 * merged key by key, everything else is replaced; a sandbox that a broader level asks for stays, unless environment or flags say
 * otherwise. Scripts that the checks run are protected without being named.
 */
export function resolveRun(settings: Settings, ...layers: readonly RunOverrides[]): RunSettings {
  const inside = layers.reduce<RunSettings>((run, layer) => confined(run, merge(run, layer)), settings.run);
  const run = merge(inside, settings.overrides);
  return protectScripts(run, checkScripts(run.checks));
}

/** The same with files that the checks run added to what is protected. */
export function protectScripts(run: RunSettings, scripts: readonly string[]): RunSettings {
  const added = scripts.filter((script) => !run.protect.includes(script));
  if (added.length === 0) return run;
  const known = run.checkScripts ?? [];
  return { ...run, protect: [...run.protect, ...added], checkScripts: [...known, ...added] };
}

function confined(broader: RunSettings, narrower: RunSettings): RunSettings {
  return broader.sandbox === undefined || broader.sandbox === "none"
    ? narrower
    : { ...narrower, sandbox: broader.sandbox };
}

function merge(run: RunSettings, layer: RunOverrides): RunSettings {
  const { limits, env, judge, critic, provision, ...rest } = layer;
  return {
    ...run,
    ...rest,
    limits: { ...run.limits, ...limits },
    env: { pass: env?.pass ?? run.env.pass, set: { ...run.env.set, ...env?.set } },
    judge: { ...run.judge, ...judge },
    critic: { ...run.critic, ...critic },
    provision: { ...run.provision, ...provision },
  };
}

/** Files of the repository that check commands name: who may rewrite them decides what passes. */
export function checkScripts(checks: readonly Check[]): readonly string[] {
  const words = checks.flatMap((check) => check.run.split(/[\s;&|()<>"'`=]+/));
  const scripts = words.map((word) => word.replace(/^\.\//, "")).filter(isScript);
  return [...new Set(scripts)];
}

function isScript(word: string): boolean {
  const hasExtension = /\.(?:sh|bash|zsh|js|cjs|mjs|ts|mts|cts|py|rb|pl|php|lua|ps1)$/.test(word);
  const isFile = hasExtension || /^(?:[\w.-]+\/)+[\w-]+$/.test(word);
  return (
    isFile &&
    !word.startsWith("-") &&
    !/[*?{}$]/.test(word) &&
    !word.startsWith("node_modules/") &&
    pathFault(word) === null
  );
}

/** Globs a slot may change beside its own folder, when no level names any: everything for a commit, nothing for an artifact. */
export function defaultWrites(makes: "commit" | "file"): readonly string[] {
  return makes === "commit" ? ["**"] : [];
}
