import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';
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
 * Decompresses what is stored, by the program that is made for it, which reads it itself. Nothing is
 * read that is not asked for, but for what fits into pipes. Whoever stops asking has ended the program,
 * too.
 *
 * @param input a file open for reading, at the place where what is stored begins; it stays the
 *   caller's, and its place moves on as the program reads
 * @throws VmnetxError `memory-damaged` (also where the file cannot be read), `memory-refused`,
 *   `memory-too-large`, `host-program-missing`; the signal's reason
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
  signal.throwIfAborted();
  // zstd and gzip recognise other compressions, to which their own limits do not apply.
  const limited = ['-c', 'ulimit -d "$0" && exec "$@"', String(MAX_TOOL_BYTES / 1024)];
  const child = spawn('/bin/sh', [...limited, ...tool.command], {
    stdio: [input, 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  const ended = new Promise<number | null>((done, failed) => {
    child.on('error', failed).on('close', done);
  });
  ended.catch(() => undefined);
  const stop = (): void => {
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', stop, { once: true });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, MAX_COMPLAINT);
  });
  try {
    for await (const bytes of asBytes(child.stdout)) yield bytes;
    const status = await ended;
    signal.throwIfAborted();
    if (status !== 0) throw failureOf(tool, status, complaint);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await ended.catch(() => null);
  }
}

/** A program that could not be started has no output. */
function asBytes(stream: Readable | null): AsyncIterable<Uint8Array> {
  return stream ?? Readable.from([]);
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
    : fail('memory-damaged', { reason: `${program} cannot read it` }, context);
}
