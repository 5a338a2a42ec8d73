import type { Question } from './question.js';
import { translate } from './translate.js';

/** How work can be lost: what the person is asked, and what is in the button that does it. */
export interface Loss {
  readonly title: string;
  readonly text: string;
  readonly label: string;
}

/** What costs a person what they did in a machine that runs. */
export const LOSSES = {
  quit: {
    title: translate('Quit and discard changes?'),
    text: translate(
      'The machine is running. It is switched off, and everything that was changed in it is lost.',
    ),
    label: translate('Quit and Discard Changes'),
  },
  restart: {
    title: translate('Restart and discard changes?'),
    text: translate(
      'The machine starts again from its original state, and everything that was changed in it is lost.',
    ),
    label: translate('Restart and Discard Changes'),
  },
  reset: {
    title: translate('Reset without shutting down?'),
    text: translate(
      'The machine begins anew at once, as if its reset button was pressed. Its disk keeps what was written to it; what was not saved is lost.',
    ),
    label: translate('Reset and Lose Unsaved Work'),
  },
  powerOff: {
    title: translate('Power off and discard changes?'),
    text: translate(
      'The machine is switched off at once, and everything that was changed in it is lost.',
    ),
    label: translate('Power Off and Discard Changes'),
  },
} as const satisfies Record<string, Loss>;

/** Whether that may be. */
export function lossQuestion({ title, text, label }: Loss, accept: () => void): Question {
  return {
    title,
    text,
    answers: [
      { label: translate('Cancel'), give: () => undefined },
      { label, isDestructive: true, give: accept },
    ],
    harmless: 0,
  };
}
