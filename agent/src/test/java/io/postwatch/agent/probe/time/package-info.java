/** Tests of the deadline. */
@NullMarked
package io.postwatch.agent.probe.time;

import org.jspecify.annotations.NullMarked;
