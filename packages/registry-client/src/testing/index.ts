export { describeRegistryContract } from './describe-registry-contract.ts';
export { registryContractCases, type RegistryContractCase } from './registry-contract-cases.ts';
