export {
  ensureEmbeddedServer,
  type EmbeddedServer,
  type EmbeddedServerOptions,
} from './ensure-embedded-server.ts';
export {
  embeddedServerStatus,
  stopEmbeddedServer,
  type EmbeddedServerStatus,
} from './stop-embedded-server.ts';
export { findFullDisk } from './find-full-disk.ts';
