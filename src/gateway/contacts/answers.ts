/** What one client alone is told for something that it typed: from the address that it wrote to, not archived by us nor by servers, not copied to other clients. */

import type { Origin } from '../../core/intent.ts';
import { bareOf, resourceOf } from '../../core/jids.ts';
import { empty, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { forOneClient } from '../../xmpp/xep/0280-carbons.ts';
import type { FaceState } from '../rooms/feature.ts';
import { answerIn } from '../translation.ts';

const toOccupant = xml`<x xmlns='http://jabber.org/protocol/muc#user'/>`;

/** In a room the room itself speaks; in a conversation, with a server or an occupant, they do. */
export function tellClient({ context }: FaceState, origin: Origin, text: string | undefined): readonly Outgoing[] {
  if (text === undefined || text === '') return [];
  const isGroupchat = origin.type === 'groupchat';
  const at = origin.to.indexOf('@');
  const isOccupant = resourceOf(origin.to) !== '' && context.addresses.parse(origin.to.slice(0, at))?.is === 'room';
  const said = answerIn(text, origin.lang, context.translate);
  return [
    {
      kind: 'message',
      type: isGroupchat ? 'groupchat' : 'chat',
      from: isGroupchat ? bareOf(origin.to) : origin.to,
      to: [origin.from],
      id: context.newId(),
      ...(said.lang !== undefined && { lang: said.lang }),
      body: xml`<body>${said.text}</body>${isOccupant ? toOccupant : empty}${forOneClient}`,
    },
  ];
}
