/** Rooms of one's own on the network come into one's bookmarks, once, and nothing that was put there by anybody else is touched (CHECKLIST 402). */
import { expect } from 'vitest';
import { chatId, personId } from '../../src/bridge/index.ts';
import { child, childrenOf, textOf } from '../harness/markup.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const owner = 'romeo@test';
const mantua = '#mantua@net.test';
const me = personId('romeo');
const conference = (inside: string, attrs = "name='Mantua' autojoin='true'"): string =>
  `<conference xmlns='urn:xmpp:bookmarks:1' ${attrs}>${inside}</conference>`;

async function comes(stage: Stage): Promise<Client> {
  stage.server.rosters.grant = 'write';
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  romeo.ignores();
  return romeo;
}

async function isPlaced(stage: Stage, name = 'Mantua'): Promise<void> {
  stage.gateway.world.place(me, chatId('#mantua'), name);
  await stage.calm();
}

const marks = (stage: Stage): readonly (readonly [string, string])[] => [...stage.server.bookmarks.of(owner)];
const isInvited = (client: Client): boolean =>
  client.queue.splice(0).some((one) => child(one, 'x', 'jabber:x:conference') !== undefined);

scenario(
  '402-01 356-40 it is private, for all clients to enter, with the name that the network gives',
  async (stage) => {
    const romeo = await comes(stage);
    await isPlaced(stage);
    expect(marks(stage)).toEqual([[mantua, conference('<nick>romeo</nick>')]]);
    const options = child(stage.server.bookmarks.options, 'x', 'jabber:x:data');
    const fields = childrenOf(options, 'field').map((one) => [one.attrs.var, textOf(child(one, 'value'))]);
    expect(fields).toEqual([
      ['FORM_TYPE', 'http://jabber.org/protocol/pubsub#publish-options'],
      ['pubsub#persist_items', 'true'],
      ['pubsub#max_items', 'max'],
      ['pubsub#send_last_published_item', 'never'],
      ['pubsub#access_model', 'whitelist'],
    ]);
    expect(isInvited(romeo)).toBe(false);
  },
);

scenario('402-02 what its owner has taken out, or switched off, does not come back', async (stage) => {
  const romeo = await comes(stage);
  await isPlaced(stage);
  stage.server.bookmarks.of(owner).clear();
  await isPlaced(stage);
  await stage.restarts();
  await isPlaced(stage);
  expect([marks(stage), isInvited(romeo)]).toEqual([[], false]);
});

scenario('402-02 another name of the room is told where its owner has given it none', async (stage) => {
  await comes(stage);
  await isPlaced(stage);
  await stage.inhabitant('juliet', '#mantua');
  const inside = "<nick>Romeo</nick><extensions><n xmlns='urn:xmpp:notification-settings:1'/></extensions>";
  stage.server.bookmarks.of(owner).set(mantua, conference(inside, "name='Mantua'"));
  const calls = async (name: string): Promise<void> => {
    const at = new Date(stage.clock.now());
    stage.gateway.world.tell(personId('juliet'), chatId('#mantua'), {
      kind: 'room',
      at,
      chat: chatId('#mantua'),
      change: { name },
    });
    await stage.calm();
  };
  await calls('Exile');
  expect(marks(stage)).toEqual([[mantua, conference(inside, "name='Exile'")]]);
  stage.server.bookmarks.of(owner).set(mantua, conference(inside, "name='Home'"));
  await calls('Prison');
  expect(marks(stage)).toEqual([[mantua, conference(inside, "name='Home'")]]);
});

scenario(
  '402-03 100-41 it goes when the room is over for its owner, and with the data; what is theirs stays',
  async (stage) => {
    const romeo = await comes(stage);
    await isPlaced(stage);
    stage.gateway.world.leave(me, chatId('#mantua'), 'kicked', 'prince');
    await stage.calm();
    expect(marks(stage)).toHaveLength(1);
    stage.gateway.world.join(me, chatId('#mantua'));
    stage.gateway.world.leave(me, chatId('#mantua'), 'banned', 'prince');
    await stage.calm();
    expect(marks(stage)).toEqual([]);
    stage.server.bookmarks.of(owner).set('#home@net.test', conference(''));
    await isPlaced(stage);
    expect(marks(stage)).toHaveLength(2);
    romeo.ignores();
    for (const text of ['delete-my-data', 'yes'])
      await romeo.sends(`<message type='chat' id='${text}' to='net.test'><body>${text}</body></message>`);
    await stage.passes(5);
    expect(marks(stage).map(([jid]) => jid)).toEqual(['#home@net.test']);
  },
);

scenario('402-04 356-06 where the bookmarks refuse, or their owner wants none, they are invited', async (stage) => {
  const romeo = await comes(stage);
  stage.server.bookmarks.fails = 'conflict';
  await isPlaced(stage);
  expect([marks(stage), isInvited(romeo)]).toEqual([[], true]);
  stage.server.bookmarks.fails = undefined;
  await stage.gateway.domain.preferences.change(owner, { level: 'all' }, { bookmark_rooms: false });
  await stage.calm();
  await stage.passes(120);
  await isPlaced(stage);
  expect([marks(stage), isInvited(romeo)]).toEqual([[], true]);
});
