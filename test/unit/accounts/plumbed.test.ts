/** An account around which plumbings are: what they wait for. */
import { expect, test } from 'vitest';
import type { Account } from '../../../src/accounts/account-port.ts';
import { createPlumbed, type PlumbedParts } from '../../../src/accounts/plumbed.ts';
import type { PlumbingRow } from '../../../src/storage/plumbing-ports.ts';
import { empty } from '../../../src/xml/writer.ts';
import { romeo, verona } from './account-world.ts';
import { setUp } from './executing.ts';

const account = { id: romeo, domain: 'net.test', owner: 'romeo@test' };
const never = (): Promise<never> => new Promise(() => {});

test('the session of an account that another worker has is over at once, whatever the database keeps its plumbings waiting for', async () => {
  const { world, face } = setUp();
  const row: PlumbingRow = {
    id: 'p1',
    domain: 'net.test',
    account: romeo,
    chat: verona,
    muc: 'm@muc',
    nick: 'n',
    suffix: '',
    by: '',
    at: 0,
  };
  const parts: PlumbedParts = {
    addresses: { format: () => 'verona', title: () => 'verona' },
    store: { marks: never, names: never, move: never, trouble: never },
    passwordOf: () => undefined,
    of: () => [row],
    granted: never,
    over: never,
    running: new Map(),
    mac: (_, text) => text,
    newId: () => 'id',
    isArchived: false,
    photo: () => empty,
  };
  const stopped: string[] = [];
  const inner: Account = {
    row: account,
    load: async () => {},
    begin: () => {},
    askAround: () => {},
    offer: () => {},
    poke: () => {},
    mail: () => {},
    obey: async () => {},
    session: undefined,
    state: 'idle',
    lanes: [],
    live: { older: async () => 0, pictureOf: undefined, roomPicture: undefined },
    stop: async (how) => void stopped.push(how),
  };
  const plumbed = createPlumbed(account, face, world, parts).around(inner);
  void plumbed.obey({ is: 'replumb' });
  void plumbed.stop('lost', 'The account moved');
  expect(stopped).toEqual(['lost']);
});
