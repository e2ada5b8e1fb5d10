/** Pictures of forms (XEP-0231 §2.3, CHECKLIST 231-01), at the addresses where logins show some. */
import { BITS, bits } from '../../xmpp/xep/0231-bits-of-binary.ts';
import { answer, badRequest, noSuchItem } from './answers.ts';
import type { IqEntry } from './iq.ts';
import { deskOf } from './iq-commands.ts';
import type { DecoderOptions, Target } from './scope.ts';

type Place = Extract<Target, { is: 'gateway' | 'server' }>;

const picture: IqEntry<Place> = {
  ns: BITS,
  name: 'data',
  feature: BITS,
  get(scope, stanza, data, { on }) {
    const asked = bits.read(data);
    if (asked === undefined) return answer(badRequest(stanza, 'Which data it is stands in "cid"'));
    return {
      is: 'question',
      account: scope.key(stanza.from, on),
      stanza,
      question: async (asking) => [deskOf(asking).picture(stanza, asked.cid) ?? noSuchItem(stanza)],
    };
  },
};

/** Announced and answered where accounts can be added. */
export const picturesAt = ({ takesLogins }: Pick<DecoderOptions, 'takesLogins'>): readonly IqEntry<Place>[] =>
  takesLogins === true ? [picture] : [];
