/**
 * The way to a controller: one connection with TLS, directly or through a proxy, and what a person is told where it fails.
 * Called by {@code link} above it; knows nothing of sessions.
 */
@NullMarked
package io.postwatch.agent.link.channel;

import org.jspecify.annotations.NullMarked;
