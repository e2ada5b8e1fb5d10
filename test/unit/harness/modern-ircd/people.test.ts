/** What is told of people to those who asked for it: MONITOR, WHOX, away, hosts, names, joins, invites. */
import { describe, expect, test } from 'vitest';
import { useGuests } from './guests.ts';

describe('notifications', () => {
  const guests = useGuests(() => ({ nameLength: 20 }));

  test('away-notify, setname and chghost reach those in the same channel who have them', async () => {
    const caps = ['away-notify', 'setname', 'chghost', 'extended-join'];
    const [one, two] = await guests.pair(caps, caps);
    const old = await guests.guest('old');
    await old.join('#room');
    one.send('AWAY :at the feast');
    await two.expect(/^:one!\S+ AWAY :at the feast$/);
    await one.expect(/ 306 one :/);
    one.send('AWAY');
    await two.expect(/^:one!\S+ AWAY$/);
    await one.expect(/ 305 one :/);
    one.send('SETNAME :Capulet');
    await two.expect(/^:one!\S+ SETNAME :?Capulet$/);
    await one.expect(/^:one!\S+ SETNAME :?Capulet$/);
    one.send(`SETNAME :${'x'.repeat(21)}`);
    await one.expect(/ FAIL SETNAME INVALID_REALNAME :/);
    guests.ircd.changeHost('one', '~new', 'house.verona.it');
    await two.expect(/^:one!~one@client\.modern\.test CHGHOST ~new house\.verona\.it$/);
    await one.expect(/ CHGHOST ~new house\.verona\.it$/);
    await old.expect(/^:one!~one@client\.modern\.test QUIT :?Changing hostname$/);
    await old.expect(/^:one!~new@house\.verona\.it JOIN :?#room$/);
    await old.expect(/^:modern\.test MODE #room \+o one$/);
    await old.roundtrip();
    expect(old.seen(/ (AWAY|SETNAME|CHGHOST)( |$)/).filter((line) => !line.includes(' 005 '))).toEqual([]);
  });

  test('extended-join has account and name, and an absent one is told as such', async () => {
    const [one] = await guests.pair(['extended-join', 'away-notify']);
    const third = await guests.guest('third');
    third.send('AWAY :early');
    await third.expect(/ 306 /);
    third.send('REGISTER * * sesame');
    await third.expect(/ 900 /);
    await third.join('#room');
    await one.expect(/^:third!\S+ JOIN #room third :?third$/);
    await one.expect(/^:third!\S+ AWAY :?early$/);
  });

  test('multi-prefix and userhost-in-names', async () => {
    const [one] = await guests.pair([]);
    one.send('MODE #room +vh one one');
    await one.expect(/MODE #room \+vh one one$/);
    const rich = await guests.guest('rich', 'multi-prefix', 'userhost-in-names');
    await rich.join('#room');
    const [line = ''] = rich.seen(/ 353 /);
    expect(line.replace(/^.* :/, '').split(' ')).toEqual([
      '@%+one!~one@client.modern.test',
      'two!~two@client.modern.test',
      'rich!~rich@client.modern.test',
    ]);
    const plain = await guests.guest('plain');
    await plain.join('#room');
    expect(plain.seen(/ 353 /)[0]).toMatch(/ :@one two rich plain$/);
  });

  test('invite-notify tells the operators', async () => {
    const [one, two] = await guests.pair(['invite-notify'], ['invite-notify']);
    const guest = await guests.guest('guest');
    one.send('MODE #room +ho two one');
    await one.expect(/ MODE #room \+h two$/);
    two.send('INVITE guest #room');
    await two.expect(/ 341 two guest #room$/);
    await guest.expect(/^:two!\S+ INVITE guest :?#room$/);
    await one.expect(/^:two!\S+ INVITE guest :?#room$/);
    guest.send('INVITE');
    await guest.expect(/ 336 guest #room$/);
    await guest.expect(/ 337 /);
  });
});

describe('MONITOR', () => {
  const guests = useGuests(() => ({ monitorLimit: 3 }));

  test('who is there, who is not, who comes and goes', async () => {
    const one = await guests.guest('one', 'extended-monitor', 'away-notify');
    const two = await guests.guest('two');
    one.send('MONITOR + two,three');
    await one.expect(/ 730 one :?two!~two@client\.modern\.test$/);
    await one.expect(/ 731 one :?three$/);
    const three = await guests.guest('three');
    await one.expect(/ 730 one :?three!\S+$/);
    three.send('NICK tres');
    await one.expect(/ 731 one :?three$/);
    one.send('MONITOR + four,five');
    await one.expect(/ 734 one 3 five :/);
    one.send('MONITOR L');
    expect((await one.expect(/ 732 one :?(\S+)$/))[1]?.split(',').sort()).toEqual(['four', 'three', 'two']);
    await one.expect(/ 733 one :/);
    one.send('MONITOR - four,three');
    one.send('MONITOR S');
    await one.expect(/ 730 one :?two!\S+$/);
    two.send('AWAY :x');
    await one.expect(/^:two!\S+ AWAY :?x$/);
    one.send('MONITOR C');
    await one.roundtrip();
    two.send('QUIT :bye');
    await one.roundtrip();
    expect(one.seen(/ 731 one :?two/)).toEqual([]);
  });
});

describe('questions', () => {
  const guests = useGuests();

  test('WHOX: the fields that were asked for, in the order of the specification', async () => {
    const [one, two] = await guests.pair([]);
    two.send('REGISTER * * sesame');
    await two.expect(/ 900 /);
    two.send('AWAY :x');
    await two.expect(/ 306 /);
    one.send('WHO #room %afnt,42');
    await one.expect(/ 354 one 42 one H@ 0$/);
    await one.expect(/ 354 one 42 two G two$/);
    await one.expect(/ 315 one #room :/);
    one.send('WHO two %cuhsnfdaor');
    await one.expect(/ 354 one #room ~two client\.modern\.test modern\.test two G 0 two n\/a :?two$/);
    one.send('WHO nobody %na');
    await one.expect(/ 315 one nobody :/);
  });

  test('WHO, WHOIS, WHOWAS, ISON, USERHOST', async () => {
    const [one, two] = await guests.pair([]);
    one.send('WHO #room');
    await one.expect(/ 352 one #room ~one client\.modern\.test modern\.test one H@ :0 one$/);
    one.send('WHOIS two');
    await one.expect(/ 311 one two ~two client\.modern\.test \* :?two$/);
    await one.expect(/ 319 one two :?#room$/);
    await one.expect(/ 317 one two \d+ \d+ :/);
    await one.expect(/ 318 one two :/);
    one.send('WHOIS nobody');
    await one.expect(/ 401 one nobody :/);
    one.send('ISON two nobody');
    await one.expect(/ 303 one :?two$/);
    one.send('USERHOST two');
    await one.expect(/ 302 one :?two=\+~two@client\.modern\.test$/);
    two.send('QUIT');
    await one.expect(/^:two!\S+ QUIT :?Quit$/);
    one.send('WHOWAS two');
    await one.expect(/ 314 one two ~two client\.modern\.test \* :?two$/);
  });
});

describe('tokens that are off', () => {
  const guests = useGuests(() => ({ withoutTokens: ['WHOX', 'MONITOR'], casemapping: 'rfc1459' as const }));
  test('WHO answers in the old way; nicks fold as it says', async () => {
    const one = await guests.guest('one');
    expect(one.seen(/ 005 .*(WHOX|MONITOR)/)).toEqual([]);
    one.send('WHO one %na');
    await one.expect(/ 352 one /);
    one.send('NICK a[b]');
    await one.expect(/ NICK :?a\[b\]$/);
    const two = await guests.guest('two');
    two.send('NICK A{B}');
    await two.expect(/ 433 two A\{B\} :/);
  });
});
