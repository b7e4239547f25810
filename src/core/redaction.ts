/**
 * Takes secrets out of texts before they are recorded: tokens that are known by their form, and values of variables whose
 * names say that they are secret. Pure; whoever records calls it.
 */

/** Takes secrets out of a text and says in their place what stood there. */
export type Redact = (text: string) => string;

export interface NamedSecret {
  readonly name: string;
  readonly value: string;
}

/** Forms that their issuers document, with a prefix that ordinary text does not have. */
const TOKENS: readonly (readonly [name: string, form: RegExp])[] = [
  ["Anthropic key", /\bsk-ant-[A-Za-z0-9_-]{20,}/g],
  ["OpenAI key", /\bsk-(?:proj-|svcacct-)[A-Za-z0-9_-]{20,}/g],
  ["GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,})/g],
  ["GitLab token", /\bglpat-[A-Za-z0-9_-]{20,}/g],
  ["npm token", /\bnpm_[A-Za-z0-9]{36}\b/g],
  ["Slack token", /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/g],
  ["AWS key id", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g],
  ["Google key", /\bAIza[A-Za-z0-9_-]{35}/g],
  ["Stripe key", /\b[rs]k_live_[A-Za-z0-9]{20,}/g],
  ["token", /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g],
  [
    "private key",
    /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z]+ )*PRIVATE KEY-----|$)/g,
  ],
  ["password", /(?<=\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/gi],
];

const SECRET_NAME = /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PAT|CREDENTIALS?)(?:_|$)/i;
/** Names a place or says which secret it is, and is none itself: `SSL_KEY_FILE`, `AWS_ACCESS_KEY_ID`. */
const NO_SECRET_NAME = /_(?:FILE|PATH|DIR|FOLDER|SOCK|ID|NAME)$/i;
/** Shorter values are words of ordinary text. */
const SHORTEST = 8;

/** Variables whose names say that their values are secret, longest value first. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): readonly NamedSecret[] {
  return Object.entries(env)
    .flatMap(([name, value]) =>
      value !== undefined && value.length >= SHORTEST && isSecretName(name) ? [{ name, value }] : [],
    )
    .toSorted((a, b) => b.value.length - a.value.length);
}

function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && !NO_SECRET_NAME.test(name);
}

/** Puts `[NAME]` in place of named values and `[GitHub token]` and the like in place of what has the form of one. */
export function redactor(secrets: readonly NamedSecret[]): Redact {
  return (text) => {
    const named = secrets.reduce((shown, { name, value }) => shown.replaceAll(value, `[${name}]`), text);
    return TOKENS.reduce((shown, [name, form]) => shown.replace(form, `[${name}]`), named);
  };
}

/** The same value with every string in it redacted, keys excepted; the value itself where nothing was secret. */
export function redactAll<T>(value: T, redact: Redact): T {
  return redacted(value, redact) as T;
}

function redacted(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return sameOr(
      value,
      value.map((item) => redacted(item, redact)),
    );
  const entries = Object.entries(value).map(([key, item]) => [key, redacted(item, redact)] as const);
  const changed = entries.some(([key, item]) => item !== (value as Record<string, unknown>)[key]);
  return changed ? Object.fromEntries(entries) : value;
}

function sameOr(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return after.some((item, index) => item !== before[index]) ? after : before;
}
