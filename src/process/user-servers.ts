/** What one domain knows of the servers and clients of its users, and asks of them: privileges, contact lists, bookmarks, what clients can do. */
import { createAskingAsUsers } from '../accounts/asking-as-users.ts';
import { createBookmarks } from '../accounts/bookmarks.ts';
import { createCapabilities } from '../accounts/capabilities.ts';
import type { ClientIqs } from '../accounts/client-iqs.ts';
import { createProbes } from '../accounts/probes.ts';
import { createRequests, type Requests } from '../accounts/requests.ts';
import { createRosters } from '../accounts/rosters.ts';
import { createSlots, type Slots } from '../accounts/slots.ts';
import { createSubscriptionPace } from '../accounts/subscription-pace.ts';
import type { AccountWorld } from '../accounts/world.ts';
import type { Clock, Log } from '../bridge/contract.ts';
import { createAllowsHost, type DecoderOptions } from '../gateway/decode/scope.ts';
import type { Outgoing, Stanza } from '../gateway/face.ts';
import { createPrivileges, type Privileges, privilegeWords } from '../gateway/privileges.ts';
import type { Jid } from '../xmpp/jid.ts';
import { ping } from '../xmpp/xep/0199-ping.ts';
import { putFile } from './putting.ts';

export interface UserServers
  extends Pick<AccountWorld, 'requests' | 'rosters' | 'bookmarks' | 'capabilities' | 'pace' | 'probes' | 'settled'> {
  readonly privileges: Privileges;
  /** Their upload services: at public addresses and by TLS, or at any. Each call knows nothing of what the others have found. */
  slots(where: 'public' | 'any'): Slots;
  /** True where the stanza was for us and needs nobody else. */
  hear(stanza: Stanza): boolean;
  /** There is a stream. */
  begun(): void;
  /** The stream ended: what was said on it counts no more. */
  lost(): void;
}

export interface UserServerParts {
  readonly domain: string;
  readonly iqs: Pick<ClientIqs, 'ask'>;
  readonly clock: Clock;
  readonly log: Log;
  send(stanzas: readonly Outgoing[]): void;
  /** May whoever it is use the domain? */
  allows(jid: Jid): boolean;
  /** As they are when it is asked which hosts those are of. */
  readonly options: Pick<DecoderOptions, 'allow' | 'banned' | 'admins'>;
}

/** Nothing is known yet. */
export function createUserServers(parts: UserServerParts): UserServers {
  const { domain, iqs, log, clock } = parts;
  const requests: Requests = createRequests(domain, iqs);
  const privileges = createPrivileges({
    counts: createAllowsHost(parts.options),
    onChange: (host, privilege) =>
      log.info({ host, ...privilegeWords(privilege) }, "what the server lets the gateway do in its users' names"),
  });
  const users = createAskingAsUsers({ privileges, requests, log });
  const capabilities = createCapabilities(domain, iqs, parts.allows);
  /** By host: an answer comes behind whatever it says of itself when the stream begins. */
  const answered = new Map<string, Promise<unknown>>();
  return {
    requests,
    privileges,
    capabilities,
    pace: createSubscriptionPace(clock),
    probes: createProbes(clock, parts.send),
    bookmarks: createBookmarks(users),
    slots: (where) =>
      createSlots({
        ...{ requests, users, clock, log },
        put: (slot, file, signal) => putFile(slot, file, { anywhere: where === 'any', signal }),
      }),
    rosters: createRosters({ domain, privileges, requests, log }),
    async settled(owner) {
      const host = owner.slice(owner.indexOf('@') + 1);
      if (privileges.of(owner) !== undefined) return;
      const asked = answered.get(host) ?? requests.ask({ to: host, type: 'get', body: ping.write({}) });
      answered.set(host, asked);
      await asked;
    },
    hear(stanza) {
      capabilities.hear(stanza);
      return privileges.hear(stanza);
    },
    begun: privileges.begun,
    lost() {
      privileges.forget();
      answered.clear();
    },
  };
}
