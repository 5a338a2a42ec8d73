/** Local time with milliseconds and the offset from UTC, by ISO 8601. */
export function localTime(date: Date): string {
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part));
  const ahead = -date.getTimezoneOffset();
  const minutes = Math.abs(ahead);
  const offset = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  const fraction = pad(date.getMilliseconds(), 3);
  return `${day}T${time.join(':')}.${fraction}${ahead < 0 ? '-' : '+'}${offset}`;
}
