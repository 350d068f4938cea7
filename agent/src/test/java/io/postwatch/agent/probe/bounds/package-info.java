/** Tests of text of a server. */
@NullMarked
package io.postwatch.agent.probe.bounds;

import org.jspecify.annotations.NullMarked;
