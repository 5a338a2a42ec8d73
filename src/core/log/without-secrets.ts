/** Headers by which somebody is known to a server, to the end of their line. */
const HEADERS = /\b((?:proxy-)?authorization|set-cookie|cookie)\b["']?\s*[:=][^\n]*/gi;

/** What begins an address, also as sloppy as parsers of URLs take it. */
const BEGINNING = /https?:|:[\\/]{2}/i;

/**
 * Takes out of a text what may let somebody in: of addresses the user part, the query and the
 * fragment; of headers the values of log-ins and cookies. It rather takes too much: whatever stands
 * without a space between belongs to an address, all before the last `@` may be a password, and
 * all after a `?` may be a signature. Takes time that grows with the length only.
 */
export function withoutSecrets(text: string): string {
  return text.replace(HEADERS, '$1: …').replace(/[^ \t\n\r]+/g, cleanWord);
}

function cleanWord(word: string): string {
  const begin = word.search(BEGINNING);
  const mark = word.search(/[?#]/);
  // What stands behind the mark is a query or a fragment, also where it looks like an address.
  if (begin !== -1 && mark !== -1 && mark < begin) return `${word.slice(0, mark + 1)}…`;
  if (begin !== -1) return word.slice(0, begin) + cleanAddress(word.slice(begin));
  // The target of a request, or an address without its scheme.
  const slash = word.indexOf('/');
  const query = word.indexOf('?', slash);
  const isTarget = slash !== -1 && query !== -1 && query + 1 < word.length;
  return isTarget ? `${word.slice(0, query + 1)}…` : word;
}

function cleanAddress(address: string): string {
  const scheme = /^[a-z]*:[\\/]*/i.exec(address)?.[0] ?? '';
  const rest = address.slice(scheme.length);
  const user = rest.lastIndexOf('@');
  const query = rest.search(/[?#]/);
  // A sign of the password, or an address in the query: nobody can tell.
  if (query !== -1 && query < user) return `${scheme}…`;
  const end = query === -1 ? rest.length : query;
  const place = user === -1 ? rest.slice(0, end) : `…${rest.slice(user, end)}`;
  return query === -1 ? scheme + place : `${scheme}${place}${rest.slice(query, query + 1)}…`;
}
