/** A size in the largest binary unit in which it is at least 1. */
export function formatSize(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const rank = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** rank;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[rank] ?? ''}`;
}
