export { describeRegistryContract } from './describe-registry-contract.ts';
