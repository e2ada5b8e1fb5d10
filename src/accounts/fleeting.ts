/** What is worth nothing late (presence, who is writing, what was read) goes to the network now or never. */
import type { Session } from '../bridge/contract.ts';
import type { FleetingIntent } from '../core/intent.ts';
import type { Face } from '../gateway/face.ts';

/** Nothing where the network has no word for it. Rejects with what the session says. */
export async function passOn(fleeting: FleetingIntent, to: Session, face: Pick<Face, 'find'>): Promise<void> {
  if (fleeting.kind === 'presence') await to.status?.appear(fleeting.show, fleeting.status);
  else if (fleeting.kind === 'typing')
    await to.typing?.typing(fleeting.chat, fleeting.active, fleeting.paused === true);
  else {
    const { chat, upTo } = fleeting;
    const known = face.find(chat, upTo);
    const ref = known?.refs.at(-1);
    if (known !== undefined && ref !== undefined) await to.receipts?.read(chat, ref, known.at);
  }
}
