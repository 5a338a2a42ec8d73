import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Program } from './program.js';

/** What fio reads or writes: a file, or what an NBD server offers at a Unix socket. */
export type Target =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'nbd'; readonly socket: string };

/** Work for fio. Sizes in bytes. */
export interface Job {
  readonly kind: 'read' | 'randread' | 'randwrite';
  readonly blockBytes: number;
  /** So many threads at once, each with one request; over NBD each with a connection of its own. */
  readonly depth: number;
  readonly direct: boolean;
  readonly region: { readonly offset: number; readonly bytes: number };
  /** Of operations of all threads; null for the whole region. */
  readonly count: number | null;
  /** It ends after so long, even if there is more to do. */
  readonly limitMilliseconds: number;
  /** Whether it begins again until the time is up. */
  readonly repeat: boolean;
  /** The same for all subjects of a run: then they get the same offsets. */
  readonly seed: number;
  /** Reads the region from its beginning to its end beforehand, the same way, unmeasured. */
  readonly fill: boolean;
}

export interface Outcome {
  readonly operationsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly bytes: number;
  /** Mean time of an operation. */
  readonly milliseconds: number;
}

/** For fio's own start, for filling, and for operations that are under way when the time is up. */
const GRACE_MILLISECONDS = 10_000;
const MEBIBYTE = 2 ** 20;

/** @param scratch a folder for fio's output */
export async function fio(
  target: Target,
  job: Job,
  scratch: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const output = join(scratch, 'fio.json');
  await rm(output, { force: true });
  const options = ['--thread', '--group_reporting', '--output-format=json', `--output=${output}`];
  const program = Program.start(['fio', ...options, ...jobWords(target, job)]);
  await program.finish(job.limitMilliseconds + GRACE_MILLISECONDS, signal);
  return parseOutcome(await readFile(output, 'utf8'), job.kind === 'randwrite' ? 'write' : 'read');
}

/** fio's options of a job; global ones come first, and a job starts with its name. */
export function jobWords(target: Target, job: Job): readonly string[] {
  const region = [`--offset=${job.region.offset}`, `--size=${job.region.bytes}`];
  const mode = [...targetWords(target), `--direct=${job.direct ? 1 : 0}`];
  const fill = ['--name=fill', ...region, '--rw=read', `--bs=${MEBIBYTE}`];
  // fio drops no pages, gives no hints that QEMU does not give, and makes no file where none is.
  const plain = ['--invalidate=0', '--fadvise_hint=0', '--allow_file_create=0'];
  return [
    ...mode,
    ...plain,
    ...(job.fill ? fill : []),
    '--name=measured',
    ...region,
    ...(job.fill ? ['--stonewall'] : []),
    `--rw=${job.kind}`,
    `--bs=${job.blockBytes}`,
    `--numjobs=${job.depth}`,
    `--randseed=${job.seed}`,
    `--runtime=${job.limitMilliseconds}ms`,
    ...(job.repeat ? ['--time_based'] : []),
    ...(job.count === null ? [] : [`--number_ios=${Math.ceil(job.count / job.depth)}`]),
  ];
}

function targetWords(target: Target): readonly string[] {
  return target.kind === 'file'
    ? ['--ioengine=psync', `--filename=${target.path}`]
    : ['--ioengine=nbd', `--uri=nbd+unix:///?socket=${target.socket}`];
}

/**
 * Reads fio's JSON; the last group is the measured one.
 *
 * @throws Error when there was an error, or nothing was done at all
 */
export function parseOutcome(json: string, direction: 'read' | 'write'): Outcome {
  // fio may print notes before the JSON.
  const value: unknown = JSON.parse(json.slice(Math.max(0, json.indexOf('{'))));
  const jobs = field(value, 'jobs');
  const job: unknown = Array.isArray(jobs) ? jobs.at(-1) : null;
  const error = number(job, 'error');
  if (error !== 0) throw new Error(`fio met error ${error}`);
  const part = field(job, direction);
  if (number(part, 'total_ios') === 0) throw new Error('Nothing was done in time');
  return {
    operationsPerSecond: number(part, 'iops'),
    bytesPerSecond: number(part, 'bw_bytes'),
    bytes: number(part, 'io_bytes'),
    milliseconds: number(field(part, 'lat_ns'), 'mean') / 1e6,
  };
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) throw new Error(`fio's output has no ${name}`);
  return Object.entries(value).find(([key]) => key === name)?.[1];
}

function number(value: unknown, name: string): number {
  const found = field(value, name);
  if (typeof found !== 'number') throw new Error(`fio's output has no number ${name}`);
  return found;
}
