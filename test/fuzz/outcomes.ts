import { VmnetxError } from '../../src/core/errors/index.js';

/** How far inputs got: how many were accepted, and how many refused in which way. */
export interface Outcomes {
  readonly inputs: number;
  readonly accepted: number;
  /** By the code of the error. */
  readonly refused: Readonly<Record<string, number>>;
  /** Different sentences of refusals, places and values in them left aside. */
  readonly sentences: number;
}

/** What a process that goes on tells. */
export interface Progress extends Outcomes {
  /** What the process has of memory now. */
  readonly memoryBytes: number;
}

const MAX_SENTENCES = 10_000;

/** Counts outcomes, in bounded memory. */
export class OutcomeCounter {
  private inputs = 0;
  private accepted = 0;
  private readonly refused = new Map<string, number>();
  private readonly sentences = new Set<string>();

  /** @param error what the parser threw, or null */
  count(error: VmnetxError | null): void {
    this.inputs++;
    if (error === null) {
      this.accepted++;
      return;
    }
    this.refused.set(error.code, (this.refused.get(error.code) ?? 0) + 1);
    if (this.sentences.size < MAX_SENTENCES) {
      this.sentences.add(error.message.replace(/“[^”]*”|\d+/g, '…'));
    }
  }

  get all(): Outcomes {
    const { inputs, accepted, sentences } = this;
    return {
      inputs,
      accepted,
      refused: Object.fromEntries(this.refused),
      sentences: sentences.size,
    };
  }
}

/** `12% accepted, 40% domain-malformed, 48% domain-refused; 300 different refusals` */
export function describeOutcomes({ inputs, accepted, refused, sentences }: Outcomes): string {
  const share = (count: number): string => `${((100 * count) / inputs).toFixed(1)}%`;
  const codes = Object.entries(refused)
    .sort(([, one], [, other]) => other - one)
    .map(([code, count]) => `, ${share(count)} ${code}`);
  return `${share(accepted)} accepted${codes.join('')}; ${sentences} different refusals`;
}
