/** What an account does about pictures that can't be had now: nobody is taken to have none, and they are told when they are there. */
import { describe, expect, test } from 'vitest';
import { createAvatars } from '../../../src/accounts/avatars.ts';
import { createPictures } from '../../../src/accounts/pictures.ts';
import type { Session } from '../../../src/bridge/contract.ts';
import type { NetworkEvent } from '../../../src/core/event.ts';
import { accountId, type PersonId, personId } from '../../../src/core/ids.ts';
import type { Picture } from '../../../src/core/picture.ts';
import type { PictureRow } from '../../../src/storage/avatar-ports.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { png } from '../../harness/pictures.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { addresses, sessionOf } from '../gateway/rooms/world.ts';

/** An account whose network's people each wear a picture that is called as they are. */
function setUp(fetch: (avatar: string) => Promise<Picture | undefined>) {
  const clock = createManualClock();
  const kept = new Map<string, PictureRow | undefined>();
  const pictures = createPictures({
    network: 'net.test',
    clock,
    log: silentLog,
    store: {
      known: async () => new Map(),
      find: async () => undefined,
      keep: async (_, name, row) => void kept.set(name, row),
    },
  });
  const told: PersonId[] = [];
  const worn = new Map<PersonId, string>();
  let session: Session | undefined = sessionOf('romeo', { avatars: { fetch: (avatar) => fetch(avatar) } });
  const ended = new AbortController();
  const avatars = createAvatars(
    { id: accountId('a'), owner: 'romeo@test', domain: 'net.test' },
    { addresses },
    {
      pictured(person) {
        told.push(person);
        return [];
      },
      avatarOf: (person) => worn.get(person),
      roomPictured: () => [],
      roomAvatar: () => undefined,
      listens: () => [],
    },
    {
      ...{ domain: 'net.test', clock, pictures, signal: ended.signal },
      capabilities: { of: async () => undefined, with: async () => [] },
      iqs: { ask: async () => undefined },
      wishes: { onServer: () => ({}) } as never,
      ignore: () => undefined,
      session: () => session,
      deliver: () => undefined,
    },
  );
  return {
    ...{ clock, kept, told, worn, ended },
    loses: () => {
      session = undefined;
    },
    wears(...names: readonly string[]) {
      for (const name of names) {
        const person = personId(name);
        worn.set(person, name);
        const event: NetworkEvent = { kind: 'person', at: new Date(0), person, change: { avatar: name } };
        avatars?.told(event);
      }
    },
  };
}

describe('pictures that can’t be had now', () => {
  test('153-01 whose turn comes when the session has gone is not taken to have none', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const gate = Promise.withResolvers<undefined>();
    const scene = setUp(async () => gate.promise.then(() => png(1)));
    scene.wears(...names);
    await scene.clock.advance(1);
    scene.loses();
    gate.resolve(undefined);
    await scene.clock.advance(1);
    expect(scene.kept.size).toBeGreaterThan(0);
    expect([...scene.kept].filter(([, row]) => row === undefined)).toEqual([]);
  });
});
