/** The longest that one input may take of the processor, in milliseconds: most take less than one. */
export const MAX_INPUT_MILLISECONDS = 1000;

/** How much more memory than before the first input a parser may ever have had, in bytes. */
export const MAX_GROWTH_BYTES = 256 * 2 ** 20;

/** V8's old generation, in MiB: it must reach this limit before that of all memory. */
export const MAX_HEAP_MEBIBYTES = 128;

/** A process that began no input for so long, in milliseconds, hangs; others may need the processor. */
export const HANGS_AFTER_MILLISECONDS = 20_000;
