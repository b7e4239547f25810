/**
 * What the format knows and this version does not do yet. Refused with a sentence, never ignored (design §11 no. 13).
 */
export interface NotBuilt {
  readonly message: string;
  readonly hint: string;
}

const KEYS: Readonly<Record<string, NotBuilt>> = {
  mcp: {
    message: "`mcp` is not built yet: sessions start without MCP servers of their own",
    hint: "Remove the key, or give the role what it needs through `tools`.",
  },
};

const C4: NotBuilt = {
  message: "criticality C4 is not built yet: its tournament comes later",
  hint: "Use C3, the highest level that runs.",
};

const TRUST: NotBuilt = {
  message: "is not built yet: agents take only the instruction files from a repository",
  hint: "Write `inherit: [instructions]`.",
};

const VALUES: Readonly<Record<string, Readonly<Record<string, NotBuilt>>>> = {
  criticality: { C4, critical: C4 },
  loop: {
    ceiling: {
      message: "`loop: ceiling` is not built yet",
      hint: "Write the rounds: `loop: { min: 3, max: 5 }`.",
    },
    tournament: {
      message: "`loop: tournament` is not built yet",
      hint: "Use `loop: h14`.",
    },
  },
  inherit: Object.fromEntries(
    ["skills", "mcp", "permissions", "hooks"].map((name) => [
      name,
      { ...TRUST, message: `\`inherit: ${name}\` ${TRUST.message}` },
    ]),
  ),
};

/** The refusal for a key that is known but not built. */
export function notBuiltKey(key: string): NotBuilt | undefined {
  return Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
}

/** The refusal for a value of a key; `keys` are the names on the way to it, the innermost last. */
export function notBuiltValue(keys: readonly string[], value: unknown): NotBuilt | undefined {
  if (typeof value !== "string") return undefined;
  if (/^AE-006/i.test(value) && keys.at(-1) === "id" && keys.includes("escalate")) {
    return {
      message: `the rule ${value} is not built yet: rules about context fill come later`,
      hint: "Remove the rule.",
    };
  }
  for (const key of keys.slice(-2).reverse()) {
    const values = Object.hasOwn(VALUES, key) ? VALUES[key] : undefined;
    if (values !== undefined && Object.hasOwn(values, value)) return values[value];
  }
  return undefined;
}
