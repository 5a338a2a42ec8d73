import { Gtk, type Window } from './gtk.js';

/** What a person may answer; its label says what comes of it. */
export interface Answer {
  readonly label: string;
  /** Something is lost by it. */
  readonly isDestructive?: boolean;
  readonly give: () => void;
}

/** All texts are plain and whole sentences. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** In the order of their buttons. */
  readonly answers: readonly Answer[];
  /** The number of the one that the keyboard has: it changes nothing. */
  readonly harmless: number;
}

/**
 * Asks in a dialog of its own. Whoever closes it has not answered.
 *
 * @returns what takes the question back; once it is answered that does nothing
 */
export function ask(window: Window, { title, text, answers, harmless }: Question): () => void {
  const dialog = new Gtk.MessageDialog({
    transientFor: window,
    modal: true,
    destroyWithParent: true,
    messageType: Gtk.MessageType.QUESTION,
    text: title,
    secondaryText: text,
  });
  // The toolkit's own responses, such as for a dialog that was closed, are below 0.
  for (const [number, { label, isDestructive }] of answers.entries()) {
    const button = dialog.addButton(label, number);
    if (isDestructive === true) button.getStyleContext().addClass('destructive-action');
  }
  dialog.setDefaultResponse(harmless);
  let open = true;
  const close = (): void => {
    if (open) dialog.destroy();
    open = false;
  };
  dialog.on('response', (response) => {
    close();
    answers[response]?.give();
  });
  dialog.show();
  return close;
}
