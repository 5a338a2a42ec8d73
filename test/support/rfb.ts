/** What a VNC server says, in the words of RFC 6143, right or wrong. */

export const ENCODINGS = {
  raw: 0,
  copyRectangle: 1,
  hextile: 5,
  tight: 7,
  zrle: 16,
  desktopSize: -223,
  xCursor: -240,
  richCursor: -239,
  pointerType: -257,
  extendedKeyEvent: -258,
  audio: -259,
  ledState: -261,
  desktopName: -307,
  extendedDesktopSize: -308,
  alphaCursor: -314,
  pixelFormat: 0x574d5669,
} as const;

/** 32 bits per pixel as QEMU has them. */
export const PIXEL_FORMAT = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);

/** How a server begins; what is left out is as QEMU has it. */
export interface Hello {
  readonly version?: string;
  readonly logins?: Buffer;
  readonly result?: Buffer;
  readonly width?: number;
  readonly height?: number;
  readonly pixelFormat?: Buffer;
  readonly nameLength?: number;
}

export function helloOf(hello: Hello = {}): Buffer {
  const { width = 640, height = 480, nameLength = 4 } = hello;
  return Buffer.concat([
    Buffer.from(hello.version ?? 'RFB 003.008\n'),
    hello.logins ?? Buffer.from([1, 1]),
    hello.result ?? word(0),
    half(width, height),
    hello.pixelFormat ?? PIXEL_FORMAT,
    word(nameLength),
    Buffer.from('QEMU'),
  ]);
}

export interface Rectangle {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly encoding: number;
  readonly data?: Buffer;
}

export function update(...rectangles: readonly Rectangle[]): Buffer {
  const parts = rectangles.map(({ x = 0, y = 0, width = 0, height = 0, encoding, data }) =>
    Buffer.concat([half(x, y, width, height), word(encoding), data ?? Buffer.alloc(0)]),
  );
  return Buffer.concat([half(0, rectangles.length), ...parts]);
}

/** Grey pixels at the upper left. */
export function picture(width: number, height: number): Buffer {
  const data = Buffer.alloc(4 * width * height, 0x55);
  return update({ width, height, encoding: ENCODINGS.raw, data });
}

export function resize(width: number, height: number): Buffer {
  return update({ width, height, encoding: ENCODINGS.desktopSize });
}

export function bell(): Buffer {
  return Buffer.from([2]);
}

/** @param length what it says that the text has; it has what it has */
export function cutText(text: Buffer, length = text.length): Buffer {
  return Buffer.concat([Buffer.from([3, 0, 0, 0]), word(length), text]);
}

/** 16 bits each. */
export function half(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * numbers.length);
  numbers.forEach((number, index) => bytes.writeUInt16BE(number, 2 * index));
  return bytes;
}

/** 32 bits each, with or without a sign. */
export function word(...numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, index) => bytes.writeUInt32BE(number >>> 0, 4 * index));
  return bytes;
}
