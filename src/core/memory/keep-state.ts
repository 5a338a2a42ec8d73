import { fail } from '../errors/index.js';
import { RunningProgram } from './background-program.js';
import type { Compression } from './header.js';
import { TOOLS, type Tool } from './tools.js';

/** The compressions that take longer to load than what {@link keepState} writes, see docs/design.md. */
const SLOW = ['gzip', 'bzip2', 'xz'] as const;

export type SlowCompression = (typeof SLOW)[number];

export function isSlow(compression: Compression): compression is SlowCompression {
  return SLOW.some((slow) => slow === compression);
}

/** A state that is to be compressed anew, and where to. */
export interface StateToKeep {
  readonly compression: SlowCompression;
  /** Descriptor of the saved memory, at the beginning of the state. */
  readonly stored: number;
  /** Descriptor of the file that is written, from its position on. */
  readonly kept: number;
  /** The most that the file may become long, in bytes. */
  readonly maxBytes: number;
}

/** Loads fastest, and has checksums. One thread: the guest needs the processors. */
const COMPRESSOR: Tool = { command: ['zstd', '-1', '-cq', '-T1'], package: 'zstd' };

/** In what the shell counts the limit of a file's length. */
const LIMIT_BLOCK_BYTES = 512;

/**
 * Compresses a state for the next time, behind everything else that runs: as zstd does it, for what
 * takes zstd. How much is compressed has no limit of its own: the state was loaded before, within one.
 *
 * @throws VmnetxError `host-no-space` where the file cannot take it, `memory-damaged`,
 *   `host-program-missing`; the signal's reason. Nothing runs any more then.
 */
export async function keepState(state: StateToKeep, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const programs: RunningProgram[] = [];
  const stop = (): void => {
    for (const program of programs) program.kill();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const reader = await RunningProgram.start({
      tool: TOOLS[state.compression],
      before: '',
      input: state.stored,
      output: 'pipe',
    });
    programs.push(reader);
    const writer = await RunningProgram.start({
      tool: COMPRESSOR,
      before: `ulimit -f ${Math.floor(state.maxBytes / LIMIT_BLOCK_BYTES)}`,
      input: reader.output ?? 'ignore',
      output: state.kept,
    });
    programs.push(writer);
    // The pipe is theirs now: each notices when the other one ends.
    reader.output?.destroy();
    const written = await writer.ended;
    if (!written.succeeded) reader.kill();
    const read = await reader.ended;
    signal.throwIfAborted();
    const { detail } = written;
    if (!written.succeeded) throw fail('host-no-space', { path: 'the kept state' }, { detail });
    if (!read.succeeded) {
      const reason = `${state.compression} cannot decompress it`;
      throw fail('memory-damaged', { reason }, { detail: read.detail });
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await Promise.allSettled(programs.map(({ ended }) => ended));
  }
}
