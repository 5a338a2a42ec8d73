/** The signals that ask a program to end. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Calls `end` once, at the first of SIGINT, SIGTERM and SIGHUP; later ones are ignored. */
export function onEndingSignal(end: (signal: NodeJS.Signals) => void): void {
  let ending = false;
  for (const signal of ENDING) {
    process.on(signal, () => {
      if (ending) return;
      ending = true;
      end(signal);
    });
  }
}
