/** What we ask and say of our own accord waits behind what our user wants: who has blocked many people, or is in many rooms, need not wait for that. */
import { expect, test } from 'vitest';
import { personId } from '../../../../src/bridge/index.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { type Met, mark, usePuppets } from '../../../harness/puppet-room.ts';

const puppets = usePuppets();
const slow = { throttle: { burst: 5, perSecond: 1 } };

/** Everything that was sent has come. */
async function arrived({ us, server }: Met): Promise<void> {
  await mark({ us, server });
  await mark({ us, server });
}

test('191-02 who has blocked many comes into a room at once, and is heard there', async () => {
  const clock = createManualClock();
  const isupport = 'PREFIX=(ov)@+ CHANTYPES=# SILENCE=32';
  const { us, server } = await puppets.meet({ isupport }, { clock, options: slow });
  await using _ = us;
  for (let at = 0; at < 32; at++) us.live.blocks?.block(personId(`n${at}`)).catch(() => {});
  const joining = us.join('#room');
  await clock.advance(3000);
  await server.admit('#room', 'juliet');
  await joining;
  const said = us.say('#room', 'hello');
  await clock.advance(3000);
  await server.expect(/^PRIVMSG #room hello$/);
  await said;
  expect(server.lines.all.filter((line) => line.startsWith('SILENCE')).length).toBeLessThan(10);
  await clock.advance(120_000);
  await arrived({ us, server });
  expect(server.lines.all.filter((line) => line.startsWith('SILENCE'))).toHaveLength(32);
});

test('who is in many rooms is heard in the first before the modes of the last are known', async () => {
  const clock = createManualClock();
  const { us, server } = await puppets.meet({}, { clock, options: slow });
  await using _ = us;
  const rooms = Array.from({ length: 30 }, (_unused, at) => `#room${at}`);
  const joins = rooms.map((room) => us.join(room));
  server.answer = (line) => {
    const name = /^JOIN (\S+)$/.exec(line)?.[1];
    if (name === undefined) return [];
    return [`:juliet!u@h JOIN ${name}`, `:s.test 353 juliet = ${name} :juliet`, `:s.test 366 juliet ${name} :End`];
  };
  for (let second = 0; second < 40; second++) {
    await clock.advance(1000);
    await mark({ us, server });
  }
  await Promise.all(joins);
  const said = us.say('#room0', 'hello');
  await clock.advance(4000);
  await server.expect(/^PRIVMSG #room0 hello$/);
  await said;
  expect(server.lines.all.filter((line) => line.startsWith('MODE')).length).toBeLessThan(30);
});
