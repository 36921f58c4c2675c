import {
  canonicalJson,
  rowCells,
  sha256Hex,
  type ArtifactManifest,
  type ColumnBatch,
  type Digest,
} from '@slipway/contracts';
import { fitVersionsOf } from './fit-versions-of.ts';
import type { FittedForest } from './fitted-estimator.ts';
import type { FittedModel } from './fitted-model.ts';
import { encodeForest } from './forest-bytes.ts';
import { artifactFileNames } from './model-document.ts';
import { writeOnnx } from './onnx/write-onnx.ts';
import { pythonFiles } from './python-files.ts';

export interface ArtifactFile {
  /** Relative, `/` between parts. */
  readonly path: string;
  readonly content: Uint8Array;
}

export interface Artifact {
  readonly files: readonly ArtifactFile[];
  readonly manifest: ArtifactManifest;
  /** sha256 of the manifest, which names every other file with its sha256: equal models have equal digests. */
  readonly digest: Digest;
}

/**
 * Writes a model as files: `model.json` and `forest.bin` that this package reads, `model.onnx` with the same model for
 * Python, an input example, the Python environment, and `manifest.json`. The same model and example give the same bytes.
 * @throws SlipwayError as {@link writeOnnx} for a model that ONNX cannot hold
 */
export function writeArtifact(model: FittedModel, { inputExample }: { inputExample: ColumnBatch }): Artifact {
  const { estimator, signature } = model;
  const isForest = estimator.family === 'random-forest';
  const example = exampleOf(inputExample);
  const content: ArtifactFile[] = [
    {
      path: artifactFileNames.model,
      content: encodeJson({ ...model, estimator: isForest ? describeForest(estimator) : estimator }),
    },
    ...(isForest ? [{ path: artifactFileNames.forest, content: encodeForest(estimator) }] : []),
    { path: artifactFileNames.onnx, content: writeOnnx(model) },
    { path: artifactFileNames.inputExample, content: encodeJson(example) },
    { path: artifactFileNames.servingInputExample, content: encodeJson({ dataframe_split: example }) },
    ...pythonFiles(),
  ];
  const manifest: ArtifactManifest = {
    formatVersion: 1,
    family: estimator.family,
    fitVersions: fitVersionsOf(model),
    signature,
    files: content.map((file) => ({
      path: file.path,
      size: file.content.length,
      sha256: sha256Hex(file.content),
    })),
  };
  const manifestFile = { path: artifactFileNames.manifest, content: encodeJson(manifest) };
  return { files: [...content, manifestFile], manifest, digest: sha256Hex(manifestFile.content) };
}

/** Rows in MLflow's `dataframe_split` form. */
function exampleOf(batch: ColumnBatch): object {
  const columns = batch.columns.map(({ name }) => name);
  const data = Array.from({ length: batch.rowCount }, (_, row) => {
    const cells = rowCells(batch, row);
    return columns.map((name) => cells[name] ?? null);
  });
  return { columns, data };
}

/** A forest without its nodes. */
function describeForest({ family, selectionMethod }: FittedForest): object {
  return selectionMethod === undefined ? { family } : { family, selectionMethod };
}

function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}
