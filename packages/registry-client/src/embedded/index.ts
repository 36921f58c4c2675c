export { createEmbeddedRegistry } from './create-embedded-registry.ts';
export { type EmbeddedRegistryOptions } from './embedded-registry-options.ts';
export { registryMigrations } from './registry-migrations.ts';
