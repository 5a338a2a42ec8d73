import type { VmnetxError } from '../core/errors/index.js';
import { VERSION } from '../core/places/index.js';
import { HELP } from './help.js';
import { planOf, type Plan } from './plan.js';
import { reportFailure } from './report.js';

/** How the process was started, as far as its command line does not tell. */
export interface Circumstances {
  /** Why no window can be opened, if the command wants one; the launcher has tried. */
  readonly displayProblem: VmnetxError | null;
}

/** Does what the command line of `vmnetx` says and returns the exit status. Never throws. */
export async function run(argv: readonly string[], circumstances: Circumstances): Promise<number> {
  const plan = planOf(argv);
  try {
    return await carryOut(plan, circumstances);
  } catch (error) {
    return reportFailure('vmnetx', error, plan);
  }
}

async function carryOut(plan: Plan, { displayProblem }: Circumstances): Promise<number> {
  switch (plan.command) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'version':
      process.stdout.write(`vmnetx ${VERSION}\n`);
      return 0;
    case 'refuse':
      throw plan.error;
    case 'info': {
      const { info } = await import('./commands/info.js');
      return info(plan);
    }
    case 'mount': {
      const { mount } = await import('./commands/mount.js');
      return mount(plan);
    }
    case 'cache': {
      const { cache } = await import('./commands/cache.js');
      return cache(plan);
    }
    case 'doctor': {
      const { doctor } = await import('./commands/doctor.js');
      return doctor(plan);
    }
    case 'log': {
      const { log } = await import('./commands/log.js');
      return log(plan);
    }
    case 'open': {
      const { open } = await import('./commands/open.js');
      return open(plan, displayProblem);
    }
  }
}
