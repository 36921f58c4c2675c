import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// The boundary rule reads Nx's project graph from its cache: make it now, so that plain eslint works.
await createProjectGraphAsync();

/** The arrows of docs/architecture.md: what a package may import. A package without a row may import nothing. */
const arrows = {
  contracts: [],
  report: [],
  database: ['contracts'],
  models: ['contracts'],
  evaluation: ['contracts', 'report'],
  drift: ['contracts', 'report', 'database'],
  features: ['contracts', 'database'],
  datasets: ['contracts', 'database'],
  'registry-client': ['contracts', 'database'],
  training: ['contracts', 'models', 'evaluation'],
  serving: ['contracts', 'database', 'models', 'registry-client'],
  deployment: [
    'contracts',
    'database',
    'models',
    'evaluation',
    'drift',
    'features',
    'datasets',
    'registry-client',
    'training',
  ],
};
const apps = {
  pipeline: Object.keys(arrows),
  serving: Object.keys(arrows).filter((name) => name !== 'training' && name !== 'deployment'),
};

const tags = (names) => names.map((name) => `name:${name}`);
const depConstraints = [
  ...Object.entries(arrows).map(([name, may]) => ({
    sourceTag: `name:${name}`,
    onlyDependOnLibsWithTags: tags(may.length > 0 ? may : ['nothing']),
  })),
  ...Object.entries(apps).map(([name, may]) => ({
    sourceTag: `app:${name}`,
    onlyDependOnLibsWithTags: tags(may),
  })),
  { sourceTag: 'layer:tools', onlyDependOnLibsWithTags: tags(Object.keys(arrows)) },
];

/** Packages whose main entry must stand without the database; only the named subpath may import it. */
const databaseOnlyIn = { drift: 'postgres', 'registry-client': 'embedded' };

/** Libraries have one home each. */
const homes = {
  pg: ['database'],
  'pg-copy-streams': ['database'],
  'ml-random-forest': ['training'],
  'ml-regression': ['training'],
  'ml-matrix': ['training'],
  'random-js': ['training', 'evaluation'],
  hyparquet: ['features'],
  'drizzle-orm': ['database'],
  fastify: ['serving'],
  'simple-statistics': ['evaluation', 'drift'],
  yaml: ['registry-client'],
};
const foreignLibraries = (name) =>
  Object.entries(homes)
    .filter(([, owners]) => !owners.includes(name))
    .map(([library, owners]) => ({
      name: library,
      message: `Only ${owners.join(' and ')} may import ${library}.`,
    }));

const noDatabase = {
  group: ['@slipway/database', '@slipway/database/*'],
  message: 'The main entry stands without the database: import it from the subpath that declares it.',
};
const noDatabaseSubpath = (subpath) => ({
  group: [
    `./${subpath}/*`,
    `../${subpath}/*`,
    `**/${subpath}/*.ts`,
    '@slipway/*/embedded',
    '@slipway/*/postgres',
  ],
  message: `The main entry may not import its subpath "${subpath}": who has no database would need one.`,
});
const readsEnvironment = 'Only the main.ts of an app reads the environment; pass the value as an argument.';
/** Only the pipeline app carries the embedded server's binaries. */
const noEmbeddedServer = {
  name: '@slipway/database/embedded',
  message: 'Only apps/pipeline starts the embedded server; take a Database as an argument.',
};
const noEnvironment = [
  "MemberExpression[object.name='process'][property.name='env']",
  "VariableDeclarator[init.name='process'] Property[key.name='env']",
  'ImportDeclaration[source.value=/^(node:)?process$/]',
].map((selector) => ({ selector, message: readsEnvironment }));
/** Arrows are checked on static imports; a package has no reason for another kind. */
const noDynamicImport = {
  selector: 'ImportExpression',
  message: 'Import at the top of the file, where the arrows between packages are checked.',
};

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/node_modules', '.nx', '.slipway', '**/.slipway'] },
  { files: ['**/*.ts'], extends: [tseslint.configs.recommended] },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { depConstraints, allow: [], enforceBuildableLibDependency: false, banTransitiveDependencies: false },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      'no-restricted-syntax': ['error', ...noEnvironment],
    },
  },
  ...Object.keys(arrows).map((name) => ({
    files: [`packages/${name}/src/**/*.ts`],
    ignores: ['**/*.test.ts', '**/testing/**'],
    rules: {
      'no-restricted-imports': ['error', { paths: [...foreignLibraries(name), noEmbeddedServer] }],
      'no-restricted-syntax': ['error', ...noEnvironment, noDynamicImport],
    },
  })),
  ...Object.entries(databaseOnlyIn).map(([name, subpath]) => ({
    files: [`packages/${name}/src/**/*.ts`],
    ignores: [`packages/${name}/src/${subpath}/**`, '**/*.test.ts', '**/testing/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [...foreignLibraries(name), noEmbeddedServer],
          patterns: [noDatabase, noDatabaseSubpath(subpath)],
        },
      ],
    },
  })),
  {
    files: [
      'apps/*/src/main.ts',
      'tools/benchmarks/main.ts',
      '**/*.test.ts',
      '**/integration/**/*.ts',
      '**/vitest*.ts',
    ],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
