/** The sentences that our source puts into errors, as tables of translations name them: `{}` where something is put in. */
import { find, nameOf, type Source, type Syntax, walk } from './source.ts';

const isNode = (value: unknown): value is Syntax => typeof value === 'object' && value !== null && 'type' in value;

function sentenceOf(node: Syntax): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type !== 'TemplateLiteral' || !Array.isArray(node.quasis)) return undefined;
  return node.quasis.map((one: { value: { cooked: string } }) => one.value.cooked).join('{}');
}

type Whole = (node: unknown) => readonly string[];

/** Those that stand whole in an expression: itself, the branches of a choice, and what a name of the file stands for, also one of several. */
function wholeIn(tree: Syntax): Whole {
  const declared = new Map(find(tree, 'VariableDeclarator').map(({ id, init }) => [nameOf(id), init]));
  const seen = new Set<unknown>();
  const whole: Whole = (node) => {
    if (!isNode(node)) return [];
    switch (node.type) {
      case 'ConditionalExpression':
        return [...whole(node.consequent), ...whole(node.alternate)];
      case 'TSAsExpression':
        return whole(node.expression);
      case 'ObjectExpression':
        return find(node, 'Property').flatMap(({ value }) => whole(value));
      case 'ArrowFunctionExpression':
        return whole(node.body);
      case 'CallExpression':
        if (nameOf(node.callee) === 'plainText' && Array.isArray(node.arguments)) return whole(node.arguments[0]);
        return isNode(node.callee) && node.callee.type === 'MemberExpression' ? whole(node.callee) : [];
      case 'MemberExpression':
        return node.computed === true ? whole(node.object) : [];
      case 'Identifier': {
        const init = declared.get(nameOf(node));
        if (seen.has(init)) return [];
        seen.add(init);
        return whole(init);
      }
      default: {
        const sentence = sentenceOf(node);
        return sentence === undefined ? [] : [sentence];
      }
    }
  };
  return whole;
}

/** Every `text` inside. */
function textsIn(made: Syntax, whole: Whole): readonly string[] {
  const found: string[] = [];
  walk(made, (node) => {
    if (node.type === 'Property' && nameOf(node.key) === 'text') found.push(...whole(node.value));
  });
  return found;
}

/** What answers a stanza with an error, and where the sentence stands in it. */
const refusals: Readonly<Record<string, number>> = {
  badRequest: 1,
  noSuchItem: 1,
  unavailable: 1,
  notImplemented: 1,
  refuse: 3,
  wrong: 3,
  object: 0,
};

/** What a file calls its own errors by: `const refused = (text: string) => new GatewayError(…, { text })`. */
function makersIn(tree: Syntax): ReadonlySet<string> {
  const makers = find(tree, 'VariableDeclarator').filter(({ init }) => {
    if (!isNode(init) || init.type !== 'ArrowFunctionExpression' || !Array.isArray(init.params)) return false;
    const [first] = init.params;
    if (nameOf(first) !== 'text' || !isNode(init.body) || nameOf(init.body.callee) !== 'GatewayError') return false;
    return find(init.body, 'Property').some(({ key, shorthand }) => nameOf(key) === 'text' && shorthand === true);
  });
  return new Set(makers.flatMap(({ id }) => nameOf(id) ?? []));
}

/** Of every GatewayError that is made in that file with a text, and of every refusal of a stanza. */
export function sentencesIn({ tree }: Source): readonly string[] {
  const whole = wholeIn(tree);
  const made = find(tree, 'NewExpression').flatMap((one) =>
    nameOf(one.callee) === 'GatewayError' ? textsIn(one, whole) : [],
  );
  const makers = makersIn(tree);
  const refused = find(tree, 'CallExpression').flatMap((call) => {
    const name = nameOf(call.callee) ?? '';
    if (name === 'deny') return textsIn(call, whole);
    const at = makers.has(name) ? 0 : Object.hasOwn(refusals, name) ? refusals[name] : undefined;
    return at === undefined || !Array.isArray(call.arguments) ? [] : whole(call.arguments[at]);
  });
  const named = find(tree, 'VariableDeclarator').flatMap((one) => (nameOf(one.id) === 'text' ? whole(one.init) : []));
  return [...made, ...refused, ...named];
}
