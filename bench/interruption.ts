const INTERRUPTED_STATUS = 130;

/** Runs a benchmark until it is done, or until the program is told to end: its signal is aborted then. */
export async function untilInterrupted(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      interrupted.abort(new Error(`interrupted by ${name}`));
    });
  }
  try {
    await run(interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = INTERRUPTED_STATUS;
  }
}
