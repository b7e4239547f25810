/** Which agents a person can speak to while they run. Source: design §6. */

/** False for programs started by an argv template: nobody reads what is said to them once they run. */
export function canSteer(adapter: string): boolean {
  return !adapter.startsWith("command:");
}
