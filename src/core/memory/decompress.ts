import { Readable } from 'node:stream';
import { confinedFilter } from '../confinement/index.js';
import { fail, type VmnetxError } from '../errors/index.js';
import { formatSize } from '../text/index.js';
import type { Compression } from './header.js';
import { MAX_TOOL_BYTES } from './limits.js';
import { RunningTool, type Ending } from './running-tool.js';
import { TOOLS, type Tool } from './tools.js';

export interface Decompression {
  readonly compression: Compression;
  /** The most that may come out, in bytes. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Decompresses what is stored, by the program that is made for it, which reads it itself and can do
 * nothing else. Nothing is read that is not asked for, but for what fits into pipes. Whoever stops
 * asking has ended the program, too.
 *
 * @param input a file open for reading, at the place where what is stored begins; it stays the
 *   caller's, and its place moves on as the program reads
 * @throws VmnetxError `memory-damaged` (also where the file cannot be read), `memory-refused`,
 *   `memory-too-large`, `host-program-missing`, `host-program-failed` (it was killed by somebody else),
 *   `host-not-built`; the signal's reason
 */
export async function* decompress(
  input: number,
  { compression, maxBytes, signal }: Decompression,
): AsyncGenerator<Uint8Array, void, undefined> {
  let total = 0;
  for await (const bytes of runTool(TOOLS[compression], input, signal)) {
    total += bytes.length;
    if (total > maxBytes) throw fail('memory-too-large', { most: formatSize(maxBytes) });
    yield bytes;
  }
}

async function* runTool(
  tool: Tool,
  input: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  // zstd and gzip recognise other compressions, to which their own limits do not apply.
  const filter = await confinedFilter(tool.command, MAX_TOOL_BYTES);
  signal.throwIfAborted();
  const running = new RunningTool(tool, filter, { input, output: 'pipe' }, signal);
  try {
    const output: AsyncIterable<Uint8Array> = running.output ?? Readable.from([]);
    for await (const bytes of output) yield bytes;
    const ending = await running.ended;
    signal.throwIfAborted();
    if (ending.status !== 0) throw decompressionFailure(tool, ending);
  } finally {
    await running.stop();
  }
}

/** Why a program did not decompress to the end what it was given. */
export function decompressionFailure({ command }: Tool, { status, detail }: Ending): VmnetxError {
  const [program] = command;
  if (status === null) return fail('host-program-failed', { program }, { detail });
  return /memory|window size/i.test(detail)
    ? fail('memory-refused', { reason: 'decompressing it takes too much memory' }, { detail })
    : fail('memory-damaged', { reason: `${program} cannot read it` }, { detail });
}
