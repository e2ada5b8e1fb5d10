/** XEP-0425 Moderated Message Retraction, version 0.3.0: §3, a moderator's wish and what the room tells; both also as §3 of 0.2 has them (CHECKLIST 425-03). */
import type { Element } from '../../xml/element.ts';
import { child, childText as childTextOf } from '../../xml/query.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import { attr, childText, element, maybe } from '../codec.ts';
import { RETRACTION } from './0424-retraction.ts';

export const MODERATION = 'urn:xmpp:message-moderate:1';
/** Of 0.2; clients of before 2024 know no other. */
export const OLD_MODERATION = 'urn:xmpp:message-moderate:0';
export const FASTEN = 'urn:xmpp:fasten:0';

/** What is to be done with the message; nothing else than to retract it is known. */
const wish = element(RETRACTION, 'retract', {});

/** A moderator's request to the room. */
export const moderate = element(MODERATION, 'moderate', {
  id: attr('id'),
  retract: maybe(wish),
  reason: childText('reason'),
});

const oldModerate = element(OLD_MODERATION, 'moderate', { reason: childText('reason') });
/** XEP-0422, as 0.2 of this XEP wrapped its request. */
const applyTo = element(FASTEN, 'apply-to', { id: attr('id'), moderate: maybe(oldModerate) });

/** The wish as 0.2 has it (§3 there), for services that know no other. */
export function moderateAsOfOld(id: string, reason: string | undefined): Xml {
  const because = reason === undefined ? undefined : xml`<reason>${reason}</reason>`;
  const wished = xml`<moderate xmlns=${OLD_MODERATION}><retract xmlns="urn:xmpp:message-retract:0"/>${because}</moderate>`;
  return xml`<apply-to xmlns=${FASTEN} id=${id}>${wished}</apply-to>`;
}

/** What a room tells as 0.2 has it (§3 there), beside the form of today. */
export function tellAsOfOld(id: string, by: string, reason: string | undefined): Xml {
  const because = reason === undefined ? undefined : xml`<reason>${reason}</reason>`;
  const told = xml`<moderated xmlns=${OLD_MODERATION} by=${by}><retract xmlns="urn:xmpp:message-retract:0"/>${because}</moderated>`;
  return xml`<apply-to xmlns=${FASTEN} id=${id}>${told}</apply-to>`;
}

/** What a room tells as 0.2 has it: which message a moderator took back; undefined: it says nothing of that. */
export function moderatedAsOfOld(message: Element): { readonly id: string; readonly reason?: string } | undefined {
  const about = child(message, 'apply-to', FASTEN);
  const told = about === undefined ? undefined : child(about, 'moderated', OLD_MODERATION);
  if (about?.attrs.id === undefined || told === undefined) return undefined;
  const reason = childTextOf(told, 'reason');
  return { id: about.attrs.id, ...(reason !== undefined && { reason }) };
}

/** The wish in either form; undefined: none. */
export function moderationIn(payload: Element): { readonly id: string; readonly reason?: string } | undefined {
  const wished = moderate.read(payload);
  if (wished?.retract !== undefined) {
    return wished.reason === undefined ? { id: wished.id } : { id: wished.id, reason: wished.reason };
  }
  const old = applyTo.read(payload);
  return old?.moderate === undefined ? undefined : { id: old.id, ...old.moderate };
}
