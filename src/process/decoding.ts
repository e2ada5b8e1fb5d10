/** What a domain's decoder is made from: the configuration, its bridge and its network. The same for all roles, so that an edge and a worker agree. */
import type { Bridge, Clock, Network } from '../bridge/contract.ts';
import { createMoments } from '../core/moments.ts';
import { createTranslate } from '../core/sentences.ts';
import type { DecoderOptions } from '../gateway/decode/scope.ts';
import { takesLogins } from '../gateway/labels.ts';
import type { BridgeConfig, Config } from '../ops/config/config.ts';
import type { Bans } from './bans.ts';
import type { ReadAgain } from './living-config.ts';
import type { Plumbings } from './plumbings.ts';
import { retentionHours } from './retention.ts';
import type { SharedAccounts } from './shares.ts';

export interface DecodingParts {
  /** May become another one: what it says of who may is looked up each time. */
  readonly config: Config;
  /** Absent: it can't be read again. */
  readonly readAgain?: ReadAgain | undefined;
  readonly bans: Pick<Bans, 'now'>;
  readonly shares: Pick<SharedAccounts, 'now'>;
  readonly plumbings: Pick<Plumbings, 'mucs'>;
  readonly clock: Clock;
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

/** For `createDecoder` and `createScope`. @param overhears as in `DecoderOptions` */
export function decoderOptions(
  { domain, allow }: BridgeConfig,
  { about }: Bridge,
  { addresses, registration, browsable = false, ...network }: Network,
  parts: DecodingParts,
  overhears?: DecoderOptions['overhears'],
): DecoderOptions {
  const { clock, version, startedAt, readAgain } = parts;
  const now = (): number => clock.now();
  const { servers, settings, commands, knowsPeople, certificates, registersAccounts, encrypts } = network;
  const { keepsContacts, findsPeople, takesProfiles, groupsRooms, sentences } = network;
  const offered = { servers, settings, commands, knowsPeople, certificates, registersAccounts, browsable, encrypts };
  return {
    ...{ domain, about, addresses, registration, version, startedAt, now, moment: createMoments(now) },
    ...offered,
    takesLogins: takesLogins(network),
    ...{ keepsContacts, findsPeople, takesProfiles, groupsRooms },
    ...(overhears && { overhears }),
    ...(sentences && { translate: createTranslate(sentences) }),
    reloads: readAgain !== undefined,
    archive: parts.config.storage.archive,
    retentionHours: retentionHours(parts.config),
    get allow() {
      return parts.config.bridges.find((entry) => entry.domain === domain)?.allow ?? allow;
    },
    get banned() {
      return parts.bans.now;
    },
    get plumbed() {
      return parts.plumbings.mucs(domain);
    },
    get shares() {
      return parts.shares.now;
    },
    get admins() {
      return parts.config.admins;
    },
  };
}
