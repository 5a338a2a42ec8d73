import type { GuestNetwork } from '../core/session/index.js';
import type { Question } from './question.js';
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

/** Whether a machine may have the network, and what that is. */
export function networkQuestion(
  network: GuestNetwork,
  answer: (allowed: boolean) => void,
): Question {
  const has = network === 'full';
  const forbid = (): void => {
    answer(false);
  };
  const allow = (): void => {
    answer(true);
  };
  return {
    title: has
      ? translate('Keep this machine on the network?')
      : translate('Allow this machine to use the network?'),
    text: `${REACH}\n\n${REMEMBERED} ${has ? WITHOUT_RESTARTS : WITH_RESTARTS}`,
    answers: [
      {
        label: has ? translate('Restart Without Network') : translate('No Network'),
        isDestructive: has,
        give: forbid,
      },
      {
        label: has ? translate('Keep Network') : translate('Allow and Restart'),
        isDestructive: !has,
        give: allow,
      },
    ],
    harmless: has ? 1 : 0,
  };
}
