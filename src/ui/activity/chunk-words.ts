import { translate } from '../translate.js';
import type { ChunkKind } from './chunk-kind.js';
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

/** What the map shows, for those who do not see it. */
export function mapWords(map: ChunkMap): string {
  const kinds = map.kinds();
  return translate(
    'Of {all} chunks, {missing} are not fetched, {before} were fetched before, {ahead} were fetched ahead, {read} were read, {written} were written, and {both} were read and written.',
    {
      all: countWords(map.chunkCount),
      missing: countWords(kinds.missing),
      before: countWords(kinds.before),
      ahead: countWords(kinds.ahead),
      read: countWords(kinds.read),
      written: countWords(kinds.written),
      both: countWords(kinds.both),
    },
  );
}
