/** How long a trace may be; what comes after is not compared. The oracle has the same limits. */
export const maxLines = 400;
/** How many functions a program may enter before entering one fails. */
export const maxEntries = 60;
/** How many turns a program's loop may take. */
export const maxTurns = 3000;
/** How long each run of a Runner may take; then its task is cancelled. */
export const maxRunTime = 12;
