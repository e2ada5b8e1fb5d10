/** The sentences that our source puts into errors, as tables of translations name them: `{}` where something is put in. */
import { find, nameOf, type Source, type Syntax, walk } from './source.ts';

const isNode = (value: unknown): value is Syntax => typeof value === 'object' && value !== null && 'type' in value;

function sentenceOf(node: Syntax): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node.quasis)) return undefined;
  return node.quasis.map((one: { value: { cooked: string } }) => one.value.cooked).join('{}');
}

/** Those that stand whole in an expression: itself, or the branches of a choice. */
function wholeIn(node: unknown): readonly string[] {
  if (!isNode(node)) return [];
  if (node.type === 'ConditionalExpression') return [...wholeIn(node.consequent), ...wholeIn(node.alternate)];
  const sentence = sentenceOf(node);
  return sentence === undefined ? [] : [sentence];
}

/** Of every GatewayError that is made in that file with a text. */
export function sentencesIn({ tree }: Source): readonly string[] {
  return find(tree, 'NewExpression').flatMap((made) => {
    if (nameOf(made.callee) !== 'GatewayError') return [];
    const found: string[] = [];
    walk(made, (node) => {
      if (node.type === 'Property' && nameOf(node.key) === 'text') found.push(...wholeIn(node.value));
    });
    return found;
  });
}
