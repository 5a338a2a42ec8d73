import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fail, type VmnetxError } from '../errors/index.js';
import { cleanText, formatSize } from '../text/index.js';
import type { Compression } from './header.js';
import { MAX_TOOL_BYTES } from './limits.js';
import { TOOLS, type Tool } from './tools.js';

export interface Decompression {
  readonly compression: Compression;
  /** The most that may come out, in bytes. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** As much of a program's complaints as is kept, in characters. */
const MAX_COMPLAINT = 500;

/** What a shell ends with when it does not find the program that it is to become. */
const NOT_FOUND = 127;

/**
 * Decompresses what is stored, by the program that is made for it. Nothing is read that is not asked
 * for, but for what fits into pipes. Whoever stops asking has ended the program, too.
 *
 * @param stored ends, or fails, when the signal is aborted
 * @throws VmnetxError `memory-damaged`, `memory-refused`, `memory-too-large`, `host-program-missing`;
 *   what `stored` throws; the signal's reason
 */
export async function* decompress(
  stored: AsyncIterable<Uint8Array>,
  { compression, maxBytes, signal }: Decompression,
): AsyncGenerator<Uint8Array, void, undefined> {
  const plain = compression === 'none' ? stored : runTool(TOOLS[compression], stored, signal);
  let total = 0;
  for await (const bytes of plain) {
    total += bytes.length;
    if (total > maxBytes) throw fail('memory-too-large', { most: formatSize(maxBytes) });
    yield bytes;
  }
}

async function* runTool(
  tool: Tool,
  stored: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  signal.throwIfAborted();
  // zstd and gzip recognise other compressions, to which their own limits do not apply.
  const limited = ['-c', 'ulimit -d "$0" && exec "$@"', String(MAX_TOOL_BYTES / 1024)];
  const child = spawn('/bin/sh', [...limited, ...tool.command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  const ended = new Promise<number | null>((done, failed) => {
    child.on('error', failed).on('close', done);
  });
  ended.catch(() => undefined);
  const over = new AbortController();
  const stop = (): void => {
    over.abort();
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', stop, { once: true });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, MAX_COMPLAINT);
  });
  const input = new WatchedInput(stored);
  // A program that ended before its input did says why itself.
  const feeding = pipeline(input, child.stdin, { signal: over.signal });
  feeding.catch(() => undefined);
  try {
    for await (const bytes of asBytes(child.stdout)) yield bytes;
    const status = await ended;
    signal.throwIfAborted();
    input.throwIfFailed();
    if (status !== 0) throw failureOf(tool, status, complaint);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await ended.catch(() => null);
  }
}

/** Remembers what went wrong with the stored bytes, which ends the program's input all the same. */
class WatchedInput implements AsyncIterable<Uint8Array> {
  #failure: { readonly reason: unknown } | null = null;

  constructor(private readonly stored: AsyncIterable<Uint8Array>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* this.stored;
    } catch (reason) {
      this.#failure = { reason };
      throw reason;
    }
  }

  throwIfFailed(): void {
    if (this.#failure !== null) throw this.#failure.reason;
  }
}

function asBytes(stream: Readable): AsyncIterable<Uint8Array> {
  return stream;
}

function failureOf({ command, ...tool }: Tool, status: number | null, said: string): VmnetxError {
  const [program] = command;
  const context = {
    detail: `${cleanText(said.trim(), MAX_COMPLAINT)} (${program}: ${status ?? 'killed'})`,
  };
  if (status === NOT_FOUND) {
    return fail('host-program-missing', { program, package: tool.package }, context);
  }
  return /memory|window size/i.test(said)
    ? fail('memory-refused', { reason: 'decompressing it takes too much memory' }, context)
    : fail('memory-damaged', { reason: `${program} cannot decompress it` }, context);
}
