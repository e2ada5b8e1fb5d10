/**
 * The line to a server, made worse as a test says: slow and losing packets as a bad network is to those behind TCP (late, in order, now and then much
 * later), standing still, or gone without a word (half-open). For kernels without netem.
 */
import { createConnection, createServer, type Socket } from 'node:net';
import { pause } from './process.ts';

/** `away`: nobody takes a call; those of now go on. `late`: everything takes `delayMs`, and of a hundred pieces `lost` take `againMs` more, with all that is behind them. */
export type Weather =
  | { readonly is: 'fine' }
  | { readonly is: 'away' }
  | { readonly is: 'late'; readonly delayMs: number; readonly lost: number; readonly againMs: number };

export interface FaultyLine extends AsyncDisposable {
  readonly port: number;
  weather: Weather;
  /** The server has lost the connections of now, and who made them is not told: nothing comes back any more. New ones are fine. */
  desert(): void;
  /** Connections of now are reset. */
  cut(): void;
}

interface Call {
  deserted: boolean;
  readonly ends: readonly [Socket, Socket];
}

/** @param random decides which pieces are late: 0 ≤ n < 1 */
export async function startFaultyLine(to: number, random: () => number): Promise<FaultyLine> {
  const calls = new Set<Call>();
  const server = createServer((near) => {
    if (line.weather.is === 'away') {
      near.resetAndDestroy();
      return;
    }
    const far = createConnection(to, '127.0.0.1');
    const call: Call = { deserted: false, ends: [near, far] };
    calls.add(call);
    for (const end of call.ends) {
      end.setNoDelay(true);
      end.on('error', () => end.destroy());
    }
    carry(near, far, call);
    carry(far, near, call);
  });

  /** One piece after the other; a piece that waits keeps all behind it. */
  function carry(from: Socket, onto: Socket, call: Call): void {
    let tail = Promise.resolve();
    const then = (what: () => void): void => {
      const waits = delay();
      const due = waits === 0 ? undefined : pause(waits);
      tail = tail.then(() => due).then(() => (call.deserted ? undefined : what()));
    };
    from.on('data', (bytes) => then(() => void onto.write(bytes)));
    from.on('end', () => then(() => onto.end()));
    from.on('close', () => {
      then(() => onto.destroy());
      if (!call.deserted) void tail.then(() => calls.delete(call));
    });
  }

  function delay(): number {
    const { weather } = line;
    if (weather.is !== 'late') return 0;
    return weather.delayMs + (random() * 100 < weather.lost ? weather.againMs : 0);
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const line: FaultyLine = {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    weather: { is: 'fine' },
    desert() {
      for (const call of calls) {
        call.deserted = true;
        call.ends[1].destroy();
      }
    },
    cut() {
      for (const { ends } of calls) for (const end of ends) end.resetAndDestroy();
      calls.clear();
    },
    async [Symbol.asyncDispose]() {
      for (const { ends } of calls) for (const end of ends) end.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return line;
}
