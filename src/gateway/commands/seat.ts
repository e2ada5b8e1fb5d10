/** Where a command runs, over all its steps: the same place and person, the session and the patience of the step that is being taken. */
import type { Scene } from '../../bridge/commands.ts';
import type { Addresses } from '../../bridge/contract.ts';
import type { ChatId, PersonId } from '../../core/ids.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Asking } from '../face.ts';
import { isShared } from '../labels.ts';
import type { Here } from './command.ts';
import { placeOf } from './configure.ts';
import type { Powers } from './powers.ts';
import type { Texts } from './texts.ts';

/** One step of a command: what was asked, and what is to be sent behind the answer to it. */
export interface Step extends Asking {
  readonly behind: Outgoing[];
  /** The answer where what is done takes longer than one may. */
  meanwhile?: () => readonly Outgoing[];
}

export interface Seat {
  readonly here: Here;
  /** The bare address that was written to. */
  readonly jid: string;
  /** The next step is asked for so. */
  moveTo(next: Step): void;
  readonly asking: Step;
}

export interface SeatParts {
  readonly asking: Step;
  readonly jid: string;
  readonly scene: Scene;
  readonly on?: string | undefined;
  readonly chat?: ChatId | undefined;
  readonly person?: PersonId | undefined;
  readonly title: string;
  readonly isAdmin: boolean;
  /** A bare JID. */
  readonly asker: string;
  readonly texts: Texts;
  /** Rooms can't be joined without an account of one's own. */
  readonly needsLogin: boolean;
  readonly worded: Here['worded'];
  readonly said: Here['said'];
  readonly powers: Powers;
  readonly addresses: Addresses;
}

function notConnected({ on, title, texts, needsLogin }: SeatParts): string {
  if (isShared(on)) return texts.notThereNow(title);
  return needsLogin ? texts.notLoggedIn(title) : texts.notConnected(title);
}

export function createSeat(parts: SeatParts): Seat {
  let { asking } = parts;
  const { jid, scene, on, chat, person, title, isAdmin, asker, texts, powers, addresses } = parts;
  const { account } = asking;
  const place = placeOf(scene === 'gateway' ? 'all' : chat === undefined ? 'server' : 'room', {
    ...(on !== undefined && { on }),
    ...(chat !== undefined && { chat }),
  });
  const here: Here = {
    is: scene,
    language: texts.language,
    ...(on !== undefined && { on }),
    ...(chat !== undefined && { chat }),
    ...(person !== undefined && { person }),
    get session() {
      return asking.session;
    },
    get signal() {
      return asking.signal;
    },
    settings: async () => (await powers.settings.of(account.owner)).over(place),
    goesOn: () => asking.goesOn?.(() => asking.meanwhile?.() ?? []),
    afterwards: (stanzas) => void asking.behind.push(...stanzas),
    set: (change) => powers.settings.change(account.owner, place, change),
    account,
    isAdmin,
    asker,
    now: () => asking.now(),
    title,
    texts,
    notConnected: () => notConnected(parts),
    worded: parts.worded,
    said: parts.said,
    powers,
    addresses,
  };
  return {
    here,
    jid,
    get asking() {
      return asking;
    },
    moveTo(next) {
      asking = next;
    },
  };
}
