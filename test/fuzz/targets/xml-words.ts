/** What XML is made of, right and wrong. */
export const XML_WORDS: readonly (Buffer | string)[] = [
  '<', '>', '/>', '</', '&', ';', '"', "'", '=', ' ', ':', '\n', '\ufeff', '\u202e', '\u0000',
  '<!--', '-->', '<![CDATA[', ']]>', '<?xml version="1.0"?>', '<?', '?>', '<!DOCTYPE x [', ']>',
  '<!ENTITY x SYSTEM "file:///etc/passwd">', '&amp;', '&lt;', '&x;', '&#0;', '&#x110000;', '&#38;',
  ' xmlns="urn:x"', ' xmlns:x="urn:x"', ' xmlns:xml="urn:x"', '<x:x', ' a="1"', ' a="1" a="2"',
  ' __proto__="x"', '<__proto__>', '<constructor/>', '<toString/>', ' hasOwnProperty="x"', '#text', ':@',
  Buffer.from([0xff]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from([0xc0, 0x80]),
]; // prettier-ignore
