/** What a person may do with their registered logins by command and by in-band registration, wherever the accounts run. */
import { GatewayError } from '../core/errors.ts';
import type { LoginPowers } from '../gateway/commands/powers.ts';
import type { LoginRow, LoginStore } from '../storage/login-ports.ts';
import type { Credentials } from './credentials.ts';
import type { Logins } from './logins.ts';
import type { GiveOrder } from './orders.ts';
import type { PersonalData } from './personal-data.ts';
import type { Preferences } from './preferences.ts';

export interface LoginPowersParts {
  readonly domain: string;
  readonly logins: Logins;
  readonly store: LoginStore;
  readonly credentials: Credentials;
  readonly preferences: Pick<Preferences, 'change'>;
  readonly personalData: Pick<PersonalData, 'eraseOne'>;
  readonly order: GiveOrder;
  readonly befriend: LoginPowers['befriend'];
  tell(owner: string, text: string, lang: string): void;
  /** Absent: the gateway has no pages for logins. */
  readonly byWeb?: LoginPowers['byWeb'];
  /** Whom shared accounts admit is another set than it was. */
  onShared(): Promise<void>;
}

export function createLoginPowers(parts: LoginPowersParts): LoginPowers {
  const { domain, logins, store, order } = parts;

  /** What was set with a login goes with it: it may be a password. */
  async function unset(row: LoginRow): Promise<void> {
    const names = settingsOf(row, parts.credentials);
    const place = { level: 'server', ...(row.on !== undefined && { on: row.on }) } as const;
    if (names.length > 0)
      await parts.preferences.change(row.owner, place, Object.fromEntries(names.map((name) => [name, null])));
  }

  return {
    pending: logins.pending,
    begin: logins.begin,
    tell: parts.tell,
    befriend: parts.befriend,
    ...(parts.byWeb !== undefined && { byWeb: parts.byWeb }),
    list: (owner) => store.owned({ domain, owner }),
    async login(id) {
      await store.setOut(id, false);
      await order(id, { is: 'login' });
    },
    async logout(id, reason) {
      await store.setOut(id, true);
      await order(id, { is: 'disconnect', reason });
    },
    async share(id, admits) {
      await store.setAdmits(id, admits);
      await parts.onShared();
      await order(id, { is: 'readmit' });
    },
    async remove(id, reason, signal) {
      const row = await store.get(id);
      if (row !== undefined) await unset(row);
      return parts.personalData.eraseOne(id, reason, signal);
    },
  };
}

/** Of one that can't be opened any more nothing is known. */
function settingsOf(row: LoginRow, { open }: Credentials): readonly string[] {
  try {
    return open(row).settings;
  } catch (error) {
    if (error instanceof GatewayError) return [];
    throw error;
  }
}
