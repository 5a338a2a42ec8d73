import type { VmnetxError } from '../core/errors/index.js';
import type { SessionState } from '../core/session/index.js';
import { translatedError } from './error-words.js';
import { localeOfTexts, translate, translatePlural } from './translate.js';

type Starting = Extract<SessionState, { phase: 'starting' }>;
type Running = Extract<SessionState, { phase: 'running' }>;
type Away = Extract<Running['network'], { away: true }>;
type NotKept = Extract<Running['caching'], { on: false }>;

const NOT_LOADED = translate('The machine’s saved memory could not be loaded.');
const STARTS_FROM_DISK = translate('The machine is being started from its disk instead.');
const STARTED_FROM_DISK = translate('The machine was started from its disk instead.');

/**
 * A sentence about a network that is away: since when, how often it was tried, and what is wrong.
 *
 * @param now in milliseconds since 1970. A clock that was set back knows nothing of a time that it has
 * still before it: then nothing is said about it.
 */
export function waitingForNetwork({ since, tries, error }: Away, now = Date.now()): string {
  const tried = translatePlural('tried once', 'tried {count} times', tries);
  const waiting =
    since > now
      ? translate('Waiting for the network ({tried}).', { tried })
      : translate('Waiting for the network since {time} ({tried}).', {
          time: timeOf(since, now),
          tried,
        });
  return `${waiting} ${translatedError(error).message}`;
}

/** What keeps a machine from starting for the moment or as it should, or empty. */
export function troubleOf({ network, loggingIn, memoryRefused }: Starting): string {
  if (loggingIn) return translate('The server wants to know who you are.');
  if (network.away) return waitingForNetwork(network);
  return memoryRefused === null ? '' : `${whyRefused(memoryRefused)} ${STARTS_FROM_DISK}`;
}

/** Sentences about a machine that runs, though not from where it was saved. */
export function startedFromDisk(error: VmnetxError): string {
  const { hint } = translatedError(error);
  // Those about the memory advise to start from the disk.
  const advice = isAboutMemory(error) || hint === null ? '' : ` ${hint}`;
  return `${whyRefused(error)} ${STARTED_FROM_DISK}${advice}`;
}

/** A sentence about fetched data that cannot be kept. */
export function fetchedAgain({ error }: NotKept): string {
  return `${translatedError(error).message} ${translate('What the machine needs again is fetched again.')}`;
}

/** Sentences about a machine that runs while its package is another by now. */
export function packageChanged(error: VmnetxError): string {
  return `${translatedError(error).message} ${translate('The machine goes on with what was fetched, and stands still when it needs more. Restart it to get the new version.')}`;
}

/** What to do about an error on its page, or null. */
export function adviceOf(error: VmnetxError): string | null {
  const { code, host } = error;
  if (code !== 'network-private-address' || host === null) return translatedError(error).hint;
  return translate(
    'If you open it anyway, whoever made the link has your computer ask {host} for a machine, this one time. Do so only if you know why it leads there. To let all links lead there, list “{host}” in links.privateHosts of ~/.config/vmnetx/settings.json.',
    { host },
  );
}

function whyRefused(error: VmnetxError): string {
  const { message } = translatedError(error);
  return isAboutMemory(error) ? message : `${NOT_LOADED} ${message}`;
}

function isAboutMemory({ code }: VmnetxError): boolean {
  return code.startsWith('memory-');
}

/** The time of day, with the date if it is not that of `now`; both in milliseconds since 1970. */
function timeOf(milliseconds: number, now: number): string {
  const [moment, today] = [new Date(milliseconds), new Date(now)];
  const locale = localeOfTexts();
  const time = moment.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  if (moment.toDateString() === today.toDateString()) return time;
  const date = moment.toLocaleDateString(locale, {
    day: 'numeric',
    month: 'long',
    ...(moment.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' }),
  });
  return translate('{time} on {date}', { time, date });
}
