/** `isthmus demo` in a process of its own with a gateway that does nothing but serve HTTP: for the tests of what the demo does around the gateway. */
import type { RunGateway } from '../../../src/cli/world.ts';
import { demo } from '../../../src/demo/demo.ts';
import { describeFailure } from '../../../src/ops/fatal.ts';
import { openHttp } from '../../../src/ops/http.ts';
import { createMetrics } from '../../../src/ops/metrics.ts';
import { createReadiness } from '../../../src/ops/readiness.ts';

const runGateway: RunGateway = async ({ http }, { log, levels, mounts = {} }) => {
  console.log(`stub gateway: log level ${levels?.now}`);
  const readiness = createReadiness();
  readiness.check('stub').set(true);
  const server = await openHttp({ ...http, log, readiness, metrics: createMetrics(), mounts });
  const ended = Promise.withResolvers<void>();
  return {
    http: server,
    up: Promise.resolve(),
    ended: ended.promise,
    async stop(how) {
      console.log(`stub gateway: ${how}`);
      await server.close();
      ended.resolve();
    },
  };
};

try {
  const world = {
    argv: [],
    env: process.env,
    out: (text: string) => console.log(text),
    err: (text: string) => console.error(text),
    onSignal: (name: NodeJS.Signals, call: () => void) => {
      process.on(name, call);
      return () => process.off(name, call);
    },
    onStray: () => () => undefined,
  };
  process.exitCode = await demo(process.argv.slice(2), world, async () => runGateway);
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 1;
}
