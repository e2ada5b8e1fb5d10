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

const minute = 60_000;

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

  test('153-04 are tried again, and told when they are there, of whoever wears them still', async () => {
    let isAway = true;
    const scene = setUp(async () => {
      if (isAway) throw new Error('500');
      return png(1);
    });
    scene.wears('juliet', 'nurse');
    await scene.clock.advance(minute);
    expect(scene.told).toEqual([]);
    scene.worn.set(personId('nurse'), 'another');
    isAway = false;
    for (let minutes = 0; minutes < 20; minutes++) await scene.clock.advance(minute);
    expect(scene.told).toEqual(['juliet']);
  });

  test('153-04 of more people than wait at once all are told in the end', async () => {
    const scene = setUp(async () => png(1));
    scene.wears(...Array.from({ length: 2_500 }, (_, i) => `p${i}`));
    for (let minutes = 0; minutes < 30; minutes++) await scene.clock.advance(minute);
    expect(new Set(scene.told).size).toBe(2_500);
  });

  test('are not tried for ever, nor for an account that has ended', async () => {
    let tries = 0;
    const scene = setUp(async () => {
      tries++;
      throw new Error('500');
    });
    scene.wears('juliet');
    for (let hours = 0; hours < 48; hours++) await scene.clock.advance(60 * minute);
    expect(tries).toBeGreaterThan(3);
    expect(tries).toBeLessThan(20);
    expect(scene.clock.waiting).toBe(0);
    const other = setUp(() => Promise.reject(new Error('500')));
    other.wears('juliet');
    await other.clock.advance(minute);
    other.ended.abort();
    expect(other.clock.waiting).toBe(0);
  });
});
