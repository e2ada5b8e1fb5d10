/** Questions to the archive of a room or of a conversation (XEP-0313): what is wrong with them is said at once, the rest is asked of the store. */
import { GatewayError } from '../../core/errors.ts';
import { chatId } from '../../core/ids.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { MAM, mamForm, mamQuery } from '../../xmpp/xep/0313-mam.ts';
import { type ArchiveOf, describeArchive, queryArchive } from '../archive-query.ts';
import { archiveOfContact } from '../contacts/archive.ts';
import type { Decoded } from '../face.ts';
import { archiveOfRoom } from '../rooms/archive.ts';
import { answer, badRequest, result, unavailable } from './answers.ts';
import type { IqEntry, IqHandler } from './iq.ts';
import { refuse } from './refuse.ts';
import type { Scope, Target } from './scope.ts';

type Which<T extends Target> = (scope: Scope, stanza: Stanza, target: T) => ArchiveOf;

/** Nobody has an archive where the operator wants none. */
const where =
  <T extends Target>(handler: IqHandler<T>): IqHandler<T> =>
  (scope, stanza, payload, target) =>
    scope.options.archive === false ? answer(unavailable(stanza)) : handler(scope, stanza, payload, target);

const form: IqHandler = (_, stanza) => answer(result(stanza, mamForm));

const query =
  <T extends Target>(which: Which<T>): IqHandler<T> =>
  (scope, stanza, payload, target): Decoded => {
    const asked = mamQuery.read(payload);
    if (asked === undefined) return answer(badRequest(stanza, 'The form or the result set is malformed'));
    const of = which(scope, stanza, target);
    try {
      return { is: 'question', account: of.account, stanza, question: queryArchive(of, stanza, asked) };
    } catch (error) {
      if (error instanceof GatewayError) return answer(...refuse(stanza, error));
      throw error;
    }
  };

const metadata =
  <T extends Target>(which: Which<T>): IqHandler<T> =>
  (scope, stanza, _, target): Decoded => {
    const of = which(scope, stanza, target);
    return { is: 'question', account: of.account, stanza, question: describeArchive(of, stanza) };
  };

const entries = <T extends Target>(which: Which<T>): readonly IqEntry<T>[] => [
  { ns: MAM, name: 'query', get: where(form), set: where(query(which)) },
  { ns: MAM, name: 'metadata', get: where(metadata(which)) },
];

/** For the room itself; occupants have no archive. */
export const roomArchive: readonly IqEntry<Extract<Target, { is: 'room' }>>[] = entries(
  ({ key, options: { domain, addresses } }, { from, to }, { on, chat }) =>
    archiveOfRoom({ account: key(from, on), domain, addresses }, chat, to.bare),
);

/** For a contact. */
export const contactArchive: readonly IqEntry<Extract<Target, { is: 'contact' }>>[] = entries(
  ({ key }, { from, to }, { on, person }) => archiveOfContact(key(from, on), chatId(person), to.bare),
);
