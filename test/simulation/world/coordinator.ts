/**
 * One life of a coordinator: the real engine, whose every port call is two steps of the schedule: it is carried out, and its
 * answer comes back. Between any two steps the process may die, freeze or lose an answer.
 */
import { createSeededIds } from "../../../src/adapters/clock/ids.ts";
import type { EngineDependencies } from "../../../src/engine/dependencies.ts";
import { createEngine, type Engine } from "../../../src/engine/engine.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { Journal, JournalStore } from "../../../src/ports/journal.ts";
import type { SessionEvent, SessionHost } from "../../../src/ports/session-host.ts";
import { IMMEDIATE } from "./direct.ts";
import type { Ports } from "./ports.ts";
import type { Schedule } from "./schedule.ts";

/** What happens to one call. */
export interface CallFate {
  /** Milliseconds until it is carried out, and from then until its answer arrives. */
  readonly delayMs: number;
  readonly answerMs: number;
  /** It fails with this, before or after it was carried out. */
  readonly error?: { readonly when: "before" | "after"; readonly error: Error };
  /** The process is stopped for so long before the call is carried out, and another coordinator takes over. */
  readonly frozenMs?: number;
  /** It is carried out also when the process dies meanwhile: a program that was started runs on. */
  readonly outlives: boolean;
}

export interface LifeParts {
  readonly number: number;
  readonly seed: string;
  readonly schedule: Schedule;
  readonly ports: Ports;
  /** Takes the lease from a living holder. */
  readonly steals: boolean;
  readonly fate: (call: string) => CallFate;
  /** Told that another coordinator must take over. */
  readonly takenOver: () => void;
  /** Told of every line of the log. */
  readonly narrate: (line: string) => void;
}

export class Life {
  readonly engine: Engine;
  readonly number: number;
  readonly steals: boolean;
  dead = false;
  /** Of its lease; 0 before it has one. */
  generation = 0;
  readonly #parts: LifeParts;
  #frozenUntilMs = 0;
  #latestMs = 0;

  constructor(parts: LifeParts) {
    this.#parts = parts;
    this.number = parts.number;
    this.steals = parts.steals;
    this.engine = createEngine(this.#dependencies());
  }

  /** kill -9. */
  die(): void {
    this.dead = true;
  }

  /** SIGSTOP, and SIGCONT after some time: programs that it has started go on. */
  freeze(ms: number): void {
    this.#frozenUntilMs = this.#parts.schedule.nowMs + ms;
  }

  #dependencies(): EngineDependencies {
    const { ports, seed, number, narrate } = this.#parts;
    return {
      ...ports,
      store: this.#store(ports.store),
      repository: this.#wrap("repository", ports.repository as unknown as EngineDependencies["repository"]),
      host: this.#host(ports.host as unknown as SessionHost),
      provisioner: this.#wrap("provisioner", ports.provisioner),
      checks: this.#wrap("checks", ports.checks),
      files: this.#wrap("files", ports.files),
      surroundings: this.#wrap("surroundings", ports.surroundings),
      clock: this.#clock(),
      ids: createSeededIds(`${seed}/${number}`),
      narrate,
    };
  }

  #wrap<T extends object>(port: string, target: T): T {
    return new Proxy(target, {
      get: (object, key) => {
        const value: unknown = Reflect.get(object, key);
        if (typeof value !== "function" || typeof key !== "string") return value;
        if (IMMEDIATE.has(key)) return value.bind(object);
        return (...args: readonly unknown[]) => this.#call(`${port}.${key}`, () => value.apply(object, args));
      },
    });
  }

  #store(store: JournalStore): JournalStore {
    return {
      folder: (workflow) => store.folder(workflow),
      list: () => this.#call("store.list", () => store.list()),
      load: (workflow) => this.#call("store.load", () => store.load(workflow)),
      acquire: async (workflow) => {
        const acquired = await this.#call("store.acquire", () =>
          store.acquire(workflow, { steal: this.steals }),
        );
        if (!acquired.ok) return acquired;
        this.generation = acquired.lease.holder.generation;
        return { ...acquired, lease: this.#wrap("lease", acquired.lease) };
      },
      open: async (workflow, lease): Promise<Journal> =>
        this.#wrap("journal", await this.#call("store.open", () => store.open(workflow, lease))),
    };
  }

  #host(host: SessionHost): SessionHost {
    const wrapped = this.#wrap("host", host);
    const follow = (...args: Parameters<SessionHost["follow"]>): AsyncGenerator<SessionEvent> =>
      this.#followed(host.follow(...args));
    return new Proxy(wrapped, {
      get: (object, key) => (key === "follow" ? follow : Reflect.get(object, key)),
    });
  }

  async *#followed(events: AsyncIterable<SessionEvent>): AsyncGenerator<SessionEvent> {
    for await (const event of events) {
      await this.#call("host.follow", () => undefined);
      yield event;
    }
  }

  #clock(): Clock {
    const { schedule } = this.#parts;
    return {
      now: () => {
        this.#latestMs = Math.max(this.#latestMs, schedule.wallMs);
        return `${new Date(this.#latestMs).toISOString().slice(0, 19)}Z`;
      },
      wait: (at, signal) =>
        this.#waiting(
          signal,
          (wake) => schedule.whenWall(Date.parse(at), wake),
          Date.parse(at) <= schedule.wallMs,
        ),
      pause: (ms, signal) => this.#waiting(signal, (wake) => schedule.after(ms, wake), false),
    };
  }

  #waiting(signal: AbortSignal, plan: (wake: () => void) => () => void, over: boolean): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted || over) return resolve();
      const wake = (): void => {
        cancel();
        signal.removeEventListener("abort", wake);
        this.#arrive(resolve);
      };
      const cancel = plan(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  #call<T>(name: string, run: () => T | Promise<T>): Promise<T> {
    const { schedule, fate } = this.#parts;
    if (this.dead) return new Promise(() => {});
    const { delayMs, answerMs, error, frozenMs, outlives } = fate(name);
    if (frozenMs !== undefined) {
      this.freeze(frozenMs);
      this.#parts.takenOver();
    }
    return new Promise<T>((resolve, reject) => {
      const answer = (tell: () => void): void => void schedule.after(answerMs, () => this.#arrive(tell));
      schedule.after(delayMs, () => {
        if (this.dead && !outlives) return;
        if (error?.when === "before") return answer(() => reject(error.error));
        try {
          const result = run();
          const tell = (value: T): void =>
            answer(() => (error === undefined ? resolve(value) : reject(error.error)));
          if (!(result instanceof Promise)) return tell(result);
          result.then(tell, (reason: unknown) => answer(() => reject(reason)));
        } catch (reason) {
          answer(() => reject(reason));
        }
      });
    });
  }

  /** A dead process hears nothing, a frozen one later. */
  #arrive(tell: () => void): void {
    if (this.dead) return;
    const leftMs = this.#frozenUntilMs - this.#parts.schedule.nowMs;
    if (leftMs > 0) this.#parts.schedule.after(leftMs, () => this.#arrive(tell));
    else tell();
  }
}
