/**
 * Why a run was not OK: the stable code, its category, and who has to act. Whatever reports that something went wrong\n * speaks in these words.
 */
@NullMarked
package io.postwatch.agent.probe.failure;

import org.jspecify.annotations.NullMarked;
