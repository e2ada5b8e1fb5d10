/** The list of bans as a list of outcasts (XEP-0045 §9.2): a mask is the address of nobody, so it stands there encoded, and as it is in the reason (CHECKLIST 45-77). */
import type { Listed } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import { personId } from '../../core/ids.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { type MucItem, mucAdmin } from '../../xmpp/xep/0045-muc.ts';
import type { Question } from '../face.ts';
import type { FaceState } from './feature.ts';
import { contactJid } from './occupants.ts';
import { result } from './origin.ts';
import type { Room } from './room.ts';

/** More of a list are not shown: no client could, and servers end a stream for a stanza that is too large. */
export const shownAtMost = 1000;

function reasonOf({ mask, name = mask, reason = '', by, at }: Listed): string {
  const who = by === undefined || by === '' ? '' : ` by ${by}`;
  const when = at === undefined ? '' : ` on ${new Date(at).toISOString().slice(0, 10)}`;
  return `${name}${who}${when}${reason === '' ? '' : `: ${reason}`}`;
}

/** Asked of the network each time. */
export const outcasts =
  (face: FaceState, room: Room, stanza: Stanza): Question =>
  async ({ session, signal }) => {
    if (session?.rooms.banned === undefined) {
      throw new GatewayError('network-cannot', { text: 'The network does not tell who is banned' });
    }
    const bans = await session.rooms.banned(room.chat, signal);
    const items = bans.slice(0, shownAtMost).map(
      (ban): MucItem => ({
        affiliation: 'outcast',
        jid: contactJid(face, personId(ban.mask)),
        reason: reasonOf(ban),
      }),
    );
    return [result(stanza, mucAdmin.write({ items }))];
  };
