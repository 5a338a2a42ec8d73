import { CHUNK_STATE } from '../../core/chunkfs/index.js';

/** What can have become of a chunk in this session; where several are shown as one, the last counts. */
export const CHUNK_KINDS = ['missing', 'before', 'ahead', 'read', 'written', 'both'] as const;

export type ChunkKind = (typeof CHUNK_KINDS)[number];

const { present, touched, modified, presentAtMount } = CHUNK_STATE;
export const STATES = 1 + (present | touched | modified | presentAtMount);

/** The place among {@link CHUNK_KINDS} of each state that a chunk may have. */
const RANKS = Uint8Array.from({ length: STATES }, (_, state) => CHUNK_KINDS.indexOf(kindOf(state)));

export function rankOf(state: number): number {
  return RANKS[state] ?? 0;
}

/** Whether a chunk of this state has come to this computer. */
export function isHere(state: number): boolean {
  return (state & (present | touched)) !== 0;
}

function kindOf(state: number): ChunkKind {
  const is = (bit: number): boolean => (state & bit) !== 0;
  if (is(modified)) return is(touched) ? 'both' : 'written';
  if (is(touched)) return 'read';
  if (!is(present)) return 'missing';
  return is(presentAtMount) ? 'before' : 'ahead';
}
