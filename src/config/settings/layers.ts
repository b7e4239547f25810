/** Layers of configuration in the spelling of the files: which value holds, and where it came from. */
import { isMap, type PlainMap } from "../source/plain.ts";

/** Where a value was said. `name` is the file, the variable or the flag; a line where there is one. */
export interface Origin {
  readonly layer: "built-in" | "user" | "project" | "environment" | "flag";
  readonly name?: string;
  readonly line?: number;
}

/** One source of configuration, as it was written. */
export interface Layer {
  readonly values: PlainMap;
  readonly originOf: (path: readonly string[]) => Origin;
}

/** One line of `signalbox config --show-origin`. */
export interface Setting {
  /** Dotted, such as `limits.parallel`. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/** All layers on top of each other, and where each value came from. */
export interface Merged {
  readonly values: PlainMap;
  /** By key. */
  readonly settings: readonly Setting[];
}

/** Later layers win. Mappings are merged key by key; lists and single values are replaced whole. */
export function mergeLayers(layers: readonly Layer[]): Merged {
  const values = layers.reduce<PlainMap>((merged, layer) => mergeMaps(merged, layer.values), {});
  const settings = leavesOf(values, []).map(({ path, value }) => ({
    key: path.join("."),
    value,
    origin: originOf(path, layers),
  }));
  return { values, settings: settings.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

function mergeMaps(lower: PlainMap, upper: PlainMap): PlainMap {
  const added = Object.entries(upper).map(([key, value]) => {
    const below = Object.hasOwn(lower, key) ? lower[key] : undefined;
    return [key, isMap(value) && isMap(below) ? mergeMaps(below, value) : value] as const;
  });
  return { ...lower, ...Object.fromEntries(added) };
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

function leavesOf(value: unknown, path: readonly string[]): readonly Leaf[] {
  if (!isMap(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function originOf(path: readonly string[], layers: readonly Layer[]): Origin {
  return layers.findLast((layer) => has(layer.values, path))?.originOf(path) ?? { layer: "built-in" };
}

function has(values: PlainMap, path: readonly string[]): boolean {
  let current: unknown = values;
  for (const key of path) {
    if (!isMap(current) || !Object.hasOwn(current, key)) return false;
    current = current[key];
  }
  return true;
}
