/** Tests of lines, names and connections. */
@NullMarked
package io.postwatch.agent.probe.net;

import org.jspecify.annotations.NullMarked;
