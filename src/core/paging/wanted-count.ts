/** Counts the chunks that readers wait for, and tells when there is none. */
export class WantedCount {
  #count = 0;
  #waiting: (() => void)[] = [];

  add(): void {
    this.#count++;
  }

  remove(): void {
    this.#count--;
    if (this.#count > 0) return;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Waits until there is none. */
  async none(): Promise<void> {
    while (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
