import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Flag of a socket on which somebody listens, in /proc/net/unix. */
const LISTENING = 0x10000;

/** Numbers of the sockets that a process has. */
export async function socketInodes(pid: number): Promise<ReadonlySet<string>> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((name) => readlink(join(folder, name)).catch(() => '')),
  );
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}

/**
 * Unix sockets on which somebody listens: those below the folder, and all of some processes'.
 *
 * @returns paths; a name that begins with `@` is abstract, and everybody can connect to it
 */
export async function listeningSockets(
  folder: string,
  processes: readonly number[],
): Promise<readonly string[]> {
  const inodes = new Set<string>();
  for (const pid of processes) for (const inode of await socketInodes(pid)) inodes.add(inode);
  const rows = (await readFile('/proc/net/unix', 'utf8')).split('\n').slice(1);
  return rows
    .map((row) => /^\S+ \S+ \S+ (\S+) \S+ \S+ +(\d+) (.+)$/.exec(row))
    .filter((columns) => (Number.parseInt(columns?.[1] ?? '', 16) & LISTENING) !== 0)
    .filter(
      (columns) => columns?.[3]?.startsWith(folder) === true || inodes.has(columns?.[2] ?? ''),
    )
    .map((columns) => columns?.[3] ?? '');
}

/**
 * Those of the paths that lie in no folder below `top` that is closed to others than this user and
 * the user's own group, to which libvirt opens the folder of a monitor.
 */
export async function openToOthers(
  paths: readonly string[],
  top: string,
): Promise<readonly string[]> {
  const open: string[] = [];
  for (const path of paths) if (!(await isClosed(dirname(path), top))) open.push(path);
  return open;
}

async function isClosed(folder: string, top: string): Promise<boolean> {
  if (!folder.startsWith(`${top}/`)) return false;
  const { mode, uid, gid } = await stat(folder);
  const isOwn = uid === process.getuid?.() && gid === process.getgid?.();
  if (isOwn && (mode & 0o007) === 0) return true;
  return isClosed(dirname(folder), top);
}
