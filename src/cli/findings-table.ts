import type { Result } from '../core/doctor/index.js';

/** What was found, for people: a line each, and below it what is not good means and asks for. */
export function findingsTable(results: readonly Result[]): string {
  const stateWidth = Math.max(...results.map(({ state }) => state.length));
  const titleWidth = Math.max(...results.map(({ title }) => title.length));
  const indent = ' '.repeat(stateWidth + 2);
  const lines = results.flatMap(({ state, title, found, meaning, advice }) => [
    `${state.padEnd(stateWidth)}  ${title.padEnd(titleWidth)}  ${found}`,
    ...(state === 'good' ? [] : [`${indent}${meaning}`]),
    ...(state === 'good' || advice === null ? [] : [`${indent}${advice}`]),
  ]);
  return [...lines, '', sumOf(results)].map((line) => `${line}\n`).join('');
}

function sumOf(results: readonly Result[]): string {
  const count = results.filter(({ state }) => state === 'bad').length;
  switch (count) {
    case 0:
      return 'Everything that machines need is here.';
    case 1:
      return '1 thing is missing.';
    default:
      return `${count} things are missing.`;
  }
}
