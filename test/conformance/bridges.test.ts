/** Every bridge keeps the contract's laws: the fake one, and IRC against real servers with few capabilities and with many. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import fake from '../../bridges/fake/index.ts';
import { createNetwork } from '../../bridges/fake/network.ts';
import { createWorld } from '../../bridges/fake/world.ts';
import irc from '../../bridges/irc/index.ts';
import { type Address, chatId, GatewayError, type NetworkEvent, personId } from '../../src/bridge/index.ts';
import { blockingLaws } from '../../src/bridge/kit/blocking-laws.ts';
import { contactLaws } from '../../src/bridge/kit/contact-laws.ts';
import { groupLaws } from '../../src/bridge/kit/group-laws.ts';
import { laws, type Subject } from '../../src/bridge/kit/laws.ts';
import { pictureLaws } from '../../src/bridge/kit/picture-laws.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { Inbox } from '../harness/inbox.ts';
import { startInspircd } from '../harness/inspircd.ts';
import { connectIrc, type IrcClient } from '../harness/irc-client.ts';
import type { Ircd } from '../harness/ircd.ts';
import { startNgircd } from '../harness/ngircd.ts';
import { png } from '../harness/pictures.ts';
import { silentLog } from '../harness/silent-log.ts';

const tools = { log: silentLog, clock: systemClock, fetch };

/** Ids that no server may fold, reject or change on their way through a localpart. */
const awkward = [
  'x',
  'Two Households',
  'ärger',
  '[brackets]',
  'it\'s <here> & "there"',
  'per%cent',
  'at@sign',
  '日本',
  'a\\20b',
  '~',
];

function addressesOf(rooms: readonly string[], people: readonly string[], on?: string): readonly Address[] {
  const where = on === undefined ? {} : { on };
  return [
    { is: 'service', ...where },
    ...rooms.map((id) => ({ is: 'room', id: chatId(id), ...where }) as const),
    ...people.map((id) => ({ is: 'person', id: personId(id), ...where }) as const),
  ];
}

function runLaws(subject: () => Subject): void {
  for (const law of [...laws, ...contactLaws, ...pictureLaws, ...blockingLaws, ...groupLaws])
    test(law.name, () => law.check(subject()));
}

describe('bridges/fake', () => {
  const world = createWorld(systemClock);
  const other = personId('other');
  const room = chatId('#room');
  let shade = 0;
  const inbox = new Inbox<NetworkEvent>('the other one', (event) => JSON.stringify(event));
  world.listen(other, (event) => inbox.put(event));
  world.join(other, room);
  for (const name of ['#kit/one', '#kit/two', '#kit']) world.join(other, chatId(name));
  world.refuse(chatId('#closed'), new GatewayError('members-only'));
  const isChange = (event: NetworkEvent, nick: string, how: 'come' | 'gone'): boolean =>
    event.kind === 'members' &&
    event.changes.some((one) =>
      how === 'come' ? one.is === 'in' && one.member.nick === nick : one.is === 'out' && one.person === nick,
    );

  runLaws(() => ({
    network: createNetwork(fake.config.parse({ groups: true }), world, tools),
    clock: systemClock,
    room,
    closedRoom: chatId('#closed'),
    acquaintance: personId('friend'),
    addresses: addressesOf(
      awkward.map((name) => `#${name}`),
      awkward,
    ),
    other: {
      say: async (text) => void world.say(other, room, text),
      async heard(nick, count) {
        const texts: string[] = [];
        while (texts.length < count) {
          const event = await inbox.take((one) => one.kind === 'message' && one.nick === nick, `${nick} speaking`);
          if (event.kind === 'message') texts.push(event.content.text?.plain ?? '');
        }
        return texts;
      },
      async wears() {
        const picture = png(shade++);
        world.wear(other, picture);
        return picture.bytes;
      },
      whispers: async (to, text) => void world.say(other, chatId(to), text),
      asksVersion: (nick) => world.versionOf(personId(nick), other),
      async sees(nick, how) {
        await inbox.take((event) => isChange(event, nick, how), `${nick} having ${how}`);
      },
    },
  }));
});

for (const [name, start] of [
  ['ngircd', startNgircd],
  ['inspircd', startInspircd],
] as const) {
  describe(`bridges/irc on ${name}`, () => {
    const on = 'irc.test';
    let ircd: Ircd;
    let other: IrcClient;
    beforeAll(async () => {
      ircd = await start();
      other = await connectIrc({ port: ircd.port, nick: 'other' });
      await other.join('#room');
      await other.join('#closed');
      other.send('MODE #closed +i');
      await other.roundtrip();
    });
    afterAll(async () => {
      other?.close();
      await ircd?.[Symbol.asyncDispose]();
    });

    runLaws(() => ({
      network: irc.open(
        irc.config.parse({
          tls: 'off',
          throttle: 'off',
          pace: 'off',
          servers: { [on]: { address: [`127.0.0.1:${ircd.port}`] } },
        }),
        tools,
      ),
      on,
      clock: systemClock,
      room: chatId('#room'),
      closedRoom: chatId('#closed'),
      addresses: addressesOf(
        ['#room', '#ärger', '&é😀', '#[x]~', '#Room/50%=&', "#it's"],
        ['nick', '[N]ick\\20`', 'a|b', '{x}^_`'],
        on,
      ),
      other: {
        async say(text) {
          other.say('#room', text);
          await other.roundtrip();
        },
        async heard(nick, count) {
          const texts: string[] = [];
          while (texts.length < count) texts.push(await other.hears(nick, '#room'));
          return texts;
        },
        async whispers(to, text) {
          other.say(to, text);
          await other.roundtrip();
        },
        async sees(nick, how) {
          await other.expect(new RegExp(`^:${nick}!\\S+ ${how === 'come' ? 'JOIN' : '(PART|QUIT)'}`));
        },
        async asksVersion(nick) {
          other.say(nick, '\u0001VERSION\u0001');
          return (await other.expect(new RegExp(`^:${nick}!\\S+ NOTICE \\S+ :?\u0001VERSION (.*)\u0001`)))[1] ?? '';
        },
      },
    }));
  });
}
