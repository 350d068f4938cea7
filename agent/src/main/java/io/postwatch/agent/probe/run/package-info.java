/**
 * The prober: takes a request from name to good-bye through network, TLS and the dialogue of its protocol and makes the
 * one result of it. What the rest of the agent creates; nothing in {@code probe} depends on it.
 */
@NullMarked
package io.postwatch.agent.probe.run;

import org.jspecify.annotations.NullMarked;
