/** What clients do to messages, as stanzas, and the room in which they do it. */
import { chatId, personId } from '../../src/bridge/index.ts';
import { child } from '../harness/markup.ts';
import type { Client } from './server.ts';
import { type Stage, verona } from './stage.ts';

export const sid = 'urn:xmpp:sid:0';
export const plainNetwork = { options: { deeds: false } };

export async function pair(stage: Stage, power: 'participant' | 'moderator' = 'participant') {
  const juliet = await stage.inhabitant('juliet', '#verona', 'moderator');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  if (power === 'moderator') stage.gateway.world.power(personId('romeo'), chatId('#verona'), power, 'juliet');
  await stage.calm();
  romeo.ignores();
  return { romeo, juliet };
}

/** The room's name of the one message that came. */
export function nameOf(client: Client): string {
  const [stanza] = client.queue.splice(0);
  return child(stanza, 'stanza-id', sid)?.attrs.id ?? '';
}

export const deedsOf = (person: { readonly events: readonly { readonly kind: string }[] }) =>
  person.events.filter(({ kind }) => ['edited', 'retracted', 'reaction', 'typing', 'read'].includes(kind));
export const correction = (id: string, text: string, of: string) =>
  `<message type='groupchat' id='${id}' to='${verona}'><body>${text}</body><replace xmlns='urn:xmpp:message-correct:0' id='${of}'/></message>`;
export const retraction = (id: string, of: string) =>
  `<message type='groupchat' id='${id}' to='${verona}'><retract xmlns='urn:xmpp:message-retract:1' id='${of}'/></message>`;
export const reaction = (id: string, of: string, ...emoji: readonly string[]) =>
  `<message type='groupchat' id='${id}' to='${verona}'><reactions xmlns='urn:xmpp:reactions:0' id='${of}'>${emoji.map((one) => `<reaction>${one}</reaction>`).join('')}</reactions></message>`;
export const moderation = (of: string) =>
  `<iq type='set' id='mod' to='${verona}'><moderate xmlns='urn:xmpp:message-moderate:1' id='${of}'><retract xmlns='urn:xmpp:message-retract:1'/><reason>rude</reason></moderate></iq>`;
