/**
 * What Discord's clients make of text within a line, as a slow but plain reader: at every place the rules are tried one after the other, and what a rule
 * takes is read again by itself. The rules are those of the Markdown that the clients are known to use; that some of them take quadratic time is no
 * matter here.
 */

interface Rule {
  readonly form: RegExp;
  readonly is?: string;
  /** Of rules that are tried together the longest takes it, of equal ones the heaviest. */
  readonly weight?: number;
}

/** "character:marks" for every character of what is shown. */
export type Shown = readonly string[];

const escaped = /^\\([^0-9A-Za-z\s])/u;
const url = /^(?:https?|steam):\/\/[^\s<]+[^<.,:;"'\]\s]/;
const starred: readonly Rule[] = [
  { form: /^\b_((?:__|\\[\s\S]|[^\\_])+?)_\b/, is: 'emphasis', weight: 0.2 },
  {
    form: /^\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/,
    is: 'emphasis',
    weight: 0.2,
  },
  { form: /^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, is: 'strong', weight: 0.1 },
  { form: /^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, is: 'underline', weight: 0 },
];
const others: readonly Rule[] = [
  { form: /^~~([\s\S]+?)~~(?!_)/, is: 'deleted' },
  { form: /^\|\|([\s\S]+?)\|\|/, is: 'spoiler' },
];
const code = /^(`+)([\s\S]*?[^`])\1(?!`)/;
const plain = /^[\s\S]+?(?=[^0-9A-Za-z\s\u00c0-\uffff]|\n|\w+:\S|$)/;

function longest(source: string): readonly [Rule, RegExpExecArray] | undefined {
  const found = starred.flatMap((rule): readonly (readonly [Rule, RegExpExecArray])[] => {
    const match = rule.form.exec(source);
    return match === null ? [] : [[rule, match]];
  });
  const worth = ([{ weight = 0 }, [all]]: readonly [Rule, RegExpExecArray]) => all.length + weight;
  return found.toSorted((one, other) => worth(other) - worth(one))[0];
}

/** Reads text that holds no blocks, links or names. */
export function shownByDiscord(source: string, over: readonly string[] = []): Shown {
  const shown: string[] = [];
  const say = (text: string, marks: readonly string[] = over): void => {
    for (const char of text) shown.push(`${char}:${[...new Set(marks)].sort().join()}`);
  };
  for (let rest = source; rest !== ''; ) {
    const [taken, inside, is] = step(rest);
    if (is === 'code') say(inside, [...over, is]);
    else if (is === undefined) say(inside);
    else shown.push(...shownByDiscord(inside, [...over, is]));
    rest = rest.slice(taken);
  }
  return shown;
}

/** How much the first rule that fits takes, what is in it, and what it is. */
function step(rest: string): readonly [taken: number, inside: string, is?: string] {
  const [all = '', char] = escaped.exec(rest) ?? [];
  if (char !== undefined) return [all.length, char];
  const [address] = url.exec(rest) ?? [];
  if (address !== undefined) return [address.length, address];
  const star = longest(rest);
  if (star !== undefined) {
    const [{ is = '' }, [whole, one, other]] = star;
    return [whole.length, other ?? one ?? '', is];
  }
  for (const { form, is } of others) {
    const [whole, inside] = form.exec(rest) ?? [];
    if (whole !== undefined && inside !== undefined && is !== undefined) return [whole.length, inside, is];
  }
  const [fenced, , within] = code.exec(rest) ?? [];
  if (fenced !== undefined && within !== undefined)
    return [fenced.length, within.replace(/^ (?= *`)|(` *) $/g, '$1'), 'code'];
  const [text = rest.charAt(0)] = plain.exec(rest) ?? [];
  return [text.length, text];
}
