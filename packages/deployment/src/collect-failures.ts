/** Runs steps of which one that fails must not hide what the others did. */
export interface StepRunner {
  /** The errors of the steps that failed, in order. */
  readonly failures: readonly Error[];
  /** What the step gives, or the other value when it fails. */
  readonly attempt: <T>(step: () => Promise<T>, otherwise: T) => Promise<T>;
}

/** @param options.apply without it the first failure is thrown: nothing was done that its caller would have to know */
export function collectFailures({ apply }: { readonly apply: boolean }): StepRunner {
  const failures: Error[] = [];
  return {
    failures,
    attempt: async (step, otherwise) => {
      try {
        return await step();
      } catch (error) {
        if (!apply) throw error;
        failures.push(error instanceof Error ? error : new Error(String(error)));
        return otherwise;
      }
    },
  };
}
