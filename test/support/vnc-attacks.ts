import type { VncAttack } from './hostile-vnc.js';
import {
  bell,
  cutText,
  ENCODINGS,
  half,
  picture,
  PIXEL_FORMAT,
  resize,
  update,
  word,
} from './rfb.js';

const NOISE = Buffer.alloc(65_536, 0xff);

/** Says this, and then noise without end. */
function once(words: Buffer): VncAttack {
  return { says: (turn) => (turn === 0 ? words : NOISE) };
}

function endless(words: Buffer): VncAttack {
  return { says: () => words };
}

function cursor(encoding: number, width: number, height: number, x = 0, y = 0): VncAttack {
  return once(update({ x, y, width, height, encoding, data: word(0) }));
}

function rectangle(encoding: number, data: Buffer = NOISE): VncAttack {
  return once(update({ width: 640, height: 480, encoding, data }));
}

/** At each of these the connection ends before GtkVnc hears of it. */
export const REFUSED: Readonly<Record<string, VncAttack>> = {
  'another version of the protocol': { hello: { version: 'RFB 003.003\n' } },
  'a log-in by password': { hello: { logins: Buffer.from([1, 2]) } },
  'log-ins to choose from': { hello: { logins: Buffer.from([3, 1, 19, 20]) } },
  'a log-in that failed, with a reason of 4 GiB': { hello: { result: word(1, 0xffff_ffff) } },
  'a screen of 0 × 0': { hello: { width: 0, height: 0 } },
  'a screen of 65,535 × 65,535': { hello: { width: 65_535, height: 65_535 } },
  'a screen of 8192 × 8192': { hello: { width: 8192, height: 8192 } },
  'colours from a palette': { hello: { pixelFormat: Buffer.alloc(16, 8) } },
  'pixels of 255 bits': {
    hello: { pixelFormat: Buffer.concat([Buffer.from([255]), PIXEL_FORMAT.subarray(1)]) },
  },
  'a name of 1 GiB': { hello: { nameLength: 2 ** 30 } },
  'a name of 4 GiB': { hello: { nameLength: 0xffff_ffff } },
  'a new name with markup, without end': endless(
    update({
      encoding: ENCODINGS.desktopName,
      data: Buffer.concat([word(16), Buffer.from('<b>\u202eQEMU</b>\n\n')]),
    }),
  ),
  'a new name of 1 GiB': rectangle(ENCODINGS.desktopName, word(2 ** 30)),
  'a resize to 0 × 0': once(resize(0, 0)),
  'a resize to 640 × 0': once(resize(640, 0)),
  'a resize to 65,535 × 65,535': once(resize(65_535, 65_535)),
  'a resize to 65,535 × 1': once(resize(65_535, 1)),
  'a resize with 255 screens': rectangle(ENCODINGS.extendedDesktopSize, word(0xff00_0000)),
  'a cursor of 65,535 × 65,535': cursor(ENCODINGS.richCursor, 65_535, 65_535),
  'a cursor whose size wraps around': cursor(ENCODINGS.richCursor, 32_768, 32_768),
  'a cursor of 513 × 1': cursor(ENCODINGS.richCursor, 513, 1),
  'a cursor that points outside of itself': cursor(ENCODINGS.richCursor, 16, 16, 6000, 6000),
  'a translucent cursor of 65,535 × 65,535': cursor(ENCODINGS.alphaCursor, 65_535, 65_535),
  'a translucent cursor that is compressed': rectangle(ENCODINGS.alphaCursor, word(16)),
  'a cursor of two colours': cursor(ENCODINGS.xCursor, 65_535, 65_535),
  'pixels outside of the screen': once(
    update({ x: 60_000, y: 60_000, width: 9000, height: 9000, encoding: ENCODINGS.raw }),
  ),
  'pixels that leave the screen after it has shrunk': once(
    Buffer.concat([resize(320, 200), picture(321, 1)]),
  ),
  'pixels from outside of the screen': rectangle(ENCODINGS.copyRectangle, half(60_000, 60_000)),
  'pixels as tiles': rectangle(ENCODINGS.hextile),
  'pixels packed tightly': rectangle(ENCODINGS.tight),
  'packed pixels of 2 GiB': rectangle(ENCODINGS.zrle, word(0x7fff_ffff)),
  'another format of pixels': rectangle(ENCODINGS.pixelFormat, Buffer.alloc(16, 1)),
  sound: rectangle(ENCODINGS.audio),
  'an encoding that nobody knows': rectangle(0x1234_5678),
  'a palette': once(Buffer.concat([Buffer.from([1, 0]), half(60_000, 60_000)])),
  'sound of 4 GiB': once(Buffer.concat([Buffer.from([255, 1]), half(2), word(0xffff_ffff)])),
  'a message that nobody knows': once(Buffer.from([99])),
};

/** What GtkVnc never hears of, while the connection goes on. */
export const PASSED_OVER: Readonly<Record<string, VncAttack>> = {
  bells: endless(Buffer.concat(Array.from({ length: 9999 }, bell))),
  'short texts for the clipboard': endless(
    Buffer.concat(Array.from({ length: 999 }, () => cutText(Buffer.from('rm -rf ~\n')))),
  ),
  'a text for the clipboard of 4 GiB': {
    says: (turn) => (turn % 65_536 === 0 ? cutText(NOISE.subarray(1), 0xffff_ffff) : NOISE),
  },
};

/** What QEMU says, too, but not so often. */
export const FLOODS: Readonly<Record<string, VncAttack>> = {
  sizes: {
    says: (turn) => resize(1 + (turn % 1280), 1 + ((7 * turn) % 1024)),
  },
  'the largest size that QEMU shows': { says: (turn) => resize(5120 - (turn % 2), 2160) },
  pictures: endless(picture(640, 480)),
  'single pixels': endless(Buffer.concat(Array.from({ length: 999 }, () => picture(1, 1)))),
  'updates of nothing': endless(Buffer.concat(Array.from({ length: 9999 }, () => update()))),
  cursors: {
    says: (turn) =>
      update({
        x: turn % 64,
        width: 64,
        height: 64,
        encoding: ENCODINGS.richCursor,
        data: Buffer.alloc(64 * 64 * 4 + 8 * 64, turn % 256),
      }),
  },
  'lamps and kinds of pointers': {
    says: (turn) =>
      update(
        { x: turn % 2, encoding: ENCODINGS.pointerType },
        { encoding: ENCODINGS.ledState, data: Buffer.from([turn % 8]) },
      ),
  },
};
