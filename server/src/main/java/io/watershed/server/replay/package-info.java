/** Replays: plans made and shown, runs in this process, and what the ledger says of all of them. */
@NullMarked
package io.watershed.server.replay;

import org.jspecify.annotations.NullMarked;
