/** What only an operator can mend about a storage. */

/** A sentence for the operator: "what is wrong: what to do". Never a secret. */
export class StorageProblem extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StorageProblem';
  }
}
