import { fail, VmnetxError } from '../errors/index.js';
import { parseSavedDomain, type Machine, type SavedDomain } from '../machine/index.js';
import type { RangeSource } from '../range/index.js';
import { formatSize } from '../text/index.js';
import { parseMemoryHeader, type Compression } from './header.js';
import { maxStoredBytes, MEMORY_HEAD_BYTES } from './limits.js';
import { differenceOf } from './same-machine.js';

/** Memory of a machine that was saved while it ran, as far as its header tells. */
export interface SavedMemory extends SavedDomain {
  readonly compression: Compression;
  /** Where the state begins in the source, in bytes, and what is stored of it. */
  readonly state: { readonly offset: number; readonly length: number };
}

/**
 * Reads the header of saved memory, and checks that it belongs to a machine.
 *
 * @param place where it lies in the source
 * @param packaged the machine as its package describes it
 * @throws VmnetxError `memory-malformed`, `memory-refused`, `memory-other-machine`, `memory-too-large`,
 *   or what the source throws
 */
export async function readSavedMemory(
  source: RangeSource,
  { offset, length }: SavedMemory['state'],
  packaged: Machine,
  signal: AbortSignal,
): Promise<SavedMemory> {
  if (length === 0) throw fail('memory-malformed', { reason: 'it is empty' });
  const head = await source.read(offset, Math.min(length, MEMORY_HEAD_BYTES), signal);
  const { compression, xml, stateOffset } = parseMemoryHeader(head, length);
  const saved = readSavedDomain(xml);
  const what = differenceOf(packaged, saved.machine);
  if (what !== null) throw fail('memory-other-machine', { what });
  const state = { offset: offset + stateOffset, length: length - stateOffset };
  const most = maxStoredBytes(saved.machine.memoryBytes);
  if (state.length > most) throw fail('memory-too-large', { most: formatSize(most) });
  return { ...saved, compression, state };
}

/** The description is the publisher's, but not the package's: what is wrong with it is named apart. */
function readSavedDomain(xml: Buffer): SavedDomain {
  try {
    return parseSavedDomain(xml);
  } catch (error) {
    if (!(error instanceof VmnetxError)) throw error;
    const context = { cause: error, detail: error.message };
    throw error.code === 'domain-malformed'
      ? fail('memory-malformed', { reason: 'its description of the machine is no XML' }, context)
      : fail(
          'memory-refused',
          { reason: 'it was saved from a machine that is not accepted' },
          context,
        );
  }
}
