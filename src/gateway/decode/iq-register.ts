/** In-band registration (XEP-0077) with the gateway and with a server of the network, where accounts can be added. */
import { REGISTER, registration } from '../../xmpp/xep/0077-registration.ts';
import { register, registrationForm } from '../registering.ts';
import { answer, badRequest } from './answers.ts';
import type { IqEntry } from './iq.ts';
import { deskOf } from './iq-commands.ts';
import type { DecoderOptions, Scope, Target } from './scope.ts';

type Place = Extract<Target, { is: 'gateway' | 'server' }>;

const placeOf = ({ options: { domain, addresses } }: Scope, { on }: Place) => ({
  domain,
  name: addresses.title({ is: 'service' }),
  on,
});

const inBand: IqEntry<Place> = {
  ns: REGISTER,
  name: 'query',
  feature: REGISTER,
  get: (scope, stanza, _query, target) => ({
    is: 'question',
    account: scope.key(stanza.from, target.on),
    stanza,
    question: (asking) => registrationForm(stanza, asking, deskOf(asking), placeOf(scope, target)),
  }),
  set(scope, stanza, query, target) {
    const given = registration.read(query);
    if (given === undefined) return answer(badRequest(stanza, 'There is at most one of each, and one form'));
    return {
      is: 'question',
      account: scope.key(stanza.from, target.on),
      stanza,
      question: (asking) => register(stanza, given, asking, deskOf(asking), placeOf(scope, target)),
    };
  },
};

/** Announced and answered where accounts can be added. */
export const registrationAt = ({ takesLogins }: Pick<DecoderOptions, 'takesLogins'>): readonly IqEntry<Place>[] =>
  takesLogins === true ? [inBand] : [];
