import { seeded } from '../random.js';
import type { Answer, Exchange, Fault, SeenRequest } from './answer.js';

/** Which requests a fault befalls: those for which everything holds that is given. */
export interface Condition {
  readonly method?: string;
  /** Without the query. */
  readonly path?: string | RegExp;
  /** The range asked for contains the byte of this number. */
  readonly contains?: number;
  readonly where?: (request: SeenRequest) => boolean;
  /** Spares the first so many of the requests for which all of the above holds. */
  readonly after?: number;
  /** Befalls at most so many. */
  readonly times?: number;
  /** Befalls this share of them (0 to 1), chosen at random, the same for the same seed. */
  readonly share?: { readonly of: number; readonly seed: number };
}

export interface Rule {
  /** Every request, if it is left out. */
  readonly when?: Condition;
  readonly fault: Fault;
}

/** A rule that holds. */
export interface AddedRule {
  /** How many requests it has befallen. */
  readonly hits: number;
  remove(): void;
}

/** The rules of a server, applied in the order in which they were added. */
export class Faults {
  #rules: ActiveRule[] = [];

  add(rule: Rule): AddedRule {
    const active = new ActiveRule(rule, (it) => {
      this.#rules = this.#rules.filter((other) => other !== it);
    });
    this.#rules.push(active);
    return active;
  }

  clear(): void {
    this.#rules = [];
  }

  /** What becomes of an answer. */
  apply(answer: Answer, exchange: Exchange): Answer {
    return this.#rules.reduce((changed, rule) => rule.apply(changed, exchange), answer);
  }
}

class ActiveRule implements AddedRule {
  hits = 0;
  #fitting = 0;
  readonly #random: () => number;

  constructor(
    private readonly rule: Rule,
    private readonly onRemove: (rule: ActiveRule) => void,
  ) {
    this.#random = seeded(rule.when?.share?.seed ?? 0);
  }

  remove(): void {
    this.onRemove(this);
  }

  apply(answer: Answer, exchange: Exchange): Answer {
    if (!this.#befalls(this.rule.when ?? {}, exchange)) return answer;
    this.hits++;
    return this.rule.fault(answer, exchange);
  }

  #befalls(when: Condition, exchange: Exchange): boolean {
    if (!fits(when, exchange)) return false;
    this.#fitting++;
    if (this.#fitting <= (when.after ?? 0) || this.hits >= (when.times ?? Infinity)) return false;
    return when.share === undefined || this.#random() < when.share.of;
  }
}

function fits(when: Condition, { request, span }: Exchange): boolean {
  const { method, path, contains, where } = when;
  if (method !== undefined && method !== request.method) return false;
  if (typeof path === 'string' && path !== request.path) return false;
  if (path instanceof RegExp && !path.test(request.path)) return false;
  if (contains !== undefined) {
    if (span === null || contains < span.first || contains > span.last) return false;
  }
  return where === undefined || where(request);
}
