/** Questions to a room's archive (XEP-0313): what is wrong with them is said at once, the rest is asked of the store. */
import { GatewayError } from '../../core/errors.ts';
import { MAM, mamForm, mamQuery } from '../../xmpp/xep/0313-mam.ts';
import type { Decoded, Question } from '../face.ts';
import { describeArchive, queryArchive } from '../rooms/archive.ts';
import { answer, badRequest, result, unavailable } from './answers.ts';
import type { IqEntry, IqHandler } from './iq.ts';
import { refuse } from './refuse.ts';
import type { Target } from './scope.ts';

type Room = Extract<Target, { is: 'room' }>;

/** Nobody has an archive where the operator wants none. */
const where =
  (handler: IqHandler<Room>): IqHandler<Room> =>
  (scope, stanza, payload, target) =>
    scope.options.archive === false ? answer(unavailable(stanza)) : handler(scope, stanza, payload, target);

const form: IqHandler<Room> = (_, stanza) => answer(result(stanza, mamForm));

const query: IqHandler<Room> = (scope, stanza, payload, { chat, on }): Decoded => {
  const asked = mamQuery.read(payload);
  if (asked === undefined) return answer(badRequest(stanza, 'The form or the result set is malformed'));
  const account = scope.key(stanza.from, on);
  const { domain, addresses } = scope.options;
  try {
    const question: Question = queryArchive({ chat, account, domain, addresses }, stanza, asked);
    return { is: 'question', account, stanza, question };
  } catch (error) {
    if (error instanceof GatewayError) return answer(...refuse(stanza, error));
    throw error;
  }
};

const metadata: IqHandler<Room> = (scope, stanza, _, { chat, on }): Decoded => {
  const account = scope.key(stanza.from, on);
  const { domain, addresses } = scope.options;
  const question = describeArchive({ chat, account, domain, addresses }, stanza);
  return { is: 'question', account, stanza, question };
};

/** For the room itself; occupants and contacts have no archive (CHECKLIST 313-10). */
export const archiveEntries: readonly IqEntry<Room>[] = [
  { ns: MAM, name: 'query', get: where(form), set: where(query) },
  { ns: MAM, name: 'metadata', get: where(metadata) },
];
