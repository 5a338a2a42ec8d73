/**
 * What `vmnetx` runs for every command. CommonJS, because GTK's loop can be entered only from the
 * top level of a CommonJS script; the rest of the program is ES modules. GTK is loaded only for a
 * command that opens a window.
 */
import errors = require('../core/errors/index.js');
import plan = require('../cli/plan.js');

/** Typed, as GTK is not loaded here at the top but where it is wanted. */
declare function require(id: './gtk-loop.js'): typeof import('./gtk-loop.js');

const words = process.argv.slice(2);

/** Runs the command; `displayProblem` is why no window can be opened, where one is wanted. */
function run(displayProblem: errors.VmnetxError | null): Promise<number> {
  return import('../cli/main.js').then((main) => main.run(words, { displayProblem }));
}

/** The last resort: whatever reaches it was not meant to be thrown so far. */
function giveUp(thrown: unknown): never {
  const { message, code, hint, detail, status } = errors.asVmnetxError(thrown);
  const lines = [`vmnetx: ${message} (${code})`, hint, detail].filter((line) => line !== null);
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(status);
}

function runWithoutLoop(displayProblem: errors.VmnetxError | null): void {
  process.on('unhandledRejection', giveUp);
  process.on('uncaughtException', giveUp);
  // Whoever read what is printed may have stopped reading; that is no reason to end.
  process.stdout.on('error', () => undefined);
  run(displayProblem).then((status) => process.exit(status), giveUp);
}

function loadGtk() {
  try {
    return require('./gtk-loop.js');
  } catch (thrown) {
    return errors.fail('host-no-gtk', { library: 'GTK 3' }, { cause: thrown });
  }
}

// Root, who is refused, does not get as far as to touch anything of a desktop.
if (plan.planOf(words).window && process.getuid?.() !== 0) {
  const gtk = loadGtk();
  if (gtk instanceof errors.VmnetxError) runWithoutLoop(gtk);
  else if (!gtk.openDisplay()) runWithoutLoop(errors.fail('host-no-display', {}));
  else gtk.runInsideLoop(() => run(null), giveUp);
} else {
  runWithoutLoop(null);
}
