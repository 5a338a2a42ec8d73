import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fail, fileError } from '../errors/index.js';
import { configDirectory, type Environment } from '../places/index.js';

/** The settings as they stand in their file; what this version does not know is kept. */
export type Settings = Readonly<Record<string, unknown>>;

export function settingsPath(environment: Environment): string {
  return join(configDirectory(environment), 'settings.json');
}

/**
 * Reads the settings; none where there is no file.
 *
 * @throws VmnetxError `settings-malformed`, `host-…`
 */
export async function readSettings(environment: Environment): Promise<Settings> {
  const path = settingsPath(environment);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw fileError(path, error);
  }
  const settings = parse(text);
  if (settings === null) {
    throw fail('settings-malformed', { path, reason: 'it is no JSON object' });
  }
  return settings;
}

/**
 * Changes one setting, or removes it with null, and leaves the others as they are. The file is
 * replaced as a whole: a crash leaves the old one.
 *
 * @throws VmnetxError `settings-malformed`, `host-…`
 */
export async function writeSetting(
  environment: Environment,
  name: string,
  value: number | boolean | string | null,
): Promise<void> {
  const path = settingsPath(environment);
  const entries = new Map(Object.entries(await readSettings(environment)));
  if (value === null) entries.delete(name);
  else entries.set(name, value);
  await replace(path, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}

async function replace(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      const file = await open(unfinished, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(unfinished, path);
    } catch (error) {
      await unlink(unfinished).catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

function parse(text: string): Settings | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return Object.fromEntries(Object.entries(value));
  } catch {
    return null;
  }
}
