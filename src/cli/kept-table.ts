import type { KeptImage } from '../core/store/index.js';
import { formatSize } from '../core/text/index.js';

/** The images of one package that are kept, as people see them: as one machine. */
export interface KeptMachine {
  readonly name: string;
  readonly url: string;
  readonly images: readonly KeptImage[];
}

/** Puts together what belongs to one version of a package; their order stays. */
export function machinesOf(images: readonly KeptImage[]): readonly KeptMachine[] {
  const machines = new Map<string, KeptImage[]>();
  for (const image of images) {
    const { url, directoryDigest } = image.description;
    const key = `${directoryDigest} ${url}`;
    machines.set(key, [...(machines.get(key) ?? []), image]);
  }
  return [...machines.values()].flatMap((of) => {
    const [first] = of;
    if (first === undefined) return [];
    const { machineName: name, url } = first.description;
    return [{ name, url, images: of }];
  });
}

/** A table of the machines whose data is kept. */
export function keptTable(images: readonly KeptImage[]): string {
  const rows = machinesOf(images).map(({ name, url, images: of }) => {
    const sum = (count: (image: KeptImage) => number) =>
      of.reduce((total, image) => total + count(image), 0);
    const cached = sum((image) => image.cachedBytes);
    const whole = sum((image) => image.description.sizeBytes);
    const marks = [
      ...(of.some(({ pinned }) => pinned) ? ['pinned'] : []),
      ...(of.some(({ inUse }) => inUse) ? ['in use'] : []),
    ];
    const lastUsed = new Date(Math.max(...of.map((image) => image.lastUsed.getTime())));
    const kept =
      cached === whole
        ? `all of ${formatSize(whole)}`
        : `${formatSize(cached)} of ${formatSize(whole)}`;
    return [name, kept, minute(lastUsed), marks.join(', '), url];
  });
  return columns([['NAME', 'KEPT', 'LAST USED', 'STATE', 'ADDRESS'], ...rows]);
}

/** Local time to the minute, as ISO 8601 has it but for the space. */
function minute(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}
