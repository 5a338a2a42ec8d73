import { readdir, readFile, readlink } from 'node:fs/promises';

/** A process and all that descend from it, as far as they live. */
export async function processTree(root: number): Promise<readonly number[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(/^PPid:\s*(\d+)$/m.exec(await read(`/proc/${name}/status`))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** The most memory that a process ever had resident, in MiB; 0 when it is gone. */
export async function peakMemory(pid: number): Promise<number> {
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(await read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

export async function commandLine(pid: number): Promise<string> {
  return (await read(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ');
}

/** Paths by which the files that a process has open below a folder can be opened, also deleted ones. */
export async function openFilesBelow(pid: number, folder: string): Promise<readonly string[]> {
  const directory = `/proc/${pid}/fd`;
  const found: string[] = [];
  for (const name of await readdir(directory).catch(() => [])) {
    const path = `${directory}/${name}`;
    const target = await readlink(path).catch(() => '');
    if (target.startsWith(`${folder}/`)) found.push(path);
  }
  return found;
}

async function read(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
