/**
 * The port `Notifier`: the coordinator's log always, the desktop and webhooks where the configuration asks for them.
 *
 * Owns: what a notice says, which failures are told. Does not own: which channels there are (the configuration).
 */
import { isAnnounced, type NotifyChannel } from "../../core/notify.ts";
import { type CommandsAt, commandsAt } from "../../core/view/commands-at.ts";
import type { CommitId } from "../../core/vocabulary.ts";
import type { Notice, Notifier } from "../../ports/notifier.ts";
import { showOnDesktop } from "./desktop.ts";
import { desktopProgram } from "./desktop-program.ts";
import { postWebhook, safeName, type WebhookOptions } from "./webhook.ts";

export interface NotifierOptions {
  /** Main worktree of the repository; commands in notices name it. */
  readonly root: string;
  /** Name of the repository. */
  readonly name: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Channels in force for workflows that started from a commit. */
  readonly channelsAt: (base: CommitId) => Promise<readonly NotifyChannel[]>;
  /** Lines of the coordinator's log. */
  readonly narrate: (line: string) => void;
  readonly webhook?: WebhookOptions;
}

/** Failures of a channel are told once, until it works again. */
export function createNotifier(options: NotifierOptions): Notifier {
  const failing = new Set<string>();
  const tell = (channel: string, reason: string | null): void => {
    if (reason === null) failing.delete(channel);
    else if (!failing.has(channel)) options.narrate(`not announced: ${channel} ${reason}`);
    if (reason !== null) failing.add(channel);
  };
  return {
    notify: async (notice) => {
      options.narrate(`${notice.workflow} waits: ${notice.reason} (${notice.command})`);
      try {
        const channels = await options.channelsAt(notice.base);
        const wanted = channels.filter((channel) => isAnnounced(channel, notice.kind));
        await Promise.all(wanted.map((channel) => announce(channel, notice, options, tell)));
      } catch (error) {
        tell(
          "the configuration",
          `cannot be read (${error instanceof Error ? firstLine(error.message) : error})`,
        );
      }
    },
  };
}

type Tell = (channel: string, reason: string | null) => void;

async function announce(
  channel: NotifyChannel,
  notice: Notice,
  options: NotifierOptions,
  tell: Tell,
): Promise<void> {
  const message = messageOf(notice, options);
  if (channel.channel === "webhook") return announceByWebhook(channel.url, message, options, tell);
  const program = desktopProgram(options.env);
  if (program === null) return tell("desktop", "has no notify-send here; terminals of viewers ring instead");
  const title = `${options.name}: ${notice.subject}`;
  const body = `${notice.reason}\n${message.command}`;
  tell("desktop", await showOnDesktop(program, { title, body }, options.env));
}

async function announceByWebhook(
  written: string,
  message: Message,
  { env, webhook }: NotifierOptions,
  tell: Tell,
): Promise<void> {
  const address = addressOf(written, env);
  if (typeof address === "string") return tell("webhook", address);
  const posted = await postWebhook(address, message, webhook);
  tell(`webhook at ${safeName(address)}`, posted.ok ? null : posted.reason);
}

/** The address, or why there is none. */
function addressOf(written: string, env: NotifierOptions["env"]): URL | string {
  const name = written.startsWith("$") ? written.slice(1) : null;
  const text = name === null ? written : (env[name] ?? "");
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return new URL(text);
  return name === null ? "has no address" : `has no address in the variable ${name}`;
}

/** What a webhook gets. */
interface Message {
  readonly workflow: string;
  readonly slot: string;
  readonly kind: string;
  readonly reason: string;
  /** The first answer, for a shell in any folder. */
  readonly command: string;
  readonly at: string;
  readonly repository: string;
  readonly text: string;
}

function messageOf(notice: Notice, { root, name }: NotifierOptions): Message {
  const { workflow, subject, kind, reason, at } = notice;
  const here: CommandsAt = commandsAt({ folder: root, workflow });
  const command = here.at(notice.command);
  const text = `${name}: ${subject} waits: ${reason} (${command})`;
  return { workflow, slot: subject, kind, reason, command, at, repository: name, text };
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
