/** The command `vmnetx-generate`. */
import { VERSION } from '../core/places/index.js';
import {
  locateMachine,
  publishPackage,
  validateMachine,
  writeReference,
} from '../core/publish/index.js';
import { cleanText } from '../core/text/index.js';
import { generatePlanOf, type GeneratePlan } from './generate-plan.js';
import { isGiven } from './options.js';
import { ProgressLine } from './progress-line.js';
import { reportFailure } from './report.js';
import { untilInterrupted } from './signals.js';

const HELP = `Usage: vmnetx-generate [package] [-n NAME] [-u] [--no-memory] MACHINE OUT.nxpk
       vmnetx-generate validate [--no-memory] MACHINE
       vmnetx-generate -r URL OUT.netx

Makes a package of a libvirt machine; tells beforehand whether the machine is accepted, and what
would become different; or makes a reference to a package on a web server.

MACHINE is the file of a domain XML, or the name of a machine of your libvirt. A machine that was
saved is packed as it was at that moment: its memory is looked for as save/NAME.save beside its
domain XML, where “virsh managedsave” puts it. One that is running is saved first: it goes on from
there when you start it again. Leave the machine alone until its package is written.

Options:
  -n, --name NAME      the name that people see (default: Virtual Machine)
  -u, --uncompressed   disk and memory are not compressed: larger to keep, quicker to read
  --no-memory          leaves saved memory out: the machine starts from its disk
  --connect URI        MACHINE is a name in this libvirt, such as qemu:///system
  -r, --reference URL  writes a reference to the package at URL
  -c, --check          the same as validate
  --verbose            more about failures
  --version            prints the version
  --help               prints this
`;

/** The longest sentence, in characters: it may name a file with all its folders. */
const MAX_SENTENCE = 5000;

async function carryOut(plan: GeneratePlan, signal: AbortSignal): Promise<void> {
  switch (plan.task) {
    case 'help':
      process.stdout.write(HELP);
      return;
    case 'version':
      process.stdout.write(`vmnetx ${VERSION}\n`);
      return;
    case 'reference':
      await writeReference(plan.url, plan.out);
      return;
    case 'validate':
      await validate(plan, signal);
      return;
    case 'package': {
      const changes = await makePackage(plan, signal);
      for (const change of changes) process.stderr.write(`${change}\n`);
    }
  }
}

/** Returns what is different from the publisher's machine, a sentence for each. */
async function makePackage(
  plan: Extract<GeneratePlan, { task: 'package' }>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const line = new ProgressLine((text) => process.stderr.write(text));
  try {
    return await publishPackage({
      machine: await locateMachine(plan.machine, plan.connect),
      savedMemory: plan.savedMemory,
      name: plan.name,
      compress: plan.compress,
      outPath: plan.out,
      environment: process.env,
      signal,
      announce: (sentence) => process.stderr.write(`${cleanText(sentence, MAX_SENTENCE)}\n`),
      ...(process.stderr.isTTY ? { onProgress: line.show.bind(line) } : {}),
    });
  } finally {
    line.end();
  }
}

async function validate(
  { machine, connect, savedMemory }: Extract<GeneratePlan, { task: 'validate' }>,
  signal: AbortSignal,
): Promise<void> {
  let changes = 0;
  const memory = await validateMachine(await locateMachine(machine, connect), {
    environment: process.env,
    signal,
    savedMemory,
    say: (change) => {
      changes++;
      process.stdout.write(`${change}\n`);
    },
  });
  const how =
    changes === 0 ? 'as it is' : changes === 1 ? 'with one change' : `with ${changes} changes`;
  const also = memory === null ? '' : ` So is its memory, ${cleanText(memory, MAX_SENTENCE)}.`;
  process.stdout.write(`The machine is accepted ${how}.${also}\n`);
}

const argv = process.argv.slice(2);
try {
  const plan = generatePlanOf(argv);
  process.exitCode = await untilInterrupted((signal) => carryOut(plan, signal));
} catch (error) {
  const style = { json: false, verbose: isGiven(argv, '--verbose') };
  process.exitCode = reportFailure('vmnetx-generate', error, style);
}
