/** What the room itself says, nobody in it: a change of modes, the lines of a list. From its own address, and kept with what was said, as what it is. */
import { xml } from '../../xml/writer.ts';
import { saidIn } from '../translation.ts';
import type { EventOf, FaceState, Out } from './feature.ts';
import type { Room } from './room.ts';
import { say } from './speaking.ts';
import { leading } from './venue.ts';

/** To everybody who is in, to those who are being let in when they are, and to the archive. The bridge's own words are said in the language of the account's owner. */
export function tellRemark(face: FaceState, room: Room, { text, at: when }: EventOf<'remark'>, out: Out): void {
  if (text.plain === '') return;
  const id = face.context.newId();
  const { text: said } = saidIn(text.plain, face.lang, face.context.translate);
  // Words in another language have the name somewhere else: the way stands behind them all.
  const marks = text.marks.map((mark) => ({ ...mark, from: 0, to: said.length }));
  const content = leading(face, room.chat, { text: { plain: said, marks } });
  const body = xml`<body>${content.text.plain}</body>`;
  const line = { stanzaId: id, id, nick: '', from: room.jid, at: when.getTime(), body, history: false };
  say(face, room, { ...line, kind: 'remark' }, out);
}
