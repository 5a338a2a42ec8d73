import { formatSize } from '../core/text/index.js';
import type { SessionState } from '../core/session/index.js';

type Starting = Extract<SessionState, { phase: 'starting' }>;
type Running = Extract<SessionState, { phase: 'running' }>;
type Away = Extract<Running['network'], { away: true }>;
type NotKept = Extract<Running['caching'], { on: false }>;

/**
 * A sentence about a network that is away: since when, how often it was tried, and what is wrong.
 *
 * @param now in milliseconds since 1970. A clock that was set back knows nothing of a time that it has
 * still before it: then nothing is said about it.
 */
export function waitingForNetwork({ since, tries, error }: Away, now = Date.now()): string {
  const tried = tries === 1 ? 'tried once' : `tried ${tries} times`;
  const time = since > now ? '' : ` since ${timeOf(since, now)}`;
  return `Waiting for the network${time} (${tried}). ${error.message}`;
}

/** How much of the memory is loaded, to be put behind the step; empty where nobody knows. */
export function loadedWords({ loaded }: Starting): string {
  return loaded === null ? '' : ` ${formatSize(loaded.done)} of ${formatSize(loaded.total)}`;
}

/** What keeps a machine from starting for the moment, or empty. */
export function troubleOf({ network, loggingIn }: Starting): string {
  if (loggingIn) return 'The server wants to know who you are: answer in the terminal.';
  return network.away ? waitingForNetwork(network) : '';
}

/** A sentence about fetched data that cannot be kept. */
export function fetchedAgain({ error }: NotKept): string {
  return `${error.message} What the machine needs again is fetched again.`;
}

/** The time of day, with the date if it is not that of `now`; both in milliseconds since 1970. */
function timeOf(milliseconds: number, now: number): string {
  const [moment, today] = [new Date(milliseconds), new Date(now)];
  const time = moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (moment.toDateString() === today.toDateString()) return time;
  const date = moment.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    ...(moment.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' }),
  });
  return `${time} on ${date}`;
}
