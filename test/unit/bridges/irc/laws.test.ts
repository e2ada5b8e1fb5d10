/** The laws that every bridge passes (src/bridge/kit), on the two IRC servers. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import irc from '../../../../bridges/irc/index.ts';
import { chatId, type Network, personId } from '../../../../src/bridge/index.ts';
import { laws, type Subject } from '../../../../src/bridge/kit/laws.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import { startInspircd } from '../../../harness/inspircd.ts';
import { connectIrc, type IrcClient } from '../../../harness/irc-client.ts';
import type { Ircd } from '../../../harness/ircd.ts';
import { startNgircd } from '../../../harness/ngircd.ts';
import { silentLog } from '../../../harness/silent-log.ts';

for (const start of [startNgircd, startInspircd]) {
  describe(start.name, () => {
    let ircd: Ircd;
    let person: IrcClient;
    let subject: Subject;
    let said = 0;

    beforeAll(async () => {
      ircd = await start();
      person = await connectIrc({ port: ircd.port, nick: 'person' });
      await person.join('#room');
      await person.join('#closed');
      person.send('MODE #closed +i');
      await person.roundtrip();
      const options = {
        tls: 'off',
        throttle: 'off',
        pace: 'off',
        servers: { 'irc.test': { address: [`127.0.0.1:${ircd.port}`] } },
      };
      subject = {
        network: irc.open(irc.config.parse(options), { log: silentLog, clock: systemClock, fetch }) as Network,
        on: 'irc.test',
        clock: systemClock,
        room: chatId('#room'),
        closedRoom: chatId('#closed'),
        addresses: [
          { is: 'room', on: 'irc.test', id: chatId('#Room/50%=&') },
          { is: 'room', on: 'irc.libera.chat', id: chatId('&é😀') },
          { is: 'person', on: '2001:db8::1', id: personId('[N]ick\\20`') },
          { is: 'service', on: 'irc.test' },
        ],
        other: {
          say: async (text) => {
            person.say('#room', text);
            await person.roundtrip();
          },
          async heard(nick, count) {
            const texts: string[] = [];
            while (texts.length < count) texts.push(await person.hears(nick, '#room'));
            said += count;
            return texts;
          },
          async sees(nick, how) {
            await person.expect(new RegExp(`^:${nick}!\\S+ ${how === 'come' ? 'JOIN' : '(PART|QUIT)'}`));
          },
        },
      };
    });
    afterAll(async () => {
      person?.cut();
      await ircd?.[Symbol.asyncDispose]();
    });

    for (const { name, check } of laws) test(name, () => check(subject));
    test('the laws were heard on the other side', ({ expect }) => expect(said).toBeGreaterThan(0));
  });
}
