/** CAP as its specification says, and the knobs that take capabilities away. */
import { describe, expect, test } from 'vitest';
import { useGuests } from './guests.ts';

describe('negotiation', () => {
  const guests = useGuests(() => ({ without: ['draft/multiline'], accounts: [{ name: 'one', password: 'sesame' }] }));

  test('LS 302 has values and several lines, LS neither', async () => {
    const client = guests.raw();
    client.send('CAP LS 302');
    const first = await client.expect(/^:modern\.test CAP \* LS \* :(.*)$/);
    const last = await client.expect(/^:modern\.test CAP \* LS :(?!\*)(.*)$/);
    const all = `${first[1]} ${last[1]}`.split(' ');
    expect(all).toContain('sasl=PLAIN,EXTERNAL,SCRAM-SHA-256,SCRAM-SHA-512');
    expect(all).toContain('draft/account-registration=before-connect,custom-account-name');
    expect(all.some((name) => name.startsWith('draft/multiline'))).toBe(false);
    expect(new Set(all).size).toBe(all.length);
    const old = guests.raw();
    old.send('CAP LS');
    const line = await old.expect(/^:modern\.test CAP \* LS :(.*)$/);
    expect(line[1]?.split(' ')).toContain('sasl');
    expect(line[1]).not.toMatch(/=|cap LS \*/);
  });

  test('registration waits for END; REQ is taken whole or not at all', async () => {
    const client = guests.raw();
    client.send('CAP LS 302');
    client.send('NICK jw');
    client.send('USER jw 0 * :J W');
    client.send('CAP REQ :batch no-such-thing');
    await client.expect(/ CAP jw NAK :batch no-such-thing$/);
    client.send('CAP REQ :batch multi-prefix');
    await client.expect(/ CAP jw ACK :batch multi-prefix$/);
    client.send('CAP REQ :-multi-prefix');
    await client.expect(/ CAP jw ACK :?-multi-prefix$/);
    client.send('CAP LIST');
    expect((await client.expect(/ CAP jw LIST :(.*)$/))[1]?.split(' ').sort()).toEqual(['batch', 'cap-notify']);
    client.send('CAP FOO');
    await client.expect(/ 410 jw FOO :/);
    await client.roundtrip();
    expect(client.seen(/ 001 /)).toEqual([]);
    client.send('CAP END');
    await client.expect(/ 001 jw /);
    await client.expect(/ 376 jw /);
  });

  test('without CAP one is let in at once; cap-notify can not be given back by who said 302', async () => {
    const client = await guests.guest('plain');
    expect(client.seen(/ CAP /)).toEqual([]);
    client.send('CAP LS 302');
    client.send('CAP REQ :-cap-notify');
    await client.expect(/ CAP plain NAK :?-cap-notify$/);
  });

  test('NEW and DEL reach those who listen, and nobody else', async () => {
    const modern = await guests.guest('modern', 'cap-notify', 'away-notify');
    const old = await guests.guest('old', 'away-notify');
    guests.ircd.withdraw('away-notify', 'never-there');
    await modern.expect(/ CAP modern DEL :?away-notify$/);
    guests.ircd.offer('draft/multiline');
    await modern.expect(/ CAP modern NEW :?draft\/multiline$/);
    old.send('CAP LIST');
    await old.expect(/ CAP old LIST :$/);
    old.send('CAP REQ :away-notify');
    await old.expect(/ CAP old NAK :?away-notify$/);
    expect(old.seen(/ (NEW|DEL) /)).toEqual([]);
  });
});

describe('sts', () => {
  const guests = useGuests(() => ({ sts: { duration: 3_600 } }));
  test('without a port for TLS there is nothing to announce', async () => {
    const client = guests.raw();
    client.send('CAP LS 302');
    await client.expect(/CAP \* LS :(?!\*)/);
    expect(client.seen(/sts=/)).toEqual([]);
  });
});

describe('limits of lines', () => {
  const guests = useGuests();

  test('message-tags: too much is refused with 417, and the line is not done', async () => {
    const [one, two] = await guests.pair(['message-tags'], ['message-tags']);
    one.send(`@+x=${'a'.repeat(4_093)} PRIVMSG #room :too much`);
    await one.expect(/ 417 one /);
    one.send(`PRIVMSG #room :${'b'.repeat(600)}`);
    await one.expect(/ 417 one /);
    one.send(`@+x=${'a'.repeat(4_000)} PRIVMSG #room :just so`);
    await two.expect(/^@\S*\+x=a{4000} :one!\S+ PRIVMSG #room :just so$/);
    expect(two.seen(/too much|bbb/)).toEqual([]);
  });

  test('UTF8ONLY: bytes that are none are refused', async () => {
    const [one, two] = await guests.pair(['standard-replies']);
    one.raw(Buffer.from('PRIVMSG #room :caf\xe9\r\n', 'latin1'));
    await one.expect(/^:modern\.test FAIL PRIVMSG INVALID_UTF8 :/);
    one.say('#room', 'café');
    await two.hears('one', '#room', 'café');
    expect(two.seen(/^:one!\S+ PRIVMSG/)).toHaveLength(1);
  });
});
