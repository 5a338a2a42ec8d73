import { fromPlainError, toPlainError, type PlainError } from '../errors/index.js';
import type { NetworkState } from '../paging/index.js';

/** {@link NetworkState} as data. */
export type PlainNetworkState =
  | { readonly away: false }
  | {
      readonly away: true;
      /** Milliseconds since 1970. */
      readonly since: number;
      readonly tries: number;
      readonly error: PlainError;
    };

export function toPlainState(state: NetworkState): PlainNetworkState {
  return state.away ? { ...state, error: toPlainError(state.error) } : state;
}

export function fromPlainState(state: PlainNetworkState): NetworkState {
  return state.away ? { ...state, error: fromPlainError(state.error) } : state;
}
