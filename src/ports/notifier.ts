/** Tells a person that something waits. Never rejects; a failing channel is narrated. */
export interface Notifier {
  notify(message: {
    readonly workflow: string;
    readonly subject: string;
    readonly reason: string;
    readonly command: string;
  }): Promise<void>;
}
