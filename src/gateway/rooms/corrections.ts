/** Corrections in a room (XEP-0308, CHECKLIST 308): the whole message again, in the place of its first version. Our own are reflected in messages.ts. */
import { xml } from '../../xml/writer.ts';
import { CORRECTION, replace } from '../../xmpp/xep/0308-correction.ts';
import { textAtMost } from '../refs.ts';
import { textOfContent } from '../text/body.ts';
import type { EventOf, FaceState, Out, RoomFeature } from './feature.ts';
import { shownIn } from './messages.ts';
import { tellIfRenewed } from './occupants.ts';
import type { Room } from './room.ts';
import { authorOf, lineBody, say } from './speaking.ts';

/** Only the author corrects (308-03); what the clients never saw is dropped (424-05), and so is what changes nothing that is seen (308-05). */
function tell(face: FaceState, room: Room, event: EventOf<'edited'>, out: Out): void {
  const known = face.refs.named(room.chat, event.target);
  if (known === undefined || known.isRetracted || known.by !== event.by) return;
  const text = textOfContent(event.content);
  if (text.length <= textAtMost && text === known.text) return;
  const shown = shownIn(face, room, event.content);
  if (shown === undefined) return;
  known.text = text;
  tellIfRenewed(face, room, event.by, out);
  const stanzaId = face.context.newId();
  const { nick, from, id } = authorOf(face, room, known);
  const body = lineBody(xml`${shown}${replace.write({ id: known.id })}`, id, undefined);
  const line = { stanzaId, id: stanzaId, nick, from, at: event.at.getTime(), body, history: false, by: event.by };
  say(face, room, { ...line, kind: 'edit', about: known.name }, out);
}

/** Announced where the network can edit (308-01). */
export const corrections: RoomFeature = {
  features: ({ session }) => (session?.edits === undefined ? [] : [CORRECTION]),
  on: { edited: tell },
};
