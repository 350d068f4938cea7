/** Tests of the package of the same name, and the scripted controller that they and the agent's own tests talk to. */
@NullMarked
package io.postwatch.agent.link;

import org.jspecify.annotations.NullMarked;
