/** XEP-0424 Message Retraction, version 0.4.2: §3, the retraction. */
import type { Element } from '../../xml/element.ts';
import { child } from '../../xml/query.ts';
import { attr, childText, element } from '../codec.ts';

export const RETRACTION = 'urn:xmpp:message-retract:1';

export const retract = element(RETRACTION, 'retract', { id: attr('id'), reason: childText('reason') });

const OLD_RETRACTION = 'urn:xmpp:message-retract:0';
const FASTEN = 'urn:xmpp:fasten:0';

/** The retraction that a message holds, in the form of version 0.3 too (CHECKLIST 359-06); undefined: none. */
export function retractionIn(message: Element): { readonly id: string; readonly reason?: string } | undefined {
  const withdrawn = retract.in(message);
  if (withdrawn !== undefined) return withdrawn;
  const old = child(message, 'apply-to', FASTEN);
  const id = old?.attrs.id;
  return old === undefined || id === undefined || child(old, 'retract', OLD_RETRACTION) === undefined
    ? undefined
    : { id };
}
