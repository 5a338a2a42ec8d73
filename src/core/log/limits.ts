/** How many sessions' logs are kept, with the newest: enough to look back over some days. */
export const MAX_SESSIONS = 20;

/** The longest log of a session, in bytes: whatever floods it, twenty of them do no harm. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** Of these, what is left for every writer to say that nothing more is written. */
export const RESERVED_BYTES = 16 * 1024;

/** The longest line with its end, in bytes: a line is one write, which others' do not come between. */
export const MAX_LINE_BYTES = 4096;

/** The most characters of a text that are looked at: what a line has no room for is not read. */
export const MAX_TEXT_LENGTH = 8 * 1024;

/** Of what may happen at any rate, so many entries are written in a minute. */
export const ENTRIES_PER_MINUTE = 20;

/** How long somebody else may have a log locked who wants to know whether it is in use, in milliseconds. */
export const LOCK_MILLISECONDS = 500;

/** So much of a log is read at once, in bytes. */
export const PIECE_BYTES = 64 * 1024;

/** How soon somebody who follows a log sees what is new, in milliseconds. */
export const POLL_MILLISECONDS = 200;
