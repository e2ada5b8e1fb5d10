/** What `xmpp/stream/link.ts` uses of @xmpp/component 0.13, which ships no types. */
declare module '@xmpp/component' {
  import type { EventEmitter } from 'node:events';

  /** An ltx element. */
  export interface LibraryElement {
    readonly name: string;
    readonly attrs: Record<string, string>;
  }

  /** What the library does with a socket. */
  export interface LibrarySocket {
    connect(where: { readonly host: string; readonly port: number }): void;
    write(text: string, done?: (error?: Error | null) => void): boolean;
    end(): void;
  }

  export interface LibraryParser {
    write(text: string): void;
  }

  export interface Entity extends EventEmitter {
    /** For each of its waits, by timers of its own; 0: without. */
    timeout: number;
    Socket: new () => LibrarySocket;
    Parser: new () => LibraryParser;
    socketParameters: (service: string) => { readonly host: string; readonly port: number };
    header: () => string;
    _onData: (text: string) => void;
    /** Ends the stream, then the connection, waiting for the peer's answer to each. */
    stop(): Promise<unknown>;
    readonly reconnect: {
      /** Connects and opens the stream. */
      reconnect(): Promise<void>;
      /** No reconnecting by itself. */
      stop(): void;
    };
  }

  export function component(options: {
    readonly service: string;
    readonly domain: string;
    readonly password: string;
  }): Entity;
  export function xml(name: string, attrs: Readonly<Record<string, string>>): LibraryElement;
}
