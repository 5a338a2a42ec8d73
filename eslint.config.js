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
  'settings',
  'range',
  'xml',
  'reference',
  'image',
  'package',
  'fetch',
  'login',
  'store',
  'log',
  'chunkfs',
  'paging',
  'vmnetfs',
  'machine',
  'confinement',
  'memory',
  'libvirt',
  'accelerator',
  'sound',
  'publish',
  'doctor',
  'session',
];

/** Refuses what a pattern matches, whether it is imported at once or later. */
function onlyFrom(regex, message) {
  const selector = `ImportExpression > Literal[value=/${regex.replaceAll('/', '\\u002f')}/]`;
  return {
    'no-restricted-imports': ['error', { patterns: [{ regex, message }] }],
    'no-restricted-syntax': ['error', { selector, message }],
  };
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
  {
    // What no layer's rule below replaces: a folder that is not among them, or one too deep.
    files: ['src/core/**/*.ts'],
    rules: onlyFrom('^', 'This folder is not among the layers of eslint.config.js.'),
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
    files: ['src/ui/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: 'core/session/',
              allowTypeImports: true,
              message:
                'It is large, and may be broken: it is loaded when there is a window to say so.',
            },
          ],
        },
      ],
    },
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
