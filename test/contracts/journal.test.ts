import { openJournalStore } from "../../src/adapters/journal/jsonl.ts";
import { createMemoryJournalStore } from "../../src/adapters/journal/memory.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { journalContract } from "./journal-contract.ts";

journalContract("files", async () => openJournalStore(await tempFolder()));
journalContract("memory", async () => createMemoryJournalStore());
