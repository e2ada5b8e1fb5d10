/** Questions about people (`Session.people`): WHOIS, and what their own client answers by CTCP. */
import { GatewayError, type People, type PersonId } from '#bridge';
import type { Core } from './core.ts';
import { isNick } from './names.ts';
import { away } from './refusals.ts';

/** What may be asked about; throws where it is no nick or nothing is connected. */
export function nickOf(core: Core, person: PersonId | string): string {
  if (!core.ready) throw away(core.server.name);
  if (isNick(person)) return person;
  throw new GatewayError('no-such-person', { text: 'Nobody on IRC can have that name.' });
}

/** What a session can be asked about people. */
export function createPeople(core: Core): People {
  const told = async (person: PersonId, command: string, signal: AbortSignal): Promise<string> =>
    (await core.ctcp.ask(nickOf(core, person), command, signal)).text;
  return {
    tellsIdle: true,
    about: async (person, signal) => core.whois.ask(nickOf(core, person), signal),
    version: (person, signal) => told(person, 'VERSION', signal),
    time: (person, signal) => told(person, 'TIME', signal),
    ping: async (person, signal) => (await core.ctcp.ask(nickOf(core, person), 'PING', signal)).afterMs,
  };
}
