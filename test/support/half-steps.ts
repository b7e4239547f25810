/** Ports of which every call is two half-steps, before and after it, so that something can happen at exactly one of them. */

/** What happens at the chosen half-step; what it throws is what the call throws. */
type Fate = (name: string) => Promise<void> | void;

export interface HalfSteps {
  /** Names of the half-steps so far: `before site.push`, `after site.push`, … */
  readonly names: readonly string[];
}

/** Wraps the methods of all these ports but the synchronous ones; `at` counts half-steps from 0. */
export function halfSteps<T extends object>(
  ports: T,
  at: number,
  fate: Fate,
  sync: readonly string[] = [],
): { readonly ports: T; readonly steps: HalfSteps } {
  const names: string[] = [];
  const step = async (name: string): Promise<void> => {
    names.push(name);
    if (names.length - 1 === at) await fate(name);
  };
  const wrap = (port: string, target: object): object =>
    new Proxy(target, {
      get(object, key) {
        const value: unknown = Reflect.get(object, key);
        if (typeof value !== "function" || typeof key !== "string" || sync.includes(key)) return value;
        return async (...args: unknown[]) => {
          await step(`before ${port}.${key}`);
          const result: unknown = await value.apply(object, args);
          await step(`after ${port}.${key}`);
          return result;
        };
      },
    });
  const wrapped = Object.entries(ports).map(([name, port]) => [
    name,
    typeof port === "object" && port !== null ? wrap(name, port) : port,
  ]);
  return { ports: Object.fromEntries(wrapped) as T, steps: { names } };
}
