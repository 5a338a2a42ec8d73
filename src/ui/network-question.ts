import type { GuestNetwork } from '../core/session/index.js';
import { Gtk, type Window } from './gtk.js';

const REACH =
  'With the network it can reach the internet, the other computers in your local network, and ' +
  'this computer’s own services.';
const REMEMBERED = 'Your answer is remembered for this machine.';
const RESTARTS = 'it starts again, and what was changed in it is lost.';

/** Answers; the toolkit's own numbers, such as for a question that was closed, are below 0. */
const FORBID = 0;
const ALLOW = 1;

/**
 * Asks whether a machine may have the network, and says what that is. The answer that changes
 * nothing is the one that the keyboard has; whoever closes the question has not answered it.
 *
 * @returns what takes the question back
 */
export function askAboutNetwork(
  window: Window,
  network: GuestNetwork,
  answer: (allowed: boolean) => void,
): () => void {
  const has = network === 'full';
  const dialog = new Gtk.MessageDialog({
    transientFor: window,
    modal: true,
    destroyWithParent: true,
    messageType: Gtk.MessageType.QUESTION,
    text: has ? 'Keep this machine on the network?' : 'Allow this machine to use the network?',
    secondaryText: `${REACH}\n\n${REMEMBERED} ${has ? 'Without the network' : 'If you allow it'}, ${RESTARTS}`,
  });
  dialog.addButton(has ? 'Restart Without Network' : 'No Network', FORBID);
  dialog.addButton(has ? 'Keep Network' : 'Allow and Restart', ALLOW);
  dialog.setDefaultResponse(has ? ALLOW : FORBID);
  let open = true;
  const close = (): void => {
    if (open) dialog.destroy();
    open = false;
  };
  dialog.on('response', (response) => {
    close();
    if (response >= FORBID) answer(response === ALLOW);
  });
  dialog.show();
  return close;
}
