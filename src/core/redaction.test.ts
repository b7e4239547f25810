import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactAll, redactor, secretsIn } from "./redaction.ts";

const plain = redactor([]);
/** Put together here, so that no scanner takes this file for a leak. */
const token = (...parts: readonly string[]): string => parts.join("");

describe("a token", () => {
  it.each([
    ["Anthropic key", token("sk-", "ant-api03-", "a".repeat(40))],
    ["OpenAI key", token("sk-", "proj-", "b".repeat(40))],
    ["GitHub token", token("gh", "p_", "c".repeat(36))],
    ["GitHub token", token("github", "_pat_", "d".repeat(60))],
    ["GitLab token", token("gl", "pat-", "e".repeat(20))],
    ["npm token", token("npm", "_", "f".repeat(36))],
    ["Slack token", token("xo", "xb-", "1234567890-abcdef")],
    ["AWS key id", token("AK", "IA", "ABCDEFGHIJKLMNOP")],
    ["Google key", token("AI", "za", "g".repeat(35))],
    ["Stripe key", token("sk", "_live_", "h".repeat(24))],
    ["token", token("ey", "JhbGciOiJIUzI1NiJ9.ey", "JzdWIiOiIxMjM0In0.", "i".repeat(30))],
  ])("of the form of a %s is taken out and named, and the text around it stays", (name, secret) => {
    expect(plain(`say ${secret}, then go`)).toBe(`say [${name}], then go`);
  });

  it("that is a private key goes with all its lines, also where its end is cut off", () => {
    const key = `-----BEGIN ${"RSA PRIVATE"} KEY-----\nabc\ndef\n-----END ${"RSA PRIVATE"} KEY-----`;
    expect(plain(`a ${key} b`)).toBe("a [private key] b");
    expect(plain(`a ${key.slice(0, 40)}`)).toBe("a [private key]");
  });

  it("that is a password in an address goes, and the address stays readable", () => {
    expect(plain("git clone https://ana:hunter22@example.org/shop")).toBe(
      "git clone https://ana:[password]@example.org/shop",
    );
  });
});

describe("ordinary text", () => {
  it.each([
    "commit 3e49308c0f1dd8a1b6c4e3a5a8d5f0c1b2a39487 on main",
    "key: value, token count 1200, sk-learn, skip_live_tests",
    "https://example.org:8080/path@v2 and ana@example.org",
    "multi-instance-20260220-001/1/agent-a-001/1/create.r1.t1",
  ])("stays as it is: %s", (text) => {
    expect(plain(text)).toBe(text);
  });
});

describe("a variable whose name says that it is secret", () => {
  const env = {
    API_KEY: "abcdefgh1234",
    DB_PASSWORD: "short",
    MONKEY: "bananas-and-more",
    MY_TOKEN: "abcdefgh1234567",
  };

  it("counts when its value is long enough, the longest first", () => {
    expect(secretsIn(env).map(({ name }) => name)).toEqual(["MY_TOKEN", "API_KEY"]);
  });

  it("that only names a place or an id is none: paths in records would become unreadable", () => {
    expect(secretsIn({ SSL_KEY_FILE: "/home/ana/keys/server.pem", SECRET_DIR: "/home/ana/shop" })).toEqual(
      [],
    );
  });

  it("is named in place of its value", () => {
    expect(redactor(secretsIn(env))("curl -H abcdefgh1234567 abcdefgh1234")).toBe(
      "curl -H [MY_TOKEN] [API_KEY]",
    );
  });
});

it("every string of a value is looked at, and what holds no secret is the very same value", () => {
  const redact = redactor([{ name: "KEY", value: "s3cr3t-value" }]);
  const clean = { a: ["x", 1, null], b: { c: true } };
  expect(redactAll(clean, redact)).toBe(clean);
  expect(redactAll({ ...clean, d: [{ e: "has s3cr3t-value in it" }] }, redact)).toEqual({
    ...clean,
    d: [{ e: "has [KEY] in it" }],
  });
});

it("whatever stands around a secret, nothing of it is left", () => {
  const secret = token("gh", "p_", "Zz9".repeat(12));
  const word = fc.string({ unit: fc.constantFrom(" ", "\n", '"', "=", ":", "(", ")", "/", "x y") });
  fc.assert(
    fc.property(word, word, (before, after) => {
      fc.pre(!/\w$/.test(before));
      expect(plain(`${before}${secret}${after}`)).not.toContain("Zz9");
    }),
  );
});
