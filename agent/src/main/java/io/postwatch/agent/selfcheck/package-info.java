/**
 * Blame is checked before it is laid: whether connections out of this agent fail by themselves, so that no server is
 * blamed for it. Wired by the program around the prober; the link tells the controller what comes out.
 */
@NullMarked
package io.postwatch.agent.selfcheck;

import org.jspecify.annotations.NullMarked;
