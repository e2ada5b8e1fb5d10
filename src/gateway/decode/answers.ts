/** How decoding answers: results, and errors whose condition a specification fixes. */
import type { Origin } from '../../core/intent.ts';
import { child, childText } from '../../xml/query.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import { type StanzaError, writeError } from '../../xmpp/error.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { reply, type Stanza } from '../../xmpp/stanza.ts';
import { MUC } from '../../xmpp/xep/0045-muc.ts';
import { chatStateIn } from '../../xmpp/xep/0085-chat-states.ts';
import { RECEIPTS } from '../../xmpp/xep/0184-receipts.ts';
import { isNotToBeStored } from '../../xmpp/xep/0334-hints.ts';
import { originId } from '../../xmpp/xep/0359-stanza-ids.ts';
import { textsFor } from '../commands/texts.ts';
import type { Decoded } from '../face.ts';
import { langAtMost } from '../rooms/origin.ts';
import { saidIn } from '../translation.ts';
import type { Scope } from './scope.ts';

export const ignored: Decoded = { is: 'ignored' };

export const answer = (...stanzas: readonly Outgoing[]): Decoded => ({ is: 'answer', stanzas });

/** An iq's result. */
export const result = (stanza: Stanza, body: Xml = empty): Outgoing => ({ ...reply(stanza, 'result'), body });

/** The same with what people read in it, in the language of whoever asked where we speak it (RFC 6120 §8.1.5, GEN-10). */
export const wordedResult = (stanza: Stanza, body: Xml): Outgoing => ({
  ...result(stanza, body),
  lang: textsFor(stanza.lang).language,
});

/** Is it a join (XEP-0045 §7.2)? */
export const isJoin = (stanza: Stanza): boolean =>
  stanza.kind === 'presence' && stanza.type === undefined && child(stanza.el, 'x', MUC) !== undefined;

const joinMarker = xml`<x xmlns='http://jabber.org/protocol/muc'/>`;

/** The error to whoever wrote; a join's repeats its `<x/>` and names the room (CHECKLIST 45-30). */
export function deny(stanza: Stanza, error: StanzaError, detail?: Xml): Outgoing {
  const joins = isJoin(stanza);
  const said =
    error.text === undefined || error.lang !== undefined ? error : { ...error, ...saidIn(error.text, stanza.lang) };
  const written = writeError(joins ? { by: stanza.to.bare, ...said } : said, detail);
  return { ...reply(stanza, 'error'), body: joins ? xml`${joinMarker}${written}` : written };
}

const error = (type: string, condition: string, text?: string): StanzaError =>
  text === undefined ? { type, condition } : { type, condition, text };

export const badRequest = (stanza: Stanza, text?: string): Outgoing =>
  deny(stanza, error('modify', 'bad-request', text));
export const noSuchItem = (stanza: Stanza, text?: string): Outgoing =>
  deny(stanza, error('cancel', 'item-not-found', text));
/** What is due where nothing is known that could answer (GEN-01). */
export const unavailable = (stanza: Stanza, text?: string): Outgoing =>
  deny(stanza, error('cancel', 'service-unavailable', text));
export const notImplemented = (stanza: Stanza, text?: string): Outgoing =>
  deny(stanza, error('cancel', 'feature-not-implemented', text));

/** While it is being put together. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Of one text it is always the same, of two hardly ever. No hash that is worth its name is as cheap, and every message has one. */
function sumOf(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
  return sum;
}

/** The intent's origin: how its sender will recognise the answer. */
export function originOf(stanza: Stanza, via: Origin['via'], { options }: Scope): Origin {
  const { from, to, id, type, lang, el } = stanza;
  const origin: Writable<Origin> = { from: from.full, to: to.full, via, at: options.now() };
  if (id !== undefined) origin.stanzaId = id;
  if (type !== undefined) origin.type = type;
  if (lang !== undefined && lang.length <= langAtMost) origin.lang = lang;
  if (via !== 'message') return origin;
  const said = childText(el, 'body') ?? childText(el, 'subject');
  if (said !== undefined) origin.said = sumOf(said);
  const own = originId.in(el)?.id;
  if (own !== undefined) origin.originId = own;
  if (child(el, 'request', RECEIPTS) !== undefined) origin.receipt = true;
  if (type !== 'groupchat' && chatStateIn(el) !== undefined) origin.states = true;
  if (isNotToBeStored(el)) origin.unkept = true;
  return origin;
}

/** To the account that holds what the address names. */
export const mail = (scope: Scope, stanza: Stanza, { on }: { readonly on?: string | undefined }): Decoded => ({
  is: 'mail',
  account: scope.key(stanza.from, on),
  stanza,
});
