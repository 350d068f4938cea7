/**
 * Between the messages of the protocol and the agent's own records, both ways, and the desired state as bytes for the disk,
 * which are messages too. Values that came are checked before they become records; what this agent can't do is refused.
 */
@NullMarked
package io.postwatch.agent.link.mapping;

import org.jspecify.annotations.NullMarked;
