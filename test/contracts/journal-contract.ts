/** What every implementation of the journal port must do. Each real adapter and each fake runs it. */
import { describe, expect, onTestFinished, test } from "vitest";
import type { WorkflowEvent } from "../../src/core/workflow/event.ts";
import type { Journal, JournalStore, Lease } from "../../src/ports/journal.ts";

export function aNote(text: string): WorkflowEvent {
  const at = "2026-02-20T10:00:00Z";
  return { type: "note.added", at, note: { at, by: "test", subject: "workflow", text } };
}

export async function requireLease(store: JournalStore, workflow: string, steal = false): Promise<Lease> {
  const result = await store.acquire(workflow, { steal });
  if (!result.ok) throw new Error(`the lease is held by ${JSON.stringify(result.holder)}`);
  return result.lease;
}

export async function openNew(store: JournalStore, workflow = "wf-001"): Promise<Journal> {
  return openHeld(store, workflow, await requireLease(store, workflow));
}

/** Opens with a lease; closed when the test ends. */
export async function openHeld(store: JournalStore, workflow: string, lease: Lease): Promise<Journal> {
  const journal = await store.open(workflow, lease);
  onTestFinished(() => journal.close());
  return journal;
}

/** `open` gives a store without journals; its resources are released by the caller's own hooks. */
export function journalContract(name: string, open: () => Promise<JournalStore>): void {
  describe(`journal contract: ${name}`, () => {
    test("appends come back in order, without gaps, with their ids and generation", async () => {
      const store = await open();
      const journal = await openNew(store);
      expect(await journal.append(0, "a", [aNote("one"), aNote("two")])).toEqual({ ok: true, seq: 1 });
      expect(await journal.append(1, "b", [aNote("three")])).toEqual({ ok: true, seq: 2 });
      const entries = await journal.read(0);
      expect(entries).toEqual([
        { seq: 1, generation: 1, appendId: "a", events: [aNote("one"), aNote("two")] },
        { seq: 2, generation: 1, appendId: "b", events: [aNote("three")] },
      ]);
      expect(await journal.read(1)).toEqual(entries.slice(1));
      expect(await store.load("wf-001")).toEqual(entries);
    });

    test("an append at another head than the present one is a conflict and writes nothing", async () => {
      const journal = await openNew(await open());
      await journal.append(0, "a", [aNote("one")]);
      expect(await journal.append(0, "b", [aNote("two")])).toEqual({
        ok: false,
        reason: "conflict",
        head: 1,
      });
      expect(await journal.append(2, "c", [aNote("two")])).toEqual({
        ok: false,
        reason: "conflict",
        head: 1,
      });
      expect(await journal.read(0)).toHaveLength(1);
    });

    test("of many appends that race for one head exactly one succeeds", async () => {
      const journal = await openNew(await open());
      for (let head = 0; head < 20; head += 1) {
        const results = await Promise.all(
          Array.from({ length: 8 }, (_, writer) =>
            journal.append(head, `${head}-${writer}`, [aNote(`${writer}`)]),
          ),
        );
        expect(results.filter((it) => it.ok)).toEqual([{ ok: true, seq: head + 1 }]);
      }
      expect((await journal.read(0)).map((it) => it.seq)).toEqual(
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
    });

    test("the same append again gives the original seq, also after a reopen, and is stored once", async () => {
      const store = await open();
      const lease = await requireLease(store, "wf-001");
      const journal = await openHeld(store, "wf-001", lease);
      const [first, second] = await Promise.all([
        journal.append(0, "a", [aNote("one")]),
        journal.append(0, "a", [aNote("one")]),
      ]);
      expect([first, second]).toEqual([
        { ok: true, seq: 1 },
        { ok: true, seq: 1 },
      ]);
      await journal.append(1, "b", [aNote("two")]);
      const again = await openHeld(store, "wf-001", lease);
      expect(await again.append(2, "a", [aNote("one")])).toEqual({ ok: true, seq: 1 });
      expect(await again.read(0)).toHaveLength(2);
    });

    test("an append id that is used again with other events is refused as a bug of the caller", async () => {
      const store = await open();
      const lease = await requireLease(store, "wf-001");
      const journal = await openHeld(store, "wf-001", lease);
      await journal.append(0, "a", [aNote("one")]);
      await expect(journal.append(1, "a", [aNote("other")])).rejects.toMatchObject({
        code: "append-id-reused",
        kind: "internal",
      });
      const again = await openHeld(store, "wf-001", lease);
      await expect(again.append(1, "a", [aNote("other")])).rejects.toMatchObject({
        code: "append-id-reused",
      });
    });

    test("what was appended does not change when the caller's object does", async () => {
      const journal = await openNew(await open());
      const events = [aNote("one")];
      await journal.append(0, "a", events);
      events.push(aNote("two"));
      expect((await journal.read(0))[0]?.events).toHaveLength(1);
    });

    test("a held lease is refused with its holder, and the generation rises at every acquire", async () => {
      const store = await open();
      const lease = await requireLease(store, "wf-001");
      expect(lease.holder.generation).toBe(1);
      expect(await store.acquire("wf-001")).toEqual({ ok: false, holder: lease.holder });
      await lease.release();
      expect((await requireLease(store, "wf-001")).holder.generation).toBe(2);
    });

    test("leases of two workflows are independent", async () => {
      const store = await open();
      await requireLease(store, "wf-001");
      expect((await requireLease(store, "wf-002")).holder.generation).toBe(1);
    });

    test("after a forced takeover the old writer is fenced, and stays so however often it tries", async () => {
      const store = await open();
      const first = await requireLease(store, "wf-001");
      const old = await openHeld(store, "wf-001", first);
      await old.append(0, "a", [aNote("one")]);
      const taken = await requireLease(store, "wf-001", true);
      expect([first.isNewest(), taken.isNewest()]).toEqual([false, true]);
      expect(await old.append(1, "b", [aNote("late")])).toMatchObject({ ok: false, reason: "fenced" });
      const journal = await openHeld(store, "wf-001", taken);
      expect(await journal.append(1, "c", [aNote("two")])).toEqual({ ok: true, seq: 2 });
      expect(await old.append(1, "d", [aNote("later")])).toMatchObject({ ok: false, reason: "fenced" });
      expect((await store.load("wf-001")).map((it) => it.appendId)).toEqual(["a", "c"]);
      await expect(
        store.open("wf-001", {
          holder: { ...taken.holder, generation: 1 },
          isNewest: () => true,
          release: async () => {},
        }),
      ).rejects.toMatchObject({
        code: "lease-lost",
      });
    });

    test("an append after the release of its lease is fenced", async () => {
      const store = await open();
      const lease = await requireLease(store, "wf-001");
      const journal = await openHeld(store, "wf-001", lease);
      await lease.release();
      expect(await journal.append(0, "a", [aNote("one")])).toMatchObject({ ok: false, reason: "fenced" });
      await expect(store.open("wf-001", lease)).rejects.toMatchObject({ code: "lease-lost" });
    });

    test("the list names journals that were opened, and a missing one loads as empty", async () => {
      const store = await open();
      expect(await store.list()).toEqual([]);
      expect(await store.load("wf-404")).toEqual([]);
      await openNew(store, "wf-002");
      await openNew(store, "wf-001");
      expect(await store.list()).toEqual(["wf-001", "wf-002"]);
    });
  });
}
