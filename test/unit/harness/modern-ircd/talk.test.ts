/** Messages: tags, ids, echoes, labels, several lines, what is taken back, what was read. */
import { describe, expect, test } from 'vitest';
import { useGuests } from './guests.ts';

const stamped = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;

describe('tags', () => {
  const guests = useGuests();

  test('each gets what it has negotiated; client-only tags are passed on, others are not', async () => {
    const [one, plain] = await guests.pair(['message-tags']);
    const rich = await guests.guest('rich', 'message-tags', 'server-time', 'account-tag');
    const time = await guests.guest('time', 'server-time');
    for (const client of [rich, time]) await client.join('#room');
    one.send('@+a=b\\sc;draft/x=y;+draft/reply=z PRIVMSG #room :hello');
    const tags = (await rich.expect(/^@(\S+) :one!\S+ PRIVMSG #room :?hello$/))[1]?.split(';') ?? [];
    expect(tags.filter((tag) => tag.startsWith('+'))).toEqual(['+a=b\\sc', '+draft/reply=z']);
    expect(tags.findIndex((tag) => tag.startsWith('+'))).toBeGreaterThan(1);
    expect(tags.find((tag) => tag.startsWith('msgid='))).toMatch(/^msgid=[^\s:]+$/);
    expect(tags.some((tag) => tag.startsWith('draft/x'))).toBe(false);
    await time.expect(new RegExp(`^@time=${stamped} :one!\\S+ PRIVMSG #room :?hello$`));
    await plain.expect(/^:one!\S+ PRIVMSG #room :?hello$/);
  });

  test('ids are all different; TAGMSG is for those who know tags', async () => {
    const [one, two] = await guests.pair(['message-tags'], ['message-tags']);
    const plain = await guests.guest('plain');
    await plain.join('#room');
    for (let n = 0; n < 50; n++) one.say('#room', `${n}`);
    one.send('@+typing=active TAGMSG #room');
    await two.expect(/^@msgid=\S+;\+typing=active :one!\S+ TAGMSG #room$/);
    const ids = two.seen(/ PRIVMSG /).map((line) => /msgid=([^; ]+)/.exec(line)?.[1]);
    expect(new Set(ids).size).toBe(50);
    await plain.roundtrip();
    expect(plain.seen(/TAGMSG/).filter((line) => !line.includes(' 005 '))).toEqual([]);
  });

  test('account and bot are told of whoever has them', async () => {
    const [one, two] = await guests.pair(['sasl'], ['message-tags', 'account-tag']);
    one.send('REGISTER * * sesame');
    await one.expect(/ 900 /);
    one.send('MODE one +B');
    await one.expect(/ MODE one \+B$/);
    one.say('#room', 'beep');
    const [, tags = ''] = await two.expect(/^@(\S+) :one!\S+ PRIVMSG #room :?beep$/);
    expect(tags.split(';')).toEqual(expect.arrayContaining(['account=one', 'bot']));
    two.send('WHO one');
    await two.expect(/ 352 two #room \S+ \S+ modern.test one HB@ :0 one$/);
    two.send('WHOIS one');
    await two.expect(/ 335 two one :/);
  });
});

describe('tags that are denied', () => {
  const guests = useGuests(() => ({ denyTags: '*,-draft/react' }));
  test('CLIENTTAGDENY is said and kept', async () => {
    const [one, two] = await guests.pair(['message-tags'], ['message-tags']);
    expect(one.seen(/ 005 .*CLIENTTAGDENY=\*,-draft\/react /)).toHaveLength(1);
    one.send('@+typing=active;+draft/react=x TAGMSG #room');
    await two.expect(/^@msgid=\S+;\+draft\/react=x :one!/);
    expect(two.seen(/typing/)).toEqual([]);
  });
});

describe('echoes and labels', () => {
  const guests = useGuests();
  const all = ['batch', 'labeled-response', 'echo-message', 'message-tags'];

  test('the echo answers, with the id that the others have', async () => {
    const [one, two] = await guests.pair(all, ['message-tags']);
    one.send('@label=abc;+x=1 PRIVMSG #room :hi');
    const echo = await one.expect(/^@label=abc;msgid=(\S+);\+x=1 :one!\S+ PRIVMSG #room :?hi$/);
    expect((await two.expect(/^@msgid=([^; ]+);\+x=1 .* :?hi$/))[1]).toBe(echo[1]);
    two.say('#room', 'no echo for me');
    await one.hears('two', '#room');
    await two.roundtrip();
    expect(two.seen(/no echo/)).toEqual([]);
  });

  test('to oneself: the echo has the label, what is delivered has not', async () => {
    const one = await guests.guest('one', ...all);
    one.send('@label=me PRIVMSG one :note');
    await one.expect(/^@label=me;msgid=\S+ :one!\S+ PRIVMSG one :?note$/);
    await one.expect(/^@msgid=\S+ :one!\S+ PRIVMSG one :?note$/);
    expect(one.seen(/ :?note$/)).toHaveLength(2);
  });

  test('nothing to say: ACK; one line: the label on it; several: a batch; a batch: the label on that', async () => {
    const one = await guests.guest('one', ...all);
    one.send('@label=a PONG x');
    await one.expect(/^@label=a :modern\.test ACK$/);
    one.send('@label=b PRIVMSG nobody :hello');
    await one.expect(/^@label=b :modern\.test 401 one nobody :/);
    one.send('@label=c WHOIS one');
    const [, reference = ''] = await one.expect(/^@label=c :modern\.test BATCH \+(\S+) labeled-response$/);
    await one.expect(new RegExp(`^@batch=${reference} :modern.test 311 one one `));
    await one.expect(new RegExp(`^@batch=${reference} :modern.test 318 one one :`));
    await one.expect(new RegExp(`^:modern.test BATCH -${reference}$`));
    one.send('@label=d NO-SUCH-COMMAND');
    await one.expect(/^@label=d :modern\.test 421 one NO-SUCH-COMMAND :/);
    one.send('@label=e JOIN #new');
    const [, joined = ''] = await one.expect(/^@label=e :modern\.test BATCH \+(\S+) labeled-response$/);
    await one.expect(new RegExp(`^@batch=${joined};?\\S* :one!\\S+ JOIN :?#new$`));
    await one.expect(new RegExp(`^@batch=${joined} :modern.test 366 `));
    await one.roundtrip();
    one.send('@label=f CHATHISTORY LATEST #new * 10');
    const [, history = ''] = await one.expect(/^@label=f :modern\.test BATCH \+(\S+) chathistory #new$/);
    await one.expect(new RegExp(`^:modern.test BATCH -${history}$`));
  });

  test('who has no labels gets no labels', async () => {
    const one = await guests.guest('one', 'message-tags', 'echo-message');
    one.send('@label=a PRIVMSG one :x');
    await one.expect(/PRIVMSG one/);
    await one.roundtrip();
    expect(one.seen(/^@label| ACK$/)).toEqual([]);
  });

  test('away of whom one writes to is told, in the same answer', async () => {
    const [one, two] = await guests.pair(all);
    two.send('AWAY :gone');
    await two.expect(/ 306 /);
    one.send('@label=a PRIVMSG two :hello');
    await one.expect(/^@label=a :modern\.test BATCH \+\S+ labeled-response$/);
    await one.expect(/^@batch=\S+ :one!\S+ PRIVMSG two :?hello$/);
    await one.expect(/^@batch=\S+ :modern\.test 301 one two :?gone$/);
  });
});

describe('draft/multiline', () => {
  const guests = useGuests(() => ({ multiline: { maxBytes: 60, maxLines: 5 } }));
  const caps = ['batch', 'message-tags', 'draft/multiline', 'labeled-response', 'echo-message'];

  test('one batch for who knows it, lines without the blank ones for the others', async () => {
    const [one, two] = await guests.pair(caps, caps);
    const old = await guests.guest('old', 'message-tags');
    await old.join('#room');
    one.send('@label=L;+draft/reply=id BATCH +123 draft/multiline #room');
    one.send('@batch=123 PRIVMSG #room hello');
    one.send('@batch=123 PRIVMSG #room :');
    one.send('@batch=123 privmsg #room :how is ');
    one.send('@batch=123;draft/multiline-concat PRIVMSG #room :everyone?');
    one.send('BATCH -123');
    const [, id, reference = ''] = await two.expect(
      /^@msgid=(\S+);\+draft\/reply=id :one!\S+ BATCH \+(\S+) draft\/multiline #room$/,
    );
    const lines = [];
    for (let n = 0; n < 4; n++) lines.push((await two.expect(/^@batch=(\S+) :one!\S+ PRIVMSG #room (.*)$/)).slice(1));
    expect(lines).toEqual([
      [reference, 'hello'],
      [reference, ':'],
      [reference, ':how is '],
      [`${reference};draft/multiline-concat`, 'everyone?'],
    ]);
    await two.expect(new RegExp(`^:modern.test BATCH -${reference}$`));
    expect((await one.expect(/^@label=L;msgid=(\S+);\+draft\/reply=id :one!\S+ BATCH \+/))[1]).toBe(id);
    await old.expect(new RegExp(`^@msgid=${id};\\+draft/reply=id :one!\\S+ PRIVMSG #room hello$`));
    await old.expect(/^:one!\S+ PRIVMSG #room :how is $/);
    await old.expect(/^:one!\S+ PRIVMSG #room everyone\?$/);
    expect(old.seen(/:one!\S+ PRIVMSG /)).toHaveLength(3);
  });

  test.each<[string, string, readonly string[]]>([
    ['MULTILINE_MAX_LINES 5', '#room', ['1', '2', '3', '4', '5', '6'].map((n) => `PRIVMSG #room ${n}`)],
    ['MULTILINE_MAX_BYTES 60', '#room', ['PRIVMSG #room :'.padEnd(50, 'x'), 'PRIVMSG #room :'.padEnd(50, 'x')]],
    ['MULTILINE_INVALID_TARGET #room #bar', '#room', ['PRIVMSG #bar :x']],
    ['MULTILINE_INVALID', '#room', ['PRIVMSG #room :', 'PRIVMSG #room :']],
    ['MULTILINE_INVALID', '#room', ['PRIVMSG #room :a', 'NOTICE #room :b']],
    ['MULTILINE_INVALID', '#room', ['TAGMSG #room']],
    ['MULTILINE_INVALID', '#room', []],
  ])('%s', async (code, target, lines) => {
    const [one, two] = await guests.pair(caps, caps);
    one.send(`@label=bad BATCH +9 draft/multiline ${target}`);
    for (const line of lines) one.send(`@batch=9 ${line}`);
    one.send('BATCH -9');
    await one.expect(new RegExp(`^@label=bad :modern.test FAIL BATCH ${code} :`));
    await two.roundtrip();
    expect(two.seen(/one!\S+ (PRIVMSG|NOTICE|BATCH)/)).toEqual([]);
  });

  test('a line that joins and is blank, other tags inside, unknown types', async () => {
    const one = await guests.guest('one', ...caps);
    one.send('BATCH +1 draft/multiline one');
    one.send('@batch=1 PRIVMSG one :a');
    one.send('@batch=1;draft/multiline-concat PRIVMSG one :');
    one.send('BATCH -1');
    await one.expect(/ FAIL BATCH MULTILINE_INVALID :/);
    one.send('BATCH +2 draft/multiline one');
    one.send('@batch=2;+x=y PRIVMSG one :a');
    one.send('BATCH -2');
    await one.expect(/ FAIL BATCH MULTILINE_INVALID :/);
    one.send('BATCH +3 no/such-thing one');
    await one.expect(/ FAIL BATCH UNKNOWN_TYPE 3 no\/such-thing :/);
    one.send('@batch=3 PRIVMSG one :ignored');
    one.send('BATCH -3');
    one.send('BATCH -4');
    await one.expect(/ FAIL BATCH INVALID_REFTAG 4 :/);
    expect(one.seen(/ignored/)).toEqual([]);
  });
});

describe('draft/message-redaction', () => {
  const guests = useGuests();
  const caps = ['message-tags', 'echo-message', 'draft/message-redaction', 'batch'];

  test('one’s own, and an operator anybody’s; others hear of it where they know of it', async () => {
    const [one, two] = await guests.pair(caps, caps);
    const old = await guests.guest('old', 'message-tags');
    await old.join('#room');
    two.say('#room', 'an example');
    const [, id = ''] = await two.expect(/^@msgid=(\S+) :two!\S+ PRIVMSG #room :?an example$/);
    two.send(`REDACT #room ${id} :bad example`);
    await one.expect(new RegExp(`^:two!\\S+ REDACT #room ${id} :bad example$`));
    await two.expect(new RegExp(`^:two!\\S+ REDACT #room ${id} :bad example$`));
    two.send(`REDACT #room ${id}`);
    await two.expect(new RegExp(` FAIL REDACT UNKNOWN_MSGID #room ${id} :`));
    two.say('#room', 'spam');
    const [, spam = ''] = await one.expect(/^@msgid=(\S+) :two!\S+ PRIVMSG #room :?spam$/);
    one.send(`REDACT #room ${spam}`);
    await two.expect(new RegExp(`^:one!\\S+ REDACT #room ${spam}$`));
    one.say('#room', 'the law');
    const [, law = ''] = await two.expect(/^@msgid=(\S+) :one!\S+ PRIVMSG #room :?the law$/);
    two.send(`REDACT #room ${law}`);
    await two.expect(new RegExp(` FAIL REDACT REDACT_FORBIDDEN #room ${law} :`));
    two.send(`REDACT #elsewhere ${law}`);
    await two.expect(/ FAIL REDACT INVALID_TARGET #elsewhere :/);
    await old.roundtrip();
    expect(old.seen(/REDACT/)).toEqual([]);
  });

  test('between two people', async () => {
    const [one, two] = await guests.pair(caps, caps);
    one.say('two', 'a secret');
    const [, id = ''] = await one.expect(/^@msgid=(\S+) :one!\S+ PRIVMSG two :?a secret$/);
    two.send(`REDACT one ${id}`);
    await two.expect(/ FAIL REDACT REDACT_FORBIDDEN /);
    one.send(`REDACT two ${id} :oops`);
    await two.expect(new RegExp(`^:one!\\S+ REDACT two ${id} :?oops$`));
  });
});

describe('draft/read-marker', () => {
  const guests = useGuests(() => ({ accounts: [{ name: 'one', password: 'sesame' }] }));

  test('told at a join before the end of names, kept for the account, only ever later', async () => {
    const caps = ['draft/read-marker', 'sasl'];
    const [one, two] = await guests.pair(caps, caps);
    const order = one.seen(/ (JOIN|MARKREAD|366) /).map((line) => / (JOIN|MARKREAD|366) /.exec(line)?.[1]);
    expect(order.slice(0, 3)).toEqual(['JOIN', 'MARKREAD', '366']);
    expect(one.seen(/^:modern\.test MARKREAD #room \*$/)).toHaveLength(1);
    for (const client of [one, two]) {
      client.send('AUTHENTICATE PLAIN');
      client.send(`AUTHENTICATE ${Buffer.from('\0one\0sesame').toString('base64')}`);
      await client.expect(/ 903 /);
    }
    one.send('MARKREAD #room timestamp=2030-01-01T00:00:00.000Z');
    await two.expect(/^:modern\.test MARKREAD #room timestamp=2030-01-01T00:00:00\.000Z$/);
    await one.expect(/ MARKREAD #room timestamp=2030-/);
    two.send('MARKREAD #room timestamp=2020-01-01T00:00:00.000Z');
    await two.expect(/^:modern\.test MARKREAD #room timestamp=2030-01-01T00:00:00\.000Z$/);
    two.send('MARKREAD #room');
    await two.expect(/ MARKREAD #room timestamp=2030-/);
    two.send('MARKREAD nobody');
    await two.expect(/ MARKREAD nobody \*$/);
    two.send('MARKREAD');
    await two.expect(/ FAIL MARKREAD NEED_MORE_PARAMS :/);
    two.send('MARKREAD #room *');
    await two.expect(/ FAIL MARKREAD INVALID_PARAMS \* :/);
    expect(one.seen(/timestamp=2020/)).toEqual([]);
  });
});
