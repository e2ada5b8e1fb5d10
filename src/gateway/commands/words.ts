/** Lines of chat as commands: the first word, and what is behind it. */
import type { Scope } from '../decode/scope.ts';

export interface Line {
  /** In lower case. */
  readonly word: string;
  /** Trimmed; may hold several lines. */
  readonly rest: string;
}

/** '' for both where there is nothing. */
export function readLine(text: string): Line {
  const [, word = '', rest = ''] = /^\s*(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  return { word: word.toLowerCase(), rest: rest.trim() };
}

/** What belongs to every dialogue. */
const dialogueWords: ReadonlySet<string> = new Set(['help', 'set', 'unset', 'add', 'show', 'done', 'ok', 'cancel']);

/**
 * Is that line, written to the address of a server, one of the gateway's commands, and not for the server? What is written in CAPITALS is for the
 * server: WHOIS is IRC's, whois (or Whois) is ours.
 */
export function isGatewayCommand({ catalogue }: Pick<Scope, 'catalogue'>, text: string): boolean {
  const [first = ''] = text.trimStart().split(/\s/, 1);
  const word = first.toLowerCase();
  if (first === '' || (first === first.toUpperCase() && first !== word)) return false;
  return dialogueWords.has(word) || catalogue.named(word).length > 0;
}
