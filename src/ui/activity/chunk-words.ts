import { translate, translatePlural } from '../translate.js';
import { CHUNK_KINDS, type ChunkKind } from './chunk-kind.js';
import type { ChunkMap } from './chunk-map.js';
import { countWords, percentWords, sizeWords } from './quantity-words.js';

export const KIND_WORDS: Readonly<Record<ChunkKind, string>> = {
  missing: translate('Not fetched'),
  before: translate('Fetched before'),
  ahead: translate('Fetched ahead'),
  read: translate('Read'),
  written: translate('Written'),
  both: translate('Read and written'),
};

export function fetchedWords(map: ChunkMap, sizeBytes: number): string {
  const values = { share: percentWords(map.shareHere), size: sizeWords(sizeBytes) };
  return translate('{share} of {size} fetched', values);
}

/** What the map shows, for those who do not see it: how many chunks there are, and of which kinds. */
export function mapWords(map: ChunkMap): string {
  const kinds = map.kinds();
  const parts = CHUNK_KINDS.filter((kind) => kinds[kind] > 0);
  const all = translatePlural(
    'The image has {count} chunk.',
    'The image has {count} chunks.',
    map.chunkCount,
    { count: countWords(map.chunkCount) },
  );
  return [all, ...parts.map((kind) => kindWords(kind, kinds[kind]))].join(' ');
}

function kindWords(kind: ChunkKind, chunks: number): string {
  const count = countWords(chunks);
  switch (kind) {
    case 'missing':
      return translatePlural('{count} is not fetched.', '{count} are not fetched.', chunks, {
        count,
      });
    case 'before':
      return translatePlural(
        '{count} was fetched before.',
        '{count} were fetched before.',
        chunks,
        { count },
      );
    case 'ahead':
      return translatePlural('{count} was fetched ahead.', '{count} were fetched ahead.', chunks, {
        count,
      });
    case 'read':
      return translatePlural('{count} was read.', '{count} were read.', chunks, { count });
    case 'written':
      return translatePlural('{count} was written.', '{count} were written.', chunks, { count });
    case 'both':
      return translatePlural(
        '{count} was read and written.',
        '{count} were read and written.',
        chunks,
        { count },
      );
  }
}
