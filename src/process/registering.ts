/** One domain's logins: what is registered, and what is about to be. Nothing where its network takes none. */
import { createBefriending } from '../accounts/befriending.ts';
import { type Credentials, createCredentials } from '../accounts/credentials.ts';
import { createLoginPowers } from '../accounts/login-powers.ts';
import { createLogins } from '../accounts/logins.ts';
import { createLoginsByWeb } from '../accounts/logins-by-web.ts';
import type { PersonalData } from '../accounts/personal-data.ts';
import type { Preferences } from '../accounts/preferences.ts';
import type { Rosters } from '../accounts/rosters.ts';
import type { Bridge, Network } from '../bridge/contract.ts';
import type { AccountId } from '../core/ids.ts';
import type { LoginPowers } from '../gateway/commands/powers.ts';
import { atResource } from '../gateway/contacts/addresses.ts';
import { parseAccountId } from '../gateway/decode/account-key.ts';
import { createScope, type DecoderOptions } from '../gateway/decode/scope.ts';
import type { Outgoing } from '../gateway/face.ts';
import { isShared, takesLogins } from '../gateway/labels.ts';
import { tellOwner } from '../gateway/notice.ts';
import type { BridgeConfig } from '../ops/config/config.ts';
import type { Xml } from '../xml/writer.ts';
import { parseJid } from '../xmpp/jid.ts';
import { isBanned } from './bans.ts';
import type { Shared, WayOut } from './domain.ts';
import { mustBeOpen } from './maintenance.ts';

export interface Registering {
  readonly credentials: Credentials;
  /** Accounts that are to be connected although nobody is in a room: none where joins make them. */
  connected(): Promise<readonly AccountId[]>;
  powers(personalData: PersonalData, rosters: Rosters): LoginPowers | undefined;
  close(): void;
}

export interface RegisteringParts {
  readonly entry: BridgeConfig;
  readonly bridge: Bridge;
  readonly network: Network;
  readonly shared: Shared;
  readonly preferences: Preferences;
  readonly out: WayOut;
  /** Who may use the gateway: what comes in is judged by them. */
  readonly options: DecoderOptions;
  /** Of the gateway's own presence, at the moment. */
  readonly serviceCaps: () => Xml;
}

export function openRegistering(parts: RegisteringParts): Registering {
  const { entry, bridge, network, shared, preferences, out, options, serviceCaps } = parts;
  const { loginStore: store, stores, clock, order } = shared;
  const { domain, limits } = entry;
  const log = shared.log.child({ domain });
  const { allows, denial } = createScope(options);
  const mayUse = (owner: string): boolean => {
    const jid = parseJid(owner);
    return jid !== undefined && allows(jid);
  };
  /** Elsewhere what their clients show to a probe is answered. */
  const here = (owner: string): readonly Outgoing[] =>
    options.overhears?.(owner) === true
      ? [{ kind: 'presence', from: atResource(domain), to: [owner], body: serviceCaps() }]
      : [];
  const credentials = createCredentials({
    network,
    schema: bridge.credentials,
    store,
    vault: stores.vault,
    // Also behind a restart, which brings everybody's accounts back.
    mustBeWelcome(owner) {
      const jid = parseJid(owner);
      if (jid !== undefined && isBanned(shared.bans.now, jid.bare) && !allows(jid)) throw denial(jid);
    },
    mayUse,
  });
  const logins = createLogins({
    domain,
    name: bridge.about.name,
    network,
    schema: bridge.credentials,
    store,
    credentials,
    preferences,
    atMost: limits.servers,
    clock,
    log,
    mayBegin: ({ owner }) => mustBeOpen(shared.maintenance, shared.config, owner),
    async onKept(id, isOther) {
      if (isShared(parseAccountId(id)?.on)) await shared.shares.changed();
      await order(id, { is: 'login', isOther });
      await order(id, { is: 'readmit' });
    },
  });
  return {
    credentials,
    async connected() {
      if (network.registration === 'none') return [];
      return (await store.all(domain)).flatMap(({ id, isOut }) => (isOut ? [] : [id]));
    },
    powers(personalData, rosters) {
      if (!takesLogins(network)) return undefined;
      const tell: LoginPowers['tell'] = (...said) => out.send([tellOwner(domain, ...said)]);
      const onShared = (): Promise<void> => shared.shares.changed();
      const { loginPages: pages } = shared;
      const { addresses } = network;
      const { send } = out;
      const befriend = createBefriending(domain, rosters, send, here);
      const byWeb = { domain, addresses, logins, store, mayUse, befriend, send };
      const web = pages && { byWeb: createLoginsByWeb({ ...byWeb, pages }) };
      return createLoginPowers({
        domain,
        logins,
        store,
        credentials,
        preferences,
        personalData,
        order,
        befriend,
        tell,
        ...web,
        onShared,
      });
    },
    close: logins.close,
  };
}
