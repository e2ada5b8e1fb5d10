/** A stanza in the mailbox of a worker: it is taken where its account runs here, and goes on to whoever runs it where not. */
import type { GatewayError } from '../core/errors.ts';
import { asTold } from './role.ts';

export interface PassingOn {
  /** Is it ours to take? Rejects where the stores that know it can't be asked. */
  isOurs(): Promise<boolean>;
  take(): void;
  /** Hands it to another worker. */
  forward(): Promise<void>;
  /** Tells who sent it. */
  refuse(error: GatewayError): void;
}

/** Whatever goes wrong, whoever sent it is told; then it rejects. */
export async function takeOrPassOn({ isOurs, take, forward, refuse }: PassingOn): Promise<void> {
  try {
    if (await isOurs()) take();
    else await forward();
  } catch (error) {
    refuse(asTold(error));
    throw error;
  }
}
