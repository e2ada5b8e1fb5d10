/** Replies (CHECKLIST 461): what a message answers, named for clients that know replies and quoted for those that don't. */
import type { Content } from '../../core/content.ts';
import { quotedInWords } from '../../core/degrade.ts';
import type { MessageRef, StanzaRef } from '../../core/ids.ts';
import type { Known } from '../refs.ts';

/** What stands in a stanza for the message that it answers. */
export interface Answered {
  readonly id: string;
  readonly to?: string;
  /** In front of the text, for clients that can't follow the id; '' for none. */
  readonly quote: string;
}

const linesAtMost = 3;

/** "> nick: what was said", each line marked (461-02). */
export function quoteOf({ nick, text }: Pick<Known, 'nick' | 'text'>): string {
  const [first = '', ...rest] = text.split('\n', linesAtMost);
  return `${[`${nick}: ${first}`, ...rest].map((line) => `> ${line}`).join('\n')}\n`;
}

/** Of a message from the network: only what the clients know can be named. */
export function answeredFrom(known: Known | undefined): Answered | undefined {
  if (known === undefined || known.isRetracted) return undefined;
  return { id: known.name, to: known.from, quote: quoteOf(known) };
}

/** What nobody here has can't be named: it is quoted as far as the network has told it, and the quotation is part of the text. */
export const quotingUnknown = <Ref>(content: Content<Ref>): Content<Ref> =>
  content.quoted === undefined ? content : quotedInWords(content, quoteOf(content.quoted));

/** Of our own message coming back: as its client wrote it, by the right name where it is known. */
export function answeredBy(ref: StanzaRef, known: Known | undefined): Answered {
  const to = known === undefined ? {} : { to: known.from };
  return { id: known?.name ?? ref.stanzaId, ...to, quote: ref.fallback ?? '' };
}

/** Whose reference is it? */
export const isStanzaRef = (ref: MessageRef | StanzaRef): ref is StanzaRef => 'stanzaId' in ref;
