/** The command `vmnetx-generate`. */
import { VERSION } from '../core/places/index.js';
import {
  publishPackage,
  readDomainFile,
  writeReference,
  type PublishProgress,
} from '../core/publish/index.js';
import { generatePlanOf, type GeneratePlan } from './generate-plan.js';
import { isGiven } from './options.js';
import { reportFailure } from './report.js';
import { untilInterrupted } from './signals.js';

const HELP = `Usage: vmnetx-generate [-n NAME] [-u] DOMAIN.xml OUT.nxpk
       vmnetx-generate validate DOMAIN.xml
       vmnetx-generate -r URL OUT.netx

Makes a package of a libvirt machine that is shut down; tells beforehand whether the machine is
accepted, and what would become different; or makes a reference to a package on a web server.

Options:
  -n, --name NAME      the name that people see (default: Virtual Machine)
  -u, --uncompressed   the disk is not compressed: larger to keep, quicker to read
  -r, --reference URL  writes a reference to the package at URL
  -c, --check          the same as validate
  --verbose            more about failures
  --version            prints the version
  --help               prints this
`;

const STEPS: Readonly<Record<PublishProgress['step'], string>> = {
  'copying-disk': 'Copying the disk',
  'writing-package': 'Writing the package',
};

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
      await validate(plan.domain);
      return;
    case 'package': {
      const changes = await publishPackage({
        domainXmlPath: plan.domain,
        name: plan.name,
        compress: plan.compress,
        outPath: plan.out,
        signal,
        ...(process.stderr.isTTY ? { onProgress: showProgress } : {}),
      });
      for (const change of changes) process.stderr.write(`${change}\n`);
    }
  }
}

async function validate(path: string): Promise<void> {
  let changes = 0;
  await readDomainFile(path, (change) => {
    changes++;
    process.stdout.write(`${change}\n`);
  });
  const how =
    changes === 0 ? 'as it is' : changes === 1 ? 'with one change' : `with ${changes} changes`;
  process.stdout.write(`The machine is accepted ${how}.\n`);
}

/** One line that is written over itself. */
function showProgress({ step, fraction }: PublishProgress): void {
  const done = fraction >= 1;
  process.stderr.write(`\r${STEPS[step]}: ${Math.floor(fraction * 100)} %${done ? '\n' : ''}`);
}

const argv = process.argv.slice(2);
try {
  const plan = generatePlanOf(argv);
  process.exitCode = await untilInterrupted((signal) => carryOut(plan, signal));
} catch (error) {
  const style = { json: false, verbose: isGiven(argv, '--verbose') };
  process.exitCode = reportFailure('vmnetx-generate', error, style);
}
