/** When two names are one: the server's CASEMAPPING, and a bounded store that keeps each folded name once. */

const needsFolding = {
  ascii: /[A-Z]/,
  strict: /[A-Z[\]\\]/,
  rfc1459: /[A-Z[\]\\~]/,
  unicode: /[A-Z\u0080-\uffff]/,
};
type Rule = keyof typeof needsFolding;

const rules: ReadonlyMap<string, Rule> = new Map([
  ['ascii', 'ascii'],
  ['rfc1459', 'rfc1459'],
  ['rfc1459-strict', 'strict'],
  ['strict-rfc1459', 'strict'],
  ['rfc7613', 'unicode'],
  ['rfc8265', 'unicode'],
  ['rfc3454', 'unicode'],
  ['precis', 'unicode'],
]);

const lowerOf: Readonly<Record<string, string>> = { '[': '{', ']': '}', '\\': '|', '~': '^' };

const ruleOf = (mapping: string): Rule => rules.get(mapping) ?? 'rfc1459';

/** The form of a name that is equal for all its spellings on a server with this CASEMAPPING. An unknown mapping is taken for rfc1459. */
export const fold = (mapping: string, text: string): string => foldBy(ruleOf(mapping), text);

function foldBy(rule: Rule, text: string): string {
  if (!needsFolding[rule].test(text)) return text;
  if (rule === 'unicode') return text.normalize('NFC').toLowerCase().normalize('NFC');
  const letters = beyondAscii.test(text) ? text.replace(/[A-Z]+/g, lower) : text.toLowerCase();
  if (rule === 'ascii' || !/[[\]\\~]/.test(letters)) return letters;
  return letters.replace(rule === 'strict' ? /[[\]\\]/g : /[[\]\\~]/g, (char) => lowerOf[char] ?? char);
}

const beyondAscii = /[^\0-\x7f]/;
const lower = (letters: string) => letters.toLowerCase();

/** Returns the one stored copy of a text. Holds at most twice `limit` texts: when the young half is full, the old one is dropped. */
export function createInterner(limit = 16_384): (text: string) => string {
  let young = new Map<string, string>();
  let old = young;
  return (text) => {
    const known = young.get(text);
    if (known !== undefined) return known;
    const kept = old.get(text) ?? detached(text);
    if (young.size >= limit) {
      old = young;
      young = new Map();
    }
    young.set(kept, kept);
    return kept;
  };
}

/** A copy that does not keep the line alive which it was cut from; shorter parts are copies anyway. */
export const detached = (text: string): string =>
  text.length < 13 ? text : [text.slice(0, 1), text.slice(1)].join('');

/** Folds by a mapping and returns stored copies. */
export type Folder = (text: string) => string;

/** Those of each mapping, for all sessions. Each knows again what it has folded: at most twice `limit` texts. */
export function createFolders(intern: (text: string) => string, limit = 16_384): (mapping: string) => Folder {
  const folders = new Map<Rule, Folder>();
  return (mapping) => {
    const rule = ruleOf(mapping);
    const known = folders.get(rule);
    if (known !== undefined) return known;
    const made = createFolder(rule, intern, limit);
    folders.set(rule, made);
    return made;
  };
}

function createFolder(rule: Rule, intern: (text: string) => string, limit: number): Folder {
  let young = new Map<string, string>();
  let old = young;
  return (text) => {
    const known = young.get(text);
    if (known !== undefined) return known;
    const before = old.get(text);
    const folded = before ?? intern(foldBy(rule, text));
    if (young.size >= limit) {
      old = young;
      young = new Map();
    }
    young.set(folded === text ? folded : detached(text), folded);
    return folded;
  };
}
