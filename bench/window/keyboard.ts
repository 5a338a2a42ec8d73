/**
 * Presses the key whose X11 number comes as a message, as if a person did it, and lets it go. A process of
 * its own: the call waits for the display, while its parent waits for what comes of the key.
 */
import { require as load } from 'node-gtk';

const Atspi = load('Atspi', '2.0');

Atspi.init();
process.on('message', (key: number) => {
  Atspi.generateKeyboardEvent(key, null, Atspi.KeySynthType.PRESSRELEASE);
});
