/** CHATHISTORY: every subcommand, by id and by time, and who may ask. */
import { describe, expect, test } from 'vitest';
import type { IrcClient } from '../../../harness/irc-client.ts';
import { useGuests } from './guests.ts';

const caps = ['batch', 'message-tags', 'server-time', 'draft/chathistory', 'echo-message'];
const start = Date.UTC(2030, 0, 1);

describe('CHATHISTORY', () => {
  let now = start;
  const guests = useGuests(() => {
    now = start;
    return { historyLimit: 20, now: () => (now += 1_000) };
  });

  /** Says these, and knows the id and the time of each. */
  async function says(client: IrcClient, where: string, ...texts: readonly string[]) {
    const said = [];
    for (const text of texts) {
      client.say(where, text);
      const [, time = '', id = ''] = await client.expect(
        new RegExp(`^@time=(\\S+?);msgid=(\\S+?) .* PRIVMSG \\S+ :?${text}$`),
      );
      said.push({ time, id });
    }
    return said;
  }

  /** The texts of the answer, and that it is one batch. */
  async function asks(client: IrcClient, command: string): Promise<readonly string[]> {
    const since = client.inbox.all.length;
    client.send(`CHATHISTORY ${command}`);
    const [, reference = ''] = await client.expect(/ BATCH \+(\S+) (?:chathistory|draft\/chathistory-targets)/);
    await client.expect(new RegExp(` BATCH -${reference}$`));
    const inside = client.inbox.all.slice(since).filter((line) => line.includes(`batch=${reference}`));
    return inside.map((line) => / (?:PRIVMSG|NOTICE) \S+ :?(.*)$/.exec(line)?.[1] ?? line.replace(/^\S+ \S+ /, ''));
  }

  test('BEFORE, AFTER, LATEST, AROUND, BETWEEN', async () => {
    const [one] = await guests.pair(caps);
    const said = await says(one, '#room', 'a', 'b', 'c', 'd', 'e', 'f');
    const id = (n: number): string => `msgid=${said[n]?.id}`;
    const time = (n: number): string => `timestamp=${said[n]?.time}`;
    expect(await asks(one, 'LATEST #room * 3')).toEqual(['d', 'e', 'f']);
    expect(await asks(one, `LATEST #room ${id(3)} 10`)).toEqual(['e', 'f']);
    expect(await asks(one, `LATEST #room ${time(1)} 3`)).toEqual(['d', 'e', 'f']);
    expect(await asks(one, `BEFORE #room ${id(4)} 2`)).toEqual(['c', 'd']);
    expect(await asks(one, `BEFORE #room ${time(4)} 10`)).toEqual(['a', 'b', 'c', 'd']);
    expect(await asks(one, `AFTER #room ${id(0)} 2`)).toEqual(['b', 'c']);
    expect(await asks(one, `AFTER #room ${time(4)} 10`)).toEqual(['f']);
    expect(await asks(one, `AFTER #room ${id(5)} 10`)).toEqual([]);
    expect(await asks(one, `AROUND #room ${id(3)} 3`)).toEqual(['c', 'd', 'e']);
    expect(await asks(one, `BETWEEN #room ${id(0)} ${id(5)} 2`)).toEqual(['b', 'c']);
    expect(await asks(one, `BETWEEN #room ${id(5)} ${id(0)} 2`)).toEqual(['d', 'e']);
    expect(await asks(one, `BETWEEN #room ${time(0)} ${time(5)} 10`)).toEqual(['b', 'c', 'd', 'e']);
    const many = await says(one, '#room', ...Array.from({ length: 25 }, (_, n) => `m${n}`));
    expect(await asks(one, 'LATEST #room * 1000')).toHaveLength(20);
    expect(many).toHaveLength(25);
  });

  test('ids, times and tags are as they were', async () => {
    const [one] = await guests.pair(caps);
    one.send('@+draft/reply=xyz PRIVMSG #room :tagged');
    const [, tags] = await one.expect(/^@(\S+) \S+ PRIVMSG #room :?tagged$/);
    one.send('CHATHISTORY LATEST #room * 1');
    const [, again] = await one.expect(/^@(\S+) \S+ PRIVMSG #room :?tagged$/);
    expect(
      again
        ?.split(';')
        .filter((tag) => !tag.startsWith('batch='))
        .sort(),
    ).toEqual(tags?.split(';').sort());
  });

  test('a conversation of two is the same for both, and nobody else’s', async () => {
    const [one, two] = await guests.pair(caps, caps);
    const third = await guests.guest('third', ...caps);
    await says(one, 'two', 'good morrow');
    await says(two, 'one', 'is the day so young');
    for (const client of [one, two])
      expect(await asks(client, `LATEST ${client === one ? 'two' : 'one'} * 10`)).toEqual([
        'good morrow',
        'is the day so young',
      ]);
    expect(await asks(third, 'LATEST one * 10')).toEqual([]);
  });

  test('events are for those who asked for them', async () => {
    const [one] = await guests.pair(caps);
    const all = await guests.guest('all', ...caps, 'draft/event-playback');
    await all.join('#room');
    one.send('TOPIC #room :new');
    await one.expect(/ TOPIC /);
    await says(one, '#room', 'x');
    expect(await asks(one, 'LATEST #room * 10')).toEqual(['x']);
    const events = (await asks(all, 'LATEST #room * 10')).map((text) => text.split(' ')[0]);
    expect(events).toEqual(['JOIN', 'JOIN', 'JOIN', 'TOPIC', 'x']);
  });

  test('several lines are a batch in the batch; what is taken back is gone', async () => {
    const [one] = await guests.pair([...caps, 'draft/multiline', 'draft/message-redaction']);
    one.send('BATCH +1 draft/multiline #room');
    one.send('@batch=1 PRIVMSG #room :first');
    one.send('@batch=1 PRIVMSG #room :second');
    one.send('BATCH -1');
    await one.expect(/ BATCH -\S+$/);
    const [said] = await says(one, '#room', 'oops');
    one.send(`REDACT #room ${said?.id}`);
    await one.expect(/ REDACT /);
    one.send('CHATHISTORY LATEST #room * 10');
    const [, outer] = await one.expect(/ BATCH \+(\S+) chathistory #room$/);
    const [, inner] = await one.expect(
      new RegExp(`^@\\S*batch=${outer}\\S* :one!\\S+ BATCH \\+(\\S+) draft/multiline #room$`),
    );
    await one.expect(new RegExp(`^@\\S*batch=${inner} :one!\\S+ PRIVMSG #room :?first$`));
    await one.expect(new RegExp(`^@\\S*batch=${outer} :modern.test BATCH -${inner}$`));
    await one.expect(new RegExp(` BATCH -${outer}$`));
    expect(one.seen(/batch=.*oops/)).toEqual([]);
  });

  test('TARGETS: conversations by their last message', async () => {
    const [one, two] = await guests.pair(caps, caps);
    await says(one, '#room', 'a');
    await says(two, 'one', 'b');
    const all = await asks(one, 'TARGETS timestamp=2029-01-01T00:00:00.000Z timestamp=2031-01-01T00:00:00.000Z 10');
    expect(all.map((text) => text.split(' ').slice(1, 3).join(' '))).toEqual(['TARGETS #room', 'TARGETS two']);
    expect(await asks(one, 'TARGETS timestamp=2031-01-01T00:00:00.000Z timestamp=2032-01-01T00:00:00.000Z 10')).toEqual(
      [],
    );
  });

  test.each([
    ['', 'INVALID_PARAMS \\* :'],
    ['NONSENSE #room * 1', 'INVALID_PARAMS NONSENSE :'],
    ['LATEST #room', 'INVALID_PARAMS LATEST :Insufficient'],
    ['LATEST #room * 1 2', 'INVALID_PARAMS LATEST :Too many'],
    ['BEFORE #room yesterday 1', 'INVALID_PARAMS BEFORE yesterday :'],
    ['BEFORE #room * 1', 'INVALID_PARAMS BEFORE \\* :'],
    ['LATEST #elsewhere * 1', 'INVALID_TARGET LATEST #elsewhere :'],
    ['BEFORE #room msgid=never 1', 'MESSAGE_ERROR BEFORE #room :'],
    ['TARGETS msgid=x msgid=y 1', 'INVALID_PARAMS TARGETS '],
  ])('CHATHISTORY %s: %s', async (command, answer) => {
    const [one] = await guests.pair(caps);
    one.send(`CHATHISTORY ${command}`);
    await one.expect(new RegExp(` FAIL CHATHISTORY ${answer}`));
  });
});

describe('without the capability', () => {
  const guests = useGuests(() => ({ without: ['draft/chathistory'] }));
  test('there is no command either', async () => {
    const [one] = await guests.pair([]);
    one.send('CHATHISTORY LATEST #room * 1');
    await one.expect(/ 421 one CHATHISTORY :/);
    expect(one.seen(/ 005 .*CHATHISTORY=/)).toEqual([]);
  });
});

describe('what was taken back can be shown as that', () => {
  const guests = useGuests(() => ({ redactedInHistory: 'include' as const }));
  test('REDACT behind the message, for those who know it', async () => {
    const [one, two] = await guests.pair([...caps, 'draft/message-redaction'], caps);
    one.say('#room', 'oops');
    const [, id] = await one.expect(/msgid=(\S+?) .*oops$/);
    one.send(`REDACT #room ${id} :my mistake`);
    await one.expect(/ REDACT /);
    one.send('CHATHISTORY LATEST #room * 1');
    await one.expect(/batch=.* PRIVMSG #room :?oops$/);
    await one.expect(new RegExp(`batch=.* REDACT #room ${id} :my mistake$`));
    two.send('CHATHISTORY LATEST #room * 1');
    await two.expect(/ BATCH -/);
    expect(two.seen(/REDACT/)).toEqual([]);
  });
});
