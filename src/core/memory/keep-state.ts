import { confinedFilter } from '../confinement/index.js';
import { fail, ownWords, type VmnetxError } from '../errors/index.js';
import { behindAll } from './behind-all.js';
import { decompressionFailure } from './decompress.js';
import type { Compression } from './header.js';
import { MAX_TOOL_BYTES } from './limits.js';
import { RunningTool, type Ending } from './running-tool.js';
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

/** What zstd is told by the system where a file cannot become longer. */
const NO_SPACE = /No space left on device|Disk quota exceeded|File too large/;

/**
 * Compresses a state for the next time, behind everything else that runs: as zstd does it, for what
 * takes zstd. How much is compressed has no limit of its own: the state was loaded before, within one.
 *
 * @throws VmnetxError `host-no-space` where the file cannot take it, `memory-damaged`, `memory-refused`,
 *   `host-program-missing`, `host-program-failed`, `host-not-built`; the signal's reason. Nothing runs
 *   any more then.
 */
export async function keepState(state: StateToKeep, signal: AbortSignal): Promise<void> {
  const tool = TOOLS[state.compression];
  const limit = `ulimit -f ${Math.floor(state.maxBytes / LIMIT_BLOCK_BYTES)}`;
  const [reading, writing] = await Promise.all([
    confinedFilter(tool.command, MAX_TOOL_BYTES),
    confinedFilter(COMPRESSOR.command, MAX_TOOL_BYTES),
  ]);
  signal.throwIfAborted();
  // Until the pipe is handed on nothing else may happen: what is read of it here is lost.
  const from = { input: state.stored, output: 'pipe' } as const;
  const reader = new RunningTool(tool, behindAll(reading), from, signal);
  try {
    const to = { input: reader.output ?? 'ignore', output: state.kept } as const;
    const writer = new RunningTool(COMPRESSOR, behindAll(writing, limit), to, signal);
    // The pipe is theirs now: each notices when the other one ends.
    reader.output?.destroy();
    const written = await writer.ended;
    signal.throwIfAborted();
    if (written.status !== 0) throw compressionFailure(written);
    const read = await reader.ended;
    signal.throwIfAborted();
    if (read.status !== 0) throw decompressionFailure(tool, read);
  } finally {
    await reader.stop();
  }
}

function compressionFailure({ signal, detail }: Ending): VmnetxError {
  const [program] = COMPRESSOR.command;
  return signal === 'SIGXFSZ' || NO_SPACE.test(detail)
    ? fail('host-no-space', { path: ownWords('the kept state') }, { detail })
    : fail('host-program-failed', { program }, { detail });
}
