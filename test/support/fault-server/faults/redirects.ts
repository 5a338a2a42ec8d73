import { shortAnswer, type Fault } from '../answer.js';

type RedirectStatus = 301 | 302 | 303 | 307 | 308;

/** Sends the client elsewhere: an address or a path, of any scheme. */
export function redirect(location: string, status: RedirectStatus = 302): Fault {
  return () => shortAnswer(status, { location });
}

/** Sends the client to where it already is. */
export const redirectLoop: Fault = (_, { request }) =>
  shortAnswer(302, { location: request.target });

/** Sends the client on so many times, each time to the same path with another query. */
export function redirectHops(hops: number): Fault {
  return (answer, { request }) => {
    const done = Number(new URLSearchParams(request.query).get('hop') ?? 0);
    if (done >= hops) return answer;
    return shortAnswer(302, { location: `${request.path}?hop=${done + 1}` });
  };
}

/** When the links that {@link signedLinks} makes expire. */
export interface SignedLinkLimits {
  /** After so many requests with one link. */
  readonly requests?: number;
  readonly milliseconds?: number;
  /** The answer to a link that has expired. */
  readonly status?: number;
}

/** The two halves of a store that hands out links which expire. */
export interface SignedLinks {
  /** For the address that everybody knows: redirects to a new link. */
  readonly issue: Fault;
  /** For the link's target: refuses those without a valid signature. */
  readonly check: Fault;
  /** All links made so far have expired. */
  expireAll(): void;
  /** How many links were made. */
  readonly issued: number;
}

/** @param target address or path of what is redirected to, without a query */
export function signedLinks(target: string, limits: SignedLinkLimits = {}): SignedLinks {
  const { requests = Infinity, milliseconds = Infinity, status = 403 } = limits;
  const valid = new Map<string, { readonly until: number; left: number }>();
  let issued = 0;
  return {
    issue() {
      const signature = `signature-${++issued}`;
      valid.set(signature, { until: performance.now() + milliseconds, left: requests });
      return shortAnswer(302, { location: `${target}?signature=${signature}` });
    },
    check(answer, { request }) {
      const link = valid.get(new URLSearchParams(request.query).get('signature') ?? '');
      const holds = link !== undefined && link.left > 0 && performance.now() < link.until;
      if (!holds) return shortAnswer(status);
      link.left--;
      return answer;
    },
    expireAll() {
      valid.clear();
    },
    get issued() {
      return issued;
    },
  };
}
