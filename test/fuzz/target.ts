import type { Arbitrary } from 'fast-check';

/** A parser of what strangers write, and what it is given. */
export interface FuzzTarget<Input> {
  /** Inputs that are nearly right, so that they get far. */
  readonly inputs: Arbitrary<Input>;
  /**
   * Parses an input. It may refuse it by a VmnetxError, and by nothing else.
   *
   * @throws VmnetxError, or anything for a finding
   */
  readonly parse: (input: Input) => unknown;
  /** What tells a person which input it was. */
  readonly show: (input: Input) => string;
  /** The input that `show` told; missing where it cannot be had back from that. */
  readonly read?: (shown: string) => Input;
}
