/** The subject: told last on joining (XEP-0045 §7.2.15), changed by whom the network lets (§8.1). */
import type { PersonId } from '../../core/ids.ts';
import { empty, join, type Xml, xml } from '../../xml/writer.ts';
import { valueField } from '../../xmpp/xep/0004-data-forms.ts';
import { keep, stampOf, stanzaIdElement } from './archived.ts';
import type { EventOf, FaceState, Out, RoomFeature } from './feature.ts';
import { delayOf } from './history.ts';
import { occupantIdOf, tellIfRenewed } from './occupants.ts';
import type { Occupant, Room } from './room.ts';

/** `from` and children: the occupant who set it, else the room in that nick's name, else the room itself. */
function subjectBy(face: FaceState, room: Room, who: Occupant | undefined): { from: string; body: Xml } {
  const { text, by } = room.topic;
  if (who === undefined) return { from: by ? `${room.jid}/${by}` : room.jid, body: xml`<subject>${text}</subject>` };
  return { from: who.jid, body: xml`<subject>${text}</subject>${occupantIdOf(face, room, who)}` };
}

const setter = (room: Room): Occupant | undefined => (room.topic.by ? room.people.called(room.topic.by) : undefined);

/** Is that the topic that a client asked for? Ours is as the network has made it: on one line, or cut. */
const isAnswered = ({ topicAsked, me }: Room, topic: string | undefined, by: PersonId | undefined): boolean =>
  topic !== undefined && (topicAsked?.text === topic || (by !== undefined && by === me?.person));

function change(face: FaceState, room: Room, event: EventOf<'room'>, out: Out): void {
  const { topic, topicBy, topicAt } = event.change;
  if (topic === undefined && topicBy === undefined && topicAt === undefined) return;
  const who = event.by === undefined ? undefined : room.people.of(event.by);
  const asked = isAnswered(room, topic, event.by) ? room.topicAsked : undefined;
  const isNew = topic !== undefined && (topic !== room.topic.text || asked !== undefined);
  room.topic = {
    text: topic ?? room.topic.text,
    by: topicBy ?? who?.nick ?? (isNew ? undefined : room.topic.by),
    at: topicAt ?? (isNew ? event.at : room.topic.at),
  };
  if (!isNew) return;
  if (asked !== undefined) room.topicAsked = undefined;
  const stanzaId = face.context.newId();
  const id = asked?.id ?? stanzaId;
  const { from, body } = subjectBy(face, room, who ?? setter(room));
  // The topic that a room has when it is entered is no event of its past.
  const isChange = event.by !== undefined || asked !== undefined;
  if (isChange) {
    const nick = from.slice(room.jid.length + 1);
    const at = stampOf(face, room, event.at.getTime(), false);
    keep(face, room, { stanzaId, id, nick, body, kind: 'subject', by: event.by }, at, out);
  }
  if (room.everybody.length === 0) return;
  if (event.by !== undefined) tellIfRenewed(face, room, event.by, out);
  const told = isChange ? join([body, stanzaIdElement(room.jid, stanzaId)]) : body;
  out.stanzas.push({ kind: 'message', type: 'groupchat', from, to: room.everybody, id, body: told });
}

/** Last of what a joining client gets, empty where there is none (45-38). */
export const subject: RoomFeature = {
  /** Of a room that nobody is in it stands for the description, which is what clients show that browse. */
  info: (_, { joined, topic: { text } }) => [
    ...(joined ? [valueField('muc#roominfo_subject', [text], 'text-single')] : []),
    ...(!joined && text !== '' ? [valueField('muc#roominfo_description', [text], 'text-single')] : []),
  ],
  joining(face, room, entry, out) {
    const { from, body } = subjectBy(face, room, setter(room));
    const delay = room.topic.at === undefined ? empty : delayOf(room, room.topic.at.getTime());
    const id = face.context.newId();
    out.stanzas.push({ kind: 'message', type: 'groupchat', from, to: [entry.client], id, body: xml`${body}${delay}` });
  },
  on: { room: change },
  checks(_, room, intent, origin) {
    if (intent.kind === 'topic' && room !== undefined) room.topicAsked = { id: origin.stanzaId, text: intent.text };
  },
};
