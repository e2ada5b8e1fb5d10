/** Messages of several lines: as one batch where the server takes it, both ways; and the server's own past. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchText, multilineLimits, pieces } from '../../../../bridges/irc/multiline.ts';
import { createWholes } from '../../../../bridges/irc/wholes.ts';
import { type Line, parseLine } from '../../../../bridges/irc/wire/line.ts';
import { chatId, messageId, plainText } from '../../../../src/bridge/index.ts';
import { cpuMs } from '../../../harness/cpu.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const { inRoom } = usePuppets();
const base = 'message-tags echo-message labeled-response batch server-time';
const caps = `${base} draft/multiline=max-bytes=4096,max-lines=24 draft/chathistory`;
const ref = (id: string) => ({ id: messageId(id), part: 0 });

describe('what is said', () => {
  test('several lines are one message, empty ones included, with the batch’s id and answer', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    server.say(
      '@msgid=m1;time=2020-01-02T03:04:05.678Z;+draft/reply=m0 :Romeo!u@h BATCH +1 draft/multiline #room',
      '@batch=1 :Romeo!u@h PRIVMSG #room :\x02hello',
      ':s.test NOTICE juliet :between',
      '@batch=1 :Romeo!u@h PRIVMSG #room :',
      '@batch=1 :Romeo!u@h PRIVMSG #room :how is ',
      '@batch=1;draft/multiline-concat :Romeo!u@h PRIVMSG #room :everyone?',
      ':Romeo!u@h BATCH -1',
    );
    const event = await us.event('message');
    expect(event).toMatchObject({
      chat: '#room',
      nick: 'Romeo',
      at: new Date('2020-01-02T03:04:05.678Z'),
      ref: ref('m1'),
    });
    expect(event.content).toEqual({
      text: { plain: 'hello\n\nhow is everyone?', marks: [{ is: 'strong', from: 0, to: 5 }] },
      replyTo: ref('m0'),
    });
  });

  test('other batches pass line by line; what is never closed is bounded; what is half said is lost with the connection', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    server.say('BATCH +x netjoin a b', '@batch=x :Romeo!u@h PRIVMSG #room :through', 'BATCH -x');
    expect((await us.event('message')).content.text?.plain).toBe('through');
    server.say(
      'BATCH +1 draft/multiline #room',
      'BATCH -1',
      'BATCH +2 draft/multiline #room',
      '@batch=2 :Romeo!u@h TAGMSG #room',
      'BATCH -2',
    );
    server.say(':Romeo!u@h PRIVMSG #room :after');
    expect((await us.event('message')).content.text?.plain).toBe('after');
  });
});

describe('what our user says', () => {
  test('45-42 one batch, one echo, one message', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const long = `${'word '.repeat(150)}end`;
    const content = { text: plainText(`\nfirst\n\n${long}\n`), replyTo: ref('m0') };
    const sending = us.live.send(content, us.attempt('#room'));
    const opened = await server.expect(
      /^@label=(\S+?);\+draft\/reply=m0;\+reply=m0 BATCH \+(\w+) draft\/multiline #room$/,
    );
    const [, label, batch] = opened;
    await server.expect(/^BATCH -/);
    const lines = server.lines.all.filter((line) => line.startsWith(`@batch=${batch}`));
    expect(lines.slice(0, 2)).toEqual([`@batch=${batch} PRIVMSG #room first`, `@batch=${batch} PRIVMSG #room :`]);
    expect(lines.slice(3).every((line) => line.startsWith(`@batch=${batch};draft/multiline-concat PRIVMSG`))).toBe(
      true,
    );
    const text = lines.slice(2).map((line) => parseLine(line)?.params[1] ?? '');
    expect(text.join('')).toBe(long);
    server.say(
      `@label=${label};msgid=m1;time=2020-01-02T03:04:05.000Z :juliet!u@h BATCH +s draft/multiline #room`,
      '@batch=s :juliet!u@h PRIVMSG #room :first',
      ':juliet!u@h BATCH -s',
    );
    expect(await sending).toEqual({ refs: [ref('m1')], at: Date.parse('2020-01-02T03:04:05.000Z') });
    expect(await us.event('message')).toMatchObject({ sentBy: 'k1', content: { text: content.text } });
  });

  test('45-43 refused as a whole: over the server’s limits', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const sending = us.say('#room', 'a\nb');
    const label = (await server.expect(/^@label=(\S+) BATCH/))[1];
    server.say(`@label=${label} FAIL BATCH MULTILINE_MAX_BYTES 1 :Too long`);
    await expect(sending).rejects.toMatchObject({ code: 'message-too-long' });
  });

  test('45-43 where it does not fit, or is an action, it is lines; too many are refused with a hint', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps: `${base} draft/multiline=max-bytes=20,max-lines=24` });
    await using _ = us;
    void us.say('#room', `${'x'.repeat(30)}\nb`).catch(() => {});
    await server.expect(/^@label=\S+ PRIVMSG #room x{30}$/);
    void us.say('#room', '/me a\nb').catch(() => {});
    await server.expect(/PRIVMSG #room :\x01ACTION a\x01$/);
    await expect(us.say('#room', 'line\n'.repeat(26))).rejects.toMatchObject({
      code: 'message-too-long',
      message: expect.stringMatching(/26 lines.*at most 25/),
    });
  });

  test('how a message begins that would be too many lines; as one batch it is not', async () => {
    const { us } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const poem = Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n');
    const begins = (plain: string, chat = '#room') => us.live.excerpt?.({ text: plainText(plain) }, chatId(chat));
    expect(begins(poem.split('\n').slice(0, 24).join('\n'))).toBeUndefined();
    expect(begins(poem)).toBe('line 0\nline 1\nline 2 …');
    expect(begins(`\n\n/me waves\r\n${poem}`, 'Romeo')).toBe('/me waves\nline 0\nline 1 …');
    expect(begins('x'.repeat(4_000))).toBeUndefined();
    expect(begins(`?OTR:${'A'.repeat(20_000)}.`, 'Romeo')).toBeUndefined();
    expect(begins('\n\x02\n')).toBeUndefined();
  });

  test('the beginning and a link are never too many lines again, and no link is cut', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps: base });
    await using _ = us;
    const url = `https://${'g'.repeat(190)}.example/uploads/${'x'.repeat(24)}`;
    const files = [{ url, name: 'message.txt', size: 65_536 }];
    const unit = fc.constantFrom('a', ' ', '\n', '😀', '👩‍👩‍👧‍👦', '```', '\x02');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, minLength: 26, maxLength: 300 }), async (some) => {
        const text = plainText(`${some}${'\nx'.repeat(26)}`);
        const plain = us.live.excerpt?.({ text }, chatId('#room'));
        if (plain === undefined) throw new Error('it is too long');
        const from = server.lines.all.length;
        void us.live.send({ text: plainText(plain), files }, us.attempt('#room')).catch(() => {});
        await server.expect(/message\.txt/);
        const lines = server.lines.all.slice(from).filter((line) => line.includes('PRIVMSG'));
        expect(lines).toEqual(lines.slice(0, 4));
        expect(lines.at(-1)).toContain(`message.txt (65.5 KB): ${url}`);
      }),
      { numRuns: 50 },
    );
  });

  test('limits as the server names them; without max-bytes there is none', () => {
    const linked = (value: string | undefined, ...has: readonly string[]) =>
      multilineLimits({
        link: { has: (name: string) => has.includes(name), value: () => value } as never,
      });
    const all = ['draft/multiline', 'batch', 'message-tags'];
    expect(linked('max-bytes=40000,max-lines=10,future=1', ...all)).toEqual({ maxBytes: 40_000, maxLines: 10 });
    expect(linked('max-bytes=40000', ...all)).toEqual({ maxBytes: 40_000, maxLines: 100 });
    expect(linked('max-lines=5', ...all)).toBeUndefined();
    expect(linked(undefined, ...all)).toBeUndefined();
    expect(linked('max-bytes=1', 'draft/multiline')).toBeUndefined();
    expect(multilineLimits({ link: undefined })).toBeUndefined();
  });

  test('any text arrives as it was: what is written, read again by the other side', () => {
    const limits = { maxBytes: 100_000, maxLines: 10_000 };
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '\n', '😀', 'é', '\x02', ':'),
      minLength: 1,
      maxLength: 600,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 90 }), (plain, bytes) => {
        const lines = pieces(plainText(plain), true, bytes, limits);
        const trimmed = plain.replaceAll('\x02', '').replace(/^\n+|\n+$/g, '');
        if (lines === undefined) {
          expect(trimmed.includes('\n') || Buffer.byteLength(trimmed) > bytes).toBe(false);
          return;
        }
        const wire = batchText('r', '#room', lines, [])
          .split('\r\n')
          .map((line) => line.replace(/^(@\S+ )?/, '$1:n!u@h '));
        const heard: Line[] = [];
        const wholes = createWholes({ onMessage: (line) => heard.push(line), onPast: () => {} });
        for (const line of wire.flatMap((one) => parseLine(one) ?? [])) {
          if (line.command === 'BATCH') wholes.batch(line);
          else expect(wholes.take(line)).toBe(true);
        }
        expect(heard.map(({ params }) => params[1])).toEqual([trimmed]);
      }),
      { numRuns: 10_000 },
    );
  });

  test('however many empty lines there are, they are gone through once', () => {
    const limits = { maxBytes: 500_000, maxLines: 500_000 };
    const before = cpuMs();
    const lines = pieces(plainText(`\n\nfrom${'\n'.repeat(100_000)}to\n\n`), true, 400, limits);
    expect(cpuMs() - before).toBeLessThan(1_000);
    expect(lines?.length).toBe(100_001);
  });

  test('batches that are never closed hold a bounded amount', () => {
    const heard: Line[] = [];
    const wholes = createWholes({ onMessage: (line) => heard.push(line), onPast: () => {} });
    const line = (text: string): Line => {
      const parsed = parseLine(text);
      if (parsed === undefined) throw new Error(text);
      return parsed;
    };
    for (let n = 0; n < 40; n++) wholes.batch(line(`BATCH +${n} draft/multiline #room`));
    expect(wholes.take(line('@batch=39 PRIVMSG #room :x'))).toBe(false);
    for (let n = 0; n < 1_500; n++) wholes.take(line(`@batch=0 :n!u@h PRIVMSG #room :${'x'.repeat(400)}`));
    wholes.batch(line('BATCH -0'));
    expect(heard[0]?.params[1]?.length).toBeLessThan(270_000);
    wholes.lost();
    expect(wholes.any()).toBe(false);
    expect(wholes.batch(line('BATCH -1'))).toBe(false);
  });
});

describe('the server’s own past', () => {
  const past = (target: string, ...lines: readonly string[]) => [
    `:s.test BATCH +h chathistory ${target}`,
    ...lines.map((line) => line.replace('@', '@batch=h;')),
    ':s.test BATCH -h',
  ];
  const room = chatId('#room');

  test('359-02 asked for by id and by time, oldest first, with the ids that it had', async () => {
    const { us, server } = await inRoom('juliet @Romeo', {
      caps,
      isupport: 'CHANTYPES=# PREFIX=(ov)@+ CHATHISTORY=50',
    });
    await using _ = us;
    const asked = us.live.history?.before(room, ref('m9'), 100);
    await server.expect(/^@label=\S+ CHATHISTORY BEFORE #room msgid=m9 50$/);
    server.say(
      ...past(
        '#room',
        '@msgid=m2;time=2020-01-02T00:00:02.000Z :Romeo!u@h PRIVMSG #room :second',
        '@msgid=m1;time=2020-01-02T00:00:01.000Z :gone!u@h NOTICE #room :first',
        '@msgid=m3;time=2020-01-02T00:00:03.000Z :juliet!u@h PRIVMSG #room :\x01ACTION waves\x01',
        '@time=2020-01-02T00:00:03.000Z :Romeo!u@h PRIVMSG #room :\x01VERSION\x01',
        '@time=2020-01-02T00:00:03.000Z :Romeo!u@h JOIN #room',
        '@time=2020-01-02T00:00:03.000Z :s.test PRIVMSG #room :server',
      ),
    );
    expect(await asked).toMatchObject([
      { ref: ref('m1'), by: 'gone', notice: true, history: true },
      { ref: ref('m2'), by: 'romeo', history: true, content: { text: plainText('second') } },
      { ref: ref('m3'), by: 'juliet', history: true, content: { action: true } },
    ]);
    expect(us.events.all.some(({ kind }) => kind === 'message')).toBe(false);
    expect(server.lines.all.some((line) => line.startsWith('NOTICE Romeo'))).toBe(false);
    const after = us.live.history?.after?.(room, Date.parse('2020-01-02T00:00:03.000Z'), 10);
    await server.expect(/^@label=\S+ CHATHISTORY AFTER #room timestamp=2020-01-02T00:00:03\.000Z 10$/);
    expect(await after).toEqual([]);
    const latest = us.live.history?.before(room, undefined, 10);
    await server.expect(/^@label=\S+ CHATHISTORY LATEST #room \* 10$/);
    expect(await latest).toEqual([]);
  });

  test('between two: both sides of it', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const asked = us.live.history?.before(chatId('romeo'), undefined, 5);
    await server.expect(/^@label=\S+ CHATHISTORY LATEST romeo \* 5$/);
    server.say(
      ...past(
        'Romeo',
        '@msgid=a;time=2020-01-02T00:00:01.000Z :Romeo!u@h PRIVMSG juliet :psst',
        '@msgid=b;time=2020-01-02T00:00:02.000Z :juliet!u@h PRIVMSG Romeo :yes?',
      ),
    );
    expect(await asked).toMatchObject([
      { chat: 'romeo', by: 'romeo', direct: true },
      { chat: 'romeo', by: 'juliet', direct: true },
    ]);
  });

  test('a message of several lines within it is one', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const asked = us.live.history?.before(room, undefined, 5);
    await server.expect(/^@label=\S+ CHATHISTORY/);
    server.say(
      ':s.test BATCH +h chathistory #room',
      '@batch=h;msgid=m1;time=2020-01-02T00:00:01.000Z :Romeo!u@h BATCH +i draft/multiline #room',
      '@batch=i :Romeo!u@h PRIVMSG #room :a',
      '@batch=i :Romeo!u@h PRIVMSG #room :b',
      'BATCH -i',
      'BATCH -h',
    );
    expect(await asked).toMatchObject([{ ref: ref('m1'), content: { text: plainText('a\nb') } }]);
  });

  test('played back unasked it is told as past', async () => {
    const { us, server } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    server.say(...past('#room', '@msgid=a;time=2020-01-02T00:00:01.000Z :Romeo!u@h PRIVMSG #room :before'));
    expect(await us.event('message')).toMatchObject({ history: true, ref: ref('a') });
    const znc = past('#room', '@time=2020-01-02T00:00:02.000Z :Romeo!u@h PRIVMSG #room :after');
    server.say(...znc.map((line) => line.replace(' chathistory ', ' znc.in/playback ')));
    expect(await us.event('message')).toMatchObject({
      history: true,
      unnamed: true,
      at: new Date('2020-01-02T00:00:02.000Z'),
    });
    server.say(...past('#other', '@time=2020-01-02T00:00:01.000Z :Romeo!u@h PRIVMSG #other :before'));
    await mark({ us, server });
    expect(us.events.all.filter(({ kind }) => kind === 'message')).toHaveLength(2);
  });

  test('what can not be named or is no place of ours is not asked for; without the capability nothing is', async () => {
    const { us } = await inRoom('juliet @Romeo', { caps });
    await using _ = us;
    const nameless = ref('~x');
    await expect(us.live.history?.before(room, nameless, 5)).rejects.toMatchObject({ code: 'network-cannot' });
    await expect(us.live.history?.after?.(room, nameless, 5)).rejects.toMatchObject({ code: 'network-cannot' });
    await expect(us.live.history?.before(chatId('#other'), undefined, 5)).rejects.toMatchObject({
      code: 'not-in-room',
    });
    const plain = await inRoom();
    await using __ = plain.us;
    expect(plain.us.live.history).toBeUndefined();
  });
});
