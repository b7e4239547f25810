/** Lets one loop sleep until somebody has news; news while it is awake is not lost. */
export class Wakeup {
  private news = false;
  private resolve: (() => void) | undefined;

  wake(): void {
    this.news = true;
    this.resolve?.();
  }

  /** Resolves at the next `wake`, at once when there was one since the last call. */
  async next(): Promise<void> {
    if (!this.news) {
      await new Promise<void>((resolve) => {
        this.resolve = resolve;
      });
    }
    this.resolve = undefined;
    this.news = false;
  }
}
