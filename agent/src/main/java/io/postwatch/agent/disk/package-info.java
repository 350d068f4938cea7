/**
 * The agent's private folder on disk: files that only its own user can read and that are replaced as a whole or not at
 * all. Used by every package that keeps something; uses none of them.
 */
@NullMarked
package io.postwatch.agent.disk;

import org.jspecify.annotations.NullMarked;
