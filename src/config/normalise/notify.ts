import type { NotifyChannel } from "../../core/notify.ts";
import type { AuthoredConfig } from "../schema/config-schema.ts";
import { listOf } from "./defined.ts";

type Written = NonNullable<AuthoredConfig["notify"]>;
type WrittenChannel = Extract<Written, readonly unknown[]>[number];

/** Channels beside the terminal, where questions are always shown. `none` silences what stands beside it. */
export function normaliseNotify(written: Written | undefined): readonly NotifyChannel[] {
  const channels = listOf<WrittenChannel>(written) ?? [];
  return channels.includes("none") ? [] : channels.flatMap(toChannels);
}

function toChannels(written: WrittenChannel): readonly NotifyChannel[] {
  if (written === "desktop") return [{ channel: "desktop", kinds: null }];
  if (typeof written === "string") return [];
  const { desktop, webhook } = written;
  return [
    ...(desktop === undefined ? [] : [{ channel: "desktop" as const, kinds: listOf(desktop.kinds) ?? null }]),
    ...(webhook === undefined
      ? []
      : [{ channel: "webhook" as const, url: webhook.url, kinds: listOf(webhook.kinds) ?? null }]),
  ];
}
