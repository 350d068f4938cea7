package io.postwatch.e2e;

import java.util.UUID;

/**
 * A run as an agent has it on its disk.
 *
 * @param greeting of the server; empty where there was none
 * @param givenUp the agent cut it off, and told nothing of what it had found
 */
record RecordedRun(UUID run, RunKey key, String greeting, boolean acked, boolean givenUp) {}
