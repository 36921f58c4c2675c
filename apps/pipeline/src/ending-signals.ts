/** What a terminal, a supervisor or a closed session sends to end a process. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
