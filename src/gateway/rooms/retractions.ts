/** Messages taken back in a room: by who wrote them (XEP-0424), or by a moderator (XEP-0425; CHECKLIST 424, 425). What is gone is not told to who comes in later. */
import { GatewayError } from '../../core/errors.ts';
import type { Origin } from '../../core/intent.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import { RETRACTION } from '../../xmpp/xep/0424-retraction.ts';
import { MODERATION, OLD_MODERATION, tellAsOfOld } from '../../xmpp/xep/0425-moderation.ts';
import type { Known } from '../refs.ts';
import { isGuest } from '../speakers.ts';
import { saidIn } from '../translation.ts';
import type { EventOf, FaceState, IntentOf, Out, RoomFeature, Sending } from './feature.ts';
import { tellIfRenewed } from './occupants.ts';
import type { Room } from './room.ts';
import { authorOf, type Speaker, speakerOf, tellDeed } from './speaking.ts';
import { standings } from './standing.ts';

const said = 'retracted a previous message, which your client can not hide';

/** For clients that don't know retractions, an action; for all, the word to keep it. */
const standIn = (lang: string | undefined): Xml =>
  xml`<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>
  <body>/me ${saidIn(said, lang).text}</body><store xmlns='urn:xmpp:hints'/>`;

const because = (reason: string | undefined): Xml => (reason === undefined ? empty : xml`<reason>${reason}</reason>`);

/** By the author (424-01). @param lang of those who are told */
export const retraction = (name: string, reason: string | undefined, lang: string | undefined): Xml =>
  xml`<retract xmlns='urn:xmpp:message-retract:1' id=${name}>${because(reason)}</retract>${standIn(lang)}`;

/** By a moderator, told by the room itself (425-01), also as clients of before know it, who would go on showing the message (425-03). */
function moderation(name: string, by: Speaker, reason: string | undefined): Xml {
  return xml`<retract xmlns='urn:xmpp:message-retract:1' id=${name}>
    <moderated xmlns='urn:xmpp:message-moderate:1' by=${by.from}>${by.id}</moderated>${because(reason)}
  </retract>${tellAsOfOld(name, by.from, reason)}<store xmlns='urn:xmpp:hints'/>`;
}

type Facts = { readonly by: Known['by']; readonly at: number; readonly reason: string | undefined };

function tell(face: FaceState, room: Room, known: Known, { by, at, reason }: Facts, id: string | undefined, out: Out) {
  known.isRetracted = true;
  tellIfRenewed(face, room, by, out);
  const isAuthor = known.by === by;
  const speaker = isAuthor ? authorOf(face, room, known) : speakerOf(face, room, by);
  const inside = isAuthor ? retraction(known.name, reason, face.lang) : moderation(known.name, speaker, reason);
  const from = isAuthor ? speaker : { nick: '', from: room.jid, id: empty };
  tellDeed(
    face,
    room,
    from,
    { kind: 'retraction', about: known.name, inside, at, id, by: isAuthor ? by : undefined },
    out,
  );
}

/** A client's wish for the same that is on its way: it is told when that is done. */
const underWay = (face: FaceState, known: Known): Sending | undefined =>
  face.sendings.values().find(({ intent, known: meant }) => intent.kind === 'retract' && meant === known);

/** The message is gone, whoever has done it: where a client's wish for that fails behind another's, it is told then. */
export function hearRetracted(face: FaceState, room: Room, event: EventOf<'retracted'>, out: Out): void {
  const known = face.refs.named(room.chat, event.target);
  if (known === undefined || known.isRetracted) return;
  const ours = underWay(face, known);
  if (ours !== undefined) {
    ours.gone = event;
    return;
  }
  tell(face, room, known, { by: event.by ?? known.by, at: event.at.getTime(), reason: event.reason }, undefined, out);
}

/** The network has done it. */
export function retractionSettled(
  face: FaceState,
  room: Room,
  intent: IntentOf<'retract'>,
  origin: Origin,
  known: Known | undefined,
  out: Out,
): void {
  const by = room.me?.person ?? face.session?.me;
  if (known === undefined || known.isRetracted || by === undefined) return;
  const id = origin.via === 'message' ? origin.stanzaId : undefined;
  tell(face, room, known, { by, at: face.context.now(), reason: intent.reason }, id, out);
}

const moderations: readonly string[] = [MODERATION, OLD_MODERATION];

/** Announced where the network can delete (424-03, 425-01); asked of the network by moderators only (425-02). */
export const retractions: RoomFeature = {
  features({ context, session }, _, from) {
    if (session?.retractions === undefined) return [];
    return [RETRACTION, `${RETRACTION}#tombstone`, ...(isGuest(context, { from }) ? [] : moderations)];
  },
  on: { retracted: hearRetracted },
  checks(_, room, intent) {
    if (intent.kind !== 'retract' || intent.moderates !== true || room === undefined) return;
    const role = room.me === undefined ? undefined : standings[room.me.power].role;
    if (role !== 'moderator') {
      throw new GatewayError('not-allowed-there', { text: 'Only moderators can retract what others have said' });
    }
  },
};
