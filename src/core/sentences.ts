/** Sentences in other languages, by their English: for what is said by itself, long before anybody knows in which language it will be read. */

/** English → the same in another language. `{}` stands for what is put in, in the same order on both sides. */
export type Sentences = Readonly<Record<string, string>>;

/** The sentence in that language (RFC 5646); undefined: it is not known, or that is English. */
export type Translate = (english: string, lang: string | undefined) => string | undefined;

/** Of a language's code: "de" of "de-AT". */
export const primaryOf = (lang: string): string => lang.toLowerCase().split('-', 1)[0] ?? '';

interface Table {
  readonly whole: ReadonlyMap<string, string>;
  readonly patterns: readonly { readonly pattern: RegExp; readonly pieces: readonly string[] }[];
}

/** Longer is none of ours. */
const longest = 1_000;

/** @param languages by primary subtag */
export function createTranslate(languages: Readonly<Record<string, Sentences>>): Translate {
  const tables = new Map(Object.entries(languages).map(([lang, sentences]) => [lang, tableOf(sentences)]));
  return (english, lang) => {
    if (lang === undefined || english.length > longest) return undefined;
    const table = tables.get(primaryOf(lang));
    if (table === undefined) return undefined;
    return table.whole.get(english) ?? filled(table, english);
  };
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function tableOf(sentences: Sentences): Table {
  const all = Object.entries(sentences);
  const patterns = all
    .filter(([english]) => english.includes('{}'))
    .map(([english, other]) => {
      const pattern = english.split('{}').map(literal).join('([^]*?)');
      return { pattern: new RegExp(`^${pattern}$`), pieces: other.split('{}') };
    });
  return { whole: new Map(all.filter(([english]) => !english.includes('{}'))), patterns };
}

function filled({ patterns }: Table, english: string): string | undefined {
  for (const { pattern, pieces } of patterns) {
    const found = pattern.exec(english);
    if (found !== null)
      return pieces.map((piece, at) => piece + (at < pieces.length - 1 ? (found[at + 1] ?? '') : '')).join('');
  }
  return undefined;
}
