/** A line to a server that carries what is said, and breaks where an answer that a test names should come back. */
import { createConnection, createServer, type Socket } from 'node:net';

export interface DeafLine extends AsyncDisposable {
  readonly port: number;
  /** Whoever says that next is cut off when the server answers, and does not hear it. Resolves then. */
  loseAnswerTo(text: string): Promise<void>;
}

/** Listens on loopback. @param to the server's port there */
export async function startDeafLine(to: number): Promise<DeafLine> {
  const ends = new Set<Socket>();
  let awaited: { readonly text: string; readonly lost: () => void } | undefined;

  const server = createServer((near) => {
    const far = createConnection(to, '127.0.0.1');
    let lost: (() => void) | undefined;
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(end);
      end.setNoDelay(true);
      end.on('error', () => end.destroy());
      end.on('close', () => {
        ends.delete(end);
        other.destroy();
      });
    }
    near.on('data', (bytes) => {
      if (awaited !== undefined && bytes.includes(awaited.text)) {
        lost = awaited.lost;
        awaited = undefined;
      }
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (lost === undefined) return void near.write(bytes);
      near.resetAndDestroy();
      lost();
    });
  });

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    loseAnswerTo(text) {
      const { promise, resolve } = Promise.withResolvers<void>();
      awaited = { text, lost: resolve };
      return promise;
    },
    async [Symbol.asyncDispose]() {
      for (const end of ends) end.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
