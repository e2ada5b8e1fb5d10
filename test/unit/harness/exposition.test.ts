/** The strict reader of metrics is strict. */
import { expect, test } from 'vitest';
import { readExposition } from '../../harness/exposition.ts';

const of = (...lines: string[]) => readExposition(`${lines.join('\n')}\n`);
const head = ['# HELP a_total As.', '# TYPE a_total counter'];

test('what is right is read', () => {
  const read = of(...head, 'a_total{x="1",y="q\\"}"} 2', 'a_total{x="1",y="b"} 3', 'a_total{x="2",y="b"} 1e3');
  expect(read.faults).toEqual([]);
  expect([read.value('a_total'), read.value('a_total', { x: '1' }), read.value('b')]).toEqual([1_005, 5, undefined]);
});

test.each([
  ['a sample before its family', ['a_total 1', ...head]],
  ['a family without a type', ['# HELP a_total As.', 'a_total 1']],
  ['a family without help', ['# TYPE a_total counter', 'a_total 1']],
  ['a counter that does not say so', ['# HELP a As.', '# TYPE a counter', 'a 1']],
  ['a gauge that says it counts', ['# HELP a_total As.', '# TYPE a_total gauge', 'a_total 1']],
  ['milliseconds', ['# HELP a_ms As.', '# TYPE a_ms gauge', 'a_ms 1']],
  ['the same twice', [...head, 'a_total{x="1"} 2', 'a_total{x="1"} 2']],
  ['a family twice', [...head, 'a_total 1', '# HELP b Bs.', '# TYPE b gauge', 'b 1', ...head, 'a_total{x="1"} 1']],
  ['no number', [...head, 'a_total one']],
  ['a label without quotes', [...head, 'a_total{x=1} 1']],
  ['a strange type', ['# HELP a As.', '# TYPE a thing', 'a 1']],
  [
    'a histogram that shrinks',
    ['# HELP h H.', '# TYPE h histogram', 'h_bucket{le="1"} 2', 'h_bucket{le="+Inf"} 1', 'h_sum 3', 'h_count 1'],
  ],
])('%s is a fault', (_, lines) => expect(of(...lines).faults).not.toEqual([]));
