import { decodeReferences, findForbiddenCharacter } from './characters.js';
import { XmlError, type XmlErrorReason } from './xml-error.js';

const NAME_START =
  'A-Z_a-z\\u{c0}-\\u{d6}\\u{d8}-\\u{f6}\\u{f8}-\\u{2ff}\\u{370}-\\u{37d}\\u{37f}-\\u{1fff}' +
  '\\u{200c}-\\u{200d}\\u{2070}-\\u{218f}\\u{2c00}-\\u{2fef}\\u{3001}-\\u{d7ff}' +
  '\\u{f900}-\\u{fdcf}\\u{fdf0}-\\u{fffd}\\u{10000}-\\u{effff}';
const NC_NAME = `[${NAME_START}][\\u{300}-\\u{36f}\\u{b7}\\u{203f}\\u{2040}${NAME_START}\\-.0-9]*`;
/** Prefix and local part (Namespaces in XML 1.0, QName). */
const NAME = `${NC_NAME}(?::${NC_NAME})?`;

// Each matches at one place only (sticky) and can fail in one way only, so that the time is linear.
const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([\w.-]+)"|'([\w.-]+)'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/y;
const TEXT = /[^<]+/y;
const OPEN = new RegExp(`<(${NAME})`, 'uy');
const ATTRIBUTE = new RegExp(
  `[ \\t\\r\\n]+(${NAME})[ \\t\\r\\n]*=[ \\t\\r\\n]*(?:"([^<"]*)"|'([^<']*)')`,
  'uy',
);
const OPEN_END = /[ \t\r\n]*(\/?)>/y;
const CLOSE = new RegExp(`</(${NAME})[ \\t\\r\\n]*>`, 'uy');
const WHOLE_NAME = new RegExp(`^${NAME}$`, 'u');

/** The longest element or attribute name, in characters: paths of names are kept and shown. */
const MAX_NAME_LENGTH = 200;
/** Attributes of one element: libvirt's have at most a dozen. */
const MAX_ATTRIBUTES = 100;

export function isName(text: string): boolean {
  return text.length <= MAX_NAME_LENGTH && WHOLE_NAME.test(text);
}

/**
 * Accepts a document only if it is well-formed XML 1.0 in the plain subset that we read: one
 * root, elements, attributes, text, comments, an XML declaration. fast-xml-parser builds the tree,
 * but it lets much through that is not XML at all.
 *
 * @returns the outline: the names of all elements in their order, each followed by the names of
 * its attributes behind an “@”. The tree must have the same.
 * @throws XmlError with the line
 */
export function checkSyntax(
  text: string,
  limits: { readonly maxDepth: number; readonly maxElements: number },
): readonly string[] {
  const forbidden = findForbiddenCharacter(text);
  if (forbidden !== -1) refuse('character', 'a character that XML does not allow', forbidden);

  const open: string[] = [];
  const outline: string[] = [];
  let elements = 0;
  let at = checkDeclaration();

  while (at < text.length) {
    const content = match(TEXT);
    if (content !== null) {
      checkText(content[0]);
      at = TEXT.lastIndex;
    } else if (text.startsWith('<!--', at)) {
      skipComment();
    } else if (text.startsWith('</', at)) {
      closeElement();
    } else {
      openElement();
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) refuse('not-well-formed', `<${unclosed}> is not closed`);
  if (elements === 0) refuse('not-well-formed', 'there is no element');
  return outline;

  function match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(text);
  }

  function refuse(reason: XmlErrorReason, what: string, where: number = at): never {
    throw new XmlError(reason, what, { line: lineAt(text, where) });
  }

  function checkDeclaration(): number {
    if (!/^<\?xml[ \t\r\n]/.test(text)) return 0;
    DECLARATION.lastIndex = 0;
    const declaration = DECLARATION.exec(text);
    if (declaration === null) {
      throw new XmlError('not-well-formed', 'the XML declaration is wrong', { line: 1 });
    }
    const encoding = declaration[1] ?? declaration[2] ?? 'UTF-8';
    if (encoding.toUpperCase() !== 'UTF-8') {
      throw new XmlError('encoding', 'the encoding must be UTF-8', { line: 1 });
    }
    return DECLARATION.lastIndex;
  }

  function checkText(content: string): void {
    if (open.length === 0 && /[^ \t\r\n]/.test(content)) {
      refuse('not-well-formed', 'there is text outside of the root element');
    }
    if (content.includes(']]>')) refuse('not-well-formed', '“]]>” inside text');
    checkReferences(content);
  }

  function checkReferences(raw: string): void {
    try {
      decodeReferences(raw);
    } catch (error) {
      if (error instanceof XmlError) refuse(error.reason, error.message);
      throw error;
    }
  }

  function skipComment(): void {
    const end = text.indexOf('--', at + '<!--'.length);
    if (end === -1 || text[end + 2] !== '>') refuse('not-well-formed', 'a comment is wrong');
    at = end + '-->'.length;
  }

  function closeElement(): void {
    const name = match(CLOSE)?.[1];
    if (name === undefined) refuse('not-well-formed', 'a closing tag is wrong');
    if (open.pop() !== name) refuse('not-well-formed', `</${shorten(name)}> closes nothing`);
    at = CLOSE.lastIndex;
  }

  function openElement(): void {
    const name = match(OPEN)?.[1];
    if (name === undefined) refuseMarkup();
    if (open.length === 0 && elements > 0) refuse('not-well-formed', 'there is a second root');
    checkNameLength(name);
    if (++elements > limits.maxElements) {
      refuse('too-many-elements', `more than ${limits.maxElements} elements`);
    }
    if (open.length + 1 > limits.maxDepth) {
      refuse('too-deep', `elements nested more than ${limits.maxDepth} deep`);
    }
    outline.push(name);
    at = OPEN.lastIndex;
    checkAttributes(name);
    const end = match(OPEN_END);
    if (end === null) refuse('not-well-formed', `the tag <${name}> is wrong`);
    if (end[1] === '') open.push(name);
    at = OPEN_END.lastIndex;
  }

  function checkAttributes(element: string): void {
    const seen = new Set<string>();
    for (let found = match(ATTRIBUTE); found !== null; found = match(ATTRIBUTE)) {
      const name = found[1] ?? '';
      checkNameLength(name);
      if (seen.has(name)) {
        refuse('duplicate-attribute', `<${element}> has the attribute “${name}” twice`);
      }
      seen.add(name);
      if (seen.size > MAX_ATTRIBUTES) {
        refuse('too-many-attributes', `<${element}> has more than ${MAX_ATTRIBUTES} attributes`);
      }
      outline.push(`@${name}`);
      checkReferences(found[2] ?? found[3] ?? '');
      at = ATTRIBUTE.lastIndex;
    }
  }

  function checkNameLength(name: string): void {
    if (name.length > MAX_NAME_LENGTH) refuse('not-well-formed', 'a name is too long');
  }

  function refuseMarkup(): never {
    if (text.startsWith('<![CDATA[', at)) refuse('cdata', 'a CDATA section is not allowed');
    if (text.startsWith('<!', at)) refuse('doctype', 'a document type is not allowed');
    if (text.startsWith('<?', at)) {
      refuse('processing-instruction', 'a processing instruction is not allowed');
    }
    refuse('not-well-formed', '“<” does not begin a tag');
  }
}

function shorten(name: string): string {
  return name.length <= MAX_NAME_LENGTH ? name : `${name.slice(0, MAX_NAME_LENGTH)}…`;
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next !== -1 && next < index; line++) {
    next = text.indexOf('\n', next + 1);
  }
  return line;
}
