/** What the room itself says, nobody in it: a change of modes, the lines of a list. From its own address, and kept with what was said, as what it is. */
import { xml } from '../../xml/writer.ts';
import type { EventOf, FaceState, Out } from './feature.ts';
import { remember } from './joining.ts';
import type { Room } from './room.ts';

/** To everybody who is in, to those who are being let in when they are, and to the archive. */
export function tellRemark(face: FaceState, room: Room, { text, at: when }: EventOf<'remark'>, out: Out): void {
  if (text.plain === '') return;
  const id = face.context.newId();
  const at = when.getTime();
  const from = room.jid;
  const body = xml`<body>${text.plain}</body><stanza-id xmlns='urn:xmpp:sid:0' by=${room.jid} id=${id}/>`;
  if (room.everybody.length > 0) {
    out.stanzas.push({ kind: 'message', type: 'groupchat', from, to: room.everybody, id, body, keep: true });
  }
  remember(room, { stanzaId: id, id, from, at, body, history: false });
  const account = face.context.account.id;
  out.archive.push({ account, chat: room.chat, id, at, nick: '', body: body.text, stanza: id, kind: 'remark' });
}
