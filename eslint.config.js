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

const layerRules = layers.map((layer, rank) => {
  const inner = layers.slice(0, rank).join('|') || '(?!)';
  return {
    files: [`src/core/${layer}/**/*.ts`],
    rules: onlyFrom(
      `^\\.\\./(?!(${inner})/index\\.js$)|^node-gtk`,
      `core/${layer} may import only index.js of: ${layers.slice(0, rank).join(', ') || 'nothing'}.`,
    ),
  };
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
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
);
