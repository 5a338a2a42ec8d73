import { fuzzOnce, type Finding } from './fuzz.js';
import { fromShown, isShownBytes, toShown } from './shown-bytes.js';

export interface Patience {
  /** Of the whole search, in milliseconds. */
  readonly milliseconds: number;
  /** Without an answer for so long, in milliseconds, the parser hangs. */
  readonly hangsAfter?: number;
}

/**
 * Leaves out of an input what is not needed to break the parser, larger pieces first, each try in a
 * process of its own. Inputs that are no bytes stay as they are.
 *
 * @returns the finding with the smallest input that was found in time
 */
export async function minimise(
  name: string,
  finding: Finding,
  { milliseconds, hangsAfter }: Patience,
): Promise<Finding> {
  if (!isShownBytes(finding.input)) return finding;
  const end = performance.now() + milliseconds;
  let smallest = finding;
  let bytes = fromShown(finding.input);
  for (let size = Math.ceil(bytes.length / 2); size > 0; size = Math.floor(size / 2)) {
    for (let at = 0; at < bytes.length;) {
      if (performance.now() > end) return smallest;
      const shorter = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
      const found = await fuzzOnce(name, toShown(shorter), hangsAfter);
      if (found === null) {
        at += size;
      } else {
        bytes = shorter;
        smallest = { ...found, input: toShown(shorter) };
      }
    }
  }
  return smallest;
}
