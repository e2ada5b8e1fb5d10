/** Answers: how a stanza becomes the `Origin` of an intent, and the results and errors that go back (RFC 6120 §8.2.3, §8.3). */
import { type ErrorCode, GatewayError } from '../../core/errors.ts';
import type { Origin } from '../../core/intent.ts';
import { empty, join, type Xml, xml } from '../../xml/writer.ts';
import { writeError } from '../../xmpp/error.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { reply, type Stanza } from '../../xmpp/stanza.ts';
import { blockedMark } from '../../xmpp/xep/0191-blocking.ts';
import { type Translate, wordsOf } from '../translation.ts';

/** A longer name is no language's (RFC 5646 §4.4.1). */
export const langAtMost = 35;

/** @param at epoch milliseconds */
export function originOf(stanza: Stanza, via: Origin['via'], at: number): Origin {
  return {
    from: stanza.from.full,
    to: stanza.to.full,
    ...(stanza.id !== undefined && { stanzaId: stanza.id }),
    via,
    ...(stanza.type !== undefined && { type: stanza.type }),
    at,
    ...(stanza.lang !== undefined && stanza.lang.length <= langAtMost && { lang: stanza.lang }),
  };
}

/** Where to ask instead; in which language, and who knows more of it than we do. */
interface Place {
  readonly uri?: string | undefined;
  readonly lang?: string | undefined;
  readonly translate?: Translate | undefined;
}

/** `<error/>`; `by` is the room's JID where the room decided (XEP-0045 §7.2). */
function errorElement(error: GatewayError, by: string | undefined, place: Place): Xml {
  const { type, condition } = error;
  const { uri } = place;
  const about = {
    ...wordsOf(error, place.lang, place.translate),
    ...(by !== undefined && { by }),
    ...(uri !== undefined && { uri }),
  };
  return writeError({ type, condition, ...about }, error.code === 'blocked' ? blockedMark : undefined);
}

const joinMarker = xml`<x xmlns='http://jabber.org/protocol/muc'/>`;

/**
 * The answer to whoever asked for what failed. A join's error repeats its `<x/>` (45-30).
 */
export function refusal(
  origin: Origin,
  error: GatewayError,
  by: string | undefined,
  from: string,
  place: Omit<Place, 'lang'> = {},
): Outgoing {
  const element = errorElement(error, by, { ...place, lang: origin.lang });
  return {
    kind: origin.via,
    type: 'error',
    from,
    to: [origin.from],
    ...(origin.stanzaId !== undefined && { id: origin.stanzaId }),
    body: origin.via === 'presence' ? join([joinMarker, element]) : element,
  };
}

/** An error of ours as the answer to a stanza. */
export function refuse(stanza: Stanza, code: ErrorCode, by?: string, text?: string): Outgoing {
  const error = new GatewayError(code, text === undefined ? {} : { text });
  return { ...reply(stanza, 'error'), body: errorElement(error, by, { lang: stanza.lang }) };
}

/** An error whose type and condition a specification fixes. */
export function refuseWith(stanza: Stanza, type: string, condition: string, by?: string): Outgoing {
  return { ...reply(stanza, 'error'), body: writeError({ type, condition, ...(by !== undefined && { by }) }) };
}

/** An iq result. */
export function result(stanza: Stanza, body: Xml = empty): Outgoing {
  return { ...reply(stanza, 'result'), body };
}

/** Is this a request that must be answered? */
export const isRequest = (stanza: Stanza): boolean => stanza.type === 'get' || stanza.type === 'set';
