/** What systemd is told, and when. */
import { expect, test } from 'vitest';
import { createServiceNotice, type ServiceNoticeParts } from '../../../src/cli/service-notice.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

function scene(more: Partial<ServiceNoticeParts> = {}) {
  const clock = createManualClock();
  const said: string[] = [];
  const warned: string[] = [];
  const notice = createServiceNotice({
    env: { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '60000000' },
    clock,
    log: { ...silentLog, warn: (_, text) => warned.push(text) },
    say: async (assignments) => void said.push(assignments.join(' ')),
    ...more,
  });
  return { clock, said, warned, notice };
}

test('time is asked for until it is ready, then a sign of life twice in the time, then it stops', async () => {
  const { clock, said, notice } = scene();
  await clock.advance(10_000);
  expect(said).toEqual(Array(2).fill('STATUS=Waiting for the XMPP server EXTEND_TIMEOUT_USEC=40000000'));
  said.length = 0;
  notice.ready();
  await settle();
  await clock.advance(60_000);
  expect(said).toEqual(['READY=1 STATUS=Running', 'WATCHDOG=1', 'WATCHDOG=1']);
  said.length = 0;
  await notice.stopping();
  notice.ready();
  await notice.stopping();
  await clock.advance(600_000);
  expect(said).toEqual(['STOPPING=1 STATUS=Stopping']);
});

test('without a watchdog there are no signs of life', async () => {
  const { clock, said, notice } = scene({ env: { NOTIFY_SOCKET: '/run/x' } });
  notice.ready();
  await settle();
  await clock.advance(600_000);
  expect(said.at(-1)).toBe('READY=1 STATUS=Running');
});

test('where nobody wants to know, nothing is said', async () => {
  const { clock, said, notice } = scene({ env: {} });
  notice.ready();
  await clock.advance(600_000);
  await notice.stopping();
  expect(said).toEqual([]);
});

test('what can not be said is complained of once', async () => {
  const { clock, warned, notice } = scene({ say: () => Promise.reject(new Error('no such program')) });
  notice.ready();
  await clock.advance(600_000);
  await settle();
  expect(warned).toHaveLength(1);
});

test('what systemd has not heard is said again soon: one that is slow for a moment neither gives up a service that is ready nor takes it for dead', async () => {
  const said: string[] = [];
  let isHeard = true;
  const { clock, notice } = scene({
    async say([first = '']) {
      if (!isHeard) throw new Error('systemd-notify ended with SIGKILL');
      said.push(first);
    },
  });
  await clock.advance(1_000);
  said.length = 0;
  isHeard = false;
  notice.ready();
  await clock.advance(1_000);
  isHeard = true;
  await clock.advance(9_000);
  expect(said).toEqual(['READY=1']);
  await clock.advance(20_000);
  isHeard = false;
  await clock.advance(6_000);
  isHeard = true;
  await clock.advance(9_000);
  expect(said).toEqual(['READY=1', 'WATCHDOG=1']);
});
