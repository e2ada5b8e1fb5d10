/** Logins that go on in a browser (src/design/logins-by-web.md): what a link leads to, and what its owner is told when something has come of it. */
import type { Addresses } from '../bridge/contract.ts';
import { newsOf } from '../gateway/commands/login-steps.ts';
import type { LoginPowers } from '../gateway/commands/powers.ts';
import { textsFor } from '../gateway/commands/texts.ts';
import type { LoginPlan } from '../gateway/login-page/visit.ts';
import { tellOwner } from '../gateway/notice.ts';
import type { LoginStore } from '../storage/login-ports.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import type { Logins } from './logins.ts';

export interface ByWebParts {
  readonly domain: string;
  readonly addresses: Addresses;
  readonly logins: Pick<Logins, 'begin' | 'pending'>;
  readonly store: Pick<LoginStore, 'owned'>;
  readonly pages: {
    open(plan: LoginPlan): string;
    isOpen(owner: string, domain: string): boolean;
  };
  /** Are they let in, now? */
  mayUse(owner: string): boolean;
  readonly befriend: LoginPowers['befriend'];
  send(stanzas: readonly Outgoing[]): void;
}

export function createLoginsByWeb(parts: ByWebParts): NonNullable<LoginPowers['byWeb']> {
  const { domain, addresses, logins, store, pages, mayUse, befriend, send } = parts;
  const title = addresses.title({ is: 'service' });
  return {
    isOpen: (owner) => pages.isOpen(owner, domain),
    link(who, begun) {
      const { owner, on, language } = who;
      const texts = textsFor(language);
      let isFirst = false;
      const news: LoginPlan['news'] = (login) => newsOf(login, addresses, domain, texts);
      return pages.open({
        owner,
        domain,
        where: addresses.title({ is: 'service', ...(on !== undefined && { on }) }),
        texts,
        isWelcome: () => mayUse(owner),
        async begin() {
          isFirst = (await store.owned({ domain, owner })).length === 0;
          const pending = logins.pending(owner);
          return pending !== undefined && pending === begun ? pending : logins.begin(who);
        },
        news,
        onDone(login) {
          const asks = isFirst ? befriend(owner, title, texts.language) : [];
          send([tellOwner(domain, owner, news(login).join('\n'), texts.language), ...asks]);
        },
      });
    },
  };
}
