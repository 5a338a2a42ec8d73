/** What a VNC client says, in the words of RFC 6143. */

export interface PointerEvent {
  /** One bit for each that is held. */
  readonly buttons: number;
  readonly x: number;
  readonly y: number;
}

const SET_ENCODINGS = 2;
const POINTER_EVENT = 5;
/** Version, log-in and sharing. */
const HELLO_BYTES = 14;
/** Of all messages whose length is always the same, by their first byte; 255 is a key with its place. */
const LENGTHS: Readonly<Record<number, number>> = { 0: 20, 3: 10, 4: 8, 5: 6, 255: 12 };

/** What was done with the pointer, of all that a client has said so far. */
export function pointerEvents(said: Buffer): readonly PointerEvent[] {
  return messages(said)
    .filter((message) => message[0] === POINTER_EVENT)
    .map((message) => ({
      buttons: message.readUInt8(1),
      x: message.readUInt16BE(2),
      y: message.readUInt16BE(4),
    }));
}

function messages(said: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = HELLO_BYTES; at < said.length;) {
    const length = lengthAt(said, at);
    if (at + length > said.length) break;
    found.push(said.subarray(at, at + length));
    at += length;
  }
  return found;
}

function lengthAt(said: Buffer, at: number): number {
  const kind = said.readUInt8(at);
  if (kind === SET_ENCODINGS) {
    return at + 4 > said.length ? 4 : 4 + 4 * said.readUInt16BE(at + 2);
  }
  const length = LENGTHS[kind];
  if (length === undefined) throw new Error(`Message ${kind} is not known`);
  return length;
}
