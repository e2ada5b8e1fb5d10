#!/usr/bin/env node
/**
 * The program's start: looks at the version before anything else is imported (a native module ends an old Node with a segfault), then hands over
 * what only the start may read: arguments, environment, standard streams, signals. This file must itself parse on Node 16.
 */
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  process.stderr.write(
    `Isthmus needs Node.js 24 or newer; this is ${process.version} (${process.execPath}).\n` +
      'In a clone, npm scripts bring the right one: npm start, or npm exec -- isthmus (after npm ci it lies in node_modules/.bin/node).\n' +
      'On a server install it from https://nodejs.org/en/download or https://github.com/nodesource/distributions, then start Isthmus again.\n',
  );
  process.exitCode = 1;
} else {
  // What waits in a burst makes V8 allocate its like as old from then on, and all that it names with it (design/speed.md): before any other code is there.
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--no-allocation-site-pretenuring');
  const { cli } = await import('./cli/cli.ts');
  let isCut = false;
  // Who has stopped reading (`| head`) keeps nothing from being done; what can't be written elsewhere is told.
  const lost = ({ code }: NodeJS.ErrnoException): void => {
    if (code === 'EPIPE' || isCut) return;
    isCut = true;
    process.exitCode = 1;
    write(
      'stderr',
      `Standard output can't be written to (${code}).\nWhat is there is not whole; make room and start again.`,
    );
  };
  const write = (name: 'stdout' | 'stderr', text: string): void => {
    const stream = process[name];
    if (stream.listenerCount('error') === 0) stream.on('error', name === 'stdout' ? lost : () => undefined);
    stream.write(`${text}\n`);
  };
  const exitCode = await cli({
    argv: process.argv.slice(2),
    env: process.env,
    out: (text) => write('stdout', text),
    err: (text) => write('stderr', text),
    onSignal: (name, call) => {
      process.on(name, call);
      return () => process.off(name, call);
    },
    onStray: (call) => {
      process.on('unhandledRejection', call);
      return () => process.off('unhandledRejection', call);
    },
  });
  process.exitCode = isCut ? 1 : exitCode;
  // What a command leaves open must not keep the process: everything is flushed by now.
  setTimeout(() => process.exit(), 500).unref();
}

export {};
