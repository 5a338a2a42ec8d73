import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { fail, fileError } from '../errors/index.js';
import type { Domain } from '../libvirt/index.js';
import {
  parseSavedDomain,
  readDomainForPublishing,
  type PublishableDomain,
} from '../machine/index.js';
import { differenceOf } from '../memory/index.js';
import { machineToResume } from './memory-to-pack.js';
import { notPacked } from './not-packed.js';
import type { SavesFolder } from './saves-folder.js';

/**
 * Checks that a machine that runs can be packed once it is saved, which stops it.
 *
 * @param domain the machine as it would be packed
 * @throws VmnetxError `memory-not-packed`, `host-…`
 */
export async function checkBeforeSaving(
  running: Domain,
  domain: PublishableDomain,
  saves: SavesFolder,
): Promise<void> {
  try {
    checkFits(await running.xml(), domain);
  } catch (error) {
    throw notPacked(`the memory of “${running.name}”`, error);
  }
  await requireAccess(domain.diskPath, constants.R_OK);
  if (saves.definitions !== null) await requireDefinition(saves.definitions, running);
  // Only libvirt's own user may read what it saves, and only that one (or root) may write beside it.
  await requireAccess(saves.path, constants.R_OK | constants.W_OK | constants.X_OK);
}

/** What was changed while a machine runs may be in its next start, and not in its memory. */
function checkFits(xml: string, domain: PublishableDomain): void {
  const { machine } = parseSavedDomain(Buffer.from(xml));
  const what = differenceOf(machineToResume(domain), machine);
  if (what !== null) throw fail('memory-other-machine', { what });
  const { diskPath } = readDomainForPublishing(xml, () => undefined);
  if (diskPath !== domain.diskPath) throw fail('memory-other-machine', { what: 'disk' });
}

/** A libvirt that was started with other folders keeps neither definitions nor saves in these. */
async function requireDefinition(folder: string, { name, uuid }: Domain): Promise<void> {
  const definition = await readFile(`${folder}/${name}.xml`, 'utf8').catch(() => '');
  if (definition.includes(uuid)) return;
  const reason = `it is transient, or libvirt does not keep it in ${folder}`;
  throw fail('host-machine-not-saved', { name, reason });
}

async function requireAccess(path: string, mode: number): Promise<void> {
  try {
    await access(path, mode);
  } catch (error) {
    throw fileError(path, error);
  }
}
