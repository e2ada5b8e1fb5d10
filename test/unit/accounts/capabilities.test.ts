/** What clients announce with their presence: asked of them once, and believed only where the hash is right (CHECKLIST 144-, XEP-0115 §5.4). */
import { expect, test } from 'vitest';
import { createCapabilities } from '../../../src/accounts/capabilities.ts';
import type { ClientIq } from '../../../src/gateway/client-iqs.ts';
import { capsVer } from '../../../src/xmpp/xep/0115-caps.ts';
import { parse } from '../../harness/markup.ts';
import { stanza } from '../gateway/rooms/world.ts';

const rosterx = 'http://jabber.org/protocol/rosterx';
const identities = [{ category: 'client', type: 'pc', name: 'x' }];
const ver = (features: readonly string[]) => capsVer({ identities, features });

function setUp(told: readonly string[] | undefined) {
  const asked: string[] = [];
  const iqs = {
    async ask({ from, to, payload }: ClientIq) {
      asked.push(`${from} ${to} ${payload.text}`);
      const vars = told?.map((one) => `<feature var='${one}'/>`).join('') ?? '';
      const query = `<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='pc' name='x'/>${vars}</query>`;
      return told === undefined ? undefined : { id: '1', from: to, payload: parse(query) };
    },
  };
  const features = createCapabilities('irc.test', iqs, ({ domain }) => domain === 'test');
  const comes = (client: string, hash: string) =>
    features.hear(
      stanza(
        `<presence from='${client}' to='irc.test'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='${hash}'/></presence>`,
      ),
    );
  const goes = (client: string) =>
    features.hear(stanza(`<presence type='unavailable' from='${client}' to='irc.test'/>`));
  return { asked, features, comes, goes };
}

test('ROS-31 of a user’s clients those are found that announce it, each set of features asked for once', async () => {
  const { asked, features, comes, goes } = setUp([rosterx]);
  comes('romeo@test/desk', ver([rosterx]));
  comes('romeo@test/phone', ver([rosterx]));
  comes('juliet@test/x', ver([rosterx]));
  expect(await features.with(rosterx, 'romeo@test')).toEqual(['romeo@test/desk', 'romeo@test/phone']);
  expect(asked[0]).toContain(
    `irc.test romeo@test/desk <query xmlns='http://jabber.org/protocol/disco#info' node='n#${ver([rosterx])}'`,
  );
  const before = asked.length;
  goes('romeo@test/desk');
  expect(await features.with(rosterx, 'romeo@test')).toEqual(['romeo@test/phone']);
  expect(await features.with('another', 'romeo@test')).toEqual([]);
  expect(asked).toHaveLength(before);
});

test('ROS-31 a client that leaves a room, or goes from another address than it came to, is still there', async () => {
  const { features, comes, goes } = setUp([rosterx]);
  const told = (to: string, type: string) =>
    features.hear(
      stanza(
        `<presence${type} from='romeo@test/desk' to='${to}'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='${ver([rosterx])}'/></presence>`,
      ),
    );
  comes('romeo@test/desk', ver([rosterx]));
  for (const to of ['#verona%net@irc.test/romeo', 'juliet%net@irc.test']) {
    told(to, '');
    told(to, " type='unavailable'");
    expect(await features.with(rosterx, 'romeo@test')).toEqual(['romeo@test/desk']);
  }
  goes('romeo@test/desk');
  expect(await features.with(rosterx, 'romeo@test')).toEqual([]);
});

test('115-05 what does not have the announced hash counts for whoever told it, and for nobody else', async () => {
  const { asked, features, comes } = setUp([rosterx, 'more']);
  comes('romeo@test/desk', ver([rosterx]));
  comes('juliet@test/desk', ver([rosterx]));
  expect(await features.with('more', 'romeo@test')).toEqual(['romeo@test/desk']);
  expect(await features.with('more', 'juliet@test')).toEqual(['juliet@test/desk']);
  expect(asked).toHaveLength(2);
});

test('115-05 what is ill-formed counts for whoever told it alone, though it has the announced hash; who asks at once is answered, too', async () => {
  const { asked, features, comes } = setUp([rosterx, rosterx]);
  for (const owner of ['romeo@test', 'juliet@test']) comes(`${owner}/desk`, ver([rosterx, rosterx]));
  expect(await Promise.all(['romeo@test', 'juliet@test'].map((owner) => features.with(rosterx, owner)))).toEqual([
    ['romeo@test/desk'],
    ['juliet@test/desk'],
  ]);
  expect(asked).toHaveLength(2);
});

test('ROS-31 whoever tells nothing can do nothing', async () => {
  const { features, comes } = setUp(undefined);
  comes('romeo@test/desk', ver([rosterx]));
  expect(await features.with(rosterx, 'romeo@test')).toEqual([]);
});

test('115-05 no more than so many are asked at once; whoever came too much is asked later', async () => {
  const { asked, features } = setUp([rosterx]);
  const caps = (at: number) => ({ hash: 'sha-1', node: 'n', ver: `${at}` });
  const all = Array.from({ length: 200 }, (_, at) => features.of(`romeo@test/${at}`, 'irc.test', caps(at)));
  expect(await features.of('romeo@test/more', 'irc.test', caps(200))).toBeUndefined();
  await Promise.all(all);
  expect(asked).toHaveLength(200);
  await features.of('romeo@test/more', 'irc.test', caps(200));
  expect(asked).toHaveLength(201);
});

test('115-05 what is longer than any hash or address of a program is not remembered', async () => {
  const { asked, features, comes } = setUp([rosterx]);
  comes('romeo@test/desk', 'x'.repeat(1_000));
  expect(await features.with(rosterx, 'romeo@test')).toEqual([]);
  expect(asked).toEqual([]);
});

test('ROS-31 clients of those who may not use the gateway take nobody’s place', async () => {
  const { features, comes } = setUp([rosterx]);
  const one = stanza(
    `<presence from='mallory@elsewhere/x' to='irc.test'><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='v'/></presence>`,
  );
  for (let at = 0; at < 20_000; at++)
    features.hear({ ...one, from: { ...one.from, bare: `mallory${at}@elsewhere`, full: `mallory${at}@elsewhere/x` } });
  comes('romeo@test/desk', ver([rosterx]));
  expect(await features.with(rosterx, 'romeo@test')).toEqual(['romeo@test/desk']);
});

test('ROS-31 clients that went while nobody could tell are forgotten for those that come', async () => {
  const { features, comes } = setUp([rosterx]);
  for (let at = 0; at < 25; at++) comes(`romeo@test/${at}`, ver([rosterx]));
  comes('romeo@test/7', ver([rosterx]));
  const theirs = await features.with(rosterx, 'romeo@test');
  expect(theirs).toHaveLength(20);
  expect(theirs.slice(-2)).toEqual(['romeo@test/24', 'romeo@test/7']);
});

test('ROS-31 so are those of users of whom nothing was heard for longest', async () => {
  const { features, comes } = setUp([rosterx]);
  const announced = ver([rosterx]);
  comes('romeo@test/old', announced);
  comes('juliet@test/x', announced);
  for (let at = 0; at < 20_000; at++) {
    comes(`nurse${at}@test/x`, announced);
    if (at === 0) comes('juliet@test/x', announced);
  }
  expect(await features.with(rosterx, 'romeo@test')).toEqual([]);
  expect(await features.with(rosterx, 'nurse19999@test')).toEqual(['nurse19999@test/x']);
});
