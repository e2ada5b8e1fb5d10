/** The pictures of forms that are open, for the clients that ask for them (XEP-0231 §2.3): each for whom it was shown alone, and for a while. */
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { reply, type Stanza } from '../../xmpp/stanza.ts';
import { bits } from '../../xmpp/xep/0231-bits-of-binary.ts';
import type { QrPicture } from './qr-picture.ts';
import { createRecent } from './recent.ts';

export interface FormPictures {
  /** @param owner bare JID */
  keep(owner: string, picture: QrPicture): void;
  /** The answer to who asks for that one; undefined: there is none for them. */
  answer(stanza: Stanza, cid: string): Outgoing | undefined;
}

const atOnce = 1_000;
/** Of one person: each step of a login may have one. */
const each = 20;
const waitsMs = 900_000;

/** In the memory of the process where the commands run. */
export function createFormPictures(now: () => number): FormPictures {
  const shown = createRecent<{ readonly owner: string; readonly picture: QrPicture }>({
    ...{ atOnce, each, waitsMs, now },
    whose: ({ owner }) => owner,
    onGone: () => undefined,
  });
  const nameOf = (owner: string, cid: string): string => `${owner}\n${cid}`;
  return {
    keep: (owner, picture) => shown.put(nameOf(owner, picture.cid), { owner, picture }),
    answer(stanza, cid) {
      const { picture } = shown.get(nameOf(stanza.from.bare, cid)) ?? {};
      if (picture === undefined) return undefined;
      const { type, bytes } = picture;
      // What lets somebody in is good for moments and is not to be kept (§2.4).
      const body = bits.write({ cid, maxAge: 0, type, base64: Buffer.from(bytes).toString('base64') });
      return { ...reply(stanza, 'result'), body };
    },
  };
}
