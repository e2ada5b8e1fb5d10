/** What the network itself says to the account's owner: a chat message from the server's address, not to be stored. And the ups and downs of the session. */
import { xml } from '../../xml/writer.ts';
import { forOneClient } from '../../xmpp/xep/0280-carbons.ts';
import { hint } from '../../xmpp/xep/0334-hints.ts';
import type { EventOf, FaceState, Out } from '../rooms/feature.ts';
import { takeOut } from '../rooms/leaving.ts';
import { clientsOf } from '../rooms/room.ts';
import { isOwners } from '../shares.ts';
import { saidIn } from '../translation.ts';
import { serviceJid } from './addresses.ts';
import { letIn, seek } from './own-service.ts';

/** One message a notice: to its owner's clients that are in rooms there, for them alone; where there are none, to the bare JID. */
export function tellNotice(face: FaceState, text: string, out: Out): void {
  if (text === '') return;
  const clients = [...new Set([...face.rooms.values()].flatMap(clientsOf))].filter((client) =>
    isOwners(face.context.account, client),
  );
  const isKnown = clients.length > 0;
  const said = saidIn(text, face.lang, face.context.translate);
  out.stanzas.push({
    kind: 'message',
    type: 'chat',
    from: serviceJid(face.context),
    to: isKnown ? clients : [face.context.account.owner],
    id: face.context.newId(),
    ...(said.lang !== undefined && { lang: said.lang }),
    body: xml`<body>${said.text}</body>${isKnown ? forOneClient : hint('no-store')}`,
  });
}

/** A short loss is told once and leaves the rooms alone; the end of the session takes every client out of every room (45-151). */
export function tellState(face: FaceState, event: EventOf<'state'>, out: Out): void {
  const text = event.text ?? event.reason?.details.text;
  if (event.state === 'reconnecting') {
    if (face.away) return;
    tellNotice(face, text ?? 'The connection was lost; it is being made again.', out);
    face.away = true;
    out.stanzas.push(...seek(face));
    return;
  }
  if (event.state === 'ready') {
    face.away = false;
    out.stanzas.push(...letIn(face));
  }
  if (event.state !== 'ended') {
    if (event.text !== undefined) tellNotice(face, event.text, out);
    return;
  }
  face.away = false;
  // Whoever is told that it can't be made again is told, too, when it is.
  face.service = 'away';
  const reason = text ?? event.reason?.message ?? 'The connection to the network has ended.';
  for (const room of face.rooms.values()) {
    takeOut(face, room, 'technical', reason, undefined, out);
    room.joined = false;
  }
}
