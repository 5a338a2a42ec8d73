/** A title, the publisher's domain XML, what becomes of it, and what is said. */
export type Change = readonly [
  title: string,
  before: string,
  after: string,
  changes: readonly string[],
];

/** What a machine is refused for, its domain XML, and the path and reason that are named. */
export type Refusal = readonly [what: string, xml: string, path: string, reason: string];

export function domain(content: string): string {
  return `<domain type="kvm">${content}</domain>`;
}

export function devices(content: string): string {
  return domain(`<devices>${content}</devices>`);
}
