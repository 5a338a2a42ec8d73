import { bodyOf, shortAnswer, withHeaders, type Body, type Fault } from '../answer.js';

/** Does not know ranges: answers 200 with the whole file. */
export const wholeFile: Fault = (answer, { file }) => {
  if (file === null) return answer;
  const headers = { 'content-range': null, 'accept-ranges': null, 'content-length': String(file.size) }; // prettier-ignore
  return { ...withHeaders(answer, headers), status: 200, body: file.read(0, file.size) };
};

/** Says what it likes in Content-Range, or nothing; the body is the right one. */
export function contentRange(value: string | null): Fault {
  return (answer) => withHeaders(answer, { 'content-range': value });
}

/** Sends the part that lies `bytes` further on, and says so. */
export function otherPart(bytes: number): Fault {
  return (answer, { file, span }) => {
    if (file === null || span === null) return answer;
    const [first, last] = [span.first + bytes, span.last + bytes];
    const changed = withHeaders(answer, { 'content-range': `bytes ${first}-${last}/${file.size}` });
    return { ...changed, body: file.read(first, last + 1 - first) };
  };
}

/** Sends only the first bytes of the part, and says so in Content-Range and Content-Length. */
export function lesserPart(bytes: number): Fault {
  return (answer, { file, span }) => {
    if (file === null || span === null) return answer;
    const headers = {
      'content-range': `bytes ${span.first}-${span.first + bytes - 1}/${file.size}`,
      'content-length': String(bytes),
    };
    return { ...withHeaders(answer, headers), body: file.read(span.first, bytes) };
  };
}

/** Says that the file has another size, and nothing else that is wrong. */
export function otherTotal(size: number): Fault {
  return (answer, { span }) => {
    return span === null
      ? answer
      : withHeaders(answer, { 'content-range': `bytes ${span.first}-${span.last}/${size}` });
  };
}

/** Says, where a part exists, that it does not. */
export const unsatisfiable: Fault = (_, { file }) =>
  shortAnswer(416, { 'content-range': `bytes */${file?.size ?? 0}` });

const BOUNDARY = 'THIS_IS_A_BOUNDARY';

/** Wraps the part into multipart/byteranges, as if several had been asked for. */
export const multipart: Fault = (answer, { file, span }) => {
  if (file === null || span === null) return answer;
  const head = `--${BOUNDARY}\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${span.first}-${span.last}/${file.size}\r\n\r\n`;
  const tail = `\r\n--${BOUNDARY}--\r\n`;
  const length = head.length + (span.last + 1 - span.first) + tail.length;
  const headers = {
    'content-type': `multipart/byteranges; boundary=${BOUNDARY}`,
    'content-range': null,
    'content-length': String(length),
  };
  return { ...withHeaders(answer, headers), body: wrapped(head, answer.body, tail) };
};

async function* wrapped(head: string, body: Body, tail: string): Body {
  yield* bodyOf(head);
  yield* body;
  yield* bodyOf(tail);
}
