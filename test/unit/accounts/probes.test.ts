/** Asking how our users are after a restart (CHECKLIST 114-51): in turn, by whom their server answers. */
import { expect, test } from 'vitest';
import { createProbes, prober } from '../../../src/accounts/probes.ts';
import type { Addresses } from '../../../src/bridge/contract.ts';
import { accountId, personId } from '../../../src/core/ids.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const addresses: Addresses = {
  format: (address) => (address.is === 'service' ? '' : String(address.id)),
  parse: (local) => ({ is: 'person', id: personId(local) }),
  title: () => '',
};
const row = { id: accountId('a'), domain: 'net.test', owner: 'romeo@test' };
const [juliet, nurse] = [personId('juliet'), personId('nurse')];

test('114-51 all who begin at once are asked for one after the other; who has ended meanwhile is not', async () => {
  const clock = createManualClock();
  const sent: string[] = [];
  const probes = createProbes(clock, (stanzas) => {
    for (const { type, from, to } of stanzas) sent.push(`${type} ${from} ${to}`);
  });
  const ended = new AbortController();
  const ask = (owner: string, signal = new AbortController().signal) => probes.ask('juliet@net.test', owner, signal);
  ask('a@test');
  ask('b@test', ended.signal);
  ask('c@test');
  expect(sent).toEqual(['probe juliet@net.test a@test']);
  ended.abort(new Error('ended'));
  await clock.advance(1_000);
  expect(sent).toEqual(['probe juliet@net.test a@test', 'probe juliet@net.test c@test']);
});

test('114-51 a clock that is set back keeps nobody waiting longer than their turn', async () => {
  const clock = createManualClock();
  const sent: string[] = [];
  const probes = createProbes(clock, (stanzas) => sent.push(...stanzas.flatMap(({ to }) => to)));
  const ask = (owner: string) => probes.ask('juliet@net.test', owner, new AbortController().signal);
  for (const owner of ['a@test', 'b@test']) ask(owner);
  clock.jump(-3_600_000);
  ask('c@test');
  await clock.advance(40);
  expect(sent).toEqual(['a@test', 'b@test', 'c@test']);
});

test('114-51 ROS-20 asked for by a contact; where the network asks for consent by one who has it', () => {
  const both = [juliet, nurse];
  const no = () => false;
  expect(prober(row, { addresses }, [], no)).toBeUndefined();
  expect(prober(row, { addresses }, both, no)).toBe('juliet@net.test');
  expect(prober(row, { addresses, keepsContacts: true }, both, no)).toBeUndefined();
  expect(prober(row, { addresses, keepsContacts: true }, both, (person) => person === nurse)).toBe('nurse@net.test');
});
