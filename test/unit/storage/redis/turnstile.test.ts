/** Whoever waits is called when all that came before are gone, and never for those who came behind. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTurnstile } from '../../../../src/storage/redis/turnstile.ts';
import '../../../harness/seed.ts';

test('at once where nobody is', () => {
  const turnstile = createTurnstile();
  let called = 0;
  turnstile.behind(() => called++);
  const leave = turnstile.enter();
  leave();
  turnstile.behind(() => called++);
  expect(called).toBe(2);
});

test('whoever comes and goes in whatever order', () => {
  const steps = fc.array(fc.oneof(fc.constant('enter' as const), fc.constant('wait' as const), fc.nat(9)));
  fc.assert(
    fc.property(steps, (all) => {
      const turnstile = createTurnstile();
      const there: { readonly who: number; readonly leave: () => void }[] = [];
      const waiting = new Map<number, { readonly for: readonly number[]; called: boolean }>();
      for (const [who, step] of all.entries()) {
        if (step === 'enter') there.push({ who, leave: turnstile.enter() });
        else if (step === 'wait') {
          const one = { for: there.map((other) => other.who), called: false };
          waiting.set(who, one);
          turnstile.behind(() => (one.called = true));
        } else for (const { leave } of there.splice(step, 1)) leave();
        const left = new Set(there.map((other) => other.who));
        for (const one of waiting.values()) expect(one.called).toBe(one.for.every((other) => !left.has(other)));
      }
    }),
  );
});
