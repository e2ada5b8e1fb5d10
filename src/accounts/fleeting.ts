/** What is worth nothing late (presence, who is writing, what was read) goes to the network now or never. */
import type { Session } from '../bridge/contract.ts';
import type { ChatId, StanzaRef } from '../core/ids.ts';
import type { FleetingIntent } from '../core/intent.ts';
import type { Face, Stanza } from '../gateway/face.ts';
import type { Deeds } from './deeds.ts';

type Recall = (chat: ChatId, upTo: StanzaRef) => Promise<FleetingIntent | undefined>;

/** Heard anew once the archive has it. */
const recalling =
  (deeds: Pick<Deeds, 'find'>, face: Pick<Face, 'hear'>, stanza: Stanza): Recall =>
  async (chat, upTo) =>
    (await deeds.find(chat, upTo)) && face.hear(stanza).fleeting;

/**
 * Nothing where the network has no word for it. Rejects with what the session says.
 * @param recall looks for a message that the face has forgotten; resolves with what is to be passed on then
 */
export async function passOn(
  fleeting: FleetingIntent,
  to: Session,
  face: Pick<Face, 'find'>,
  recall?: Recall,
): Promise<void> {
  if (fleeting.kind === 'presence') await to.status?.appear(fleeting.show, fleeting.status);
  else if (fleeting.kind === 'typing')
    await to.typing?.typing(fleeting.chat, fleeting.active, fleeting.paused === true);
  else if (to.receipts !== undefined) {
    const { chat, upTo } = fleeting;
    if (face.find(chat, upTo) === undefined && (await recall?.(chat, upTo)) === undefined) return;
    const known = face.find(chat, upTo);
    const ref = known?.refs.at(-1);
    if (known !== undefined && ref !== undefined) await to.receipts.read(chat, ref, known.at);
  }
}

/** What a client's stanza came to. @param to undefined: there is no session */
export async function passOnHeard(
  fleeting: FleetingIntent,
  to: Session | undefined,
  face: Pick<Face, 'find' | 'hear'>,
  deeds: Pick<Deeds, 'find'>,
  stanza: Stanza,
): Promise<void> {
  if (to !== undefined) await passOn(fleeting, to, face, recalling(deeds, face, stanza));
}
