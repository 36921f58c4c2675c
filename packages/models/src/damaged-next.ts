/** What to do about files that are not what they were when they were written. */
export const damagedNext = 'Fetch the model from its registry again; if it is damaged there, train it again';
