/** What a login says of what was wrong, to whoever it asks. */
import { describe, expect, test } from 'vitest';
import { createFlow } from '../../../src/accounts/login-flow.ts';
import type { LoginRun } from '../../../src/bridge/login.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const begins = (run: LoginRun) =>
  createFlow({
    clock: createManualClock(),
    log: silentLog,
    ended: new AbortController(),
    run,
    id: undefined,
    worded: (text) => (text === 'Wrong.' ? { text: 'Falsch.', lang: 'de' } : { text }),
    check: () => Promise.resolve(),
    keep: () => Promise.reject(new Error('nothing is kept here')),
    onOver: () => undefined,
  });

async function* asks(fault: string): LoginRun {
  yield { ask: 'form', title: 'Anmeldung', fields: [], fault };
  throw new GatewayError('login-refused', { text: fault });
}

describe('GEN-10 what was wrong is said in their language', () => {
  test.each([
    ['where that is known', 'Wrong.', 'Falsch.', 'de'],
    ['and as it is elsewhere', 'Such is it.', 'Such is it.', undefined],
  ])('%s: in the next form, and at the end', async (_, fault, text, lang) => {
    const flow = begins(asks(fault));
    await settle();
    expect(flow.stage).toMatchObject({ is: 'form', form: { fault: text } });
    flow.answer({});
    await settle();
    expect(flow.stage).toMatchObject({ is: 'failed', error: { code: 'login-refused', message: text } });
    expect(flow.stage.is === 'failed' && flow.stage.error.details.lang).toBe(lang);
  });
});
