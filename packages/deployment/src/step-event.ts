/** What a verb is doing, for progress lines. `done` comes with a sentence that carries the result's numbers. */
export type StepEvent =
  | { readonly kind: 'started'; readonly step: StepName }
  | { readonly kind: 'progress'; readonly step: StepName; readonly done: number; readonly total: number }
  | { readonly kind: 'done'; readonly step: StepName; readonly sentence: string }
  | { readonly kind: 'warning'; readonly step: StepName; readonly sentence: string };

export type StepName =
  'features' | 'datasets' | 'train' | 'evaluate' | 'gate' | 'register' | 'promote' | 'serving';
