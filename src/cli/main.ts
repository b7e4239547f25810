#!/usr/bin/env node
/** The process: gives `runCli` the real streams and ends with its code. */
import { realpathSync } from "node:fs";
import { userInfo } from "node:os";
import type { CliIo, TextSink, TextSource } from "./io.ts";
import { runCli } from "./run-cli.ts";

function sink(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): TextSink {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0); // the reader, such as head, has seen enough
    if (stream === process.stderr && error.code === "ENOSPC") return; // narration into a file on a full disk
    throw error;
  });
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? (Number(env.COLUMNS) || undefined);
    },
    get rows() {
      return stream.rows;
    },
  };
}

function source(stream: NodeJS.ReadStream): TextSource {
  return {
    isTTY: stream.isTTY === true,
    read: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}

/** Keeps Ctrl+C from ending the process while somebody listens for it. */
function interrupts(): CliIo["onInterrupt"] {
  const listeners: (() => void)[] = [];
  const onSignal = (): void => listeners[0]?.();
  return (listener) => {
    if (listeners.length === 0) process.on("SIGINT", onSignal);
    listeners.unshift(listener);
    return () => {
      const index = listeners.indexOf(listener);
      if (index >= 0) listeners.splice(index, 1);
      if (listeners.length === 0) process.off("SIGINT", onSignal);
    };
  };
}

/** Raw input while somebody listens; node gives the terminal back when the process ends. */
function rawInput(listener: (chunk: string) => void): () => void {
  const onData = (chunk: Buffer): void => listener(chunk.toString("utf8"));
  stdin.setRawMode(true);
  stdin.on("data", onData);
  stdin.resume();
  return () => {
    stdin.off("data", onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

function onTerminate(listener: () => void): () => void {
  process.on("SIGTERM", listener);
  return () => process.off("SIGTERM", listener);
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}

const { stdout, stderr, stdin, env } = process;
const io: CliIo = {
  cwd: process.cwd(),
  env,
  stdout: sink(stdout, env),
  stderr: sink(stderr, env),
  stdin: source(stdin),
  interactive: stdin.isTTY === true && stdout.isTTY === true && stderr.isTTY === true,
  now: () => Date.now(),
  onInterrupt: interrupts(),
  onTerminate,
  ...(stdin.isTTY === true ? { typed: rawInput } : {}),
  self: [process.execPath, realpathSync(process.argv[1] ?? "")],
  user: env.SIGNALBOX_USER || loginName(),
};
process.exitCode = await runCli(process.argv.slice(2), io);
