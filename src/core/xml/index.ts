export { parseXml, type XmlElement, type XmlLimits } from './parse.js';
export { element, writeXml, XML_DECLARATION, type NewElement } from './write.js';
export { XmlError, type XmlErrorReason } from './xml-error.js';
