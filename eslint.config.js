import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The folders of src/core from the inside out. A folder may import the public face (index.js) of
 * those before it, and nothing else of another folder.
 */
const layers = [
  'text',
  'disposal',
  'errors',
  'places',
  'range',
  'xml',
  'reference',
  'image',
  'package',
  'fetch',
  'store',
  'chunkfs',
  'vmnetfs',
  'machine',
  'libvirt',
  'accelerator',
  'publish',
  'session',
];

function onlyFrom(regex, message) {
  return { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] };
}

/** Up to two folders deep: the pattern that leaves the layer's own folder, and where it may lead. */
const layerRules = layers.flatMap((layer, rank) => {
  const inner = layers.slice(0, rank);
  const faces = `(?!(${inner.join('|') || '(?!)'})/index\\.js$)`;
  const message = `core/${layer} may import only index.js of: ${inner.join(', ') || 'nothing'}.`;
  return [
    {
      files: [`src/core/${layer}/*.ts`],
      rules: onlyFrom(`^\\.\\./${faces}|^node-gtk`, message),
    },
    {
      files: [`src/core/${layer}/*/*.ts`],
      rules: onlyFrom(`^\\.\\./\\.\\./${faces}|^node-gtk`, message),
    },
  ];
});

export default tseslint.config(
  { ignores: ['dist/', 'types/', 'build/', 'native/*/build/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,cts}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: ['error', 'always'],
    },
  },
  ...layerRules,
  {
    files: ['src/ui/**/*.{ts,cts}', 'src/cli/**/*.ts'],
    rules: onlyFrom(
      '^\\.\\./(\\.\\./)*core/(?!\\w+/index\\.js$)',
      'Import a folder of core by its index.js.',
    ),
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-console': 'error',
    },
  },
  {
    // CommonJS by design: GTK's loop can be entered only from the top level of such a script.
    files: ['**/*.cts'],
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
);
