import type { GuestNetwork } from '../core/session/index.js';
import { Gtk, type Window } from './gtk.js';
import { translate } from './translate.js';

const REACH = translate(
  'With the network it can reach the internet, the other computers in your local network, and this computer’s own services.',
);
const REMEMBERED = translate('Your answer is remembered for this machine.');
const WITHOUT_RESTARTS = translate(
  'Without the network, it starts again, and what was changed in it is lost.',
);
const WITH_RESTARTS = translate(
  'If you allow it, it starts again, and what was changed in it is lost.',
);

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
    text: has
      ? translate('Keep this machine on the network?')
      : translate('Allow this machine to use the network?'),
    secondaryText: `${REACH}\n\n${REMEMBERED} ${has ? WITHOUT_RESTARTS : WITH_RESTARTS}`,
  });
  dialog.addButton(has ? translate('Restart Without Network') : translate('No Network'), FORBID);
  dialog.addButton(has ? translate('Keep Network') : translate('Allow and Restart'), ALLOW);
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
