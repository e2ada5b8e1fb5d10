/** Channels of the harness' IRC server: who gets in, who may do what, lists, and the tests' own powers over the network. */
import { describe, expect, test } from 'vitest';
import { useGuests } from './guests.ts';

describe('joining', () => {
  const guests = useGuests();

  test('topic and names come with it; the first one is the operator', async () => {
    const one = await guests.guest('one');
    await one.join('#Room');
    one.send('TOPIC #room :Two households');
    await one.expect(/^:one!\S+ TOPIC #Room :Two households$/);
    const two = await guests.guest('two');
    await two.join('#ROOM');
    await two.expect(/ JOIN :?#Room$/);
    await two.expect(/ 332 two #Room :Two households$/);
    await two.expect(/ 333 two #Room one!\S+ \d+$/);
    await two.expect(/ 353 two = #Room :@one two$/);
  });

  test('bans, keys, limits, invitations, each with its exception', async () => {
    const [one, two] = await guests.pair([]);
    two.send('PART #room');
    for (const [mode, code, cure] of [
      ['+b two!*@*', '474', '+e *!~two@*'],
      ['+k verona', '475', '-k *'],
      ['+l 1', '471', '-l'],
      ['+i', '473', '+I two'],
    ] as const) {
      one.send(`MODE #room ${mode}`);
      await one.roundtrip();
      two.send('JOIN #room');
      await two.expect(new RegExp(` ${code} two #room :`));
      one.send(`MODE #room ${cure}`);
      await one.roundtrip();
      await two.join('#room');
      two.send('PART #room');
      await two.expect(/ PART /);
    }
    one.send('MODE #room -I two!*@*');
    one.send('INVITE two #room');
    await two.expect(/ INVITE /);
    await two.join('#room');
    one.send('MODE #room');
    await one.expect(/ 324 one #room \+in$/);
    for (const [letter, code] of [
      ['b', '367'],
      ['e', '348'],
    ]) {
      one.send(`MODE #room ${letter}`);
      await one.expect(new RegExp(` ${code} one #room \\S+ one!\\S+ \\d+$`));
    }
  });

  test('an account can be banned by ~account', async () => {
    const [one, two] = await guests.pair([]);
    two.send('REGISTER * * sesame');
    await two.expect(/ 900 /);
    one.send('MODE #room +b ~account:TWO');
    await one.roundtrip();
    two.say('#room', 'hello?');
    await two.expect(/ 404 two #room :/);
  });

  test('names that are none; JOIN 0; what one is not in', async () => {
    const one = await guests.guest('one');
    for (const [line, code] of [
      ['JOIN room', '403'],
      [`JOIN #${'x'.repeat(64)}`, '476'],
      ['PART #nowhere', '403'],
      ['NICK 1x', '432'],
      ['PRIVMSG #nowhere :x', '403'],
      ['PRIVMSG one', '412'],
      ['KICK #x', '461'],
    ]) {
      one.send(line ?? '');
      await one.expect(new RegExp(` ${code} one `));
    }
    await one.join('#a');
    await one.join('#b');
    one.send('JOIN 0');
    await one.expect(/ PART #a$/);
    await one.expect(/ PART #b$/);
  });
});

describe('powers', () => {
  const guests = useGuests();

  test('ranks are given from above', async () => {
    const [one, two] = await guests.pair([]);
    two.send('MODE #room +o two');
    await two.expect(/ 482 two #room :/);
    one.send('MODE #room +h two');
    await two.expect(/ MODE #room \+h two$/);
    two.send('MODE #room +o two');
    await two.expect(/ 482 two #room :/);
    two.send('KICK #room one :x');
    await two.expect(/ 482 two #room :/);
    one.send('MODE #room +a one');
    await one.expect(/ 482 one #room :/);
    two.send('MODE #room +v two');
    await one.expect(/^:two!\S+ MODE #room \+v two$/);
    two.send('MODE #room -h two');
    await one.expect(/^:two!\S+ MODE #room -h two$/);
    one.send('KICK #room two :that is all');
    await two.expect(/^:one!\S+ KICK #room two :that is all$/);
  });

  test('+m, +n, +t and STATUSMSG', async () => {
    const [one, two] = await guests.pair([]);
    const outside = await guests.guest('outside');
    outside.say('#room', 'let me in');
    await outside.expect(/ 404 outside #room :/);
    one.send('MODE #room +mt');
    await two.expect(/ MODE #room \+mt$/);
    two.say('#room', 'hello?');
    await two.expect(/ 404 two #room :/);
    two.send('NOTICE #room :hello?');
    two.send('TOPIC #room :mine');
    await two.expect(/ 482 two #room :/);
    one.send('MODE #room +v two');
    two.say('#room', 'thanks');
    await one.hears('two', '#room', 'thanks');
    two.say('@#room', 'to the operators');
    await one.hears('two', '@#room', 'to the operators');
    one.say('@#room', 'among us');
    await two.roundtrip();
    expect(two.seen(/among us/)).toEqual([]);
  });

  test('LIST: sizes, masks, and no secret ones', async () => {
    const [one] = await guests.pair([]);
    await one.join('#secret');
    await one.join('#small');
    one.send('MODE #secret +s');
    const two = await guests.guest('other');
    const listed = async (query: string): Promise<readonly string[]> => {
      const since = two.inbox.all.length;
      two.send(`LIST ${query}`);
      await two.expect(/ 323 /);
      return two.seen(/ 322 /, since).map((line) => line.split(' ')[3] ?? '');
    };
    expect(await listed('')).toEqual(['#room', '#small']);
    expect(await listed('>1')).toEqual(['#room']);
    expect(await listed('<2')).toEqual(['#small']);
    expect(await listed('#r*')).toEqual(['#room']);
    expect(await listed('!#r*')).toEqual(['#small']);
    expect(await listed('#secret')).toEqual([]);
  });
});

describe('the test’s own powers', () => {
  const guests = useGuests();

  test('a split: quits in a batch on both sides, and joins in a batch when it is over', async () => {
    const [one, two] = await guests.pair(['batch'], ['batch', 'extended-join']);
    const three = await guests.guest('three');
    await three.join('#room');
    one.send('MODE #room +v two');
    await two.expect(/\+v two$/);
    guests.ircd.split('leaf.test', ['two', 'three']);
    const [, reference] = await one.expect(/^:modern\.test BATCH \+(\S+) netsplit modern\.test leaf\.test$/);
    for (const nick of ['two', 'three'])
      await one.expect(new RegExp(`^@batch=${reference} :${nick}!\\S+ QUIT :modern.test leaf.test$`));
    await one.expect(new RegExp(`^:modern.test BATCH -${reference}$`));
    await two.expect(/^@batch=\S+ :one!\S+ QUIT :modern\.test leaf\.test$/);
    await three.expect(/^:one!\S+ QUIT :modern\.test leaf\.test$/);
    one.say('two', 'are you there?');
    await one.expect(/ 401 one two :/);
    two.say('#room', 'anybody?');
    await two.roundtrip();
    guests.ircd.rejoin('leaf.test');
    await one.expect(/^:modern\.test BATCH \+\S+ netjoin modern\.test leaf\.test$/);
    await one.expect(/^@batch=\S+ :two!\S+ JOIN :?#room$/);
    await one.expect(/^:modern\.test MODE #room \+v two$/);
    await two.expect(/^@batch=\S+ :one!\S+ JOIN #room \* :?one$/);
    two.say('#room', 'here again');
    await one.hears('two', '#room', 'here again');
    expect(one.seen(/anybody/)).toEqual([]);
  });

  test('operators: OPER, SANICK, SAJOIN, KILL, CHGHOST, CAPDEL; nobody else', async () => {
    const [one, two] = await guests.pair(['cap-notify', 'chghost']);
    two.send('KILL one :x');
    await two.expect(/ 481 two :/);
    two.send('OPER root wrong');
    await two.expect(/ 464 two :/);
    two.send('OPER root rootpw');
    await two.expect(/ 381 two :/);
    two.send('SANICK one uno');
    await one.expect(/^:one!\S+ NICK :?uno$/);
    two.send('SAJOIN uno #elsewhere q');
    await one.expect(/^:uno!\S+ JOIN :?#elsewhere$/);
    await one.expect(/ 353 \S+ = #elsewhere :?~uno$/);
    two.send('CHGHOST uno ~u vhost');
    await one.expect(/ CHGHOST ~u vhost$/);
    two.send('CAPDEL chghost');
    await one.expect(/ CAP uno DEL :?chghost$/);
    two.send('KILL uno :enough');
    await one.expect(/ KILL \S+ :?enough$/);
    await two.expect(/^:uno!\S+ QUIT :Killed \(two \(enough\)\)$/);
  });

  test('faults: held back, dropped, deaf, slow, cut', async () => {
    const [one, two] = await guests.pair([]);
    const { faults } = guests.ircd;
    faults.hold = true;
    one.say('#room', 'held');
    const late = two.hears('one', '#room', 'held');
    faults.hold = false;
    faults.deaf = true;
    guests.ircd.resume();
    one.say('#room', 'unheard so far');
    faults.deaf = false;
    guests.ircd.resume();
    await late;
    await two.hears('one', '#room', 'unheard so far');
    faults.drop = (line, nick) => nick === 'two' && line.includes('lost');
    one.say('#room', 'lost');
    one.say('#room', 'found');
    await two.hears('one', '#room', 'found');
    expect(two.seen(/ :?lost$/)).toEqual([]);
    faults.linesPerSecond = 100;
    faults.delayMs = 1;
    for (let n = 0; n < 15; n++) one.say('#room', `slow ${n}`);
    await two.hears('one', '#room', 'slow 14');
    guests.ircd.cut('one');
    await two.expect(/^:one!\S+ QUIT :Connection closed$/);
    await expect(one.roundtrip()).rejects.toThrow(/ECONNRESET|ended/);
  });

  test('killed and started again: the same port, nobody there, the accounts kept', async () => {
    const one = await guests.guest('one');
    one.send('REGISTER * * sesame');
    await one.expect(/ 900 /);
    await guests.ircd.restart();
    const again = await guests.guest('one', 'sasl');
    again.send('AUTHENTICATE PLAIN');
    again.send(`AUTHENTICATE ${Buffer.from('\0one\0sesame').toString('base64')}`);
    await again.expect(/ 903 /);
    guests.ircd.disconnect('one', 'enough');
    await again.expect(/ ERROR :Closing Link: .*\(enough\)$/);
  });
});
