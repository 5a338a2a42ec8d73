/** Writes docs/errors.md from the catalogue of errors. */
import { writeFile } from 'node:fs/promises';
import { catalogue } from '../src/core/errors/index.js';

const rows = Object.entries(catalogue).map(
  ([code, { status, message, hint }]) => `| \`${code}\` | ${status} | ${message} | ${hint ?? ''} |`,
);
const page = `# Errors

Every failure that a user can meet has a stable code, an exit status ([sysexits](https://man.freebsd.org/sysexits)),
a sentence, and where there is something to do, a hint. This page is made from
\`src/core/errors/catalogue.ts\` by \`node dist/scripts/errors-page.js\`.

| code | status | sentence | hint |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
await writeFile(new URL('../../docs/errors.md', import.meta.url), page);
