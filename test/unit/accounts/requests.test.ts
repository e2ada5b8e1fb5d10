/** Our own requests and their answers. */
import { expect, test } from 'vitest';
import type { ClientIqs } from '../../../src/accounts/client-iqs.ts';
import { createRequests } from '../../../src/accounts/requests.ts';
import type { IqAnswer } from '../../../src/gateway/client-iqs.ts';
import { empty } from '../../../src/xml/writer.ts';

const answeredBy = (answer: IqAnswer | undefined) => {
  const asked: Parameters<ClientIqs['ask']>[] = [];
  const requests = createRequests('net.test', {
    async ask(...question) {
      asked.push(question);
      return answer;
    },
  });
  return { asked, answer: requests.ask({ to: 'romeo@test', type: 'set', body: empty }) };
};

test('356-10 a request goes out from our domain, and its result comes back', async () => {
  const { asked, answer } = answeredBy({ id: 'q0', from: 'romeo@test' });
  expect(asked).toMatchObject([[{ from: 'net.test', to: 'romeo@test', type: 'set' }, 20_000]]);
  expect(await answer).toEqual({ is: 'result' });
});

test('356-06 an error is its condition, and nobody’s answer is one too', async () => {
  const refused = answeredBy({ id: 'q0', from: 'romeo@test', condition: 'forbidden' });
  expect(await refused.answer).toEqual({ is: 'error', condition: 'forbidden' });
  expect(await answeredBy(undefined).answer).toEqual({ is: 'error', condition: 'remote-server-timeout' });
});
