import { cpus, loadavg, release, totalmem } from 'node:os';
import { Program } from './program.js';

const VERSIONS: readonly (readonly string[])[] = [
  ['nginx', '-v'],
  ['fio', '--version'],
  ['nbdkit', '--version'],
  ['qemu-img', '--version'],
  ['rclone', '--version'],
  ['dpkg-query', '--show', '--showformat=TigerVNC ${Version}', 'tigervnc-viewer'],
];
const VERSION_MILLISECONDS = 5000;

/** What somebody needs to know of the computer to read the numbers, in Markdown's list form. */
export async function describeHost(signal: AbortSignal): Promise<readonly string[]> {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const versions: string[] = [`Node.js ${process.version}`];
  for (const words of VERSIONS) versions.push(await firstLine(words, signal));
  return [
    `- ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${first?.model ?? 'unknown'}, ` +
      `${memory} GiB, Linux ${release()}, load before the start ${(loadavg()[0] ?? 0).toFixed(1)}`,
    `- ${versions.filter((version) => version !== '').join('; ')}`,
  ];
}

async function firstLine(words: readonly string[], signal: AbortSignal): Promise<string> {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin`;
  const program = Program.start(words, { ...process.env, PATH: path });
  await program.finish(VERSION_MILLISECONDS, signal).catch(() => undefined);
  return (program.said.split('\n')[0] ?? '').replace(/ \(.*/, '');
}
