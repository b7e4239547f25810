/** One POST of one JSON object. What goes wrong is told without the address: its path and query may be secrets. */
import { setTimeout as sleep } from "node:timers/promises";

export interface WebhookOptions {
  /** For each try; default 5000. */
  readonly timeoutMs?: number;
  /** Before the second try; default 500. */
  readonly pauseMs?: number;
}

/** `ok: false` with a half-sentence that holds no secret: `answered 404`. */
export type Posted = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Tries once more where that may help: no answer, an answer of 429 or from 500 on. Never rejects. */
export async function postWebhook(url: URL, body: unknown, options: WebhookOptions = {}): Promise<Posted> {
  const first = await post(url, body, options.timeoutMs ?? 5000);
  if (first.ok || !first.again) return first;
  await sleep(options.pauseMs ?? 500);
  return post(url, body, options.timeoutMs ?? 5000);
}

/** Where it goes, without anything that may be secret. */
export function safeName({ host }: URL): string {
  return host;
}

type Tried = { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly again: boolean };

async function post(url: URL, body: unknown, timeoutMs: number): Promise<Tried> {
  try {
    const response = await fetch(withoutLogin(url), {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "signalbox", ...loginOf(url) },
      body: JSON.stringify(body),
      redirect: "manual", // another address may belong to somebody else
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (response.ok) return { ok: true };
    const { status } = response;
    return { ok: false, reason: `answered ${status}`, again: status === 429 || status >= 500 };
  } catch (error) {
    return { ok: false, reason: reasonOf(error, timeoutMs), again: true };
  }
}

/** Messages of the library may hold the address; codes of the system do not. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === "TimeoutError")
    return `gave no answer within ${timeoutMs / 1000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? `cannot be reached (${code})` : "cannot be reached";
}

/** `fetch` refuses addresses with a name and a password in them. */
function withoutLogin(url: URL): URL {
  const plain = new URL(url);
  plain.username = "";
  plain.password = "";
  return plain;
}

function loginOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === "" && password === "") return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
}
