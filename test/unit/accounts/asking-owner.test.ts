/** Suggesting contacts to a client that takes them, and asking for them one by one elsewhere (CHECKLIST ROS-30 to ROS-33). */
import { expect, test } from 'vitest';
import { createAskingOwner } from '../../../src/accounts/asking-owner.ts';
import type { Answered, Request } from '../../../src/accounts/requests.ts';
import { createSubscriptionPace } from '../../../src/accounts/subscription-pace.ts';
import { personId } from '../../../src/core/ids.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';

const [juliet, nurse] = [personId('juliet'), personId('nurse')];

function setUp(clients: readonly string[], answer: Answered = { is: 'result' }) {
  const clock = createManualClock();
  const requests: Request[] = [];
  const log: string[] = [];
  const stop = new AbortController();
  const asking = createAskingOwner({
    owner: 'romeo@test',
    face: {
      listed: {
        name() {},
        wait() {},
        place() {},
        drop: () => [],
        ask(person, text) {
          log.push(`ask ${person}${text === undefined ? '' : ` ${text}`}`);
          return [];
        },
      },
    },
    requests: {
      async ask(request) {
        requests.push(request);
        return answer;
      },
    },
    clients: { with: async (feature) => (feature === 'http://jabber.org/protocol/rosterx' ? clients : []) },
    pace: createSubscriptionPace(clock),
    entry: (person) => ({ jid: `${person}@net.test`, entry: { name: `The ${person}`, groups: ['Verona'] } }),
    send() {},
    async did(person, how) {
      log.push(`${how} ${person}`);
    },
    onBug(error) {
      throw error;
    },
    signal: stop.signal,
  });
  return { asking, clock, requests, log, stop };
}

test('ROS-30 ROS-31 ROS-33 the client that can take them and showed itself last is given all at once, with names and headings and no word of subscriptions', async () => {
  const { asking, requests, log, clock } = setUp(['romeo@test/desk', 'romeo@test/phone']);
  for (const person of [juliet, nurse]) asking.add(person);
  asking.begin();
  await settle();
  await clock.advance(60_000);
  expect(requests.map(({ to, type, body }) => [to, type, body.text])).toEqual([
    [
      'romeo@test/phone',
      'set',
      "<x xmlns='http://jabber.org/protocol/rosterx'><item action='add' jid='juliet@net.test' name='The juliet'><group>Verona</group></item><item action='add' jid='nurse@net.test' name='The nurse'><group>Verona</group></item></x>",
    ],
  ]);
  expect(log).toEqual(['suggested juliet', 'suggested nurse']);
});

test('ROS-30 ROS-32 a client that refuses is as none: they are asked for one by one, and not whoever was settled meanwhile', async () => {
  const { asking, log, clock } = setUp(['romeo@test/desk'], { is: 'error', condition: 'not-allowed' });
  for (const person of [juliet, nurse, personId('paris')]) asking.add(person);
  asking.begin();
  await settle();
  expect(log).toEqual(['ask juliet', 'asked juliet']);
  asking.remove(nurse);
  await clock.advance(60_000);
  expect(log.slice(2)).toEqual(['ask paris', 'asked paris']);
});

test('ROS-10 whoever asks for themselves is no suggestion', async () => {
  const { asking, requests, log } = setUp(['romeo@test/desk']);
  asking.add(juliet, 'May I?');
  asking.begin();
  await settle();
  expect([requests, log]).toEqual([[], ['ask juliet May I?', 'asks juliet']]);
});
