/** What clients announce with their presence: asked of them once, and believed only where the hash is right (CHECKLIST 144-, XEP-0115 §5.4). */
import { expect, test } from 'vitest';
import { createClientFeatures } from '../../../src/gateway/client-features.ts';
import { capsVer } from '../../../src/xmpp/xep/0115-caps.ts';
import { parse } from '../../harness/markup.ts';
import { stanza } from './rooms/world.ts';

const rosterx = 'http://jabber.org/protocol/rosterx';
const identities = [{ category: 'client', type: 'pc', name: 'x' }];
const ver = (features: readonly string[]) => capsVer({ identities, features });

function setUp(told: readonly string[] | undefined) {
  const asked: string[] = [];
  const features = createClientFeatures(async (client, question) => {
    asked.push(`${client} ${question.text}`);
    const vars = told?.map((one) => `<feature var='${one}'/>`).join('') ?? '';
    const query = `<query xmlns='http://jabber.org/protocol/disco#info'><identity category='client' type='pc' name='x'/>${vars}</query>`;
    return told === undefined ? undefined : parse(query);
  });
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
    `romeo@test/desk <query xmlns='http://jabber.org/protocol/disco#info' node='n#${ver([rosterx])}'`,
  );
  const before = asked.length;
  goes('romeo@test/desk');
  expect(await features.with(rosterx, 'romeo@test')).toEqual(['romeo@test/phone']);
  expect(await features.with('another', 'romeo@test')).toEqual([]);
  expect(asked).toHaveLength(before);
});

test('ROS-31 whoever tells something else than was announced, or nothing, announces nothing', async () => {
  for (const told of [[rosterx, 'more'], undefined]) {
    const { features, comes } = setUp(told);
    comes('romeo@test/desk', ver([rosterx]));
    expect(await features.with(rosterx, 'romeo@test')).toEqual([]);
  }
});
