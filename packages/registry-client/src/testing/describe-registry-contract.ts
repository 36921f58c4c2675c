import { describe, it } from 'vitest';
import type { Registry } from '../registry.ts';
import { registryContractCases } from './registry-contract-cases.ts';

/**
 * What every registry must do, as vitest cases. Call it once per implementation.
 * @param connect called inside each case; names are new in every case, so one registry may serve all
 */
export function describeRegistryContract(title: string, connect: () => Registry): void {
  describe(title, () => {
    it.each(registryContractCases)('$name', ({ run }) => run(connect()));
  });
}
