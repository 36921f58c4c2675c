/** The package carries these types and does not export them. */
declare module 'onnxruntime-web' {
  export * from 'onnxruntime-common';
}
