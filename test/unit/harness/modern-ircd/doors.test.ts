/** Channels of the harness' IRC server that do not let everybody in, and the same server as one of old. */
import { describe, expect, test } from 'vitest';
import { connectIrc } from '../../../harness/irc-client.ts';
import { startPlain } from '../../../harness/modern.ts';
import { useGuests } from './guests.ts';

describe('channels with doors', () => {
  const guests = useGuests();

  test('a knock is told to those who may let in; at an open channel, or from within, it is refused', async () => {
    const [one, two] = await guests.pair([]);
    const three = await guests.guest('three');
    three.send('KNOCK #room');
    await three.expect(/ 713 three #room :/);
    one.send('MODE #room +i');
    await one.roundtrip();
    three.send('KNOCK #room :let me in');
    await three.expect(/ 711 three #room :/);
    await one.expect(/ 710 one #room three!\S+ :let me in$/);
    await two.roundtrip();
    expect(two.seen(/ 710 /)).toEqual([]);
    one.send('KNOCK #room');
    await one.expect(/ 714 one #room :/);
    three.send('KNOCK #nowhere');
    await three.expect(/ 403 three #nowhere :/);
  });

  test('who finds a channel full is sent on to the one that it names', async () => {
    const [one] = await guests.pair([]);
    one.send('MODE #room +lL 2 #hall');
    await one.expect(/ MODE #room \+lL 2 :?#hall$/);
    const three = await guests.guest('three');
    three.send('JOIN #room');
    await three.expect(/ 470 three #room #hall :/);
    await three.expect(/:three!\S+ JOIN :?#hall$/);
    one.send('MODE #room');
    await one.expect(/ 324 one #room \+nlL 2 :?#hall$/);
    one.send('MODE #room -L');
    await one.expect(/ MODE #room :?-L$/);
    const four = await guests.guest('four');
    four.send('JOIN #room');
    await four.expect(/ 471 four #room :/);
  });
});

test('as one of old it has no capabilities, and bytes go through as they are', async () => {
  await using plain = await startPlain(['irc.test']);
  const one = await connectIrc({ port: plain.port, nick: 'one' });
  const two = await connectIrc({ port: plain.port, nick: 'two' });
  one.send('CAP LS 302');
  await one.expect(/ CAP one LS :?$/);
  expect(one.seen(/ 005 .* (UTF8ONLY|WHOX|MONITOR=)/)).toEqual([]);
  await one.join('#room');
  await two.join('#room');
  two.raw(Buffer.from('PRIVMSG #room :caf\xe9 \x80\r\nPRIVMSG #room :caf\u00e9 \u{1f339}\r\n', 'latin1'));
  two.say('#room', 'caf\u00e9 \u{1f339}');
  // Both as our client reads them: what is no UTF-8 has a mark in its place.
  await one.hears('two', '#room', 'caf\ufffd \ufffd');
  await one.hears('two', '#room', 'caf\u00e9 \u{1f339}');
  one.cut();
  two.cut();
});
