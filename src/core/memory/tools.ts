import type { Compression } from './header.js';
import { MAX_WINDOW_BYTES, XZ_THREADS } from './limits.js';

/** The programs that decompress; each has the name of its compression. */
export const DECOMPRESSORS = ['gzip', 'bzip2', 'xz', 'lzop', 'zstd'] as const;

/** A program that decompresses from its standard input to its standard output. */
export interface Tool {
  readonly command: readonly [program: string, ...options: string[]];
  /** What Debian calls the package that has it. */
  readonly package: string;
}

/** Those that need no more than some MiB, whatever they are given, have no option for it. */
export const TOOLS: Readonly<Record<Compression, Tool>> = {
  none: { command: ['cat'], package: 'coreutils' },
  gzip: { command: ['gzip', '-dc'], package: 'gzip' },
  bzip2: { command: ['bzip2', '-dc'], package: 'bzip2' },
  xz: {
    command: [
      'xz',
      '-dc',
      '--format=xz',
      `--threads=${XZ_THREADS}`,
      `--memlimit-decompress=${MAX_WINDOW_BYTES}`,
    ],
    package: 'xz-utils',
  },
  lzop: { command: ['lzop', '-dc'], package: 'lzop' },
  zstd: { command: ['zstd', '-dcq', `--memory=${MAX_WINDOW_BYTES}`], package: 'zstd' },
};
