/** Assertions that many scenarios share, in the words of XEP-0045. */
import { expect } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import { bodyOf, child, codesOf, conditionOf, show } from './markup.ts';
import { isSubject, type Joined, JoinRefused } from './xmpp-client.ts';

/** What a stanza of a join sequence is. */
export type Step = 'presence' | 'self' | 'history' | 'subject' | 'live';

/** The sequence as steps. */
export function steps(stanzas: readonly Element[]): readonly Step[] {
  return stanzas.map((stanza) => {
    if (stanza.name === 'presence') return codesOf(stanza).includes(110) ? 'self' : 'presence';
    if (isSubject(stanza)) return 'subject';
    return child(stanza, 'delay') === undefined ? 'live' : 'history';
  });
}

/** 45-20: presence* self history* subject live*. */
export function expectJoinOrder(joined: Joined): void {
  const order = steps(joined.stanzas).join(' ');
  expect(order).toMatch(/^(presence )*self (history )*subject( live)*$/);
}

/** A join that was refused: an error presence with the muc element, from the address that was joined, with one condition. */
export async function refusal(
  joining: Promise<Joined>,
): Promise<{ readonly condition: string; readonly type: string; readonly presence: Element }> {
  const refused = await joining.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (refused === undefined) throw new Error('the join was not refused');
  if (!(refused instanceof JoinRefused)) throw refused;
  const { presence } = refused;
  expect(child(presence, 'x', 'http://jabber.org/protocol/muc'), show(presence)).toBeDefined();
  expect(presence.attrs.id, 'the id of the join').toBeDefined();
  return { condition: conditionOf(presence) ?? '', type: child(presence, 'error')?.attrs.type ?? '', presence };
}

/** The item of a MUC presence. */
export const itemOf = (presence: Element): Element | undefined =>
  child(child(presence, 'x', 'http://jabber.org/protocol/muc#user'), 'item');

/** The bodies, in order. */
export const bodies = (stanzas: readonly Element[]): readonly (string | undefined)[] => stanzas.map(bodyOf);
