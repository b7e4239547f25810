/** Which agents a person can speak to while they run. Source: design §6. */

/** False for programs started by an argv template: nobody reads what is said to them once they run. */
export function canSteer(adapter: string): boolean {
  return !adapter.startsWith("command:");
}

/** True for agents whose own program can continue a conversation of theirs in a terminal; for others it is a shell. */
export function hasTerminalProgram(adapter: string): boolean {
  return adapter === "claude" || adapter === "claude-cli";
}

/** False where a turn cannot be ended without the process; such a session is ended and continued instead. The same adapters as hear us. */
export function canInterrupt(adapter: string): boolean {
  return canSteer(adapter);
}
