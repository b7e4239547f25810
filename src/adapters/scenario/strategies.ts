/** Order in which critic strategies and patterns are applied and reported. Source: domain §8.5, §9.2. */

const ORDER = [
  "S-010",
  "S-003",
  "S-002",
  "S-004",
  "S-001",
  "S-007",
  "S-011",
  "S-012",
  "S-013",
  "S-014",
  "steelman",
  "strawman",
  "devils-advocate",
  "red-team",
  "blue-team",
] as const;

/** True for lists that report what was applied: `patterns_used`, `strategies_used`. */
export function countsAsUsed(name: string): boolean {
  return /^(patterns|strategies)_?used$/i.test(name);
}

/** The words that the prompt names (all of them when it names none), in the order of execution. */
export function inExecutionOrder(words: readonly unknown[], prompt: string): readonly unknown[] {
  const place = (word: unknown): number => {
    const index = (ORDER as readonly unknown[]).indexOf(word);
    return index < 0 ? ORDER.length : index;
  };
  const named = words.filter((word) => typeof word === "string" && mentions(prompt, word));
  return [...(named.length > 0 ? named : words)].sort((a, b) => place(a) - place(b));
}

function mentions(prompt: string, word: string): boolean {
  const text = prompt.toLowerCase();
  return text.includes(word.toLowerCase()) || text.includes(word.toLowerCase().replaceAll("-", " "));
}
