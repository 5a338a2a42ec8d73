/**
 * hostile [--attack NAME]: opens every location of the hostile corpus, or of one attack, in the real
 * window. Ends with 0 if each was refused as it should be and left nothing.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Desktop } from '../test/e2e/support/desktop.js';
import { prepareAttack, readAttacks, type Attack } from '../test/hostile/support/attack.js';
import { Scene } from '../test/hostile/support/scene.js';
import { inGroups, openInWindows } from '../test/hostile/support/windows.js';
import { ScreenReader } from '../test/support/screen-reading.js';

const { values } = parseArgs({ options: { attack: { type: 'string' } } });
const attacks = readAttacks().filter(({ name }) => name === (values.attack ?? name));
if (attacks.length === 0) {
  process.stderr.write('hostile [--attack NAME]\n');
  process.exit(64);
}
let [opened, wrong] = [0, 0];
{
  await using desktop = await Desktop.prepare();
  await using reader = new ScreenReader();
  for (const attack of attacks) await openAll(attack, desktop, reader);
}
process.stdout.write(`${opened} opened, ${wrong} not as they should be\n`);
process.exit(wrong === 0 ? 0 : 1);

async function openAll(attack: Attack, desktop: Desktop, reader: ScreenReader): Promise<void> {
  await using scene = await Scene.prepare(join(desktop.folder, attack.name));
  const locations = Object.entries(await prepareAttack(attack, scene));
  const places = locations.map(([title, location]) => ({ attack, title, location, scene }));
  for (const group of inGroups(places)) {
    const problems = await openInWindows(group, desktop, reader);
    for (const { title } of group) process.stdout.write(`${attack.name}: ${title}\n`);
    for (const problem of problems) process.stdout.write(`WRONG: ${problem}\n`);
    opened += group.length;
    wrong += problems.length;
  }
}
