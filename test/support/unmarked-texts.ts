import ts from 'typescript';

const MARKS = ['translate', 'translatePlural', 'ownWords'];
/** Several words, or a capital that something shown begins with. */
const WORDS = /\p{L}{2}.* \p{L}|^\p{Lu}\p{Ll}/u;

/** The literals of a module that read as if somebody were to read them, but are not translated. */
export function unmarkedTexts(path: string, source: string): readonly string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isMark(node) || ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node);
    if (isText && WORDS.test(node.text)) texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest));
  return texts;
}

function isMark(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    MARKS.includes(node.expression.text)
  );
}
