/** Making and ending plumbings by command, for operators: what may be joined with what is judged here. */
import { randomBytes } from 'node:crypto';
import type { Network } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import type { KnownPlumbing, PlumbingPowers } from '../gateway/commands/powers.ts';
import { accountKey } from '../gateway/decode/account-key.ts';
import { isShared, readOn } from '../gateway/labels.ts';
import { addressTyped } from '../gateway/rooms/venue.ts';
import { shareName } from '../gateway/shares.ts';
import { isConnected, type Joint } from '../plumbing/circles.ts';
import { createToken } from '../plumbing/consent.ts';
import { troubleIn } from '../plumbing/trouble-words.ts';
import type { Trouble } from '../plumbing/troubles.ts';
import { type PlumbingRow, plumbingSecret } from '../storage/plumbing-ports.ts';
import { parseJid } from '../xmpp/jid.ts';
import { isBanned } from './bans.ts';
import type { Shared } from './domain.ts';

type Needed = Pick<Shared, 'plumbings' | 'bans' | 'shares' | 'order' | 'clock' | 'config' | 'stores'>;
type Place = Pick<PlumbingRow, 'domain' | 'on' | 'chat'>;

const refused = (text: string): GatewayError => new GatewayError('bad-value', { text });

/** The network's room, whichever account is in it. */
const roomOf = ({ domain, on, chat }: Place): string => `${domain} ${readOn(on).server ?? ''} ${chat}`;

const jointOf = (row: Place & { readonly muc: string }): Joint => [roomOf(row), row.muc];

export function createPlumbingPowers(
  domain: string,
  { registration, addresses }: Pick<Network, 'registration' | 'addresses'>,
  shared: Needed,
): PlumbingPowers {
  const { plumbings, bans, shares, order, clock, config } = shared;
  const { vault } = shared.stores;

  /** By which login: a shared account's where the address names one, else one that the MUC itself has. */
  function accountOf(on: string | undefined, muc: string): AccountId {
    if (isShared(on)) {
      const share = shares.now.get(shareName(domain, on));
      if (share === undefined) throw new GatewayError('no-such-item', { text: 'There is no such shared account' });
      return share.id;
    }
    if (registration === 'required')
      throw refused(
        'Here a shared account has to hold the plumbing: run this at the room’s address with its name, #room=~+name@…',
      );
    return accountKey(domain, muc, on).id;
  }

  function mucIn(text: string): string {
    const jid = parseJid(addressTyped(text));
    if (jid === undefined || jid.local === '' || jid.resource !== '') throw refused(`${text} is no address of a room`);
    if (isBanned(bans.now, jid.bare)) throw refused('That room or its server is banned here');
    if (config.bridges.some((one) => one.domain === jid.domain)) throw refused('That room is one of this gateway');
    return jid.bare;
  }

  function shown({ id, on, chat, muc, by, token, troubles = '[]' }: PlumbingRow, language: string): KnownPlumbing {
    const address = { is: 'room', id: chat, ...(on !== undefined && { on }) } as const;
    const about = { title: addresses.title(address), muc, room: `${addresses.format(address)}@${domain}` };
    const all = JSON.parse(troubles) as readonly Trouble[];
    return {
      ...{ id, chat, muc, by, troubles: all.map((one) => troubleIn(language, one, about)) },
      ...(on !== undefined && { on }),
      ...(token !== undefined && { token }),
    };
  }

  const sealed = (id: string, password: string | undefined): Pick<PlumbingRow, 'password'> =>
    password === undefined ? {} : { password: vault.seal(password, plumbingSecret(id)) };

  return {
    async list(language) {
      await plumbings.read();
      return plumbings.all.filter((row) => row.domain === domain).map((row) => shown(row, language));
    },
    async add({ on, chat, muc: text, nick, suffix, password, by, language }) {
      const muc = mucIn(text);
      const place = { domain, chat, ...(on !== undefined && { on }) };
      const account = accountOf(on, muc);
      const same = plumbings.all.find((row) => row.account === account && row.chat === chat && row.muc === muc);
      if (same !== undefined && password !== undefined) {
        await plumbings.put({ ...same, ...sealed(same.id, password) });
        await order(account, { is: 'replumb' });
        return shown(same, language);
      }
      if (isConnected(plumbings.all.map(jointOf), jointOf({ ...place, muc })))
        throw refused(
          'These two are joined already, by this or by a way over other rooms: what is said would come round for ever',
        );
      const id = randomBytes(9).toString('hex');
      const row: PlumbingRow = {
        ...place,
        id,
        ...sealed(id, password),
        lang: language,
        account,
        muc,
        nick: nick === '' ? (parseJid(muc)?.local ?? 'muc') : nick,
        suffix,
        by,
        at: clock.now(),
        token: createToken(randomBytes),
      };
      await plumbings.put(row);
      await order(account, { is: 'replumb' });
      return shown(row, language);
    },
    async remove(id) {
      const row = plumbings.all.find((one) => one.id === id && one.domain === domain);
      if (row === undefined) throw new GatewayError('no-such-item', { text: 'There is no such plumbing' });
      await plumbings.remove(id);
      await order(row.account, { is: 'replumb' });
    },
  };
}
