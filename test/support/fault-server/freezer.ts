/** Holds up everybody who asks it, for as long as it is frozen. */
export class Freezer {
  #waiting: (() => void)[] | null = null;

  freeze(): void {
    this.#waiting ??= [];
  }

  thaw(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const go of waiting) go();
  }

  async thawed(): Promise<void> {
    const waiting = this.#waiting;
    if (waiting === null) return;
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  }
}
