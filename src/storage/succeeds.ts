/** A store asked whether it is well. */

/** Whether what is asked succeeds. It may be called at any time: where the answer to the last call is not there yet, it is waited for. */
export function succeeds(ask: () => Promise<unknown>): () => Promise<boolean> {
  let asked: Promise<boolean> | undefined;
  return () => {
    asked ??= ask()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
}
